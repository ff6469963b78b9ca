/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_HYPOTHESES_H
#define STRATA_ANALYSIS_HYPOTHESES_H

/* The user's hypotheses, tested as of the view's date. A condition compares
 * shares (chi-square test without continuity correction, Newcombe interval of the
 * difference); a value compares medians (Mann-Whitney; interval of the median
 * difference by bootstrap of accounts). */

#include "analysis/figure.h"
#include "analysis/study.h"

typedef enum hypothesis_verdict {
    HYPOTHESIS_HOLDS,    /* the difference goes the expected way and p_holm < 0.05 */
    HYPOTHESIS_DOES_NOT, /* enough accounts, and not so */
    HYPOTHESIS_NOT_ENOUGH
} hypothesis_verdict;
const char *
hypothesis_verdict_name(hypothesis_verdict v); /* "holds", "does not hold", "not enough data" */

typedef struct hypothesis_result {
    const char *claim, *where, *against, *compare, *expect; /* against: "everyone else" */
    hypothesis_verdict verdict;
    const char *sentence;            /* the verdict with its figures */
    bool is_share;                   /* shares were compared, else medians */
    value_type type;                 /* of what is compared */
    size_t n_where, n_against;       /* accounts for which `compare` is known */
    size_t hits_where, hits_against; /* of shares */
    double x_where, x_against;       /* share or median; 0 without accounts */
    double difference;               /* where - against, with its 95 % interval */
    bool has_interval;
    double low, high;
    test_figure test; /* Holm over all hypotheses that were tested */
} hypothesis_result;

/* One per hypothesis of the model, in its order; both ends of a comparison are among the accounts
 * of the model's population. Allocated in `a`. */
STRATA_MUST_CHECK strata_status hypotheses_test(const study *s, arena *a,
                                                const hypothesis_result **out, size_t *n,
                                                strata_error *err);

#endif
