/* SPDX-License-Identifier: Apache-2.0 */
/* Rows about what happened afterwards: are segments distinct in it, are they stable? */
#include <math.h>

#include "analysis/make_figure.h"
#include "analysis/quality.h"
#include "base/auto.h"
#include "stats/clustering/partition.h"
#include "stats/inference/contingency.h"
#include "stats/inference/rank.h"
#include "stats/survival/logrank.h"

enum { CHURNED_LEAST = 5 };
static const double small_effect[] = {0.1, 0.01, 0.05}; /* Cramer's V, epsilon squared, survival */
static const double alike_good = 0.8, alike_fair = 0.6; /* adjusted Rand index */
static const double flap_good = 0.05, flap_fair = 0.10; /* share of accounts */

/* Customers of a year ago that were in a segment then. */
typedef struct followed {
    size_t n, churned, used; /* used: segments with any of them */
    segment_code *code;
    double *change; /* of ARR, relative */
    double *days;
    uint8_t *event;
    size_t *counts; /* [segment][retained, churned] */
} followed;

static strata_status follow(const quality_builder *x, followed *f, strata_error *err)
{
    const study *s = x->s;
    *f = (followed){.code = ARENA_NEW(x->a, s->n, segment_code),
                    .change = ARENA_NEW(x->a, s->n, double),
                    .days = ARENA_NEW(x->a, s->n, double),
                    .event = ARENA_NEW(x->a, s->n, uint8_t),
                    .counts = ARENA_NEW(x->a, 2 * x->def->n_segments, size_t)};
    if (f->code == NULL || f->change == NULL || f->days == NULL || f->event == NULL ||
        f->counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following accounts");
    }
    const segment_code *codes = study_codes_year_ago(s, x->def);
    for (size_t i = 0; s->outcome != NULL && i < s->n; i++) {
        if (s->outcome[i] == OUTCOME_NONE || codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        bool churned = s->outcome[i] == OUTCOME_CHURNED;
        f->code[f->n] = codes[i];
        f->change[f->n] = (double)s->value[i] / (double)s->value_year_ago[i] - 1.0;
        f->days[f->n] = s->followed_days[i];
        f->event[f->n++] = churned;
        f->churned += churned;
        f->counts[2 * codes[i] + churned]++;
    }
    for (size_t g = 0; g < x->def->n_segments; g++) {
        f->used += f->counts[2 * g] + f->counts[2 * g + 1] > 0;
    }
    return STRATA_OK;
}

/* Why nothing can be tested; *why stays NULL when it can. */
static strata_status why_not(const quality_builder *x, const followed *f, bool needs_churn,
                             const char **why, strata_error *err)
{
    const char *reason = NULL;
    bool few = x->s->outcome != NULL && (double)f->n < x->s->minimum_accounts;
    bool few_churned = needs_churn && f->churned < CHURNED_LEAST;
    if (x->s->outcome == NULL) {
        reason = "Outcomes are not known: needs arr.";
    } else if (few) {
        reason = arena_printf(x->a, "Only %zu accounts were customers a year ago; too few to test.",
                              f->n);
    } else if (f->used < 2) {
        reason = "All customers of a year ago were in one segment.";
    } else if (few_churned) {
        reason =
            arena_printf(x->a, "Only %zu of %zu customers of a year ago churned; too few to test.",
                         f->churned, f->n);
    } else {
        return STRATA_OK;
    }
    if (reason == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the quality card");
    }
    *why = reason;
    return STRATA_OK;
}

static strata_status cannot(const quality_builder *x, quality_row *row, const char *method,
                            const char *why, strata_error *err)
{
    row->test = test_not_done(method, why);
    return quality_set(x, row, QUALITY_UNKNOWN, why, NULL, 0, err);
}

strata_status quality_distinct_churn(const quality_builder *x, quality_row *row, strata_error *err)
{
    static const char method[] = "chi-square test of independence";
    followed f = {0};
    STRATA_TRY(follow(x, &f, err));
    const char *why = NULL;
    STRATA_TRY(why_not(x, &f, true, &why, err));
    if (why != NULL) {
        return cannot(x, row, method, why, err);
    }
    stat_test t = {0};
    double least = 0.0;
    STRATA_TRY(chi_square_independence(f.counts, x->def->n_segments, 2, &t, &least, err));
    row->test = test_of(t, method, "Cramer's V");
    const named_value numbers[] = {{"accounts", "Customers a year ago", VALUE_NUMBER, (double)f.n},
                                   {"churned", "Churned since", VALUE_NUMBER, (double)f.churned},
                                   {"least_expected", "Least expected count", VALUE_NUMBER, least}};
    return quality_set(x, row, QUALITY_UNKNOWN, "", numbers, 3, err);
}

strata_status quality_distinct_growth(const quality_builder *x, quality_row *row, strata_error *err)
{
    static const char method[] = "Kruskal-Wallis test of the relative ARR change";
    followed f = {0};
    STRATA_TRY(follow(x, &f, err));
    const char *why = NULL;
    STRATA_TRY(why_not(x, &f, false, &why, err));
    if (why != NULL) {
        return cannot(x, row, method, why, err);
    }
    stat_test t = {0};
    STRATA_TRY(kruskal_wallis(f.change, f.code, f.n, x->def->n_segments, &t, err));
    row->test = test_of(t, method, "epsilon squared");
    if (!t.defined) {
        return cannot(x, row, method, "Every account's ARR changed by the same share.", err);
    }
    const named_value numbers[] = {{"accounts", "Customers a year ago", VALUE_NUMBER, (double)f.n}};
    return quality_set(x, row, QUALITY_UNKNOWN, "", numbers, 1, err);
}

/* Highest less lowest share of customers of a year ago that are left, among segments that had
 * enough to state one; 0 with fewer than two such. */
static double survival_spread(const quality_builder *x, const followed *f)
{
    double low = 1.0;
    double high = 0.0;
    for (size_t g = 0; g < x->def->n_segments; g++) {
        double n = (double)(f->counts[2 * g] + f->counts[2 * g + 1]);
        if (n > 0.0 && n >= x->s->minimum_accounts) {
            double kept = (double)f->counts[2 * g] / n;
            low = fmin(low, kept);
            high = fmax(high, kept);
        }
    }
    return fmax(high - low, 0.0);
}

strata_status quality_distinct_survival(const quality_builder *x, quality_row *row,
                                        strata_error *err)
{
    static const char method[] = "log-rank test";
    followed f = {0};
    STRATA_TRY(follow(x, &f, err));
    const char *why = NULL;
    STRATA_TRY(why_not(x, &f, true, &why, err));
    if (why == NULL && x->def->n_segments > 1000) {
        why = "More than 1,000 segments; survival is not compared.";
    }
    if (why != NULL) {
        return cannot(x, row, method, why, err);
    }
    stat_test t = {0};
    STRATA_TRY(log_rank(f.days, f.event, f.code, f.n, x->def->n_segments, &t, err));
    t.effect = survival_spread(x, &f);
    row->test = test_of(t, method, "highest less lowest 12-month survival");
    const named_value numbers[] = {
        {"accounts", "Customers a year ago", VALUE_NUMBER, (double)f.n},
        {"survival_spread", "Spread of survival", VALUE_SHARE, t.effect}};
    return quality_set(x, row, QUALITY_UNKNOWN, "", numbers, 2, err);
}

strata_status quality_judge_distinct(const quality_builder *x, quality_row *row, size_t k,
                                     strata_error *err)
{
    static const char *const what[] = {"churn", "ARR change", "survival"};
    const test_figure *t = &row->test;
    if (!t->done) {
        return STRATA_OK;
    }
    bool clear = t->p_holm < 0.05;
    bool large = t->effect >= small_effect[k];
    row->verdict = clear && large ? QUALITY_PASS : clear ? QUALITY_WARN : QUALITY_FAIL;
    row->evidence = arena_printf(
        x->a, "Segments of a year ago %s in %s over 12 months (%s, %s after correction, %s %s%s).",
        clear ? "differ" : "do not differ clearly", what[k], t->method, text_p(t->p_holm).s,
        t->effect_name, k == 2 ? text_share(t->effect).s : text_number(t->effect, 2).s,
        clear && !large ? ", a small effect" : "");
    return row->evidence != NULL
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NOMEM, "out of memory for the quality card");
}

/* --- stability --- */

typedef struct steadiness {
    double mean, lowest; /* adjusted Rand index between consecutive trend dates */
    size_t pairs;
    size_t watched, flapped; /* accounts in segments on all dates; those that came back */
} steadiness;

static const segment_code *trend_codes(const quality_builder *x, size_t k)
{
    return segmentation_codes(x->s->v->s, x->def, x->s->v->trend_at[k]);
}

static strata_status compare_dates(const quality_builder *x, steadiness *out, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *before = STRATA_NEW_ARRAY(x->s->n, uint32_t);
    STRATA_AUTO_FREE uint32_t *after = STRATA_NEW_ARRAY(x->s->n, uint32_t);
    if (before == NULL || after == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing reviews");
    }
    double sum = 0.0;
    out->lowest = 1.0;
    for (size_t k = 1; k < VIEW_TREND; k++) {
        const segment_code *a = trend_codes(x, k - 1);
        const segment_code *b = trend_codes(x, k);
        size_t n = 0;
        for (size_t i = 0; i < x->s->n; i++) {
            before[n] = a[i];
            after[n] = b[i];
            n += a[i] < SEGMENTS_MAX && b[i] < SEGMENTS_MAX;
        }
        double index = 1.0;
        STRATA_TRY(adjusted_rand_index(before, after, n, &index, err));
        sum += n > 0 ? index : 0.0;
        out->pairs += n > 0;
        out->lowest = n > 0 ? fmin(out->lowest, index) : out->lowest;
    }
    out->mean = out->pairs > 0 ? sum / (double)out->pairs : 0.0;
    return STRATA_OK;
}

/* Whether an account went back into a segment that it had left before. */
static bool flaps(const segment_code *const *codes, size_t account)
{
    for (size_t k = 2; k < VIEW_TREND; k++) {
        if (codes[k][account] == codes[k - 1][account]) {
            continue;
        }
        for (size_t j = 0; j + 1 < k; j++) {
            if (codes[j][account] == codes[k][account]) {
                return true;
            }
        }
    }
    return false;
}

static void count_flaps(const quality_builder *x, steadiness *out)
{
    const segment_code *codes[VIEW_TREND];
    for (size_t k = 0; k < VIEW_TREND; k++) {
        codes[k] = trend_codes(x, k);
    }
    for (size_t i = 0; i < x->s->n; i++) {
        bool always = true;
        for (size_t k = 0; k < VIEW_TREND; k++) {
            always = always && codes[k][i] < SEGMENTS_MAX;
        }
        out->watched += always;
        out->flapped += always && flaps(codes, i);
    }
}

strata_status quality_stable(const quality_builder *x, quality_row *row, strata_error *err)
{
    steadiness t = {0};
    STRATA_TRY(compare_dates(x, &t, err));
    count_flaps(x, &t);
    if (t.pairs == 0 || t.watched == 0) {
        return quality_set(x, row, QUALITY_UNKNOWN,
                           "No account was in a segment over the last 12 month ends.", NULL, 0,
                           err);
    }
    double flap = (double)t.flapped / (double)t.watched;
    const named_value numbers[] = {
        {"rand_mean", "Mean adjusted Rand index, month to month", VALUE_NUMBER, t.mean},
        {"rand_lowest", "Lowest adjusted Rand index", VALUE_NUMBER, t.lowest},
        {"flapped", "Accounts that came back to a segment", VALUE_NUMBER, (double)t.flapped},
        {"flap_rate", "Flap rate over 12 months", VALUE_SHARE, flap}};
    const char *evidence =
        arena_printf(x->a,
                     "From one month end to the next segments agree with an adjusted Rand index of "
                     "%s on average (lowest %s); %s of "
                     "accounts went back into a segment they had left within 12 months.",
                     text_number(t.mean, 2).s, text_number(t.lowest, 2).s, text_share(flap).s);
    quality_verdict verdict = t.mean >= alike_good && flap <= flap_good   ? QUALITY_PASS
                              : t.mean >= alike_fair && flap <= flap_fair ? QUALITY_WARN
                                                                          : QUALITY_FAIL;
    return quality_set(x, row, verdict, evidence, numbers, 4, err);
}
