/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_OVERRIDES_H
#define STRATA_SEGMENT_OVERRIDES_H

/* A person's decision beats the rule: who is pinned where, by whom, why and
 * until when. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/day.h"
#include "segment/code.h"

typedef struct override_pin {
    uint32_t account;
    size_t dimension; /* index into model->dimensions */
    segment_code segment;
    day from, until; /* both days in; DAY_MIN and DAY_MAX when not stated */
    const char *who, *why;
    size_t line; /* in its file: the later of two pins from the same day on wins */
} override_pin;

/* Sorted by dimension, account, from; later rows of one account win where they overlap. */
typedef struct override_set {
    const override_pin *pins;
    size_t n;
} override_set;

/* The pin of an account in a dimension on day d; NULL when there is none. */
const override_pin *override_find(const override_set *set, size_t dimension, uint32_t account,
                                  day d);
/* Replaces the codes of accounts first .. first+n-1 that are pinned on day d.
 * Accounts that do not exist or are outside the population stay as they are. */
void override_apply(const override_set *set, size_t dimension, day d, uint32_t first, size_t n,
                    segment_code *codes);

#endif
