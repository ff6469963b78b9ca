/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/worth.h"

#include <math.h>

#include "analysis/group.h"
#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "stats/inference/rank.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for what accounts are worth");
}

static void set_segment(const study *s, const grouped *g, size_t k, size_t in_segment,
                        worth_segment *out)
{
    static const char method[] = "Mann-Whitney test";
    size_t n = grouped_count(g, k);
    out->per_user = spread_of_sorted(grouped_values(g, k), n, in_segment - n);
    out->others = g->n - n;
    out->others_median = out->others > 0 ? grouped_median_outside(g, k) : 0.0;
    bool enough = (double)n >= s->minimum_accounts && (double)out->others >= s->minimum_accounts;
    out->test = enough ? test_of(mann_whitney_of_ranks(g->rank_sum[k], n, out->others, g->ties),
                                 method, "chance to be above a random other account")
                       : test_not_done(method, "too few accounts to compare");
}

strata_status worth_make(const study *s, const segment_code *codes, size_t n_segments, arena *a,
                         worth *out, strata_error *err)
{
    const double *users = study_numbers(s, "active_users_30d");
    worth r = {.n_segments = n_segments};
    if (!s->v->has_arr || users == NULL) {
        r.why = s->v->has_arr ? "needs usage with a column for the user" : "needs arr";
        *out = r;
        return STRATA_OK;
    }
    STRATA_AUTO_FREE double *each = STRATA_NEW_ARRAY(s->n + 1, double);
    STRATA_AUTO_FREE size_t *in_segment = STRATA_NEW_ARRAY(n_segments + 1, size_t);
    worth_segment *segments = ARENA_NEW(a, n_segments + 1, worth_segment);
    test_figure **tests = ARENA_NEW(a, n_segments + 1, test_figure *);
    if (each == NULL || in_segment == NULL || segments == NULL || tests == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        bool has = users[i] > 0.0 && s->v->value[i] > 0.0;
        each[i] = has ? s->v->value[i] / users[i] : (double)NAN;
        in_segment[codes[i] < n_segments ? codes[i] : n_segments]++;
    }
    GROUPED_AUTO grouped g = {0};
    STRATA_TRY(grouped_new(each, codes, s->n, n_segments, &g, err));
    if (g.n == 0) {
        r.why = "needs usage with a column for the user";
        *out = r;
        return STRATA_OK;
    }
    for (size_t k = 0; k < n_segments; k++) {
        set_segment(s, &g, k, in_segment[k], &segments[k]);
        tests[k] = &segments[k].test;
    }
    STRATA_TRY(tests_correct(tests, n_segments, err));
    r.segments = segments;
    *out = r;
    return STRATA_OK;
}
