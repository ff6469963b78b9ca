/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TOUCH_EFFECT_H
#define STRATA_PLAN_TOUCH_EFFECT_H

/* What touch does to staying: accounts of a year ago that had at least half of the touchpoints
 * planned for their segment in the 90 days before, against those that had fewer, within strata of
 * segment and health band; who left in the 12 months after. One ratio of the shares that left over
 * all strata (Mantel & Haenszel 1959), its interval by Greenland & Robins 1985, Biometrics 41:55.
 * Accounts in one stratum may still differ in what neither segment nor health sees. */

#include "plan/stakes.h"

typedef enum effect_source { EFFECT_NONE, EFFECT_MEASURED, EFFECT_ASSUMED } effect_source;

typedef struct touch_effect {
    effect_source source;
    /* Share of the ARR at stake that a full programme keeps. NaN with EFFECT_NONE. */
    double low, likely, high;
    /* What was measured, also when it is not used: 1 - ratio; NaN: too few. */
    double measured, measured_low, measured_high;
    size_t n_touched, n_others, left_touched, left_others; /* in strata with both */
} touch_effect;

/* The same of growth: who pays more than a year ago; measured is the ratio less 1, left_touched and
 * left_others are those that grew. No source, and nothing assumed. */
touch_effect touch_growth_find(const view *v, const engagement *e, const stakes *s);
/* Measured where the interval is above 0, else what engagement.effect assumes, else none. */
touch_effect touch_effect_find(const view *v, const engagement *e, const stakes *s);

#endif
