/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_TENURE_H
#define STRATA_COHORT_TENURE_H

/* How long accounts stay: from the first day with ARR to the first day without. Coming back does
 * not count: the first stay is what is measured. */

#include "cohort/book.h"
#include "segment/code.h"
#include "stats/contracts/lifetime.h"

typedef struct tenure {
    day from, to; /* from DAY_MISSING: never a customer; to: churned, or the last day seen */
    bool churned;
} tenure;

/* As of a day; what is later is not looked at. */
tenure tenure_of(const arr_book *book, size_t account, day as_of);
/* Full calendar months from one day to another, to >= from: 31 January to 28 February is one. */
int tenure_full_months(day from, day to);

/* Adds up stays by months for the models of contract lifetimes: an account that was seen for n full
 * calendar months came to n of them; one that left by the end of its n-th month was lost there. A
 * month that was not over by the as-of date counts for nobody, also not for who left within it:
 * those who stay are not known to. Of the accounts whose code is `group`; codes NULL: of all.
 * Months beyond `most` (at most LIFETIME_PERIODS_MAX) are not counted. */
void tenure_count(const arr_book *book, const segment_code *codes, segment_code group, day as_of,
                  size_t most, lifetimes *out);

#endif
