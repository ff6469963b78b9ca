/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/survival/cox.h"

#include <math.h>

#include "base/number.h"
#include "cohort/survival/factors.h"
#include "stats/inference/holm.h"
#include "stats/numeric/special.h"

/* How a term's values come from its factor's. */
typedef enum term_kind {
    TERM_NUMBER,
    TERM_DOUBLINGS,
    TERM_FLAG,
    TERM_LEVEL,
    TERM_OTHERS
} term_kind;

typedef struct term {
    const factor *f;
    term_kind kind;
    int32_t level;      /* TERM_LEVEL */
    const bool *joined; /* TERM_OTHERS: by level */
    const char *label, *per;
    double *x;
} term;

/* The accounts that are in the fit, side by side. */
typedef struct fitting {
    arena *a;
    const survival_cox_request *c;
    factor *factors;
    size_t n, n_churned;
    size_t *who;
    double *time, *entry;
    uint8_t *event;
    term terms[COX_COVARIATES_MAX];
    size_t n_terms;
} fitting;

static strata_status out_of_memory(const fitting *f, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", f->c->p->n_accounts);
}

/* --- who, from when on --- */

/* The day whose values count: the end of the month in which the account turned `landmark` days old;
 * DAY_MISSING for those that are left out, which are counted. */
static strata_status find_dates(const survival_request *r, const survival_cox_request *c, arena *a,
                                day **dates, survival_cox *out, strata_error *err)
{
    size_t n = r->book->n_accounts;
    day *date = ARENA_NEW(a, n + 1, day);
    if (date == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        tenure t = tenure_of(r->book, i, r->as_of);
        date[i] = DAY_MISSING;
        if (t.from == DAY_MISSING) {
            continue;
        }
        day landmark = day_month_end(t.from + c->landmark);
        if (t.churned && t.to <= landmark) {
            out->left_before++;
        } else if (landmark >= r->as_of) {
            out->too_young++;
        } else {
            date[i] = landmark;
        }
    }
    *dates = date;
    return STRATA_OK;
}

static strata_status take_rows(fitting *f, const survival_request *r, const day *date,
                               survival_cox *out, strata_error *err)
{
    size_t n = r->book->n_accounts;
    f->who = ARENA_NEW(f->a, n + 1, size_t);
    f->time = ARENA_NEW(f->a, n + 1, double);
    f->entry = ARENA_NEW(f->a, n + 1, double);
    f->event = ARENA_NEW(f->a, n + 1, uint8_t);
    if (f->who == NULL || f->time == NULL || f->entry == NULL || f->event == NULL) {
        return out_of_memory(f, err);
    }
    for (size_t i = 0; i < n; i++) {
        bool known = true;
        for (size_t k = 0; k < f->c->n_expressions; k++) {
            known = known && !isnan(f->factors[k].values[i]);
        }
        if (date[i] == DAY_MISSING || !known) {
            out->missing += date[i] != DAY_MISSING;
            continue;
        }
        tenure t = tenure_of(r->book, i, r->as_of);
        f->who[f->n] = i;
        f->time[f->n] = t.to - t.from;
        f->entry[f->n] = date[i] - t.from;
        f->event[f->n] = t.churned;
        f->n_churned += t.churned;
        f->n++;
    }
    out->n = f->n;
    out->n_churned = f->n_churned;
    return STRATA_OK;
}

/* --- terms --- */

static strata_status add_term(fitting *f, const term *t, strata_error *err)
{
    if (f->n_terms == COX_COVARIATES_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the expressions of --cox make more than %d comparisons; leave out one "
                           "with many levels",
                           COX_COVARIATES_MAX);
    }
    double *x = ARENA_NEW(f->a, f->n + 1, double);
    if (x == NULL || t->label == NULL || t->per == NULL) {
        return out_of_memory(f, err);
    }
    for (size_t i = 0; i < f->n; i++) {
        double v = t->f->values[f->who[i]];
        switch (t->kind) {
        case TERM_NUMBER:
        case TERM_FLAG:
            x[i] = v;
            break;
        case TERM_DOUBLINGS:
            x[i] = log2(1.0 + v);
            break;
        case TERM_LEVEL:
            x[i] = (int32_t)v == t->level;
            break;
        case TERM_OTHERS:
            x[i] = t->joined[(int32_t)v];
            break;
        }
    }
    f->terms[f->n_terms] = *t;
    f->terms[f->n_terms++].x = x;
    return STRATA_OK;
}

static strata_status add_number(fitting *f, const factor *v, strata_error *err)
{
    bool money = rule_type(v->rule) == VALUE_MONEY;
    double sum = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < f->n; i++) {
        double x = v->values[f->who[i]];
        money = money && x >= 0.0;
        sum += x;
    }
    double mean = f->n > 0 ? sum / (double)f->n : 0.0;
    for (size_t i = 0; i < f->n; i++) {
        double x = v->values[f->who[i]] - mean;
        squares += x * x;
    }
    double sd = f->n > 0 ? sqrt(squares / (double)f->n) : 0.0;
    bool share = rule_type(v->rule) == VALUE_SHARE;
    bool days = rule_type(v->rule) == VALUE_DURATION;
    char size[NUMBER_TEXT];
    number_format(share ? 100.0 * sd : sd, sd * (share ? 100.0 : 1.0) < 10.0 ? 2 : 0, size);
    const char *unit = share ? " points" : days ? " days" : "";
    term t = {.f = v,
              .kind = money ? TERM_DOUBLINGS : TERM_NUMBER,
              .label = v->expression,
              .per = money ? "each doubling" : arena_printf(f->a, "each %s%s more", size, unit)};
    return add_term(f, &t, err);
}

/* Accounts and churned by level. */
typedef struct level_counts {
    size_t n_levels;
    size_t *accounts, *churned;
    bool *joined;
    int32_t reference;
} level_counts;

static strata_status count_levels(fitting *f, const factor *v, level_counts *l, strata_error *err)
{
    (void)rule_levels(v->rule, &l->n_levels);
    l->accounts = ARENA_NEW(f->a, l->n_levels + 1, size_t);
    l->churned = ARENA_NEW(f->a, l->n_levels + 1, size_t);
    l->joined = ARENA_NEW(f->a, l->n_levels + 1, bool);
    if (l->accounts == NULL || l->churned == NULL || l->joined == NULL) {
        return out_of_memory(f, err);
    }
    for (size_t k = 0; k < l->n_levels; k++) {
        l->accounts[k] = 0;
        l->churned[k] = 0;
        l->joined[k] = false;
    }
    for (size_t i = 0; i < f->n; i++) {
        int32_t level = (int32_t)v->values[f->who[i]];
        l->accounts[level]++;
        l->churned[level] += f->event[i];
    }
    for (size_t k = 0; k < l->n_levels; k++) {
        if (l->accounts[k] > l->accounts[l->reference]) {
            l->reference = (int32_t)k;
        }
    }
    return STRATA_OK;
}

/* Levels that bear no coefficient of their own are taken together; when even together too few of
 * them left, they count with the level that the others are compared to. */
static bool join_rare(level_counts *l)
{
    size_t churned = 0;
    for (size_t k = 0; k < l->n_levels; k++) {
        l->joined[k] = (int32_t)k != l->reference && l->accounts[k] > 0 &&
                       l->churned[k] < SURVIVAL_LEVEL_LEAST;
        churned += l->joined[k] ? l->churned[k] : 0;
    }
    return churned >= SURVIVAL_LEVEL_LEAST;
}

static strata_status add_levels(fitting *f, const factor *v, strata_error *err)
{
    level_counts l = {0};
    STRATA_TRY(count_levels(f, v, &l, err));
    bool others = join_rare(&l);
    bool some_joined = false;
    for (size_t k = 0; k < l.n_levels; k++) {
        some_joined = some_joined || l.joined[k];
    }
    const char *const *levels = rule_levels(v->rule, &l.n_levels);
    const char *against = l.n_levels == 0
                              ? "against nothing"
                              : arena_printf(f->a, "against %s%s", levels[l.reference],
                                             some_joined && !others ? " and all rare ones" : "");
    for (size_t k = 0; k < l.n_levels; k++) {
        if ((int32_t)k == l.reference || l.accounts[k] == 0 || l.joined[k]) {
            continue;
        }
        term t = {.f = v,
                  .kind = TERM_LEVEL,
                  .level = (int32_t)k,
                  .label = arena_printf(f->a, "%s: %s", v->expression, levels[k]),
                  .per = against};
        STRATA_TRY(add_term(f, &t, err));
    }
    if (!others) {
        return STRATA_OK;
    }
    term t = {.f = v,
              .kind = TERM_OTHERS,
              .joined = l.joined,
              .label = arena_printf(f->a, "%s: other", v->expression),
              .per = against};
    return add_term(f, &t, err);
}

static strata_status make_terms(fitting *f, strata_error *err)
{
    for (size_t k = 0; k < f->c->n_expressions; k++) {
        const factor *v = &f->factors[k];
        value_type type = rule_type(v->rule);
        if (type == VALUE_TEXT) {
            STRATA_TRY(add_levels(f, v, err));
        } else if (type == VALUE_BOOL) {
            term t = {.f = v, .kind = TERM_FLAG, .label = v->expression, .per = "yes against no"};
            STRATA_TRY(add_term(f, &t, err));
        } else {
            STRATA_TRY(add_number(f, v, err));
        }
    }
    return STRATA_OK;
}

/* --- the fit --- */

static double sign_of(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}

static strata_status keep_term(const fitting *f, const cox_coefficient *k, const term *t,
                               const stat_test *alike, survival_term *to, strata_error *err)
{
    *to = (survival_term){.label = t->label, .per = t->per, .alike = *alike};
    if (k->fate != COX_ESTIMATED) {
        to->why = arena_strdup(f->a, k->why);
        return to->why != NULL ? STRATA_OK : out_of_memory(f, err);
    }
    double size = t->kind == TERM_NUMBER ? k->sd : 1.0;
    to->ratio = exp(k->beta * size);
    to->ratio_95 = (interval){exp((k->beta - STATS_Z95 * k->se) * size),
                              exp((k->beta + STATS_Z95 * k->se) * size)};
    to->p = k->p;
    to->slope_sign = alike->defined ? sign_of(alike->effect) * sign_of(k->beta) : 0.0;
    return STRATA_OK;
}

static strata_status correct_alike(survival_cox *out, strata_error *err)
{
    double p[COX_COVARIATES_MAX];
    size_t n = 0;
    for (size_t k = 0; k < out->n_terms; k++) {
        if (out->terms[k].alike.defined) {
            p[n++] = out->terms[k].alike.p;
        }
    }
    STRATA_TRY(holm(p, n, p, err));
    n = 0;
    for (size_t k = 0; k < out->n_terms; k++) {
        out->terms[k].alike_holm = out->terms[k].alike.defined ? p[n++] : 0.0;
    }
    return STRATA_OK;
}

static strata_status keep_fit(const context *cx, const fitting *f, const cox_fit *fit,
                              const cox_data *data, survival_cox *out, strata_error *err)
{
    stat_test alike[COX_COVARIATES_MAX + 1];
    cox_order order;
    cox_summary s = cox_fit_summary(fit);
    STRATA_TRY(cox_proportionality(cx, fit, data, alike, err));
    STRATA_TRY(cox_concordance(fit, &order, err));
    out->terms = ARENA_NEW(f->a, f->n_terms + 1, survival_term);
    if (out->terms == NULL) {
        return out_of_memory(f, err);
    }
    for (size_t k = 0; k < f->n_terms; k++) {
        STRATA_TRY(keep_term(f, &s.coefficients[k], &f->terms[k], &alike[k], &out->terms[k], err));
    }
    out->n_terms = f->n_terms;
    out->all = s.likelihood_ratio;
    out->all_alike = alike[f->n_terms];
    out->concordance = order.c;
    out->pairs = order.comparable;
    return correct_alike(out, err);
}

/* A fit that cannot be made is a result: the reason. */
static strata_status fit_terms(const context *cx, const fitting *f, survival_cox *out,
                               strata_error *err)
{
    cox_covariate x[COX_COVARIATES_MAX];
    for (size_t k = 0; k < f->n_terms; k++) {
        x[k] = (cox_covariate){f->terms[k].label, f->terms[k].x};
    }
    cox_data data = {.life = {.n = f->n, .time = f->time, .event = f->event, .entry = f->entry},
                     .covariates = x,
                     .n_covariates = f->n_terms};
    if (f->n_terms == 0) {
        out->why = "there is nothing to compare: every account has the same level";
        return STRATA_OK;
    }
    STRATA_AUTO(cox_fit_free) cox_fit *fit = NULL;
    strata_error failed = {0};
    strata_status st = cox_fit_new(cx, &data, &fit, &failed);
    if (st == STRATA_E_DATA || st == STRATA_E_NUMERIC) {
        out->why = arena_strdup(f->a, failed.message);
        return out->why != NULL ? STRATA_OK : out_of_memory(f, err);
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", failed.message);
    }
    return keep_fit(cx, f, fit, &data, out, err);
}

strata_status survival_cox_make(const context *cx, arena *a, const survival_request *r,
                                const survival_cox_request *c, survival_cox *out, strata_error *err)
{
    fitting *f = ARENA_NEW(a, 1, fitting);
    day *date = NULL;
    survival_cox made = {0};
    if (f == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a regression");
    }
    *f = (fitting){.a = a, .c = c};
    STRATA_TRY(factors_compile(a, c, &f->factors, err));
    STRATA_TRY(find_dates(r, c, a, &date, &made, err));
    STRATA_TRY(factors_evaluate(cx, a, c, date, f->factors, err));
    made.attributes = factors_read_attributes(c, f->factors);
    STRATA_TRY(take_rows(f, r, date, &made, err));
    STRATA_TRY(make_terms(f, err));
    STRATA_TRY(fit_terms(cx, f, &made, err));
    *out = made;
    return STRATA_OK;
}
