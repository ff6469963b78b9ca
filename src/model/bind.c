/* SPDX-License-Identifier: Apache-2.0 */
#include "model/bind.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "model/order.h"
#include "model/read.h"

typedef struct binder {
    bound_model *b;
    arena *a;
    const model *m;
    symbol *symbols; /* base first, then definitions as they are bound */
    size_t n_symbols;
} binder;

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory binding the model");
}

static rule_scope scope_of(const binder *x)
{
    return (rule_scope){.symbols = x->symbols, .n_symbols = x->n_symbols};
}

static void note_lookback(binder *x, const rule *r)
{
    int days = rule_lookback_days(r);
    if (days > x->b->lookback_days) {
        x->b->lookback_days = days;
    }
}

static strata_status compile_condition(binder *x, const model_expr *expr, const rule **out,
                                       strata_error *err)
{
    rule_scope scope = scope_of(x);
    STRATA_TRY(rule_compile_condition(x->a, expr->text, &expr->place, &scope, out, err));
    note_lookback(x, *out);
    return STRATA_OK;
}

/* NULL for one that is not given. */
static strata_status compile_given_condition(binder *x, const model_expr *expr, const rule **out,
                                             strata_error *err)
{
    *out = NULL;
    return expr->text == NULL ? STRATA_OK : compile_condition(x, expr, out, err);
}

static strata_status compile_value(binder *x, const model_expr *expr, const rule **out,
                                   strata_error *err)
{
    rule_scope scope = scope_of(x);
    STRATA_TRY(rule_compile_value(x->a, expr->text, &expr->place, &scope, out, err));
    note_lookback(x, *out);
    return STRATA_OK;
}

/* "a share", "money": for messages. */
static const char *type_phrase(value_type type)
{
    static const char *const phrases[VALUE_TYPE_COUNT] = {
        [VALUE_NUMBER] = "a number",     [VALUE_MONEY] = "money", [VALUE_SHARE] = "a share",
        [VALUE_DURATION] = "a duration", [VALUE_DATE] = "a date", [VALUE_BOOL] = "yes or no",
        [VALUE_TEXT] = "a text"};
    return phrases[type];
}

/* A value that has an order: anything but text. */
static strata_status compile_number(binder *x, const model_expr *expr, const rule **out,
                                    strata_error *err)
{
    STRATA_TRY(compile_value(x, expr, out, err));
    if (rule_type(*out) == VALUE_TEXT) {
        return yaml_fail(err, place_from_rule(expr->place),
                         "'%.60s'%s%.200s is a text, but must be a number", expr->text,
                         expr->place.what != NULL ? " in " : "",
                         expr->place.what != NULL ? expr->place.what : "");
    }
    return STRATA_OK;
}

/* May an edge be compared with the value? One that is not given may. The rule language decides, by
 * being asked to. */
static strata_status check_edge(binder *x, const rule *value, const model_expr *edge,
                                strata_error *err)
{
    if (edge->text == NULL) {
        return STRATA_OK;
    }
    value_type type = rule_type(value);
    const symbol subject = {.name = "x", .type = type == VALUE_BOOL ? VALUE_NUMBER : type};
    const rule_scope scope = {.symbols = &subject, .n_symbols = 1};
    const char *text = arena_printf(x->a, "x >= (%s)", edge->text);
    if (text == NULL) {
        return fail_nomem(err);
    }
    const rule *ignored = NULL;
    strata_error cause = {0};
    strata_status status =
        rule_compile_condition(x->a, text, &edge->place, &scope, &ignored, &cause);
    if (status == STRATA_E_NOMEM) {
        return fail_nomem(err);
    }
    if (status != STRATA_OK) {
        return yaml_fail(err, place_from_rule(edge->place),
                         "'%.60s' of %s does not fit '%.60s', which is %s", edge->text,
                         edge->place.what != NULL ? edge->place.what : "this", rule_text(value),
                         type_phrase(type));
    }
    return STRATA_OK;
}

static strata_status new_rules(binder *x, bound_def *def, size_t n, const rule ***out,
                               strata_error *err)
{
    const rule **rules = ARENA_NEW(x->a, n + 1, const rule *);
    if (rules == NULL) {
        return fail_nomem(err);
    }
    def->rules = rules;
    def->n_rules = n;
    *out = rules;
    return STRATA_OK;
}

/* --- one definition --- */

static strata_status bind_feature(binder *x, const model_feature *f, bound_def *def, symbol *sym,
                                  strata_error *err)
{
    const rule **rules = NULL;
    STRATA_TRY(new_rules(x, def, 1, &rules, err));
    STRATA_TRY(compile_value(x, &f->value, &rules[0], err));
    sym->label = f->label;
    sym->type = rule_type(rules[0]);
    if (sym->type == VALUE_TEXT) {
        sym->levels = rule_levels(rules[0], &sym->n_levels);
        sym->open_levels = true;
    }
    return STRATA_OK;
}

static strata_status bind_bin(binder *x, const model_bin *bin, bound_def *def, symbol *sym,
                              strata_error *err)
{
    const rule **rules = NULL;
    STRATA_TRY(new_rules(x, def, 1, &rules, err));
    STRATA_TRY(compile_number(x, &bin->of, &rules[0], err));
    double *edges = ARENA_NEW(x->a, bin->n_steps + 1, double);
    if (edges == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < bin->n_steps; i++) {
        edges[i] = bin->steps[i].edge;
        STRATA_TRY(check_edge(x, rules[0], &bin->steps[i].up_to, err));
    }
    def->edges = bin->n_steps > 0 ? edges : NULL;
    sym->label = bin->label;
    sym->type = VALUE_NUMBER;
    return STRATA_OK;
}

static strata_status bind_factor(binder *x, const model_factor *f, const rule **out,
                                 strata_error *err)
{
    STRATA_TRY(compile_number(x, &f->feature, out, err));
    for (size_t i = 0; i < f->n_points; i++) {
        STRATA_TRY(check_edge(x, *out, &f->points[i].edge, err));
    }
    return STRATA_OK;
}

static strata_status bind_score(binder *x, const model_score *s, bound_def *def, symbol *sym,
                                strata_error *err)
{
    const rule **rules = NULL;
    STRATA_TRY(new_rules(x, def, s->n_factors, &rules, err));
    for (size_t i = 0; i < s->n_factors; i++) {
        STRATA_TRY(bind_factor(x, &s->factors[i], &rules[i], err));
    }
    sym->label = s->label;
    sym->type = VALUE_NUMBER;
    sym->never_negative = true;
    return STRATA_OK;
}

static strata_status new_segments(binder *x, size_t most, bound_def *def, const char ***keys,
                                  const char ***labels, strata_error *err)
{
    *keys = ARENA_NEW(x->a, most + 1, const char *);
    *labels = ARENA_NEW(x->a, most + 1, const char *);
    if (*keys == NULL || *labels == NULL) {
        return fail_nomem(err);
    }
    def->keys = *keys;
    def->labels = *labels;
    return STRATA_OK;
}

static strata_status bind_tiers(binder *x, const model_dimension *d, bound_def *def,
                                strata_error *err)
{
    const rule **rules = NULL;
    const char **keys = NULL;
    const char **labels = NULL;
    STRATA_TRY(new_rules(x, def, d->n_tiers, &rules, err));
    STRATA_TRY(new_segments(x, d->n_tiers, def, &keys, &labels, err));
    for (size_t i = 0; i < d->n_tiers; i++) {
        const model_tier *t = &d->tiers[i];
        keys[i] = t->key;
        labels[i] = t->label;
        STRATA_TRY(compile_given_condition(x, &t->when, &rules[i], err));
    }
    def->n_segments = d->n_tiers;
    return STRATA_OK;
}

static strata_status bind_bands(binder *x, const model_dimension *d, bound_def *def,
                                strata_error *err)
{
    const rule **rules = NULL;
    const char **keys = NULL;
    const char **labels = NULL;
    STRATA_TRY(new_rules(x, def, 1, &rules, err));
    STRATA_TRY(new_segments(x, d->n_bands + 1, def, &keys, &labels, err));
    STRATA_TRY(compile_number(x, &d->of, &rules[0], err));
    for (size_t i = 0; i < d->n_bands; i++) {
        keys[i] = d->bands[i].key;
        labels[i] = d->bands[i].label;
        STRATA_TRY(check_edge(x, rules[0], &d->bands[i].edge, err));
    }
    keys[d->n_bands] = labels[d->n_bands] = d->missing_key;
    def->n_segments = d->n_bands + 1;
    return STRATA_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "Other" and the segment for missing values, unless the data has a text of that name. */
static void add_level(const char **keys, size_t n_levels, size_t *n, const char *key)
{
    for (size_t i = 0; i < n_levels; i++) {
        if (strcmp(keys[i], key) == 0) {
            return;
        }
    }
    keys[(*n)++] = key;
}

static strata_status bind_by(binder *x, const model_dimension *d, bound_def *def, strata_error *err)
{
    const rule **rules = NULL;
    const char **keys = NULL;
    const char **labels = NULL;
    STRATA_TRY(new_rules(x, def, 1, &rules, err));
    STRATA_TRY(compile_value(x, &d->of, &rules[0], err));
    if (rule_type(rules[0]) != VALUE_TEXT) {
        return yaml_fail(err, place_from_rule(d->of.place),
                         "'by' of dimension '%s' needs a text, but '%.60s' is %s: use bands",
                         d->name, d->of.text, type_phrase(rule_type(rules[0])));
    }
    size_t n_levels = 0;
    const char *const *levels = rule_levels(rules[0], &n_levels);
    STRATA_TRY(new_segments(x, n_levels + 2, def, &keys, &labels, err));
    if (n_levels > 0) {
        memcpy(keys, levels, n_levels * sizeof *keys);
        qsort(keys, n_levels, sizeof *keys, by_text);
    }
    size_t n = n_levels;
    if (d->other_under > 0) {
        add_level(keys, n_levels, &n, "Other");
    }
    add_level(keys, n, &n, d->missing_key);
    memcpy(labels, keys, n * sizeof *labels);
    def->n_segments = n;
    return STRATA_OK;
}

static strata_status bind_dimension(binder *x, const model_dimension *d, bound_def *def,
                                    symbol *sym, strata_error *err)
{
    switch (d->kind) {
    case DIMENSION_TIERS:
        STRATA_TRY(bind_tiers(x, d, def, err));
        break;
    case DIMENSION_BANDS:
        STRATA_TRY(bind_bands(x, d, def, err));
        break;
    case DIMENSION_BY:
        STRATA_TRY(bind_by(x, d, def, err));
        sym->open_levels = true;
        break;
    }
    sym->label = d->label;
    sym->type = VALUE_TEXT;
    sym->levels = def->keys;
    sym->n_levels = def->n_segments;
    return STRATA_OK;
}

static strata_status bind_definition(binder *x, const definition *d, bound_def *def,
                                     strata_error *err)
{
    for (size_t i = 0; i < x->b->n_base; i++) {
        if (strcmp(x->symbols[i].name, d->name) == 0) {
            return yaml_fail(err, place_from_rule(d->place),
                             "'%s' is a built-in feature or a column of the accounts: choose "
                             "another name",
                             d->name);
        }
    }
    *def = (bound_def){.kind = d->kind, .slot = x->n_symbols, .index = d->index};
    symbol sym = {.name = d->name};
    switch (d->kind) {
    case DEF_FEATURE:
        STRATA_TRY(bind_feature(x, &x->m->features[d->index], def, &sym, err));
        break;
    case DEF_BIN:
        STRATA_TRY(bind_bin(x, &x->m->bins[d->index], def, &sym, err));
        break;
    case DEF_SCORE:
        STRATA_TRY(bind_score(x, &x->m->scores[d->index], def, &sym, err));
        break;
    case DEF_DIMENSION:
        STRATA_TRY(bind_dimension(x, &x->m->dimensions[d->index], def, &sym, err));
        break;
    }
    x->symbols[x->n_symbols++] = sym;
    return STRATA_OK;
}

/* --- what reads the definitions --- */

static strata_status bind_buyers(binder *x, strata_error *err)
{
    const model_personas *p = &x->m->personas;
    const rule **rules = ARENA_NEW(x->a, p->n_buyers + 1, const rule *);
    if (rules == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < p->n_buyers; i++) {
        if (p->buyers[i].when.text != NULL) {
            STRATA_TRY(compile_condition(x, &p->buyers[i].when, &rules[i], err));
        }
    }
    x->b->buyers = rules;
    return STRATA_OK;
}

static strata_status bind_milestones(binder *x, strata_error *err)
{
    const rule **rules = ARENA_NEW(x->a, x->m->n_milestones + 1, const rule *);
    if (rules == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < x->m->n_milestones; i++) {
        STRATA_TRY(compile_condition(x, &x->m->milestones[i].when, &rules[i], err));
    }
    x->b->milestones = rules;
    return STRATA_OK;
}

static strata_status bind_stages(binder *x, strata_error *err)
{
    const rule **rules = ARENA_NEW(x->a, x->m->n_stages + 1, const rule *);
    if (rules == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < x->m->n_stages; i++) {
        STRATA_TRY(compile_condition(x, &x->m->stages[i].when, &rules[i], err));
    }
    x->b->stages = rules;
    return STRATA_OK;
}

static strata_status bind_hypotheses(binder *x, strata_error *err)
{
    bound_hypothesis *all = ARENA_NEW(x->a, x->m->n_hypotheses + 1, bound_hypothesis);
    if (all == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < x->m->n_hypotheses; i++) {
        const model_hypothesis *h = &x->m->hypotheses[i];
        STRATA_TRY(compile_condition(x, &h->where, &all[i].where, err));
        STRATA_TRY(compile_given_condition(x, &h->against, &all[i].against, err));
        STRATA_TRY(compile_number(x, &h->compare, &all[i].compare, err));
    }
    x->b->hypotheses = all;
    return STRATA_OK;
}

/* A condition that is judged on one date and the review before: a stretch of days takes a
 * definition, whose past is kept. */
static strata_status compile_dated(binder *x, const model_expr *expr, const rule **out,
                                   strata_error *err)
{
    rule_scope scope = scope_of(x);
    if (expr->text == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(rule_compile_condition(x->a, expr->text, &expr->place, &scope, out, err));
    if (rule_lookback_days(*out) > 0) {
        return yaml_fail(err, place_from_rule(expr->place),
                         "'for' in the %s: make it a feature of the model and name that",
                         expr->place.what);
    }
    return STRATA_OK;
}

static strata_status bind_migration(binder *x, strata_error *err)
{
    const model_migration *g = &x->m->migration;
    const model_tier_change *t = &x->m->tier_change;
    const rule **triggers = ARENA_NEW(x->a, g->n_pathways + 1, const rule *);
    const rule **measures = ARENA_NEW(x->a, g->n_pathways + 1, const rule *);
    const rule **exceptions = ARENA_NEW(x->a, t->n_exceptions + 1, const rule *);
    bound_migration out = {.triggers = triggers, .measures = measures, .exceptions = exceptions};
    if (triggers == NULL || measures == NULL || exceptions == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(compile_dated(x, &g->up, &out.up, err));
    STRATA_TRY(compile_dated(x, &g->down, &out.down, err));
    for (size_t i = 0; i < g->n_pathways; i++) {
        STRATA_TRY(compile_dated(x, &g->pathways[i].trigger, &triggers[i], err));
        STRATA_TRY(compile_dated(x, &g->pathways[i].measure, &measures[i], err));
    }
    for (size_t i = 0; i < t->n_exceptions; i++) {
        STRATA_TRY(compile_dated(x, &t->exceptions[i].when, &exceptions[i], err));
    }
    x->b->migration = out;
    return STRATA_OK;
}

static strata_status bind_all(binder *x, strata_error *err)
{
    definition *order = NULL;
    size_t n = 0;
    STRATA_TRY(compile_given_condition(x, &x->m->population, &x->b->population, err));
    STRATA_TRY(model_order(x->m, x->a, &order, &n, err));
    bound_def *defs = ARENA_NEW(x->a, n + 1, bound_def);
    if (defs == NULL) {
        return fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(bind_definition(x, &order[i], &defs[i], err));
    }
    x->b->defs = defs;
    x->b->n_defs = n;
    x->b->scope = scope_of(x);
    STRATA_TRY(bind_milestones(x, err));
    STRATA_TRY(bind_stages(x, err));
    STRATA_TRY(bind_buyers(x, err));
    STRATA_TRY(bind_migration(x, err));
    return bind_hypotheses(x, err);
}

strata_status model_bind(const model *m, const symbol *base, size_t n_base, bound_model **out,
                         strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    bound_model *b = ARENA_NEW(a, 1, bound_model);
    size_t most = n_base + m->n_features + m->n_bins + m->n_scores + m->n_dimensions;
    symbol *symbols = ARENA_NEW(a, most + 1, symbol);
    if (b == NULL || symbols == NULL) {
        return fail_nomem(err);
    }
    if (n_base > 0) {
        memcpy(symbols, base, n_base * sizeof *symbols);
    }
    *b = (bound_model){.model = m, .arena = a, .n_base = n_base};
    binder x = {.b = b, .a = a, .m = m, .symbols = symbols, .n_symbols = n_base};
    STRATA_TRY(bind_all(&x, err));
    *out = b;
    a = NULL; /* the bound model owns it now */
    return STRATA_OK;
}

void bound_model_free(bound_model *b)
{
    if (b != NULL) {
        arena_free(b->arena);
    }
}

const bound_def *bound_find(const bound_model *b, const char *name)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (strcmp(b->scope.symbols[b->defs[i].slot].name, name) == 0) {
            return &b->defs[i];
        }
    }
    return NULL;
}

size_t bound_slot(const bound_model *b, const char *name)
{
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (strcmp(b->scope.symbols[slot].name, name) == 0) {
            return slot;
        }
    }
    return SIZE_MAX;
}

size_t bound_segment(const bound_def *def, const char *key)
{
    for (size_t s = 0; s < def->n_segments; s++) {
        if (strcmp(def->keys[s], key) == 0) {
            return s;
        }
    }
    return SIZE_MAX;
}

const bound_def *bound_primary(const bound_model *b)
{
    return b->model->primary != NULL ? bound_find(b, b->model->primary) : NULL;
}

bool bound_reads(const bound_def *def, size_t slot)
{
    for (size_t r = 0; r < def->n_rules; r++) {
        size_t n = 0;
        const size_t *slots = def->rules[r] != NULL ? rule_slots(def->rules[r], &n) : NULL;
        for (size_t i = 0; i < n; i++) {
            if (slots[i] == slot) {
                return true;
            }
        }
    }
    return false;
}

const char *const *bound_segments(const bound_model *b, const bound_def *dimension, size_t *n)
{
    (void)b;
    *n = dimension->n_segments;
    return dimension->labels;
}
