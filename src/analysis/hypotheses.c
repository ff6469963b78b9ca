/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/hypotheses.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "analysis/outcomes.h"
#include "analysis/read.h"
#include "base/auto.h"
#include "stats/inference/bootstrap.h"
#include "stats/inference/proportion.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

enum { SIDE_LEAST = 10 }; /* accounts needed on both sides */

const char *hypothesis_verdict_name(hypothesis_verdict v)
{
    static const char *const names[] = {"holds", "does not hold", "not enough data"};
    return names[v];
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory testing hypotheses");
}

/* The known values of `compare` on both sides; an account on both counts as `where`. */
typedef struct sides {
    double *where, *against;
    size_t n_where, n_against;
} sides;

/* Accounts that are in some segment of the first dimension, or all that exist when the model has no
 * dimension: the population. */
static const segment_code *population(const study *s)
{
    const bound_def *def = view_primary(s->v);
    return def != NULL ? study_codes_now(s, def) : NULL;
}

static strata_status take_sides(const study *s, const bound_hypothesis *h, arena *a, sides *out,
                                strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *where = STRATA_NEW_ARRAY(s->n, uint8_t);
    STRATA_AUTO_FREE uint8_t *against = STRATA_NEW_ARRAY(s->n, uint8_t);
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY(s->n, double);
    out->where = ARENA_NEW(a, s->n, double);
    out->against = ARENA_NEW(a, s->n, double);
    if (where == NULL || against == NULL || values == NULL || out->where == NULL ||
        out->against == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(study_condition(s, h->where, where, err));
    if (h->against != NULL) {
        STRATA_TRY(study_condition(s, h->against, against, err));
    }
    STRATA_TRY(study_value(s, h->compare, values, err));
    const segment_code *codes = population(s);
    for (size_t i = 0; i < s->n; i++) {
        bool in = codes == NULL || codes[i] < SEGMENTS_MAX;
        /* Everyone else: those for whom `where` is no; unknown belongs to neither side. */
        bool other = h->against != NULL ? against[i] == RULE_YES : where[i] == RULE_NO;
        if (!in || !isfinite(values[i])) {
            continue;
        }
        if (where[i] == RULE_YES) {
            out->where[out->n_where++] = values[i];
        } else if (other) {
            out->against[out->n_against++] = values[i];
        }
    }
    return STRATA_OK;
}

static size_t count_true(const double *x, size_t n)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += x[i] > 0.0;
    }
    return hits;
}

static void compare_shares(const sides *x, hypothesis_result *r)
{
    r->hits_where = count_true(x->where, x->n_where);
    r->hits_against = count_true(x->against, x->n_against);
    interval i = newcombe_interval(r->hits_where, x->n_where, r->hits_against, x->n_against);
    r->x_where = (double)r->hits_where / (double)x->n_where;
    r->x_against = (double)r->hits_against / (double)x->n_against;
    r->low = i.low;
    r->high = i.high;
    r->test = test_of(two_proportions(r->hits_where, x->n_where, r->hits_against, x->n_against),
                      "chi-square test of two shares", "difference of the shares");
}

static strata_status compare_medians(const study *s, const sides *x, size_t k, hypothesis_result *r,
                                     strata_error *err)
{
    sort_values(x->where, x->n_where);
    sort_values(x->against, x->n_against);
    stat_test t = {0};
    interval i = {0};
    STRATA_TRY(mann_whitney(x->where, x->n_where, x->against, x->n_against, &t, err));
    STRATA_TRY(bootstrap_median_difference(s->cx, analysis_stream(STREAM_HYPOTHESES, 0, k),
                                           (sorted_sample){x->where, x->n_where},
                                           (sorted_sample){x->against, x->n_against}, &i, err));
    r->x_where = quantile_sorted(x->where, x->n_where, 0.5);
    r->x_against = quantile_sorted(x->against, x->n_against, 0.5);
    r->low = i.low;
    r->high = i.high;
    r->test =
        test_of(t, "Mann-Whitney test", "chance to be above a random account of the other side");
    return STRATA_OK;
}

/* Why a hypothesis cannot be evaluated at all; NULL when it can. */
static const char *lacks(const study *s, const bound_hypothesis *h)
{
    const rule *rules[] = {h->where, h->against, h->compare};
    for (size_t i = 0; i < 3; i++) {
        if (rules[i] == NULL) {
            continue;
        }
        const char *lack = study_lacks(s, rules[i]);
        if (lack != NULL) {
            return lack;
        }
        if (rule_looks_at_previous(rules[i]) || rule_lookback_days(rules[i]) > 0) {
            return "'turned' and 'for' look back, which hypotheses cannot";
        }
    }
    return NULL;
}

static strata_status test_one(const study *s, size_t k, arena *a, hypothesis_result *r,
                              strata_error *err)
{
    const model_hypothesis *m = &s->v->b->model->hypotheses[k];
    const bound_hypothesis *h = &s->v->b->hypotheses[k];
    static const char method[] = "comparison";
    *r = (hypothesis_result){.claim = m->claim,
                             .where = m->where.text,
                             .against = m->against.text != NULL ? m->against.text : "everyone else",
                             .compare = m->compare.text,
                             .expect = m->expect,
                             .verdict = HYPOTHESIS_NOT_ENOUGH,
                             .is_share = rule_type(h->compare) == VALUE_BOOL,
                             .type = rule_type(h->compare)};
    const char *lack = lacks(s, h);
    if (lack != NULL) {
        r->test = test_not_done(method, lack);
        return STRATA_OK;
    }
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    sides x = {0};
    STRATA_TRY(take_sides(s, h, scratch, &x, err));
    r->n_where = x.n_where;
    r->n_against = x.n_against;
    if (x.n_where < SIDE_LEAST || x.n_against < SIDE_LEAST) {
        const char *why =
            arena_printf(a, "%zu accounts against %zu; at least %d are needed on each side",
                         x.n_where, x.n_against, SIDE_LEAST);
        r->test = test_not_done(method, why);
        return why != NULL ? STRATA_OK : no_memory(err);
    }
    if (r->is_share) {
        compare_shares(&x, r);
    } else {
        STRATA_TRY(compare_medians(s, &x, k, r, err));
    }
    r->has_interval = true;
    r->difference = r->x_where - r->x_against;
    return STRATA_OK;
}

/* Which way the difference goes, by what the test looks at: shares, or ranks (medians can be equal
 * where one side is clearly higher). */
static int direction(const hypothesis_result *r)
{
    double d = r->is_share ? r->difference : r->test.effect - 0.5;
    return (d > 0.0) - (d < 0.0);
}

static void judge(hypothesis_result *r)
{
    bool clear = r->test.done && r->test.p_holm < 0.05;
    bool expected = strcmp(r->expect, "different") == 0 ||
                    (strcmp(r->expect, "higher") == 0 && direction(r) > 0) ||
                    (strcmp(r->expect, "lower") == 0 && direction(r) < 0);
    if (r->has_interval) {
        r->verdict = clear && expected ? HYPOTHESIS_HOLDS : HYPOTHESIS_DOES_NOT;
    }
}

/* With `decimals` 0 as values of that type are written everywhere. */
static short_text with_decimals(const study *s, value_type type, double x, int decimals)
{
    if (decimals == 0 || type == VALUE_MONEY) {
        return text_value(s, type, x);
    }
    short_text t = text_number(type == VALUE_SHARE ? 100.0 * x : x, decimals);
    size_t len = strlen(t.s);
    const char *unit = type == VALUE_SHARE ? " %" : type == VALUE_DURATION ? " days" : "";
    (void)snprintf(t.s + len, sizeof t.s - len, "%s", unit);
    return t;
}

/* Values that differ shall not look equal: as many decimals as that takes, up to four. */
static int decimals_to_tell(const study *s, value_type type, double x, double y)
{
    static const int tries[] = {0, 2, 3, 4};
    size_t i = 0;
    bool differ = x < y || x > y;
    while (differ && i + 1 < sizeof tries / sizeof tries[0] &&
           strcmp(with_decimals(s, type, x, tries[i]).s, with_decimals(s, type, y, tries[i]).s) ==
               0) {
        i++;
    }
    return tries[i];
}

static const char *sentence_of(const study *s, const hypothesis_result *r, arena *a)
{
    if (r->verdict == HYPOTHESIS_NOT_ENOUGH) {
        return arena_printf(a, "Not enough data: %s.", r->test.why);
    }
    value_type type = r->is_share ? VALUE_SHARE : r->type;
    int decimals = decimals_to_tell(s, type, r->x_where, r->x_against);
    return arena_printf(
        a, "%s: %s of %s accounts is %s, of %s others %s (difference %s to %s; %s%s).",
        r->verdict == HYPOTHESIS_HOLDS ? "Holds" : "Does not hold",
        r->is_share ? "the share" : "the median", text_count(r->n_where).s,
        with_decimals(s, type, r->x_where, decimals).s, text_count(r->n_against).s,
        with_decimals(s, type, r->x_against, decimals).s,
        with_decimals(s, type, r->low, decimals).s, with_decimals(s, type, r->high, decimals).s,
        r->test.done ? text_p(r->test.p_holm).s : r->test.why,
        r->test.done ? " after correction" : "");
}

strata_status hypotheses_test(const study *s, arena *a, const hypothesis_result **out, size_t *n,
                              strata_error *err)
{
    size_t count = s->v->b->model->n_hypotheses;
    hypothesis_result *results = ARENA_NEW(a, count, hypothesis_result);
    test_figure **tests = ARENA_NEW(a, count, test_figure *);
    if (results == NULL || tests == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < count; k++) {
        STRATA_TRY(test_one(s, k, a, &results[k], err));
        STRATA_TRY(context_check(s->cx, err));
        tests[k] = &results[k].test;
    }
    STRATA_TRY(tests_correct(tests, count, err));
    for (size_t k = 0; k < count; k++) {
        judge(&results[k]);
        results[k].sentence = sentence_of(s, &results[k], a);
        if (results[k].sentence == NULL) {
            return no_memory(err);
        }
    }
    *out = results;
    *n = count;
    return STRATA_OK;
}
