/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/code_days.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

enum { DIRECT_CODES = 4096, FIRST_CAP = 256 };

static strata_status grow(code_days *t, size_t cap, strata_error *err)
{
    code_slot *slots = STRATA_NEW_ARRAY(cap, code_slot);
    if (!slots) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a table of %zu codes", cap);
    }
    free(t->slots);
    t->slots = slots;
    t->cap = cap;
    t->stamp = 0; /* zeroed slots belong to account 0, which never comes */
    return STRATA_OK;
}

strata_status code_days_new(size_t n_codes, code_days *out, strata_error *err)
{
    code_days t = {0};
    size_t cap = FIRST_CAP;
    while (cap < n_codes && cap < DIRECT_CODES) {
        cap *= 2;
    }
    STRATA_TRY(grow(&t, cap, err));
    if (n_codes > 0 && n_codes <= cap) {
        t.factor = 1;
        t.mask = (uint32_t)cap - 1;
    }
    *out = t;
    return STRATA_OK;
}

void code_days_done(code_days *t)
{
    free(t->slots);
    *t = (code_days){0};
}

/* At least twice as many slots as codes, and no more, so that small accounts stay in the cache. */
static strata_status fit(code_days *t, size_t n_rows, strata_error *err)
{
    unsigned bits = 4;
    while (bits < 31 && ((size_t)1 << bits) < 2 * n_rows) {
        bits++;
    }
    if (((size_t)1 << bits) > t->cap) {
        STRATA_TRY(grow(t, (size_t)1 << bits, err));
    }
    t->factor = 2654435769u; /* 2^32 / golden ratio: Knuth, vol. 3, 6.4 */
    t->shift = 32 - bits;
    t->mask = ((uint32_t)1 << bits) - 1;
    return STRATA_OK;
}

strata_status code_days_begin(code_days *t, size_t n_rows, strata_error *err)
{
    if (t->factor != 1) {
        STRATA_TRY(fit(t, n_rows, err));
    }
    t->stamp++;
    if (t->stamp == 0) {
        memset(t->slots, 0, t->cap * sizeof *t->slots);
        t->stamp = 1;
    }
    return STRATA_OK;
}
