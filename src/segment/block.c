/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/block.h"

#include <math.h>
#include <string.h>

#include "segment/score.h"

struct block_eval {
    arena *arena;
    const portfolio *p;
    const bound_model *b;
    const slot_plan *slots;
    const segment_code *const *by_maps;
    block_frame *frames;
    uint8_t *mask;   /* PANEL_BLOCK verdicts */
    double *factors; /* factor values of the widest score, PANEL_BLOCK each */
    const double **factor_at;
    int32_t *levels; /* PANEL_BLOCK codes of an attribute */
    size_t *swept;   /* features that the sweep brings; columns of others stay empty */
    size_t n_swept;
    void *scratch; /* for the widest rule */
};

void block_eval_free(block_eval *e)
{
    if (e != NULL) {
        arena *a = e->arena;
        arena_free(a); /* holds `e` itself */
    }
}

block_frame *block_eval_frame(block_eval *e, size_t frame)
{
    return &e->frames[frame];
}

static bool yields_text(const bound_model *b, const bound_def *def)
{
    return b->scope.symbols[def->slot].type == VALUE_TEXT;
}

static bool frame_alloc(block_eval *e, block_frame *f)
{
    size_t n = e->b->scope.n_symbols;
    f->columns = ARENA_NEW(e->arena, n, column);
    f->numbers = ARENA_NEW(e->arena, n, double *);
    f->texts = ARENA_NEW(e->arena, n, int32_t *);
    f->codes = ARENA_NEW(e->arena, n, segment_code *);
    f->in = ARENA_NEW(e->arena, PANEL_BLOCK, uint8_t);
    bool ok = f->columns != NULL && f->numbers != NULL && f->texts != NULL && f->codes != NULL &&
              f->in != NULL;
    for (size_t i = 0; ok && i < e->slots->n_defs; i++) {
        const bound_def *def = e->slots->defs[i];
        if (yields_text(e->b, def)) {
            f->texts[def->slot] = ARENA_NEW(e->arena, PANEL_BLOCK, int32_t);
            ok = f->texts[def->slot] != NULL;
        } else {
            f->numbers[def->slot] = ARENA_NEW(e->arena, PANEL_BLOCK, double);
            ok = f->numbers[def->slot] != NULL;
        }
        if (ok && def->kind == DEF_DIMENSION) {
            f->codes[def->slot] = ARENA_NEW(e->arena, PANEL_BLOCK, segment_code);
            ok = f->codes[def->slot] != NULL;
        }
    }
    return ok;
}

static size_t widest_score(const slot_plan *slots)
{
    size_t widest = 1;
    for (size_t i = 0; i < slots->n_defs; i++) {
        if (slots->defs[i]->kind == DEF_SCORE && slots->defs[i]->n_rules > widest) {
            widest = slots->defs[i]->n_rules;
        }
    }
    return widest;
}

static size_t scratch_needed(const bound_model *b, const slot_plan *slots)
{
    size_t most = b->population != NULL ? rule_scratch_bytes(b->population) : 1;
    for (size_t i = 0; i < slots->n_defs; i++) {
        for (size_t r = 0; r < slots->defs[i]->n_rules; r++) {
            const rule *compiled = slots->defs[i]->rules[r];
            size_t bytes = compiled != NULL ? rule_scratch_bytes(compiled) : 0;
            most = bytes > most ? bytes : most;
        }
    }
    return most;
}

static bool eval_alloc(block_eval *e, size_t n_frames)
{
    size_t widest = widest_score(e->slots);
    e->frames = ARENA_NEW(e->arena, n_frames, block_frame);
    e->mask = ARENA_NEW(e->arena, PANEL_BLOCK, uint8_t);
    e->factors = ARENA_NEW(e->arena, widest * PANEL_BLOCK, double);
    e->factor_at = ARENA_NEW(e->arena, widest, const double *);
    e->levels = ARENA_NEW(e->arena, PANEL_BLOCK, int32_t);
    e->scratch = arena_alloc(e->arena, scratch_needed(e->b, e->slots), 1);
    bool ok = e->frames != NULL && e->mask != NULL && e->factors != NULL && e->factor_at != NULL &&
              e->levels != NULL && e->scratch != NULL;
    for (size_t f = 0; ok && f < n_frames; f++) {
        ok = frame_alloc(e, &e->frames[f]);
    }
    for (size_t f = 0; ok && f < widest; f++) {
        e->factor_at[f] = e->factors + f * PANEL_BLOCK;
    }
    e->swept = ARENA_NEW(e->arena, FEATURE_COUNT, size_t);
    for (size_t slot = 0; e->swept != NULL && slot < FEATURE_COUNT && slot < e->b->n_base; slot++) {
        if (e->slots->wanted[slot] && e->b->scope.symbols[slot].missing_because == NULL) {
            e->swept[e->n_swept++] = slot;
        }
    }
    ok = ok && e->swept != NULL;
    return ok;
}

strata_status block_eval_new(const portfolio *p, const bound_model *b, const slot_plan *slots,
                             const segment_code *const *by_maps, size_t n_frames, block_eval **out,
                             strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    block_eval *e = ARENA_NEW(a, 1, block_eval);
    if (e == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for evaluating a model");
    }
    *e = (block_eval){.arena = a, .p = p, .b = b, .slots = slots, .by_maps = by_maps};
    if (!eval_alloc(e, n_frames)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for evaluating a model");
    }
    (void)strata_steal(&a);
    *out = e;
    return STRATA_OK;
}

/* Features come as pointers into the swept block, attributes into the portfolio. */
static void point_at_base(const block_eval *e, const block_step *step, block_frame *f)
{
    const panel_block *block = step->block;
    const double *values = block->values + step->date * block->n_features * block->n_accounts;
    for (size_t i = 0; i < e->n_swept; i++) {
        size_t row = e->slots->feature_at[e->swept[i]];
        f->columns[e->swept[i]] = (column){.num = values + row * block->n_accounts};
    }
    for (size_t slot = FEATURE_COUNT; slot < e->b->n_base; slot++) {
        column c = e->p->attributes[slot - FEATURE_COUNT];
        c.num = c.num != NULL ? c.num + block->first : NULL;
        c.code = c.code != NULL ? c.code + block->first : NULL;
        f->columns[slot] = c;
    }
}

static void find_population(block_eval *e, const rule_input *in, const block_step *step,
                            block_frame *f)
{
    size_t n = step->block->n_accounts;
    const day *exists_from = e->p->exists_from + step->block->first;
    if (e->b->population != NULL) {
        rule_eval_condition(e->b->population, in, n, e->mask, e->scratch);
    } else {
        memset(e->mask, RULE_YES, n);
    }
    const uint8_t *mask = e->mask;
    uint8_t *in_population = f->in;
    const day as_of = step->as_of;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        const uint8_t there = mask[i] == RULE_YES ? 1 : 2;
        in_population[i] = exists_from[i] > as_of ? 0 : there;
    }
}

/* A condition as a feature yields 1, 0 or missing. */
static void eval_feature(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                         block_frame *f)
{
    if (f->texts[def->slot] != NULL) {
        rule_eval_text(def->rules[0], in, n, f->texts[def->slot], e->scratch);
    } else {
        rule_eval_number(def->rules[0], in, n, f->numbers[def->slot], e->scratch);
    }
}

static void eval_bin(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                     const quantile_cuts *cuts, block_frame *f)
{
    const model_bin *bin = &e->b->model->bins[def->index];
    double *out = f->numbers[def->slot];
    double *value = e->factors;
    rule_eval_number(def->rules[0], in, n, value, e->scratch);
    if (bin->quantiles > 0) {
        if (cuts != NULL) {
            quantile_score(cuts, bin->missing_score, value, n, out);
        } else {
            memcpy(out, value, n * sizeof *out);
        }
        return;
    }
    double up_to[BINS_MAX];
    double scores[BINS_MAX];
    for (size_t j = 0; j < bin->n_steps; j++) {
        up_to[j] = isnan(def->edges[j]) ? INFINITY : def->edges[j];
        scores[j] = bin->steps[j].score;
    }
    step_score(up_to, scores, bin->n_steps, bin->missing_score, value, n, out);
}

static void eval_score(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                       block_frame *f)
{
    const model_score *score = &e->b->model->scores[def->index];
    double *out = f->numbers[def->slot];
    for (size_t r = 0; r < score->n_factors; r++) {
        rule_eval_number(def->rules[r], in, n, e->factors + r * PANEL_BLOCK, e->scratch);
    }
    score_eval(score, e->factor_at, n, out);
    if (def->n_rules > score->n_factors) {
        double *supplied = e->factors;
        rule_eval_number(def->rules[score->n_factors], in, n, supplied, e->scratch);
        for (size_t i = 0; i < n; i++) {
            out[i] = isnan(supplied[i]) ? out[i] : supplied[i];
        }
    }
}

static void eval_tiers(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                       segment_code *codes)
{
    const uint8_t *mask = e->mask;
    segment_code otherwise = (segment_code)(def->n_rules - 1);
    for (size_t i = 0; i < n; i++) {
        codes[i] = otherwise;
    }
    /* Last rule first, so that the first match is what stays. */
    for (size_t t = def->n_rules; t-- > 0;) {
        if (def->rules[t] == NULL) {
            continue;
        }
        rule_eval_condition(def->rules[t], in, n, e->mask, e->scratch);
        const segment_code tier = (segment_code)t;
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            codes[i] = mask[i] == RULE_YES ? tier : codes[i];
        }
    }
}

static void eval_bands(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                       segment_code *codes)
{
    const model_dimension *dim = &e->b->model->dimensions[def->index];
    double *value = e->factors;
    rule_eval_number(def->rules[0], in, n, value, e->scratch);
    for (size_t i = 0; i < n; i++) {
        size_t band = 0;
        while (band + 1 < dim->n_bands && value[i] < dim->bands[band].from) {
            band++;
        }
        codes[i] = (segment_code)(isnan(value[i]) ? dim->n_bands : band);
    }
}

static void eval_by(block_eval *e, const bound_def *def, const rule_input *in, size_t n,
                    segment_code *codes)
{
    const segment_code *map = e->by_maps[def - e->b->defs];
    size_t n_levels = 0;
    (void)rule_levels(def->rules[0], &n_levels);
    rule_eval_text(def->rules[0], in, n, e->levels, e->scratch);
    for (size_t i = 0; i < n; i++) {
        /* The map's last entry is the segment of missing values. */
        codes[i] = map[e->levels[i] == CODE_MISSING ? n_levels : (size_t)e->levels[i]];
    }
}

static void eval_dimension(block_eval *e, const bound_def *def, const rule_input *in,
                           const block_step *step, block_frame *f)
{
    size_t n = step->block->n_accounts;
    segment_code *codes = f->codes[def->slot];
    switch (e->b->model->dimensions[def->index].kind) {
    case DIMENSION_TIERS:
        eval_tiers(e, def, in, n, codes);
        break;
    case DIMENSION_BANDS:
        eval_bands(e, def, in, n, codes);
        break;
    case DIMENSION_BY:
        eval_by(e, def, in, n, codes);
        break;
    }
    const uint8_t *in_population = f->in;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        const segment_code reserved =
            in_population[i] == 0 ? (segment_code)SEGMENT_ABSENT : (segment_code)SEGMENT_OUTSIDE;
        codes[i] = in_population[i] == 1 ? codes[i] : reserved;
    }
    if (step->settle != NULL) {
        step->settle(step->settle_job, def, in, f, codes, n);
    }
    int32_t *texts = f->texts[def->slot];
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        texts[i] = codes[i] < SEGMENTS_MAX ? codes[i] : CODE_MISSING;
    }
}

void block_eval_run(block_eval *e, const block_step *step)
{
    block_frame *f = &e->frames[step->frame];
    size_t n = step->block->n_accounts;
    rule_input in = {.now = {.columns = f->columns, .as_of = step->as_of},
                     .previous = step->previous,
                     .past = step->past,
                     .n_past = step->n_past};
    point_at_base(e, step, f);
    for (size_t i = 0; i < e->slots->n_defs; i++) {
        size_t slot = e->slots->defs[i]->slot;
        f->columns[slot] = (column){.num = f->numbers[slot], .code = f->texts[slot]};
    }
    find_population(e, &in, step, f);
    for (size_t i = 0; i < e->slots->n_defs; i++) {
        const bound_def *def = e->slots->defs[i];
        switch (def->kind) {
        case DEF_FEATURE:
            eval_feature(e, def, &in, n, f);
            break;
        case DEF_BIN:
            eval_bin(e, def, &in, n, step->cuts[def - e->b->defs], f);
            break;
        case DEF_SCORE:
            eval_score(e, def, &in, n, f);
            break;
        case DEF_DIMENSION:
            eval_dimension(e, def, &in, step, f);
            break;
        }
    }
}
