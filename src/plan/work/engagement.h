/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_ENGAGEMENT_H
#define STRATA_PLAN_WORK_ENGAGEMENT_H

/* How each segment is looked after: what the model file says (key `engagement`), and where it says
 * nothing, a proposal from the data.
 *
 * The proposal gives every segment hours in proportion to its ARR: the hours that the managers have
 * in a year, times the segment's share of ARR, over its accounts. Its touch level is the richest
 * whose touchpoints, reviews and one renewal a year fit into these. */

#include "plan/work/csms.h"
#include "segment/view.h"

typedef struct engaged_segment {
    const char *label;
    touch_level touch;
    model_programme programme; /* all of it stated, but for accounts_per_csm */
    double touches_per_year, reviews_per_year;
    bool proposed;           /* not by the model file */
    double hours_affordable; /* of a proposal: a year for each account; NaN otherwise */
    size_t n_accounts;
    int64_t value_minor;
} engaged_segment;

typedef struct engagement {
    const bound_def *def;            /* the dimension it goes by */
    const engaged_segment *segments; /* by segment code */
    size_t n_segments, n_proposed;
    model_programme levels[TOUCH_LEVELS];
    double hours[WORK_KINDS]; /* of one activity */
    double month_hours;       /* NaN: not stated */
} engagement;

/* STRATA_E_MODEL: hours or levels are not stated, or the dimension has no segment;
 * STRATA_E_DATA: a proposal is needed, and there is no ARR, no spend or no manager's hours to make
 * it from. Allocated in `a`. */
STRATA_MUST_CHECK strata_status engagement_resolve(const view *v, const csm_list *csms, arena *a,
                                                   engagement *out, strata_error *err);

/* Hours that a year of a programme takes for one account of weight 1, onboarding and tickets
 * aside. */
double engagement_programme_hours(const engagement *e, const model_programme *p);

#endif
