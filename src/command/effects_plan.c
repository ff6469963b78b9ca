/* SPDX-License-Identifier: Apache-2.0 */
#include "command/effects_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

enum { SLOTS_MOST = 512 };

void effects_plan_done(effects_plan *p)
{
    effects_ask_done(&p->interventions);
    work_ask_done(&p->work);
}

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
static strata_status plan_slots(const portfolio *p, const bound_model *b, arena *a,
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

/* Customers to whom the action applies and that no action before it took. */
static strata_status mark_action(effects_plan *p, const model_action *x, uint8_t effect,
                                 plan_part *part, strata_error *err)
{
    const look *l = &p->work.look;
    const view *v = l->view;
    const rule *r = NULL;
    size_t n = v->p->n_accounts;
    size_t n_symbols = v->b->scope.n_symbols;
    STRATA_TRY(compile(x, v->b, l->c->arena, &r, err));
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
        if (applies && p->second[i] == NO_EFFECT) {
            p->second[i] = effect;
            part->accounts++;
        }
    }
    return STRATA_OK;
}

/* --- what they keep --- */

static const intervention_effect *measured_of(const effects_plan *p, const char *name)
{
    for (size_t i = 1; name != NULL && i < p->interventions.effects.n; i++) {
        if (strcmp(p->interventions.effects.items[i].name, name) == 0) {
            return &p->interventions.effects.items[i];
        }
    }
    return NULL;
}

/* Share of leavers kept: the difference of staying over the share of the others that left. */
static bool measure(const intervention_effect *x, sim_effect *out, size_t *n, int *months)
{
    for (size_t h = EFFECT_HORIZONS; x != NULL && h-- > 0;) {
        const ratio_difference *kept = &x->after[h].of[OUTCOME_KEPT];
        double left = 1.0 - kept->second;
        if (kept->defined && left > 0.0) {
            out->likely = kept->difference / left;
            out->low = kept->low / left;
            out->high = fmin(kept->high / left, 1.0);
            out->measured = true;
            *n = x->after[h].n_matched;
            *months = effect_months[h];
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
static const char *settle_action(const effects_plan *p, const model_action *x, arena *a,
                                 sim_effect *out, bool *known)
{
    size_t n = 0;
    int months = 0;
    sim_effect measured = {.share = x->share};
    bool has = measure(measured_of(p, x->intervention), &measured, &n, &months);
    bool assumed = !isnan(x->keeps_likely);
    *known = has || assumed;
    if (has && (measured.low > 0.0 || !assumed)) {
        *out = measured;
        return arena_printf(a, "measured: '%s' after %d months, %zu matched accounts%s",
                            x->intervention, months, n,
                            measured.low > 0.0 ? "" : "; cannot be told from none");
    }
    *out = (sim_effect){
        .low = x->keeps_low, .likely = x->keeps_likely, .high = x->keeps_high, .share = x->share};
    if (assumed) {
        return arena_printf(a, "assumed (%s)%s", place_of(a, x->place),
                            has ? "; measured, it cannot be told from none" : "");
    }
    return arena_printf(a, "too few of '%s' are recorded to measure it, and `keeps` is not assumed",
                        x->intervention);
}

/* Hours of one, as stated, else as recorded. */
static double hours_each(const effects_plan *p, const model_action *x)
{
    const intervention_effect *m = measured_of(p, x->intervention);
    if (!isnan(x->minutes)) {
        return x->minutes / MINUTES_PER_HOUR;
    }
    return m != NULL && m->after[0].n_matched > 0
               ? m->after[0].hours / (double)m->after[0].n_matched
               : (double)NAN;
}

static strata_status add_action(effects_plan *p, const model_action *x, arena *a, strata_error *err)
{
    if (p->n_effects + 1 >= SIMULATION_EFFECTS_MAX) {
        return strata_fail(err, STRATA_E_MODEL, "%s:%d: more than %d actions of effect",
                           x->place.file, x->place.line, SIMULATION_EFFECTS_MAX - 2);
    }
    bool known = false;
    sim_effect *e = &p->effects[p->n_effects];
    plan_part *part = &p->parts[p->n_parts++];
    *part = (plan_part){.name = x->name, .source = settle_action(p, x, a, e, &known)};
    part->effect = known ? e : NULL;
    part->what = arena_printf(a, "%s for %.0f %% of accounts with %s",
                              x->intervention != NULL ? x->intervention : x->name, 100.0 * x->share,
                              x->where.text);
    if (part->what == NULL || part->source == NULL) {
        return out_of_memory(err);
    }
    if (!known) { /* it takes hours, and changes nothing that is known */
        *e = (sim_effect){.share = x->share};
    }
    STRATA_TRY(mark_action(p, x, (uint8_t)p->n_effects++, part, err));
    part->hours = x->share * (double)part->accounts * hours_each(p, x);
    return STRATA_OK;
}

/* --- coverage --- */

static strata_status add_coverage(effects_plan *p, arena *a, strata_error *err)
{
    const touch_effect *t = &p->touch;
    const coverage *c = &p->coverage;
    const view *v = p->work.look.view;
    plan_part *part = &p->parts[p->n_parts++];
    sim_effect *e = &p->effects[p->n_effects];
    bool known = t->source != EFFECT_NONE;
    int64_t minutes = 0;
    *part = (plan_part){.name = "Coverage",
                        .what = "touch as strata coverage recommends: more for the under-served, "
                                "less for the over-served"};
    *e = (sim_effect){.low = known ? t->low : 0.0,
                      .likely = known ? t->likely : 0.0,
                      .high = known ? t->high : 0.0,
                      .measured = t->source == EFFECT_MEASURED,
                      .share = 1.0};
    part->effect = known ? e : NULL;
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        if (c->cases[i].fit == FIT_UNDER) {
            p->first[i] = (uint8_t)p->n_effects;
            part->accounts++;
        }
        minutes += c->cases[i].minutes;
    }
    p->n_effects++;
    part->hours = (double)minutes / MINUTES_PER_HOUR;
    part->source = t->source == EFFECT_MEASURED
                       ? arena_printf(a, "measured: %zu accounts with touch, %zu with less",
                                      t->n_touched, t->n_others)
                   : known ? "assumed (engagement.effect of the model)"
                           : "neither measured nor assumed (engagement.effect)";
    return part->source != NULL ? STRATA_OK : out_of_memory(err);
}

/* --- all of it --- */

static void put_hours(effects_plan *p)
{
    double planned = (double)p->work.capacity.all.total / MINUTES_PER_HOUR;
    double more = 0.0;
    for (size_t i = 0; i < p->n_parts; i++) {
        more += isnan(p->parts[i].hours) ? 0.0 : p->parts[i].hours;
    }
    p->input.hours = planned - p->parts[0].hours; /* work is that of the recommended levels */
    p->input.plan_hours = p->input.hours + more;
    p->input.cost = more * csms_hour_cost(&p->work.csms);
}

static strata_status make_plan(effects_plan *p, strata_error *err)
{
    look *l = &p->work.look;
    arena *a = l->c->arena;
    const model *m = l->bound->model;
    size_t n = l->view->p->n_accounts;
    p->first = ARENA_NEW(a, n + 1, uint8_t);
    p->second = ARENA_NEW(a, n + 1, uint8_t);
    if (p->first == NULL || p->second == NULL) {
        return out_of_memory(err);
    }
    memset(p->first, NO_EFFECT, n);
    memset(p->second, NO_EFFECT, n);
    STRATA_TRY(add_coverage(p, a, err));
    for (size_t i = 0; i < m->n_actions; i++) {
        STRATA_TRY(add_action(p, &m->actions[i], a, err));
    }
    put_hours(p);
    return STRATA_OK;
}

strata_status effects_plan_open(call *c, effects_plan *p, strata_error *err)
{
    work_ask *w = &p->work;
    STRATA_TRY(work_ask_open(c, plan_slots, w, err));
    look *l = &w->look;
    const view *v = l->view;
    if (!v->has_arr) {
        return strata_fail(err, STRATA_E_DATA, "the effect of a plan needs ARR of two years");
    }
    STRATA_TRY(stakes_compute(&c->cx, v, &w->engagement, c->arena, &p->stakes, err));
    p->touch = touch_effect_find(v, &w->engagement, &p->stakes);
    STRATA_TRY(
        coverage_compute(v, &w->engagement, &w->work, &p->stakes, c->arena, &p->coverage, err));
    STRATA_TRY(effects_ask_find(l, &p->interventions, err));
    STRATA_TRY(make_plan(p, err));
    const outlook_request q = {.v = v,
                               .book = p->interventions.book,
                               .def = w->engagement.def,
                               .first = p->first,
                               .second = p->second,
                               .effects = p->effects,
                               .n_effects = p->n_effects};
    STRATA_TRY(outlook_make(&c->cx, &q, v->as_of, c->arena, &p->outlook, err));
    STRATA_TRY(outlook_try(&c->cx, &q, c->arena, p->trials, &p->n_trials, err));
    p->input.v = v;
    p->input.o = &p->outlook;
    p->input.trials = p->trials;
    p->input.n_trials = p->n_trials;
    p->input.parts = p->parts;
    p->input.n_parts = p->n_parts;
    return STRATA_OK;
}
