/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/definitions.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* A model as a flat list: what a definition is called, and its canonical text. */
typedef struct fact {
    const char *key; /* equal in both models for the same thing; labels may differ */
    const char *of, *part, *text;
} fact;

typedef struct fact_list {
    const bound_model *b;
    arena *arena;
    VEC(fact) facts;
} fact_list;

static void fact_list_done(fact_list *l)
{
    vec_free(&l->facts);
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing two models");
}

/* `text` NULL: memory ran out making it. */
static strata_status add(fact_list *l, const char *key, const char *of, const char *part,
                         const char *text, strata_error *err)
{
    bool ok = key != NULL && of != NULL && part != NULL && text != NULL &&
              vec_push(&l->facts, (fact){key, of, part, text});
    return ok ? STRATA_OK : out_of_memory(err);
}

static strata_status add_rule(fact_list *l, const char *key, const char *of, const char *part,
                              const rule *r, strata_error *err)
{
    const char *text = "otherwise";
    if (r != NULL) {
        STRATA_TRY(rule_print(r, l->arena, &text, err));
    }
    return add(l, key, of, part, text, err);
}

static const char *number(fact_list *l, double x)
{
    char text[NUMBER_TEXT];
    number_format_exact(x, text);
    return arena_strdup(l->arena, isnan(x) ? "missing" : text);
}

/* --- features and bins --- */

static strata_status add_feature(fact_list *l, const bound_def *def, strata_error *err)
{
    const model_feature *f = &l->b->model->features[def->index];
    return add_rule(l, arena_printf(l->arena, "feature %s", f->name), "Features", f->name,
                    def->rules[0], err);
}

static void put_step(strbuf *out, const model_bin_step *step)
{
    char score[NUMBER_TEXT];
    number_format_exact(step->score, score);
    if (step->up_to.text != NULL) {
        strbuf_printf(out, "%sup to %s: %s", out->len > 0 ? ", " : "", step->up_to.text, score);
    } else {
        strbuf_printf(out, "%sotherwise: %s", out->len > 0 ? ", " : "", score);
    }
}

static strata_status add_bin(fact_list *l, const bound_def *def, strata_error *err)
{
    const model_bin *bin = &l->b->model->bins[def->index];
    const char *of = arena_printf(l->arena, "Scale %s", bin->name);
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < bin->n_steps; i++) {
        put_step(&text, &bin->steps[i]);
    }
    if (bin->quantiles > 0) {
        strbuf_printf(&text, "%d equal groups%s", bin->quantiles,
                      bin->reverse ? ", low values first" : "");
    }
    STRATA_TRY(strbuf_status(&text, err));
    STRATA_TRY(
        add_rule(l, arena_printf(l->arena, "bin of %s", bin->name), of, "of", def->rules[0], err));
    STRATA_TRY(add(l, arena_printf(l->arena, "bin steps %s", bin->name), of, "steps",
                   arena_strdup(l->arena, strbuf_text(&text)), err));
    return add(l, arena_printf(l->arena, "bin missing %s", bin->name), of, "score when missing",
               number(l, bin->missing_score), err);
}

/* --- scores --- */

static strata_status add_factor(fact_list *l, const bound_def *def, size_t k, const char *of,
                                strata_error *err)
{
    const model_score *score = &l->b->model->scores[def->index];
    const model_factor *f = &score->factors[k];
    const char *rule_name = NULL;
    STRATA_TRY(rule_print(def->rules[k], l->arena, &rule_name, err));
    const char *name = f->label != NULL ? f->label : rule_name;
    STRBUF_AUTO strbuf scale;
    strbuf_init(&scale, 0);
    for (size_t i = 0; i < f->n_points; i++) {
        char x[NUMBER_TEXT];
        char y[NUMBER_TEXT];
        number_format_exact(f->points[i].x, x);
        number_format_exact(f->points[i].y, y);
        strbuf_printf(&scale, "%s%s: %s", i > 0 ? ", " : "",
                      f->points[i].edge.text != NULL ? f->points[i].edge.text : x, y);
    }
    STRATA_TRY(strbuf_status(&scale, err));
    STRATA_TRY(add(l, arena_printf(l->arena, "weight %s %s", score->name, rule_name), of,
                   arena_printf(l->arena, "weight of %s", name),
                   arena_printf(l->arena, "%.4g %%", f->weight * 100.0), err));
    return add(l, arena_printf(l->arena, "scale %s %s", score->name, rule_name), of,
               arena_printf(l->arena, "scale of %s", name),
               arena_strdup(l->arena, strbuf_text(&scale)), err);
}

static const char *policy_name(missing_policy policy)
{
    return policy == MISSING_REDISTRIBUTE ? "redistribute"
           : policy == MISSING_NEUTRAL    ? "neutral"
           : policy == MISSING_WORST      ? "worst"
                                          : "exclude";
}

static strata_status add_score(fact_list *l, const bound_def *def, strata_error *err)
{
    const model_score *score = &l->b->model->scores[def->index];
    const char *of =
        arena_printf(l->arena, "Score %s", score->label != NULL ? score->label : score->name);
    for (size_t k = 0; k < score->n_factors; k++) {
        STRATA_TRY(add_factor(l, def, k, of, err));
    }
    STRATA_TRY(add(l, arena_printf(l->arena, "least %s", score->name), of, "least known weight",
                   arena_printf(l->arena, "%.4g %%", score->minimum_weight * 100.0), err));
    return add(l, arena_printf(l->arena, "missing %s", score->name), of, "missing values",
               policy_name(score->missing), err);
}

/* --- dimensions --- */

static strata_status add_tiers(fact_list *l, const bound_def *def, const char *of,
                               strata_error *err)
{
    const model_dimension *dim = &l->b->model->dimensions[def->index];
    STRBUF_AUTO strbuf order;
    strbuf_init(&order, 0);
    for (size_t k = 0; k < dim->n_tiers; k++) {
        const model_tier *tier = &dim->tiers[k];
        strbuf_printf(&order, "%s%s", k > 0 ? ", " : "", tier->key);
        STRATA_TRY(add_rule(l, arena_printf(l->arena, "tier %s %s", dim->name, tier->key), of,
                            tier->label, def->rules[k], err));
    }
    STRATA_TRY(strbuf_status(&order, err));
    return add(l, arena_printf(l->arena, "order %s", dim->name), of, "order of trying",
               arena_strdup(l->arena, strbuf_text(&order)), err);
}

static strata_status add_bands(fact_list *l, const bound_def *def, const char *of,
                               strata_error *err)
{
    const model_dimension *dim = &l->b->model->dimensions[def->index];
    STRATA_TRY(
        add_rule(l, arena_printf(l->arena, "of %s", dim->name), of, "of", def->rules[0], err));
    for (size_t k = 0; k < dim->n_bands; k++) {
        STRATA_TRY(add(l, arena_printf(l->arena, "band %s %s", dim->name, dim->bands[k].key), of,
                       dim->bands[k].label,
                       k + 1 < dim->n_bands
                           ? arena_printf(l->arena, "from %s", dim->bands[k].edge.text)
                           : "the rest",
                       err));
    }
    return STRATA_OK;
}

static strata_status add_hold(fact_list *l, const model_dimension *dim, const char *of,
                              strata_error *err)
{
    const model_hold *h = &dim->hold;
    bool none = h->enter_after_days == 0 && h->leave_after_days == 0 && !(h->margin > 0.0);
    return add(l, arena_printf(l->arena, "hold %s", dim->name), of, "hold",
               none ? "none"
                    : arena_printf(l->arena, "enter after %d days, leave after %d, margin %.4g %%",
                                   h->enter_after_days, h->leave_after_days, h->margin * 100.0),
               err);
}

static strata_status add_dimension(fact_list *l, const bound_def *def, strata_error *err)
{
    const model_dimension *dim = &l->b->model->dimensions[def->index];
    const char *of = dim->label != NULL ? dim->label : dim->name;
    if (dim->kind == DIMENSION_TIERS) {
        STRATA_TRY(add_tiers(l, def, of, err));
    } else {
        STRATA_TRY(add_bands(l, def, of, err));
    }
    if (dim->kind == DIMENSION_BY) {
        STRATA_TRY(add(l, arena_printf(l->arena, "other %s", dim->name), of, "to Other under",
                       arena_printf(l->arena, "%.4g %%", dim->other_under * 100.0), err));
    }
    STRATA_TRY(add(l, arena_printf(l->arena, "pins %s", dim->name), of, "pins",
                   dim->overrides != NULL ? dim->overrides : "none", err));
    return add_hold(l, dim, of, err);
}

/* --- the whole --- */

static strata_status list_facts(fact_list *l, strata_error *err)
{
    static const char *const periods[] = {
        [REVIEW_WEEK] = "week", [REVIEW_MONTH] = "month", [REVIEW_QUARTER] = "quarter"};
    const bound_model *b = l->b;
    STRATA_TRY(add_rule(l, "population", "Population", "who is segmented", b->population, err));
    STRATA_TRY(add(l, "review", "Reviews", "every", periods[b->model->review], err));
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        switch (def->kind) {
        case DEF_FEATURE:
            STRATA_TRY(add_feature(l, def, err));
            break;
        case DEF_BIN:
            STRATA_TRY(add_bin(l, def, err));
            break;
        case DEF_SCORE:
            STRATA_TRY(add_score(l, def, err));
            break;
        case DEF_DIMENSION:
            STRATA_TRY(add_dimension(l, def, err));
            break;
        }
    }
    return STRATA_OK;
}

static const fact *find(const fact_list *l, const char *key)
{
    for (size_t i = 0; i < l->facts.n; i++) {
        if (strcmp(l->facts.data[i].key, key) == 0) {
            return &l->facts.data[i];
        }
    }
    return NULL;
}

strata_status definitions_compare(const bound_model *before, const bound_model *after, arena *a,
                                  const definition_change **out, size_t *n, strata_error *err)
{
    STRATA_CLEANUP(fact_list_done) fact_list old = {.b = before, .arena = a};
    STRATA_CLEANUP(fact_list_done) fact_list new = {.b = after, .arena = a};
    STRATA_TRY(list_facts(&old, err));
    STRATA_TRY(list_facts(&new, err));
    definition_change *changes = ARENA_NEW(a, old.facts.n + new.facts.n + 1, definition_change);
    if (changes == NULL) {
        return out_of_memory(err);
    }
    *n = 0;
    for (size_t i = 0; i < new.facts.n; i++) {
        const fact *now = &new.facts.data[i];
        const fact *then = find(&old, now->key);
        if (then == NULL || strcmp(then->text, now->text) != 0) {
            changes[(*n)++] = (definition_change){now->of, now->part,
                                                  then != NULL ? then->text : NULL, now->text};
        }
    }
    for (size_t i = 0; i < old.facts.n; i++) {
        const fact *then = &old.facts.data[i];
        if (find(&new, then->key) == NULL) {
            changes[(*n)++] = (definition_change){then->of, then->part, then->text, NULL};
        }
    }
    *out = changes;
    return STRATA_OK;
}
