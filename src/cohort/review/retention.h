/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_RETENTION_H
#define STRATA_COHORT_REVIEW_RETENTION_H

/* How much of a cohort is kept at months 3, 6, 9 and 12, and how that compares. */

#include "cohort/review/review.h"
#include "stats/inference/trend.h"

enum { REVIEW_CURVE = 25, REVIEW_MEASURES = 3 }; /* months 0..24; as goal_measure */

/* At the end of month m, of those that were followed so long. */
typedef struct review_mark {
    int months;
    size_t reached;        /* accounts followed so long */
    bool complete;         /* all of the set were */
    share_figure logos;    /* with ARR above 0 */
    ratio_figure nrr, grr; /* ARR over opening ARR; the lower of both, account by account */
} review_mark;

/* One of the three, so that they can be handled alike. */
typedef struct review_rate {
    bool stated;
    double value, low, high;
} review_rate;
review_rate review_rate_of(const review_mark *m, size_t measure);

/* Is the cohort different from its peers together, at one mark? */
typedef struct review_gap {
    bool known;       /* both are stated */
    double gap;       /* cohort less peers */
    double low, high; /* 95 %: Newcombe for shares of accounts; for ARR from the widths of both
                         intervals, taken as independent */
    bool clear;       /* the interval does not hold 0 */
} review_gap;

typedef struct review_curve {
    size_t reached[REVIEW_CURVE];
    double logos[REVIEW_CURVE], nrr[REVIEW_CURVE]; /* NaN: not all of a start period have come so
                                              far, or under the minimum of accounts */
} review_curve;

typedef struct review_retention {
    review_mark cohort[REVIEW_MARKS], earlier[REVIEW_MARKS];
    review_mark peers[REVIEW_PEERS_MAX][REVIEW_MARKS];
    review_gap gap[REVIEW_MEASURES][REVIEW_MARKS];
    /* Over the peers and then the cohort, those that are stated: shares Cochran-Armitage, ARR
     * Mann-Kendall; per cohort. Not defined for groups of a value. */
    trend trend[REVIEW_MEASURES][REVIEW_MARKS];
    size_t counted[REVIEW_MEASURES][REVIEW_MARKS]; /* cohorts in the trend */
    review_curve curve, earlier_curve;
    int last; /* the last mark with enough accounts; 0: none */
} review_retention;

/* Intervals of ARR by drawing accounts again. Never NaN but in curves. */
STRATA_MUST_CHECK strata_status review_mark_make(const context *cx, const review_subject *s,
                                                 const account_set *set, int months,
                                                 uint64_t stream, review_mark *out,
                                                 strata_error *err);
STRATA_MUST_CHECK strata_status review_retention_make(const context *cx, const review_subject *s,
                                                      review_retention *out, strata_error *err);

#endif
