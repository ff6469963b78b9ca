/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_LEVELS_H
#define STRATA_COHORT_REVIEW_LEVELS_H

/* Which plans, industries, regions, channels are more frequent among some
 * accounts than among others. Attributes carry no date: they are as the accounts
 * file has them. */

#include "cohort/review/review.h"

enum { LEVELS_MAX = 24 }; /* attributes with more levels are names, not groups */

typedef struct level_share {
    size_t slot;           /* of the attribute */
    const char *attribute; /* its name, as rules use it */
    const char *label;     /* "Plan" */
    const char *level;
    size_t in, n_in;   /* accounts with this level, and with any, on the one side */
    size_t out, n_out; /* on the other */
    test_figure test;  /* two_proportions(); Holm over all levels of the list */
} level_share;

typedef struct level_list {
    const level_share *items; /* by attribute in their standard order, then by level */
    size_t n, tested;
} level_list;

/* Slots of the text attributes that group accounts: known for some account of the cohort, at most
 * LEVELS_MAX levels; plan, industry, region, channel first. Of a group by value, not those that all
 * its accounts share: they are what groups. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_attributes(const review_subject *s, arena *a,
                                                  const size_t **slots, size_t *n,
                                                  strata_error *err);
/* Levels that an account of either side has. A side under the subject's minimum of accounts: no
 * tests. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_levels(const review_subject *s, const account_set *in,
                                              const account_set *out, arena *a, level_list *list,
                                              strata_error *err);

#endif
