/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_PREDICT_H
#define STRATA_PREDICT_PREDICT_H

/* The chance of churn, or of expansion, within a horizon: learned from the company's own past,
 * judged on later dates, and said about today's customers with reasons. Nothing dated after the
 * as-of date is looked at. */

#include "model/bind.h"
#include "predict/bands.h"
#include "predict/judge.h"
#include "predict/reasons.h"
#include "segment/overrides.h"

/* Accounts to which it happened, below which nothing is predicted; and of them, those in the block
 * that is judged on. */
enum { PREDICT_HAPPENED_MIN = 40, PREDICT_JUDGED_MIN = 10 };

typedef struct predict_request {
    const portfolio *p;
    const bound_model *bound;      /* for the segments of the judgement; NULL: none */
    const override_set *overrides; /* may be NULL */
    const bound_def *dimension;    /* of `bound`; NULL: no segments */
    const arr_book *book;          /* until the as-of date or later */
    predict_target target;
    horizon horizon;
    day as_of;
    const char *const *with; /* attributes a person vouches for */
    size_t n_with;
} predict_request;

/* One past date. */
typedef struct predict_date {
    size_t n, hits;
} predict_date;

typedef struct prediction {
    predict_target target;
    schedule schedule;
    predict_date by_date[SCHEDULE_DATES_MAX];
    rows past;         /* of the past dates */
    double sampled;    /* share of the accounts that they are of */
    size_t n_happened; /* accounts to which it happened at least once */
    size_t n_past_accounts;
    candidates candidates;
    const char *why; /* not NULL: nothing can be predicted, and why; what follows is not set */

    row_set learn, tune, judge; /* of the model that was judged */
    judged judged[LEARNERS];
    auc_difference difference; /* trees less logistic */
    learner chosen;
    bool better;                 /* the trees are, beyond chance and by JUDGE_GAIN */
    bool tells;                  /* the chosen model orders accounts better than chance would */
    predictor logistic;          /* the one that was judged */
    size_t trees;                /* rounds of the trees that were judged */
    judged_part *by_judged_date; /* of the schedule's dates, all of them; n = 0 where not judged */
    judged_part by_band[PREDICT_BANDS];
    judged_part *by_segment; /* by segment code of the dimension on that date; NULL: none */
    size_t n_segments;

    predictor today;                        /* owned: predictor_done() */
    rows now;                               /* today's customers */
    double *chance;                         /* of rows in `now` */
    double expected;                        /* how many of them, on average */
    int64_t arr;                            /* of them all, minor units */
    double arr_expected, arr_low, arr_high; /* chance x ARR; 4 out of 5 if chances are right and
                                               accounts do not hang together */
} prediction;

/* Everything is allocated in `a` but today's trees: prediction_done(). Too little data is STRATA_OK
 * with `why`; a portfolio without ARR is STRATA_E_DATA. */
STRATA_MUST_CHECK strata_status predict_run(const context *cx, const predict_request *q, arena *a,
                                            prediction *out, strata_error *err);
void prediction_done(prediction *p); /* harmless on a zeroed one */

/* Rows of `now` from the highest chance to the lowest; of equal chances the larger ARR first.
 * Allocated in `a`; NULL when memory ran out. */
const uint32_t *prediction_order(const prediction *p, arena *a);

#endif
