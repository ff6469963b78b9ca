/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_JUDGE_H
#define STRATA_PREDICT_JUDGE_H

/* How good predictions are on dates later than all that was learned from. */

#include "predict/learn.h"
#include "segment/code.h"
#include "stats/learning/discrimination.h"

enum { JUDGE_BINS = 10, JUDGE_ENOUGH = 10 };
static const double JUDGE_SHARE = 0.10; /* of the accounts, for the lift */

typedef struct judged {
    auc_result auc;   /* rows of one account are not independent: clustered by account */
    double precision; /* area under the precision-recall curve */
    bool has_precision;
    lift_result lift;
    brier_parts brier;
    double loss;
    calibration_check check;
    reliability_bin bins[JUDGE_BINS];
    size_t n_bins;
} judged;

/* probability: of the rows in `set`, in its order. n_accounts: of the portfolio. */
STRATA_MUST_CHECK strata_status judge(const rows *r, const row_set *set, const double *probability,
                                      size_t n_accounts, arena *a, judged *out, strata_error *err);

/* The trees are used only if they order accounts better than the simpler model, out of time and
 * beyond chance, and by enough to be worth it. */
static const double JUDGE_GAIN = 0.005;
STRATA_MUST_CHECK strata_status judge_compare(const rows *r, const row_set *set,
                                              const double *const said[LEARNERS], size_t n_accounts,
                                              arena *a, auc_difference *out, strata_error *err);

/* What was said on a date, or about a segment, beside what came of it. */
typedef struct judged_part {
    size_t n, hits;
    double expected;      /* sum of the probabilities */
    double arr_expected;  /* minor units: sum of probability x ARR on the date */
    int64_t arr_hit, arr; /* minor units, on the date: of those it came true for; of all */
    auc_result auc;       /* not defined under JUDGE_ENOUGH of either outcome; nor are these: */
    double precision;     /* area under the precision-recall curve */
    double lift, brier;   /* lift at JUDGE_SHARE of the part's own rows */
} judged_part;

/* What was said of the rows of a set, and which part each belongs to. */
typedef struct judged_split {
    const double *probability;
    const uint32_t *part_of; /* n_parts or more: none */
    size_t n_parts;
} judged_split;
STRATA_MUST_CHECK strata_status judge_parts(const rows *r, const row_set *set,
                                            const judged_split *split, arena *a, judged_part *out,
                                            strata_error *err);

#endif
