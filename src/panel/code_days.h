/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_CODE_DAYS_H
#define STRATA_PANEL_CODE_DAYS_H

/* For one account at a time: a day by code. What the day says is the caller's: the one up to which
 * a department is filled, or a whole number in its place, such as where a use begins to count.
 * Forgets the previous account in constant time, so its cost follows the rows, not the dictionary.
 */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"

typedef struct code_slot {
    uint32_t stamp; /* of the account that wrote it */
    int32_t code;
    day noted;
} code_slot;

typedef struct code_days {
    code_slot *slots;
    size_t cap;      /* power of two */
    uint32_t stamp;  /* of this account */
    uint32_t factor; /* slot of a code: code * factor >> shift; 1 and 0 where codes are small */
    unsigned shift;
    uint32_t mask;
} code_days;

/* `n_codes`: size of the dictionary, or 0 when it is large: small ones need no hashing. */
STRATA_MUST_CHECK strata_status code_days_new(size_t n_codes, code_days *out, strata_error *err);
void code_days_done(code_days *t);
/* Starts an account with at most `n_rows` different codes. */
STRATA_MUST_CHECK strata_status code_days_begin(code_days *t, size_t n_rows, strata_error *err);

/* Notes day d, which is not DAY_MISSING, for `code` (not negative); yields the one noted before,
 * DAY_MISSING when there was none. */
static inline day code_days_swap(code_days *t, int32_t code, day d)
{
    uint32_t at = (((uint32_t)code * t->factor) >> t->shift) & t->mask;
    code_slot *s = &t->slots[at];
    while (s->stamp == t->stamp && s->code != code) {
        at = (at + 1) & t->mask;
        s = &t->slots[at];
    }
    day before = s->stamp == t->stamp ? s->noted : DAY_MISSING;
    *s = (code_slot){t->stamp, code, d};
    return before;
}

#endif
