/* SPDX-License-Identifier: Apache-2.0 */
/* Pricing and packaging: use against price paid, seats, plans. Cut points are those of the segment
 * itself: its members are each other's peers. */
#include <math.h>
#include <string.h>

#include "analysis/insight_parts.h"
#include "plan/offer/parts.h"
#include "stats/inference/quantile.h"

static const double DEARER = 1.5; /* a plan is a step up when its median pays so many times more */

/* --- heavy users that pay little --- */

typedef struct price {
    const char *use_name, *use_words, *uses;
    const double *use;
    double heavy, cheap;   /* third quartile of use, median of value */
    double heavy_median;   /* value of all heavy users */
    double theirs, others; /* median value for a unit of use; NaN: nobody to take it from */
    int64_t gap_minor;     /* below heavy_median, together */
} price;

/* The median of `values` of members for which verdict is `yes`, or is not. */
static double median_of(const offer_builder *x, segment_code code, const double *use, bool yes)
{
    size_t n = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool counts = x->codes[i] == code && x->s->value[i] > 0 && use[i] > 0.0;
        if (counts && (x->verdict[i] == RULE_YES) == yes) {
            x->sorted[n++] = (double)x->s->value[i] / 100.0 / use[i];
        }
    }
    sort_values(x->sorted, n);
    return n > 0 ? quantile_sorted(x->sorted, n, 0.5) : (double)NAN;
}

static void measure_gap(const offer_builder *x, segment_code code, price *p)
{
    size_t n = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        if (x->codes[i] == code && x->s->value[i] > 0 && p->use[i] >= p->heavy) {
            x->sorted[n++] = (double)x->s->value[i] / 100.0;
        }
    }
    sort_values(x->sorted, n);
    p->heavy_median = n > 0 ? quantile_sorted(x->sorted, n, 0.5) : 0.0;
    int64_t median = money_minor(p->heavy_median);
    for (size_t i = 0; i < x->s->n; i++) {
        if (x->verdict[i] == RULE_YES && x->s->value[i] < median) {
            p->gap_minor += median - x->s->value[i];
        }
    }
    p->theirs = median_of(x, code, p->use, true);
    p->others = median_of(x, code, p->use, false);
}

static strata_status add_underpriced(const offer_builder *x, const offer_segment *g,
                                     offer_lines *out, strata_error *err)
{
    price p = {.use = x->users,
               .use_name = "active_users_30d",
               .use_words = "active user",
               .uses = "active users"};
    size_t n = offer_sorted(x, g->code, p.use);
    if ((double)n < x->s->minimum_accounts) {
        p.use = x->events;
        p.use_name = "events_90d";
        p.use_words = "event in 90 days";
        p.uses = "events in 90 days";
        n = offer_sorted(x, g->code, p.use);
    }
    if (p.use == NULL || (double)n < x->s->minimum_accounts) {
        return STRATA_OK;
    }
    p.heavy = ceil(quantile_sorted(x->sorted, n, 0.75));
    n = offer_sorted(x, g->code, x->s->v->value);
    p.cheap = quantile_sorted(x->sorted, n, 0.5);
    if (!(p.heavy > 0.0)) {
        return STRATA_OK;
    }
    const char *cond = arena_printf(x->a, "%s >= %s and %s > 0 and %s <= %s", p.use_name,
                                    insight_constant(p.heavy).s, x->value_feature, x->value_feature,
                                    insight_constant(p.cheap).s);
    offer_line line = {.key = "underpriced",
                       .text = "Price by use at the next renewal: heavy users that pay little",
                       .where = cond != NULL ? offer_where(x, x->def, g->code, cond) : NULL};
    STRATA_TRY(line.where != NULL ? STRATA_OK : offer_no_memory(err));
    STRATA_TRY(study_condition_text(x->s, line.where, x->verdict, err));
    measure_gap(x, g->code, &p);
    line.worth_minor = p.gap_minor;
    line.evidence = arena_printf(
        x->a,
        "In the heaviest quarter of the segment (%s %s or more) and at or below its median of %s: "
        "%s for each %s, the others %s. They pay %s less than if each paid the median of the "
        "heavy users, %s.",
        text_number(p.heavy, 0).s, p.uses, text_value(x->s, VALUE_MONEY, p.cheap).s,
        text_value(x->s, VALUE_MONEY, p.theirs).s, p.use_words,
        isnan(p.others) ? "none" : text_value(x->s, VALUE_MONEY, p.others).s,
        text_money(x->s, p.gap_minor).s, text_value(x->s, VALUE_MONEY, p.heavy_median).s);
    return offer_add(x, &line, out, err);
}

/* --- seats --- */

typedef struct seats_count {
    size_t known;        /* members whose seats and users are */
    double bought, used; /* of the accounts behind the line */
    int64_t unused_minor;
} seats_count;

static seats_count count_seats(const offer_builder *x, segment_code code)
{
    seats_count c = {0};
    for (size_t i = 0; i < x->s->n; i++) {
        if (x->codes[i] != code || !(x->seats[i] > 0.0) || isnan(x->users[i])) {
            continue;
        }
        c.known++;
        if (x->verdict[i] == RULE_YES) {
            double fill = fmin(x->users[i] / x->seats[i], 1.0);
            c.bought += x->seats[i];
            c.used += fmin(x->users[i], x->seats[i]);
            c.unused_minor += llround((double)x->s->value[i] * (1.0 - fill));
        }
    }
    return c;
}

static strata_status add_full(const offer_builder *x, const offer_segment *g, offer_lines *out,
                              strata_error *err)
{
    offer_line line = {
        .key = "seats_full",
        .text = "Offer seats before they run out",
        .where = offer_where(x, x->def, g->code, "seats > 0 and active_users_30d / seats >= 90%"),
        .worth_minor = -1};
    STRATA_TRY(line.where != NULL ? STRATA_OK : offer_no_memory(err));
    STRATA_TRY(study_condition_text(x->s, line.where, x->verdict, err));
    seats_count c = count_seats(x, g->code);
    line.evidence =
        arena_printf(x->a,
                     "At least 90 %% of their seats were active in 30 days: %s of %s "
                     "seats. Seats and users are known of %s accounts.",
                     text_number(c.used, 0).s, text_number(c.bought, 0).s, text_count(c.known).s);
    return offer_add(x, &line, out, err);
}

static strata_status add_empty(const offer_builder *x, const offer_segment *g, offer_lines *out,
                               strata_error *err)
{
    offer_line line = {
        .key = "seats_empty",
        .text = "Fill the seats, or right-size them before the customer asks",
        .where = offer_where(x, x->def, g->code, "seats > 0 and active_users_30d / seats <= 30%")};
    STRATA_TRY(line.where != NULL ? STRATA_OK : offer_no_memory(err));
    STRATA_TRY(study_condition_text(x->s, line.where, x->verdict, err));
    seats_count c = count_seats(x, g->code);
    line.worth_minor = c.unused_minor;
    line.evidence = arena_printf(x->a,
                                 "At most 30 %% of their seats were active in 30 days: %s of %s "
                                 "seats. The empty ones cost them %s a year at what they pay now.",
                                 text_number(c.used, 0).s, text_number(c.bought, 0).s,
                                 text_money(x->s, c.unused_minor).s);
    return offer_add(x, &line, out, err);
}

/* --- plans --- */

typedef struct plan_level {
    int32_t code;
    size_t n;
    double value, features; /* medians of all customers on it */
} plan_level;

static double level_median(const offer_builder *x, const column plan, int32_t code,
                           const double *values, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool counts = plan.code[i] == code && x->codes[i] < x->def->n_segments &&
                      x->s->value[i] > 0 && isfinite(values[i]);
        if (counts) {
            x->sorted[(*n)++] = values[i];
        }
    }
    sort_values(x->sorted, *n);
    return *n > 0 ? quantile_sorted(x->sorted, *n, 0.5) : 0.0;
}

/* Plans with enough customers, cheapest first; how many. */
static size_t order_plans(const offer_builder *x, const column plan, size_t n_levels,
                          plan_level *out, size_t most)
{
    size_t n = 0;
    for (size_t l = 0; l < n_levels && n < most; l++) {
        plan_level one = {.code = (int32_t)l};
        one.features = level_median(x, plan, one.code, x->features, &one.n);
        if ((double)one.n < x->s->minimum_accounts) {
            continue;
        }
        size_t n_value = 0;
        one.value = level_median(x, plan, one.code, x->s->v->value, &n_value);
        size_t at = n++;
        while (at > 0 && out[at - 1].value > one.value) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = one;
    }
    return n;
}

/* `plan = "Starter"`, quoted as rules want it. */
static const char *level_rule(const offer_builder *x, const char *level, double features)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add(&b, "plan = \"");
    for (const char *c = level; *c != '\0'; c++) {
        strbuf_add(&b, *c == '"' ? "\"" : "");
        strbuf_add_char(&b, *c);
    }
    strbuf_printf(&b, "\" and features_used_90d >= %s", insight_constant(features).s);
    return strbuf_status(&b, NULL) == STRATA_OK ? arena_strdup(x->a, strbuf_text(&b)) : NULL;
}

static strata_status add_step(const offer_builder *x, const offer_segment *g, const symbol *plan,
                              const plan_level steps[2], offer_lines *out, strata_error *err)
{
    const char *from = plan->levels[steps[0].code];
    const char *to = plan->levels[steps[1].code];
    double least = ceil(steps[1].features);
    const char *cond = level_rule(x, from, least);
    offer_line line = {
        .key = "package",
        .text = arena_printf(x->a, "Offer plan %s to accounts on %s that use as much", to, from),
        .where = cond != NULL ? offer_where(x, x->def, g->code, cond) : NULL,
        .evidence = arena_printf(
            x->a,
            "They use %s features or more in 90 days, as half of the %s customers on %s do, and "
            "are on %s, where the median pays %s against %s.",
            text_number(least, 0).s, text_count(steps[1].n).s, to, from,
            text_value(x->s, VALUE_MONEY, steps[0].value).s,
            text_value(x->s, VALUE_MONEY, steps[1].value).s),
        .worth_minor = -1};
    return offer_add_where(x, &line, out, err);
}

static strata_status add_packages(const offer_builder *x, const offer_segment *g, offer_lines *out,
                                  strata_error *err)
{
    enum { PLANS_MOST = 12 };
    plan_level plans[PLANS_MOST];
    size_t slot = study_slot(x->s, "plan");
    const column plan = slot != SIZE_MAX ? study_column(x->s, slot) : (column){0};
    if (plan.code == NULL || x->features == NULL) {
        return STRATA_OK;
    }
    const symbol *sym = study_symbol(x->s, slot);
    size_t n = order_plans(x, plan, sym->n_levels, plans, PLANS_MOST);
    for (size_t i = 0; i + 1 < n; i++) {
        bool dearer = plans[i + 1].value >= DEARER * plans[i].value;
        if (dearer && plans[i + 1].features > plans[i].features) {
            STRATA_TRY(add_step(x, g, sym, &plans[i], out, err));
        }
    }
    return STRATA_OK;
}

/* Most money behind a line first; equal ones as they came. */
static void by_value(offer_lines *lines)
{
    for (size_t i = 1; i < lines->n; i++) {
        offer_line one = lines->data[i];
        size_t at = i;
        while (at > 0 && lines->data[at - 1].value_minor < one.value_minor) {
            lines->data[at] = lines->data[at - 1];
            at--;
        }
        lines->data[at] = one;
    }
}

strata_status offer_pricing(const offer_builder *x, const offer_segment *g, offer_lines *out,
                            const char **why, strata_error *err)
{
    if (x->s->value == NULL || (x->events == NULL && x->users == NULL)) {
        *why = x->s->value == NULL ? "needs ARR or orders" : "needs usage";
        return STRATA_OK;
    }
    STRATA_TRY(add_underpriced(x, g, out, err));
    if (x->seats != NULL && x->users != NULL) {
        STRATA_TRY(add_full(x, g, out, err));
        STRATA_TRY(add_empty(x, g, out, err));
    }
    STRATA_TRY(add_packages(x, g, out, err));
    by_value(out);
    *why = (double)g->accounts < x->s->minimum_accounts ? "too few accounts to compare"
                                                        : "nobody stands out by use against price";
    return STRATA_OK;
}
