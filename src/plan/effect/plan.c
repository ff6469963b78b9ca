/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

enum { SLOTS_MOST = 512 };
static const double MEASURED_MOST = 10.0; /* as engagement.growth of a model at most */

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the plan");
}

/* --- whom the actions are for --- */

static strata_status compile(const model_action *x, const bound_model *b, arena *a,
                             const rule **out, strata_error *err)
{
    STRATA_TRY(rule_compile_condition(a, x->where.text, &x->where.place, &b->scope, out, err));
    if (rule_looks_at_previous(*out) || rule_lookback_days(*out) > 0) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s:%d:%d: 'turned' and 'for N days' look back, which an action cannot; "
                           "name the condition under features and use that",
                           x->where.place.file, x->where.place.line, x->where.place.column);
    }
    return STRATA_OK;
}

/* What coverage needs, and what the actions look at. */
strata_status effect_plan_slots(const portfolio *p, const bound_model *b, arena *a,
                                const size_t **slots, size_t *n, strata_error *err)
{
    const size_t *own = NULL;
    size_t n_own = 0;
    STRATA_TRY(coverage_slots(p, b, a, &own, &n_own, err));
    size_t *list = ARENA_NEW(a, SLOTS_MOST, size_t);
    if (list == NULL || n_own > SLOTS_MOST) {
        return out_of_memory(err);
    }
    memcpy(list, own, n_own * sizeof *list);
    for (size_t i = 0; i < b->model->n_actions; i++) {
        const rule *r = NULL;
        size_t n_rule = 0;
        STRATA_TRY(compile(&b->model->actions[i], b, a, &r, err));
        const size_t *of = rule_slots(r, &n_rule);
        for (size_t k = 0; k < n_rule && n_own < SLOTS_MOST; k++) {
            list[n_own++] = of[k];
        }
    }
    *slots = list;
    *n = n_own;
    return STRATA_OK;
}

/* While a plan is made. */
typedef struct maker {
    const effect_plan_request *q;
    arena *a;
    effect_plan *p;
    uint8_t *first, *second;
} maker;

/* Customers to whom the action applies and that no action before it took. */
static strata_status mark_action(const maker *m, const model_action *x, uint8_t effect,
                                 plan_part *part, strata_error *err)
{
    const view *v = m->q->v;
    const rule *r = NULL;
    size_t n = v->p->n_accounts;
    size_t n_symbols = v->b->scope.n_symbols;
    STRATA_TRY(compile(x, v->b, m->a, &r, err));
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols + 1, column);
    STRATA_AUTO_FREE uint8_t *verdict = STRATA_NEW_ARRAY(n + 1, uint8_t);
    STRATA_AUTO_FREE unsigned char *scratch =
        STRATA_NEW_ARRAY(rule_scratch_bytes(r) + 1, unsigned char);
    if (columns == NULL || verdict == NULL || scratch == NULL) {
        return out_of_memory(err);
    }
    segmentation_columns(v->s, n_symbols, columns);
    rule_input in = {.now = {.columns = columns, .as_of = v->as_of}};
    rule_eval_condition(r, &in, n, verdict, scratch);
    for (size_t i = 0; i < n; i++) {
        bool applies = verdict[i] == RULE_YES && view_value_minor(v, i) > 0;
        if (applies && m->second[i] == NO_EFFECT) {
            m->second[i] = effect;
            part->accounts++;
        }
    }
    return STRATA_OK;
}

/* --- what they keep and grow --- */

static const intervention_effect *measured_of(const maker *m, const char *name)
{
    const intervention_effects *all = m->q->interventions;
    for (size_t i = 1; name != NULL && i < all->n; i++) {
        if (strcmp(all->items[i].name, name) == 0) {
            return &all->items[i];
        }
    }
    return NULL;
}

bool effect_plan_measure(const intervention_effect *x, effect_outcome of, plan_measured *out)
{
    for (size_t h = EFFECT_HORIZONS; x != NULL && h-- > 0;) {
        const ratio_difference *d = &x->after[h].of[of];
        const ratio_relative *r = of == OUTCOME_KEPT ? &d->of_rest : &d->of_second;
        if (d->defined && r->stated && r->low >= -MEASURED_MOST && r->high <= MEASURED_MOST) {
            *out = (plan_measured){
                .part = {.low = r->low, .likely = r->value, .high = r->high, .measured = true},
                .n = x->after[h].n_matched,
                .months = effect_months[h]};
            return true;
        }
    }
    return false;
}

static const char *place_of(arena *a, rule_place place)
{
    const char *slash = strrchr(place.file, '/');
    return arena_printf(a, "%s:%d", slash != NULL ? slash + 1 : place.file, place.line);
}

/* Measured where that is above 0, else what the model assumes, else what was measured. */
static const char *settle_keeps(const maker *m, const model_action *x, sim_part *out, bool *known)
{
    plan_measured found = {.n = 0};
    bool has = effect_plan_measure(measured_of(m, x->intervention), OUTCOME_KEPT, &found);
    bool assumed = !isnan(x->keeps_likely);
    *known = has || assumed;
    if (has && (found.part.low > 0.0 || !assumed)) {
        *out = found.part;
        return arena_printf(m->a, "measured: '%s' after %d months, %zu matched accounts%s",
                            x->intervention, found.months, found.n,
                            found.part.low > 0.0 ? "" : "; cannot be told from none");
    }
    if (assumed) {
        *out = (sim_part){.low = x->keeps_low, .likely = x->keeps_likely, .high = x->keeps_high};
        return arena_printf(m->a, "assumed (%s)%s", place_of(m->a, x->place),
                            has ? "; measured, it cannot be told from none" : "");
    }
    return arena_printf(
        m->a,
        "too few of '%s' are recorded, or of accounts like them left, to measure it; "
        "`keeps` is not assumed",
        x->intervention);
}

/* Growth counts only where it was measured, and above 0. */
static const char *settle_grows(const maker *m, const model_action *x, sim_part *out)
{
    plan_measured found = {.n = 0};
    bool has = effect_plan_measure(measured_of(m, x->intervention), OUTCOME_GAIN, &found);
    if (!has || !(found.part.low > 0.0)) {
        return NULL;
    }
    *out = found.part;
    return arena_printf(m->a, "measured: '%s' after %d months, %zu matched accounts",
                        x->intervention, found.months, found.n);
}

/* Hours of one, as stated, else as recorded. */
static double hours_each(const maker *m, const model_action *x)
{
    const intervention_effect *of = measured_of(m, x->intervention);
    if (!isnan(x->minutes)) {
        return x->minutes / MINUTES_PER_HOUR;
    }
    return of != NULL && of->after[0].n_matched > 0
               ? of->after[0].hours / (double)of->after[0].n_matched
               : (double)NAN;
}

static strata_status add_action(const maker *m, const model_action *x, strata_error *err)
{
    effect_plan *p = m->p;
    if (p->n_effects + 1 >= SIMULATION_EFFECTS_MAX) {
        return strata_fail(err, STRATA_E_MODEL, "%s:%d: more than %d actions of effect",
                           x->place.file, x->place.line, SIMULATION_EFFECTS_MAX - 2);
    }
    sim_effect *e = &p->effects[p->n_effects];
    plan_part *part = &p->parts[p->n_parts++];
    *e = (sim_effect){.share = x->share}; /* what is not known changes nothing */
    *part = (plan_part){.name = x->name, .effect = e};
    part->source = settle_keeps(m, x, &e->keeps, &part->keeps_known);
    part->growth_source = settle_grows(m, x, &e->grows);
    part->what = arena_printf(m->a, "%s for %.0f %% of accounts with %s",
                              x->intervention != NULL ? x->intervention : x->name, 100.0 * x->share,
                              x->where.text);
    if (part->what == NULL || part->source == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(mark_action(m, x, (uint8_t)p->n_effects++, part, err));
    part->hours = x->share * (double)part->accounts * hours_each(m, x);
    return STRATA_OK;
}

/* --- coverage --- */

static sim_part part_of(const touch_effect *t)
{
    bool known = t->source != EFFECT_NONE;
    return known ? (sim_part){t->low, t->likely, t->high, t->source == EFFECT_MEASURED}
                 : (sim_part){0};
}

static const char *touch_source(const maker *m, const touch_effect *t, const char *key)
{
    return t->source == EFFECT_MEASURED  ? arena_printf(m->a,
                                                        "measured: %zu accounts with touch, %zu "
                                                         "with less",
                                                        t->n_touched, t->n_others)
           : t->source == EFFECT_ASSUMED ? arena_printf(m->a, "assumed (%s of the model)", key)
           : touch_side_of(t) == TOUCH_UNKNOWN
               ? arena_printf(m->a, "neither measured nor assumed (%s)", key)
               : arena_printf(m->a, "measured, it %s; not assumed (%s)",
                              touch_side_of(t) == TOUCH_HARMS ? "is below nothing"
                                                              : "cannot be told from nothing",
                              key);
}

static strata_status add_coverage(const maker *m, strata_error *err)
{
    effect_plan *p = m->p;
    const coverage *c = m->q->coverage;
    const touch_effect *growth = m->q->growth;
    plan_part *part = &p->parts[p->n_parts++];
    sim_effect *e = &p->effects[p->n_effects];
    int64_t minutes = 0;
    *e = (sim_effect){.keeps = part_of(m->q->touch), .grows = part_of(growth), .share = 1.0};
    *part = (plan_part){.name = "Coverage",
                        .what = "touch as strata coverage recommends: more for the under-served, "
                                "less for the over-served",
                        .source = touch_source(m, m->q->touch, "engagement.effect"),
                        .effect = e,
                        .keeps_known = m->q->touch->source != EFFECT_NONE};
    if (growth->source != EFFECT_NONE) {
        part->growth_source = touch_source(m, growth, "engagement.growth");
    }
    for (size_t i = 0; i < m->q->v->p->n_accounts; i++) {
        if (c->cases[i].fit == FIT_UNDER) {
            m->first[i] = (uint8_t)p->n_effects;
            part->accounts++;
        }
        minutes += c->cases[i].minutes;
    }
    p->n_effects++;
    part->hours = (double)minutes / MINUTES_PER_HOUR;
    return part->source != NULL ? STRATA_OK : out_of_memory(err);
}

/* --- all of it --- */

static void put_hours(const maker *m)
{
    effect_plan *p = m->p;
    double planned = (double)m->q->capacity->all.total / MINUTES_PER_HOUR;
    double more = 0.0;
    for (size_t i = 0; i < p->n_parts; i++) {
        more += isnan(p->parts[i].hours) ? 0.0 : p->parts[i].hours;
    }
    p->hours = planned - p->parts[0].hours; /* work is that of the recommended levels */
    p->plan_hours = p->hours + more;
    p->cost = more * csms_hour_cost(m->q->csms);
}

strata_status effect_plan_make(const effect_plan_request *q, arena *a, effect_plan *out,
                               strata_error *err)
{
    const model *whole = q->v->b->model;
    size_t n = q->v->p->n_accounts;
    *out = (effect_plan){0};
    maker m = {.q = q,
               .a = a,
               .p = out,
               .first = ARENA_NEW(a, n + 1, uint8_t),
               .second = ARENA_NEW(a, n + 1, uint8_t)};
    if (m.first == NULL || m.second == NULL) {
        return out_of_memory(err);
    }
    memset(m.first, NO_EFFECT, n);
    memset(m.second, NO_EFFECT, n);
    STRATA_TRY(add_coverage(&m, err));
    for (size_t i = 0; i < whole->n_actions; i++) {
        STRATA_TRY(add_action(&m, &whole->actions[i], err));
    }
    put_hours(&m);
    out->first = m.first;
    out->second = m.second;
    return STRATA_OK;
}
