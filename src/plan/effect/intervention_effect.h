/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_INTERVENTION_EFFECT_H
#define STRATA_PLAN_EFFECT_INTERVENTION_EFFECT_H

/* What interventions brought: accounts that had one, each against accounts like it that had none.
 *
 *   had one   a customer on the day before and on the day, with no other intervention in the 90
 *             days before (else the effects of two would be one)
 *   like it   customers on the same two days, in the same segment, with a renewal due within 31
 * days if it had one, without an intervention in the 90 days before or on the day. Their chance of
 * leaving within three months without an intervention (prognostic score, Hansen 2008, Biometrika
 * 95:481: a logistic regression on what was known that day) is within 0.2 standard deviations of
 * its log-odds (Austin 2011, Pharmaceutical Statistics 10:150); of these the three nearest on
 * standardised covariates. One may be taken several times after     3, 6 and 12 months on: still a
 * customer, ARR over ARR on the day, in a higher segment, ARR gained. An account it is compared
 * with that has an intervention of its own before then is left out from that day on, and those like
 * it count for it (inverse probability of censoring, within fifths of the chance of leaving)
 *
 * Differences with 95 % intervals by drawing accounts again, the matching as it is. They say what
 * came of it as far as accounts are alike in the covariates. Months, since service ends with them:
 * three months hold as many ends of months for an account on any day. (What touch in general does
 * is touch_effect.h: shares within strata, for touchpoints are held everywhere and not on one
 * day.) */

#include "cohort/book.h"
#include "plan/effect/panel.h"
#include "stats/inference/ratio_difference.h"

enum { EFFECT_MATCHES = 3, EFFECT_APART_DAYS = 90, EFFECT_HORIZONS = 3 };
extern const int effect_months[EFFECT_HORIZONS]; /* 3, 6, 12 */
/* Covariates that differ by no more than this are balanced (Austin 2009, Statistics in Medicine
 * 28:3083). */
#define EFFECT_BALANCED 0.1

typedef enum effect_outcome {
    OUTCOME_KEPT, /* share that are customers */
    OUTCOME_ARR,  /* ARR over ARR on the day */
    OUTCOME_UP,   /* share in a segment nearer to the first one of the dimension */
    OUTCOME_GAIN, /* of those still customers: ARR gained by those that grew over ARR on the day */
    EFFECT_OUTCOMES
} effect_outcome;

typedef struct effect_after {
    size_t n_had;                         /* had one, and the months have passed */
    size_t n_matched;                     /* of these, with somebody to compare with */
    size_t n_others;                      /* accounts compared with, each once */
    bool stated;                          /* enough matched */
    ratio_difference of[EFFECT_OUTCOMES]; /* first: had one; second: the others. Not defined unless
                                             stated */
    /* ARR that it kept, minor units: the difference of OUTCOME_ARR times the ARR of the matched. */
    double arr, arr_low, arr_high;
    double hours;        /* that the matched took; NaN: minutes were not recorded for all */
    double arr_per_hour; /* minor units; NaN: not known */
} effect_after;

typedef struct effect_balance {
    const char *name, *label; /* of the covariate */
    double before, after;     /* standardised difference of means: had one less the others */
} effect_balance;

typedef struct intervention_effect {
    const char *name; /* NULL: of all interventions together */
    size_t n_recorded;
    size_t n_accounts;
    size_t n_soon;     /* followed another within 90 days */
    size_t n_not_then; /* by accounts that were no customers then, or in no segment asked for */
    effect_after after[EFFECT_HORIZONS];
    const effect_balance *balance; /* of those matched for the shortest horizon */
    size_t n_balance;
    bool balanced; /* all within EFFECT_BALANCED */
} intervention_effect;

typedef struct intervention_effects {
    const intervention_effect *items; /* [0]: all together; then by name of the log */
    size_t n;
    bool has_up; /* the dimension has an order to move up in */
    day from, as_of;
} intervention_effects;

/* What questions over the same log share: what was known of accounts, and where each one's
 * interventions lie. */
typedef struct effect_ground {
    effect_panel_request panel;
    effect_panel days;
    effect_segments weeks;
    const size_t *start; /* by account: first item in the log; n_accounts + 1 of them */
} effect_ground;

/* Allocated in `a`. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status effect_ground_make(const context *cx, const effect_panel_request *q,
                                                   arena *a, effect_ground *out, strata_error *err);

/* `book` reaches the as-of date or later; `only_from`: only accounts in this segment on the day;
 * SEGMENT_ABSENT: all. Nothing dated after the panel's as-of date changes a figure. Allocated in
 * `a`. A log without items gives n = 1 with nothing stated. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status intervention_effects_of(const context *cx, const effect_ground *g,
                                                        const arr_book *book,
                                                        segment_code only_from, arena *a,
                                                        intervention_effects *out,
                                                        strata_error *err);

#endif
