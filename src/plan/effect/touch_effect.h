/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_TOUCH_EFFECT_H
#define STRATA_PLAN_EFFECT_TOUCH_EFFECT_H

/* What touch does to staying: accounts of a year ago that had at least half of the touchpoints
 * planned for their segment in the 90 days before, against those that had fewer, within strata of
 * segment and health band; who left in the 12 months after. One ratio of the shares that left over
 * all strata (Mantel & Haenszel 1959), its interval by Greenland & Robins 1985, Biometrics 41:55.
 * Accounts in one stratum may still differ in what neither segment nor health sees. */

#include "plan/coverage/stakes.h"

typedef enum effect_source { EFFECT_NONE, EFFECT_MEASURED, EFFECT_ASSUMED } effect_source;

typedef struct touch_effect {
    effect_source source;
    /* Share of the ARR at stake that a full programme keeps; of the ARR that may be gained, what it
     * adds. NaN with EFFECT_NONE. */
    double low, likely, high;
    /* What was measured, also when it is not used: 1 - ratio; NaN: too few. */
    double measured, measured_low, measured_high;
    size_t n_touched, n_others, left_touched, left_others; /* in strata with both */
} touch_effect;

/* Measured where the interval is above 0, else what engagement.effect assumes, else none. */
touch_effect touch_effect_find(const view *v, const engagement *e, const stakes *s);
/* The same of growth: who pays more than a year ago; measured is the ratio less 1, left_touched and
 * left_others are those that grew; the assumption is engagement.growth. */
touch_effect touch_growth_find(const view *v, const engagement *e, const stakes *s);

/* What is known of touch as a whole: the range lies on one side of nothing, or on both. */
typedef enum touch_side {
    TOUCH_UNKNOWN, /* neither measured nor assumed */
    TOUCH_UNSURE,  /* measured, and it cannot be told from nothing */
    TOUCH_HELPS,   /* measured above 0, or assumed by the model file */
    TOUCH_HARMS    /* measured below 0, and nothing is assumed */
} touch_side;
touch_side touch_side_of(const touch_effect *e);

/* What touch brings in a year, minor units; zeros when not even a range was measured. */
typedef struct touch_range {
    touch_side side;
    double low, likely, high;
} touch_range;
/* Of the ARR at stake, as stakes or coverage add it up, what a full programme keeps; of the ARR
 * that may be gained, added up the same, what it adds (`e` the effect on growth). */
touch_range touch_brings(const touch_effect *e, bool stakes_known, int64_t minor);

#endif
