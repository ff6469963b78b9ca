/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_GROWTH_H
#define STRATA_COHORT_REVIEW_GROWTH_H

/* What became of a cohort's opening ARR, movement by movement: how it grew, when
 * in the life of its accounts, and where. For the cohort as a whole
 *   opening + expansion + reactivation - contraction - churn = ARR on the as-of date. */

#include "cohort/movements/arr_words.h"
#include "cohort/review/review.h"

enum { GROWTH_AGES = 5 };
typedef struct growth_age {
    const char *label; /* "months 0 to 3" */
    int from, to;      /* months of life, from < month <= to; `to` 0: open */
} growth_age;
extern const growth_age growth_ages[GROWTH_AGES];

typedef struct growth_line {
    const char *label; /* NULL: none recorded */
    size_t accounts;   /* with such a movement */
    size_t movements;
    int64_t minor;
    size_t of_accounts; /* in the group, where it is one */
    int64_t of_minor;   /* their opening ARR */
} growth_line;

typedef struct review_growth {
    int64_t opening_minor, closing_minor;
    growth_line kinds[ARR_KIND_COUNT]; /* ARR_NEW: the first days */
    growth_line by_age[GROWTH_AGES];   /* expansion */
    const growth_line *types;          /* of expansion, most ARR first */
    size_t n_types;
    bool has_types, types_by_seats;
    const char *attribute;      /* label of what `groups` are: "Acquisition channel" */
    const char *attribute_name; /* "channel" */
    const growth_line *groups;  /* expansion by it */
    size_t n_groups;
    int months;                    /* the last mark with enough accounts; 0: none */
    share_figure expanded, others; /* accounts that expanded by then, of those followed so long */
} review_growth;

/* Groups by the attribute `channel`, else by the first one that groups accounts. `words` may be
 * NULL. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_growth_make(const review_subject *s, const arr_words *words,
                                                   arena *a, review_growth *out, strata_error *err);

#endif
