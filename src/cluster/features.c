/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/features.h"

#include <ctype.h>
#include <string.h>

#include "panel/features.h"
#include "segment/given.h"

/* Of two that say nearly the same, the earlier one is used. Words stand for much and little. */
static const struct known {
    const char *name;
    cluster_theme theme;
    const char *high, *low;
} known[] = {
    {"arr", THEME_VALUE, "large", "small"},
    {"spend_365d", THEME_VALUE, "high spend", "low spend"},
    {"arr_growth_12m", THEME_GROWTH, "growing", "shrinking"},
    {"active_days_30d", THEME_USAGE, "high usage", "low usage"},
    {"events_30d", THEME_USAGE, "high usage", "low usage"},
    {"active_users_30d", THEME_USERS, "many users", "few users"},
    {"adoption", THEME_BREADTH, "broad adoption", "narrow adoption"},
    {"usage_trend_90d", THEME_USAGE_TREND, "rising usage", "falling usage"},
    {"last_seen", THEME_USAGE, "long unseen", "seen lately"},
    {"orders_365d", THEME_USAGE, "many orders", "few orders"},
    {"last_order", THEME_RECENCY, "long since an order", "ordered lately"},
    {"average_order", THEME_SIZE, "large orders", "small orders"},
    {"days_between_orders", THEME_RHYTHM, "slow rhythm", "fast rhythm"},
    {"health", THEME_HEALTH, "healthy", "low health"},
    {"health_supplied", THEME_HEALTH, "healthy", "low health"},
    {"nps_last", THEME_SENTIMENT, "promoters", "detractors"},
    {"csat_last", THEME_SENTIMENT, "satisfied", "dissatisfied"},
    {"tickets_90d", THEME_SUPPORT, "many tickets", "few tickets"},
    {"tickets_high_90d", THEME_SUPPORT, "many serious tickets", "few serious tickets"},
    {"csat_90d", THEME_SUPPORT, "satisfied with support", "dissatisfied with support"},
    {"touches_90d", THEME_TOUCH, "often touched", "rarely touched"},
    {"tenure", THEME_AGE, "long-standing", "recent"},
    {"first_order_age", THEME_AGE, "long-standing", "recent"},
    {"seats", THEME_SIZE, "many seats", "few seats"},
};
enum { N_KNOWN = sizeof known / sizeof known[0] };

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory listing features to cluster by");
}

static const struct known *find_known(const char *name)
{
    for (size_t i = 0; i < N_KNOWN; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return &known[i];
        }
    }
    return NULL;
}

static const symbol *find_symbol(const bound_model *b, const char *name)
{
    for (size_t i = 0; i < b->scope.n_symbols; i++) {
        if (strcmp(b->scope.symbols[i].name, name) == 0) {
            return &b->scope.symbols[i];
        }
    }
    return NULL;
}

/* The name people know an expression by: the feature's, where it is no more than its name. */
static const char *label_of(const bound_model *b, const char *expression)
{
    const symbol *s = find_symbol(b, expression);
    feature_id f = feature_find(expression);
    if (f != FEATURE_COUNT) {
        return feature_get(f)->label;
    }
    return s != NULL && s->label != NULL ? s->label : expression;
}

/* Words for much and little of it. */
static strata_status name_ends(arena *a, cluster_candidate *c, strata_error *err)
{
    const struct known *k = find_known(c->expression);
    if (k != NULL) {
        c->theme = k->theme;
        c->high = k->high;
        c->low = k->low;
        return STRATA_OK;
    }
    bool flag = c->type == VALUE_BOOL;
    char *label = arena_strdup(a, c->label);
    if (label == NULL) {
        return out_of_memory(err);
    }
    /* "Tickets" in the middle of a name is "tickets", but "NPS" stays. */
    if (label[0] != '\0' && !isupper((unsigned char)label[1])) {
        label[0] = (char)tolower((unsigned char)label[0]);
    }
    c->high = arena_printf(a, flag ? "%s" : "high %s", label);
    c->low = arena_printf(a, flag ? "not %s" : "low %s", label);
    return c->high != NULL && c->low != NULL ? STRATA_OK : out_of_memory(err);
}

/* --- given ones --- */

static strata_status check_number(const cluster_candidate *c, strata_error *err)
{
    if (c->type == VALUE_TEXT) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "'%s' is a text, and clusters need numbers; a condition on it is one, as "
            "in \"%s = 'X'\"",
            c->expression, c->expression);
    }
    if (c->type == VALUE_DATE) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "'%s' is a date, which grows with time itself; give a number of days, as "
            "in 'today - %s'",
            c->expression, c->expression);
    }
    return STRATA_OK;
}

static strata_status take_given(arena *a, const bound_model *b, const char *expression,
                                cluster_candidate *c, strata_error *err)
{
    STRATA_TRY(given_value(a, expression, "--features", &b->scope, &c->rule, err));
    c->expression = expression;
    c->label = label_of(b, expression);
    c->type = rule_type(c->rule);
    STRATA_TRY(check_number(c, err));
    return name_ends(a, c, err);
}

static strata_status given(arena *a, const bound_model *b, const char *const *expressions, size_t n,
                           cluster_candidates *out, strata_error *err)
{
    if (n > CLUSTER_FEATURES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "--features takes at most %d expressions, not %zu",
                           CLUSTER_FEATURES_MAX, n);
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(take_given(a, b, expressions[i], &out->items[out->n], err));
        for (size_t k = 0; k < out->n; k++) {
            if (rule_equal(out->items[k].rule, out->items[out->n].rule)) {
                return strata_fail(err, STRATA_E_USAGE, "--features names '%s' twice",
                                   expressions[i]);
            }
        }
        out->n++;
    }
    return STRATA_OK;
}

/* --- by themselves --- */

static bool is_measure(value_type t)
{
    return t == VALUE_NUMBER || t == VALUE_MONEY || t == VALUE_SHARE || t == VALUE_DURATION;
}

static strata_status take_symbol(arena *a, const bound_model *b, const symbol *s,
                                 cluster_candidates *out, strata_error *err)
{
    cluster_candidate *c = &out->items[out->n];
    c->expression = s->name;
    c->label = label_of(b, s->name);
    c->type = s->type;
    c->why = s->missing_because;
    STRATA_TRY(name_ends(a, c, err));
    if (c->why == NULL) {
        STRATA_TRY(given_value(a, s->name, "the model", &b->scope, &c->rule, err));
    }
    out->n++;
    return STRATA_OK;
}

/* Made of what is measured, not of scores and bins, which would count their inputs twice. */
static bool is_made_of_facts(const bound_model *b, const bound_def *def)
{
    bool facts = def->kind == DEF_FEATURE;
    for (size_t r = 0; facts && r < def->n_rules; r++) {
        size_t n = 0;
        const size_t *slots = rule_slots(def->rules[r], &n);
        for (size_t i = 0; i < n; i++) {
            facts = facts && slots[i] < b->n_base;
        }
    }
    return facts;
}

/* Numeric features that the model file defines, besides those of the list. */
static strata_status add_model(arena *a, const bound_model *b, cluster_candidates *out,
                               strata_error *err)
{
    for (size_t i = 0; i < b->n_defs && out->n < CLUSTER_FEATURES_MAX; i++) {
        const symbol *s = &b->scope.symbols[b->defs[i].slot];
        if (is_made_of_facts(b, &b->defs[i]) && is_measure(s->type) &&
            find_known(s->name) == NULL) {
            STRATA_TRY(take_symbol(a, b, s, out, err));
        }
    }
    return STRATA_OK;
}

strata_status cluster_candidates_make(arena *a, const bound_model *b,
                                      const char *const *expressions, size_t n,
                                      cluster_candidates *out, strata_error *err)
{
    cluster_candidates made = {.given = n > 0};
    made.items = ARENA_NEW(a, CLUSTER_FEATURES_MAX + N_KNOWN, cluster_candidate);
    if (made.items == NULL) {
        return out_of_memory(err);
    }
    if (n > 0) {
        STRATA_TRY(given(a, b, expressions, n, &made, err));
        *out = made;
        return STRATA_OK;
    }
    for (size_t i = 0; i < N_KNOWN; i++) {
        const symbol *s = find_symbol(b, known[i].name);
        if (s != NULL && is_measure(s->type)) {
            STRATA_TRY(take_symbol(a, b, s, &made, err));
        }
    }
    STRATA_TRY(add_model(a, b, &made, err));
    *out = made;
    return STRATA_OK;
}
