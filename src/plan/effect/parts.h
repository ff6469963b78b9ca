/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_PARTS_H
#define STRATA_PLAN_EFFECT_PARTS_H

/* Inside the effects of interventions: who had one when, whom they are compared with, and what
 * became of both. */

#include "plan/effect/intervention_effect.h"

#define NO_MATCH SIZE_MAX

/* An intervention whose account can be followed. */
typedef struct episode {
    uint32_t account, name;
    day day;
    size_t date, row; /* of the panel */
    double minutes;
    size_t match[EFFECT_MATCHES]; /* rows of the panel; NO_MATCH: fewer were near */
} episode;

typedef struct effect_work {
    const effect_panel_request *q;
    const arr_book *book;
    segment_code only_from;
    const effect_panel *p;
    const effect_segments *weeks;
    const size_t *start; /* by account: first item in the log; n_accounts + 1 of them */
    size_t n_ranked;     /* segments that have a rank; 0: nobody moves up */
    episode *episodes;
    size_t n_episodes;
    const float *margin;  /* by row of the panel: log-odds of leaving within three months without an
                             intervention */
    double caliper;       /* on it */
    const double *scale;  /* by column: 1 / standard deviation; 0: it is the same for all */
    const double *before; /* by column: standardised difference before matching */
} effect_work;

/* An intervention of the account in first .. last, both in. */
bool effect_had_one(const effect_work *w, uint32_t account, day first, day last);
/* A customer at the end of the day before and of the day. */
bool effect_is_customer(const effect_work *w, uint32_t account, day t);
/* Whether a row of the panel can be compared with one that had an intervention on its day, t. */
bool effect_is_other(const effect_work *w, size_t row, day t);

/* The chance of leaving without one, by what was known: margin, caliper, the figures by column. */
STRATA_MUST_CHECK strata_status effect_chances(const context *cx, arena *a, effect_work *w,
                                               strata_error *err);
/* Fills the matches of every episode. */
STRATA_MUST_CHECK strata_status effect_match(const context *cx, effect_work *w, strata_error *err);

/* One account after a day. */
typedef struct follow_up {
    bool left_out; /* had an intervention of its own before */
    day known;     /* until this day: of left_out that of the intervention, else the last one */
    bool customer;
    int64_t arr_then, arr_after;
    int8_t up; /* 1, 0; -1: not in a segment on either day */
} follow_up;

/* `censor`: an intervention of its own ends it. */
follow_up effect_follow(const effect_work *w, size_t row, day t, int months, bool censor);

/* Weights of those compared with: matches[e * EFFECT_MATCHES + k], 0 for those left out. */
STRATA_MUST_CHECK strata_status effect_weights(const effect_work *w, int months, double *weights,
                                               strata_error *err);

#endif
