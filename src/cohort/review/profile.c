/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/profile.h"

#include "base/auto.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

static strata_status sizes_of(const review_subject *s, const account_set *set, double **out,
                              deal_figures *f, strata_error *err)
{
    STRATA_AUTO_FREE double *x = STRATA_NEW_ARRAY(set->n, double);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory profiling a cohort");
    }
    *f = (deal_figures){.accounts = set->n};
    for (size_t k = 0; k < set->n; k++) {
        int64_t minor = review_opening(s, set->items[k]);
        f->opening_minor += minor;
        x[k] = (double)minor;
    }
    if (set->n > 0) {
        sort_values(x, set->n);
        f->mean = (double)f->opening_minor / (double)set->n;
        f->median = quantile_sorted(x, set->n, 0.5);
    }
    *out = strata_steal(&x);
    return STRATA_OK;
}

static strata_status compare_sizes(const review_subject *s, review_profile *r, strata_error *err)
{
    STRATA_AUTO_FREE double *cohort = NULL;
    STRATA_AUTO_FREE double *earlier = NULL;
    STRATA_TRY(sizes_of(s, &s->cohort, &cohort, &r->cohort, err));
    STRATA_TRY(sizes_of(s, &s->earlier, &earlier, &r->earlier, err));
    r->deal_size = (test_figure){.method = "Mann-Whitney test",
                                 .effect_name = "chance to be above a random other account",
                                 .why = "too few accounts"};
    if (s->cohort.n < s->minimum || s->earlier.n < s->minimum || s->earlier.n == 0) {
        return STRATA_OK;
    }
    stat_test t;
    STRATA_TRY(mann_whitney(cohort, s->cohort.n, earlier, s->earlier.n, &t, err));
    r->deal_size.done = t.defined;
    r->deal_size.why = t.defined ? NULL : "nothing to tell apart";
    r->deal_size.statistic = t.statistic;
    r->deal_size.p = t.p;
    r->deal_size.p_holm = t.p;
    r->deal_size.effect = t.effect;
    return STRATA_OK;
}

strata_status review_profile_make(const review_subject *s, arena *a, review_profile *out,
                                  strata_error *err)
{
    review_profile r = {0};
    STRATA_TRY(compare_sizes(s, &r, err));
    for (size_t k = 0; k < s->n_peers; k++) {
        STRATA_AUTO_FREE double *unused = NULL;
        STRATA_TRY(sizes_of(s, &s->peers[k], &unused, &r.peers[k], err));
    }
    for (size_t k = 0; k < s->cohort.n; k++) {
        int64_t arr = arr_book_at(s->book, s->cohort.items[k], s->as_of);
        r.arr_now_minor += arr;
        r.customers_now += arr > 0;
    }
    STRATA_TRY(review_levels(s, &s->cohort, &s->earlier, a, &r.mix, err));
    *out = r;
    return STRATA_OK;
}
