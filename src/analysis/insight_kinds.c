/* SPDX-License-Identifier: Apache-2.0 */
/* The five insights. Each says what it needs, or counts the accounts that its expression lists. */
#include <math.h>

#include "analysis/insight_parts.h"
#include "analysis/read.h"
#include "stats/inference/concentration.h"
#include "stats/inference/quantile.h"

/* Why nothing can be said; *lack stays NULL when there are values and enough customers. */
static strata_status lacks_customers(const insight_builder *x, const char **lack, strata_error *err)
{
    if (x->value == NULL) {
        *lack = "needs arr or orders";
    } else if ((double)x->n_customers < x->s->minimum_accounts) {
        const char *text = arena_printf(x->a, "needs at least %s customers; there are %zu",
                                        text_number(x->s->minimum_accounts, 0).s, x->n_customers);
        if (text == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for insights");
        }
        *lack = text;
    }
    return STRATA_OK;
}

static strata_status add_lorenz(const insight_builder *x, const double *sorted, size_t n,
                                insight *out, strata_error *err)
{
    enum { STEPS = 20 };
    double shares[STEPS + 1];
    lorenz_point *points = ARENA_NEW(x->a, STEPS + 1, lorenz_point);
    if (points == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for insights");
    }
    lorenz_sorted(sorted, n, STEPS, shares);
    for (size_t k = 0; k <= STEPS; k++) {
        points[k] = (lorenz_point){(double)k / STEPS, shares[k]};
    }
    out->lorenz = points;
    out->n_lorenz = STEPS + 1;
    return STRATA_OK;
}

strata_status insight_concentration(const insight_builder *x, insight *out, strata_error *err)
{
    const char *lack = NULL;
    STRATA_TRY(lacks_customers(x, &lack, err));
    if (lack != NULL) {
        return insight_needs(out, lack, err);
    }
    double *sorted = NULL;
    size_t n = 0;
    STRATA_TRY(insight_sorted(x, x->value, &sorted, &n, err));
    if (n == 0 || sorted[0] < 0.0 || !(sorted[n - 1] > 0.0)) {
        return insight_needs(out, "needs customers with a value above 0", err);
    }
    size_t fifth = (n + 4) / 5;
    size_t half = (n + 1) / 2;
    double top20 = top_share_sorted(sorted, n, fifth);
    double top50 = top_share_sorted(sorted, n, half);
    double gini = gini_sorted(sorted, n);
    const char *expression = arena_printf(x->a, "is_customer and %s >= %s", x->value_feature,
                                          insight_constant(sorted[n - fifth]).s);
    STRATA_TRY(insight_count(x, out, expression, NULL, NULL, err));
    STRATA_TRY(add_lorenz(x, sorted, n, out, err));
    out->definition =
        "Customers by what they are worth; the top 20 % are rounded up to whole accounts, "
        "and accounts worth as much as the last of them are listed too.";
    const named_value values[] = {
        {"customers", "Customers", VALUE_NUMBER, (double)n},
        {"top_20_share", "Share of the top 20 %", VALUE_SHARE, top20},
        {"top_50_share", "Share of the top 50 %", VALUE_SHARE, top50},
        {"gini", "Gini coefficient", VALUE_NUMBER, gini},
        {"top_20_edge", "Least in the top 20 %", VALUE_MONEY, sorted[n - fifth]}};
    const char *sentence =
        arena_printf(x->a,
                     "The top 20 %% of customers (%s of %s) hold %s of %s, the top half %s; the "
                     "Gini coefficient is %s.",
                     text_count(fifth).s, text_count(n).s, text_share(top20).s,
                     x->s->v->value_label, text_share(top50).s, text_number(gini, 2).s);
    return insight_state(x, out, sentence, values, 5, err);
}

strata_status insight_risk(const insight_builder *x, insight *out, strata_error *err)
{
    const char *lack = NULL;
    STRATA_TRY(lacks_customers(x, &lack, err));
    if (lack != NULL) {
        return insight_needs(out, lack, err);
    }
    const char *expression = NULL;
    if (study_numbers(x->s, "health") != NULL) {
        expression = "is_customer and health < 60";
        out->definition = "At risk: health under 60.";
    } else if (study_has(x->s, "last_seen")) {
        expression = "is_customer and (last_seen > 30 days or usage_trend_30d < -30%)";
        out->definition =
            "At risk: not seen for more than 30 days, or usage down by more than 30 % in 30 "
            "days. The model has no score 'health'.";
    } else {
        return insight_needs(out, "needs a score 'health' in the model, or usage", err);
    }
    STRATA_TRY(insight_count(x, out, expression, NULL, NULL, err));
    const insight_row *top = insight_top_row(out);
    const named_value values[] = {
        {"customers", "Customers", VALUE_NUMBER, (double)x->n_customers},
        {"at_risk", "At risk", VALUE_NUMBER, (double)out->accounts},
        {"at_risk_share", "Share of customers", VALUE_SHARE,
         (double)out->accounts / (double)x->n_customers},
        {"at_risk_value", "Worth", VALUE_MONEY, (double)out->value_minor / 100.0}};
    const char *sentence =
        top == NULL
            ? arena_printf(x->a, "None of %s customers is at risk.", text_count(x->n_customers).s)
            : arena_printf(x->a,
                           "%s customers worth %s are at risk; the largest part of it, "
                           "%s, is in %s (%zu of %zu accounts).",
                           text_count(out->accounts).s, text_money(x->s, out->value_minor).s,
                           text_money(x->s, top->value_minor).s, top->label, top->share.hits,
                           top->share.of);
    return insight_state(x, out, sentence, values, 4, err);
}

strata_status insight_pipeline(const insight_builder *x, insight *out, strata_error *err)
{
    const double *open = study_numbers(x->s, "open_expansion");
    const char *lack = NULL;
    STRATA_TRY(lacks_customers(x, &lack, err));
    if (lack == NULL && open == NULL) {
        lack = "needs opportunities";
    }
    if (lack != NULL) {
        return insight_needs(out, lack, err);
    }
    STRATA_TRY(insight_count(x, out, "is_customer and open_expansion > 0", open, NULL, err));
    const insight_row *top = insight_top_row(out);
    if (top == NULL) {
        return insight_needs(out, "needs an open expansion deal; there is none", err);
    }
    int64_t pipeline = 0;
    for (size_t i = 0; i < out->n_rows; i++) {
        pipeline += out->rows[i].value_minor;
    }
    out->definition = "Open expansion deals of customers, by the segment the customer is in now.";
    const named_value values[] = {
        {"pipeline", "Open expansion", VALUE_MONEY, (double)pipeline / 100.0},
        {"accounts", "Accounts with open expansion", VALUE_NUMBER, (double)out->accounts},
        {"top_share", "Share of the largest segment", VALUE_SHARE,
         (double)top->value_minor / (double)pipeline}};
    const char *sentence = arena_printf(
        x->a, "%s of expansion is open with %s customers; %s of it is in %s (%zu accounts).",
        text_money(x->s, pipeline).s, text_count(out->accounts).s,
        text_share((double)top->value_minor / (double)pipeline).s, top->label, top->share.hits);
    return insight_state(x, out, sentence, values, 3, err);
}

/* Quantile q of a feature among customers; false when fewer than the least number know it. */
static strata_status customer_quantile(const insight_builder *x, const double *values, double q,
                                       double *out, size_t *known, strata_error *err)
{
    double *sorted = NULL;
    STRATA_TRY(insight_sorted(x, values, &sorted, known, err));
    *out = *known > 0 ? quantile_sorted(sorted, *known, q) : 0.0;
    return STRATA_OK;
}

/* What the hits pay less than the median of all customers that are used as much. */
static strata_status price_gap(const insight_builder *x, const uint8_t *hits, const double *events,
                               double heavy, double *median, double *gap, strata_error *err)
{
    double *paid = ARENA_NEW(x->a, x->s->n, double);
    if (paid == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for insights");
    }
    size_t n = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        if (insight_counts(x, i) && events[i] >= heavy && isfinite(x->value[i])) {
            paid[n++] = x->value[i];
        }
    }
    sort_values(paid, n);
    *median = n > 0 ? quantile_sorted(paid, n, 0.5) : 0.0;
    *gap = 0.0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool hit = insight_counts(x, i) && hits[i] == RULE_YES;
        *gap += hit ? fmax(*median - x->value[i], 0.0) : 0.0;
    }
    return STRATA_OK;
}

strata_status insight_underpriced(const insight_builder *x, insight *out, strata_error *err)
{
    const double *events = study_numbers(x->s, "events_90d");
    const char *lack = NULL;
    STRATA_TRY(lacks_customers(x, &lack, err));
    if (lack != NULL || events == NULL) {
        return insight_needs(out, lack != NULL ? lack : "needs usage", err);
    }
    double heavy = 0.0;
    double cheap = 0.0;
    size_t known = 0;
    size_t valued = 0;
    STRATA_TRY(customer_quantile(x, events, 0.75, &heavy, &known, err));
    STRATA_TRY(customer_quantile(x, x->value, 0.5, &cheap, &valued, err));
    if ((double)known < x->s->minimum_accounts || !(heavy > 0.0)) {
        return insight_needs(out, "needs usage in 90 days of more customers", err);
    }
    heavy = ceil(heavy);
    const uint8_t *hits = NULL;
    STRATA_TRY(insight_count(x, out,
                             arena_printf(x->a, "is_customer and events_90d >= %s and %s <= %s",
                                          insight_constant(heavy).s, x->value_feature,
                                          insight_constant(cheap).s),
                             NULL, &hits, err));
    if (out->accounts == 0) {
        return insight_needs(out, "no customer is used heavily and worth little", err);
    }
    double median = 0.0;
    double gap = 0.0;
    STRATA_TRY(price_gap(x, hits, events, heavy, &median, &gap, err));
    out->definition =
        arena_printf(x->a,
                     "Used heavily: events in 90 days at or above the customers' third quartile "
                     "(%s). Worth little: at or "
                     "below their median (%s).",
                     text_number(heavy, 0).s, text_value(x->s, VALUE_MONEY, cheap).s);
    const named_value values[] = {
        {"heavy_from", "Events in 90 days from", VALUE_NUMBER, heavy},
        {"worth_up_to", "Worth at most", VALUE_MONEY, cheap},
        {"heavy_median", "Median of all heavy users", VALUE_MONEY, median},
        {"gap", "Below that median, together", VALUE_MONEY, gap}};
    const char *sentence =
        arena_printf(x->a,
                     "%s customers are among the heaviest quarter of users and worth no more than "
                     "the median; together they are worth %s less "
                     "than if each were worth the heavy users' median of %s.",
                     text_count(out->accounts).s, text_value(x->s, VALUE_MONEY, gap).s,
                     text_value(x->s, VALUE_MONEY, median).s);
    return insight_state(x, out, sentence, values, 4, err);
}

/* Sum of a feature over all customers, and over the hits. */
static void sum_hits(const insight_builder *x, const uint8_t *hits, const double *values,
                     double *all, double *of_hits)
{
    *all = 0.0;
    *of_hits = 0.0;
    for (size_t i = 0; i < x->s->n; i++) {
        if (insight_counts(x, i) && isfinite(values[i])) {
            *all += values[i];
            *of_hits += hits[i] == RULE_YES ? values[i] : 0.0;
        }
    }
}

strata_status insight_overserved(const insight_builder *x, insight *out, strata_error *err)
{
    const double *touches = study_numbers(x->s, "touches_90d");
    const double *active = study_numbers(x->s, "active_days_30d");
    const char *lack = NULL;
    STRATA_TRY(lacks_customers(x, &lack, err));
    if (lack == NULL && (touches == NULL || active == NULL)) {
        lack = touches == NULL ? "needs touchpoints" : "needs usage";
    }
    if (lack != NULL) {
        return insight_needs(out, lack, err);
    }
    double often = 0.0;
    double quiet = 0.0;
    double cheap = 0.0;
    size_t n_touches = 0;
    size_t n_active = 0;
    size_t valued = 0;
    STRATA_TRY(customer_quantile(x, touches, 0.75, &often, &n_touches, err));
    STRATA_TRY(customer_quantile(x, active, 0.25, &quiet, &n_active, err));
    STRATA_TRY(customer_quantile(x, x->value, 0.5, &cheap, &valued, err));
    if ((double)n_touches < x->s->minimum_accounts || (double)n_active < x->s->minimum_accounts) {
        return insight_needs(out, "needs touchpoints and usage of more customers", err);
    }
    often = fmax(ceil(often), 1.0);
    quiet = floor(quiet);
    const uint8_t *hits = NULL;
    STRATA_TRY(insight_count(
        x, out,
        arena_printf(x->a,
                     "is_customer and touches_90d >= %s and active_days_30d <= %s and %s <= %s",
                     insight_constant(often).s, insight_constant(quiet).s, x->value_feature,
                     insight_constant(cheap).s),
        NULL, &hits, err));
    if (out->accounts == 0) {
        return insight_needs(out, "no customer is touched often, used little and worth little",
                             err);
    }
    double all = 0.0;
    double theirs = 0.0;
    sum_hits(x, hits, touches, &all, &theirs);
    out->definition = arena_printf(
        x->a,
        "Touched often: touches in 90 days at or above the customers' third quartile (%s). Quiet: "
        "active days in 30 "
        "days at or below the first quartile (%s). Worth little: at or below the median (%s).",
        text_number(often, 0).s, text_number(quiet, 0).s, text_value(x->s, VALUE_MONEY, cheap).s);
    const named_value values[] = {
        {"touches_from", "Touches in 90 days from", VALUE_NUMBER, often},
        {"active_days_up_to", "Active days in 30 days up to", VALUE_NUMBER, quiet},
        {"worth_up_to", "Worth at most", VALUE_MONEY, cheap},
        {"touches", "Touches they had", VALUE_NUMBER, theirs},
        {"touches_share", "Share of all touches", VALUE_SHARE, theirs / all}};
    const char *sentence = arena_printf(
        x->a, "%s quiet customers worth %s together take %s of all touches in 90 days (%s of %s).",
        text_count(out->accounts).s, text_money(x->s, out->value_minor).s,
        text_share(theirs / all).s, text_number(theirs, 0).s, text_number(all, 0).s);
    return insight_state(x, out, sentence, values, 5, err);
}
