/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/cohort_review.h"

static strata_status make_early_parts(const context *cx, arena *a, cohort_review *r,
                                      strata_error *err)
{
    STRATA_TRY(early_view_make(cx, &r->s, a, &r->early, err));
    STRATA_TRY(review_patterns_make(cx, &r->s, &r->early, a, &r->patterns, err));
    STRATA_TRY(review_quartiles_make(&r->s, &r->early, a, &r->quartiles, err));
    return review_segments_make(&r->s, &r->early, a, &r->segments, err);
}

strata_status cohort_review_make(const context *cx, const review_request *q, const arr_words *words,
                                 arena *a, cohort_review **out, strata_error *err)
{
    cohort_review *r = ARENA_NEW(a, 1, cohort_review);
    if (r == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reviewing a cohort");
    }
    STRATA_TRY(review_subject_make(a, q, &r->s, err));
    STRATA_TRY(review_where(a, q, &r->where, err));
    STRATA_TRY(review_profile_make(&r->s, a, &r->profile, err));
    STRATA_TRY(review_retention_make(cx, &r->s, &r->retention, err));
    review_goals_make(q->b->model, &r->retention, &r->goals);
    STRATA_TRY(review_churn_make(&r->s, words, a, &r->churn, err));
    STRATA_TRY(review_nrr_make(&r->s, a, &r->nrr, err));
    STRATA_TRY(review_growth_make(&r->s, words, a, &r->growth, err));
    STRATA_TRY(make_early_parts(cx, a, r, err));
    const review_findings found = {&r->churn, &r->growth, &r->patterns};
    STRATA_TRY(review_actions_make(cx, &r->s, r->where, &found, a, &r->actions, err));
    STRATA_TRY(review_forecast_make(cx, &r->s, a, &r->forecast, err));
    *out = r;
    return STRATA_OK;
}
