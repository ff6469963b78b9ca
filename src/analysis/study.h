/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_STUDY_H
#define STRATA_ANALYSIS_STUDY_H

/* A view made ready for the analyses: what accounts were worth at every date of
 * the view, what happened to those that were customers a year ago, and (when
 * asked for) their values as of a year ago. Made once, read by all analyses.
 *
 *     const size_t *keep; size_t n;
 *     study_slots(p, b, arena, &keep, &n, &err);            what analyses read
 *     view_new(cx, p, b, overrides, &(view_options){.keep = keep, .n_keep = n, ...}, &v, &err);
 *     study_new(cx, v, STUDY_ALL, &s, &err);
 *     profile_make(s, view_primary(v), arena, &profile, &err); ...
 */

#include "base/arena.h"
#include "segment/view.h"

enum {
    STUDY_TREND = 1,    /* values at the trend dates and at the last review (one sweep) */
    STUDY_YEAR_AGO = 2, /* values as of a year ago, for success factors (one segmentation) */
    STUDY_ALL = 3
};

/* What became of an account that was a customer a year ago. */
typedef enum outcome {
    OUTCOME_NONE,     /* had no ARR a year ago, or ARR is not recorded */
    OUTCOME_RETAINED, /* has ARR now */
    OUTCOME_CHURNED   /* has none now */
} outcome;

typedef struct study {
    arena *arena;
    const context *cx;
    const view *v;
    size_t n; /* accounts */
    double minimum_accounts;
    /* By account, minor units. All NULL when the portfolio has neither ARR nor orders; `since` and
     * `trend` also without STUDY_TREND. trend[i] belongs to the view's trend date i. */
    const int64_t *value, *value_year_ago, *value_since;
    const int64_t *trend[VIEW_TREND];
    day trend_days[VIEW_TREND];
    const uint8_t *outcome; /* by account; NULL when !v->has_arr */
    /* Days from a year ago to churn, of the churned; to the as-of date, of the retained. */
    const double *followed_days;
    segmentation *year_ago; /* owned; NULL without STUDY_YEAR_AGO or without ARR */
} study;

/* Slots that analyses read besides those of the model's definitions, for view_options.keep: the
 * features that profiles show, and what hypotheses, milestones and buyer types name. Allocated in
 * `a`. STRATA_E_MODEL when a hypothesis or milestone does not compile. */
STRATA_MUST_CHECK strata_status study_slots(const portfolio *p, const bound_model *b, arena *a,
                                            const size_t **slots, size_t *n, strata_error *err);

/* `parts`: STUDY_ bits. The view and the context must outlive the study. */
STRATA_MUST_CHECK strata_status study_new(const context *cx, const view *v, unsigned parts,
                                          study **out, strata_error *err);
void study_free(study *s);
STRATA_DEFINE_AUTO(study, study_free)

/* Codes of a dimension now, at the last review, a year ago. */
const segment_code *study_codes_now(const study *s, const bound_def *def);
const segment_code *study_codes_since(const study *s, const bound_def *def);
const segment_code *study_codes_year_ago(const study *s, const bound_def *def);

#endif
