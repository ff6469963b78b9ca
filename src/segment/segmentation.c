/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/segmentation.h"

#include "segment/changes.h"
#include "segment/levels.h"
#include "segment/pass.h"

/* One account's values at every plan date, for explanations. */
typedef struct watched {
    rule_input input;
    rule_frame *frames;       /* by plan date */
    rule_frame *newest_first; /* the same, the other way round */
    double *numbers;          /* what the frames' columns point to: [plan date * slots + slot] */
    int32_t *texts;
} watched;

/* Changes found in one block; written by the thread that has the block. */
typedef struct block_changes {
    struct block_changes *next;
    arena *arena; /* of the texts */
    change_vec found;
} block_changes;

struct segmentation {
    arena *arena;
    pass_inputs in;
    slot_plan slots;
    size_t n_accounts, n_dates;
    segment_code **codes; /* [def * n_dates + requested date]; NULL for other than dimensions */
    segment_code **raw;
    double **numbers; /* by slot: kept values; base features too */
    int32_t **texts;
    column *kept; /* by slot */
    size_t keep_plan_date;
    bool look_back; /* frames of all dates are needed at once */
    size_t watch;
    watched watched;
    bool find_changes;
    block_changes *block_changes; /* one per block, as the threads came to them */
    change_vec changes;
};

void segmentation_free(segmentation *s)
{
    if (s == NULL) {
        return;
    }
    for (block_changes *b = s->block_changes; b != NULL;) {
        block_changes *next = b->next;
        arena_free(b->arena);
        vec_free(&b->found);
        free(b);
        b = next;
    }
    vec_free(&s->changes);
    arena *a = s->arena;
    arena_free(a); /* holds `s` itself */
}

static size_t def_index(const segmentation *s, const bound_def *def)
{
    return (size_t)(def - s->in.b->defs);
}

const segment_code *segmentation_codes(const segmentation *s, const bound_def *def, size_t date)
{
    return s->codes[def_index(s, def) * s->n_dates + date];
}

const segment_code *segmentation_raw_codes(const segmentation *s, const bound_def *def, size_t date)
{
    return s->raw[def_index(s, def) * s->n_dates + date];
}

column segmentation_column(const segmentation *s, size_t slot)
{
    return s->kept[slot];
}

void segmentation_columns(const segmentation *s, size_t n, column *out)
{
    for (size_t slot = 0; slot < n; slot++) {
        out[slot] = segmentation_column(s, slot);
    }
}

const quantile_cuts *segmentation_cuts(const segmentation *s, const bound_def *bin, size_t date)
{
    for (size_t d = 0; d < s->in.dates.n; d++) {
        if (s->in.dates.dates[d].requested == date) {
            return s->in.cuts[d * s->in.b->n_defs + def_index(s, bin)];
        }
    }
    return NULL;
}

change_list segmentation_changes(const segmentation *s)
{
    return (change_list){.items = s->changes.data, .n = s->changes.n};
}

const rule_input *segmentation_watched(const segmentation *s)
{
    return s->watch != SIZE_MAX ? &s->watched.input : NULL;
}

/* --- what is kept of a block --- */

typedef struct settle_job {
    const segmentation *s;
    size_t plan_date;
    uint32_t first;
} settle_job;

/* Records where the rules stand, then lets calm memberships and people's
 * decisions go over them. */
static void settle(void *payload, const bound_def *def, const rule_input *in,
                   const block_frame *frame, segment_code *codes, size_t n)
{
    const settle_job *job = payload;
    const segmentation *s = job->s;
    const plan_date *date = &s->in.dates.dates[job->plan_date];
    size_t at = def_index(s, def);
    (void)in;
    (void)frame;
    if (date->requested != SIZE_MAX) {
        segment_code *raw = s->raw[at * s->n_dates + date->requested] + job->first;
        for (size_t i = 0; i < n; i++) {
            raw[i] = codes[i];
        }
    }
    pass_settle(&s->in, def, job->plan_date, job->first, n, codes);
    if (date->requested != SIZE_MAX) {
        segment_code *out = s->codes[at * s->n_dates + date->requested] + job->first;
        for (size_t i = 0; i < n; i++) {
            out[i] = codes[i];
        }
    }
}

static void keep_values(const segmentation *s, const block_frame *f, size_t first, size_t n)
{
    for (size_t slot = 0; slot < s->in.b->scope.n_symbols; slot++) {
        for (size_t i = 0; s->numbers[slot] != NULL && i < n; i++) {
            s->numbers[slot][first + i] = f->columns[slot].num[i];
        }
        for (size_t i = 0; s->texts[slot] != NULL && i < n; i++) {
            s->texts[slot][first + i] = f->columns[slot].code[i];
        }
    }
}

static void keep_watched(segmentation *s, const block_frame *f, size_t date, size_t at)
{
    size_t n = s->in.b->scope.n_symbols;
    const column *columns = s->watched.frames[date].columns;
    for (size_t slot = 0; slot < n; slot++) {
        if (f->columns[slot].num != NULL && columns[slot].num != NULL) {
            s->watched.numbers[date * n + slot] = f->columns[slot].num[at];
        }
        if (f->columns[slot].code != NULL && columns[slot].code != NULL) {
            s->watched.texts[date * n + slot] = f->columns[slot].code[at];
        }
    }
}

/* --- the main pass --- */

typedef struct main_job {
    segmentation *s;
    eval_pool pool;
} main_job;

/* Frames of one block by plan date (where rules look back or changes are explained; else all
 * dates share one buffer), and the same newest first: what lies behind date d
 * starts at newest_first[n_dates - d]. */
typedef struct frame_list {
    rule_frame *by_date;
    rule_frame *newest_first;
    size_t n_dates;
} frame_list;

static bool frame_list_alloc(frame_list *f, arena *a, size_t n_dates)
{
    *f = (frame_list){.by_date = ARENA_NEW(a, n_dates, rule_frame),
                      .newest_first = ARENA_NEW(a, n_dates + 1, rule_frame),
                      .n_dates = n_dates};
    return f->by_date != NULL && f->newest_first != NULL;
}

static void frame_list_set(const frame_list *f, size_t d, rule_frame frame)
{
    f->by_date[d] = frame;
    f->newest_first[f->n_dates - 1 - d] = frame;
}

/* What rules see at plan date d. */
static rule_input input_at(const segmentation *s, const frame_list *f, size_t d)
{
    const plan_date *date = &s->in.dates.dates[d];
    return (rule_input){
        .now = f->by_date[d],
        .previous = s->look_back && date->previous != SIZE_MAX ? &f->by_date[date->previous] : NULL,
        .past = &f->newest_first[f->n_dates - d],
        .n_past = s->look_back ? d - date->first_past : 0};
}

static void run_date(segmentation *s, block_eval *e, const panel_block *block, size_t d,
                     const frame_list *frames)
{
    const plan_date *date = &s->in.dates.dates[d];
    settle_job job = {.s = s, .plan_date = d, .first = (uint32_t)block->first};
    rule_input behind = input_at(s, frames, d);
    block_step step = {.block = block,
                       .date = d,
                       .as_of = date->day,
                       .frame = s->look_back ? d : 0,
                       .previous = behind.previous,
                       .past = behind.past,
                       .n_past = behind.n_past,
                       .cuts = &s->in.cuts[d * s->in.b->n_defs],
                       .settle = settle,
                       .settle_job = &job};
    block_eval_run(e, &step);
    const block_frame *f = block_eval_frame(e, step.frame);
    frame_list_set(frames, d, (rule_frame){.columns = f->columns, .as_of = date->day});
    if (d == s->keep_plan_date) {
        keep_values(s, f, (size_t)block->first, block->n_accounts);
    }
    size_t at = s->watch - (size_t)block->first;
    if (s->watch != SIZE_MAX && s->watch >= (size_t)block->first && at < block->n_accounts) {
        keep_watched(s, f, d, at);
    }
}

/* Pointers to the block's part of each dimension's codes at a requested date. */
static const segment_code **codes_at(const segmentation *s, segment_code *const *codes, size_t date,
                                     uint32_t first, arena *a)
{
    const segment_code **at = ARENA_NEW(a, s->in.b->n_defs, const segment_code *);
    for (size_t i = 0; at != NULL && i < s->in.b->n_defs; i++) {
        const segment_code *all = codes[i * s->n_dates + date];
        at[i] = all != NULL ? all + first : NULL;
    }
    return at;
}

static strata_status find_changes(segmentation *s, const panel_block *block,
                                  const frame_list *frames, arena *a, strata_error *err)
{
    block_changes *mine = STRATA_NEW_ARRAY(1, block_changes);
    if (mine == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining changes");
    }
#pragma omp critical(strata_block_changes)
    {
        mine->next = s->block_changes;
        s->block_changes = mine;
    }
    STRATA_TRY(arena_new(&mine->arena, err));
    size_t before = SIZE_MAX;
    for (size_t d = 0; d < s->in.dates.n; d++) {
        size_t date = s->in.dates.dates[d].requested;
        if (date == SIZE_MAX) {
            continue;
        }
        if (before != SIZE_MAX) {
            uint32_t first = (uint32_t)block->first;
            change_block pair = {.b = s->in.b,
                                 .overrides = s->in.overrides,
                                 .slots = &s->slots,
                                 .first = first,
                                 .n_accounts = (uint32_t)block->n_accounts,
                                 .date = (uint32_t)date,
                                 .before = input_at(s, frames, before),
                                 .after = input_at(s, frames, d),
                                 .codes_before = codes_at(s, s->codes, date - 1, first, a),
                                 .codes_after = codes_at(s, s->codes, date, first, a),
                                 .raw_before = codes_at(s, s->raw, date - 1, first, a),
                                 .raw_after = codes_at(s, s->raw, date, first, a)};
            if (pair.codes_before == NULL || pair.codes_after == NULL || pair.raw_before == NULL ||
                pair.raw_after == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining changes");
            }
            STRATA_TRY(changes_find(&pair, mine->arena, &mine->found, err));
        }
        before = d;
    }
    return STRATA_OK;
}

static strata_status main_block(void *payload, const panel_block *block, strata_error *err)
{
    main_job *job = payload;
    segmentation *s = job->s;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    frame_list frames;
    if (!frame_list_alloc(&frames, a, s->in.dates.n)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory evaluating a model");
    }
    block_eval *e = NULL;
    STRATA_TRY(eval_pool_take(&job->pool, &e, err));
    for (size_t d = 0; d < s->in.dates.n; d++) {
        run_date(s, e, block, d, &frames);
    }
    strata_status st = s->find_changes ? find_changes(s, block, &frames, a, err) : STRATA_OK;
    eval_pool_give(&job->pool, e);
    return st;
}

/* --- what is allocated before it --- */

static strata_status out_of_memory(const segmentation *s, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory segmenting %zu accounts on %zu dates",
                       s->n_accounts, s->n_dates);
}

static strata_status alloc_codes(segmentation *s, strata_error *err)
{
    const bound_model *b = s->in.b;
    s->codes = ARENA_NEW(s->arena, b->n_defs * s->n_dates + 1, segment_code *);
    s->raw = ARENA_NEW(s->arena, b->n_defs * s->n_dates + 1, segment_code *);
    if (s->codes == NULL || s->raw == NULL) {
        return out_of_memory(s, err);
    }
    for (size_t i = 0; i < b->n_defs; i++) {
        for (size_t d = 0; b->defs[i].kind == DEF_DIMENSION && d < s->n_dates; d++) {
            s->codes[i * s->n_dates + d] = ARENA_NEW(s->arena, s->n_accounts, segment_code);
            s->raw[i * s->n_dates + d] = ARENA_NEW(s->arena, s->n_accounts, segment_code);
            if (s->codes[i * s->n_dates + d] == NULL || s->raw[i * s->n_dates + d] == NULL) {
                return out_of_memory(s, err);
            }
        }
    }
    return STRATA_OK;
}

/* Whether a slot has values of its own at the kept date (attributes are in the portfolio). */
static bool is_computed(const segmentation *s, size_t slot)
{
    const bound_model *b = s->in.b;
    bool attribute = slot >= FEATURE_COUNT && slot < b->n_base;
    return s->slots.wanted[slot] && !attribute && b->scope.symbols[slot].missing_because == NULL;
}

static strata_status alloc_kept(segmentation *s, strata_error *err)
{
    const bound_model *b = s->in.b;
    size_t n = b->scope.n_symbols;
    s->numbers = ARENA_NEW(s->arena, n, double *);
    s->texts = ARENA_NEW(s->arena, n, int32_t *);
    s->kept = ARENA_NEW(s->arena, n, column);
    if (s->numbers == NULL || s->texts == NULL || s->kept == NULL) {
        return out_of_memory(s, err);
    }
    for (size_t slot = 0; s->keep_plan_date != SIZE_MAX && slot < n; slot++) {
        if (slot >= FEATURE_COUNT && slot < b->n_base) {
            s->kept[slot] = s->in.p->attributes[slot - FEATURE_COUNT];
            continue;
        }
        if (!is_computed(s, slot)) {
            continue;
        }
        if (b->scope.symbols[slot].type == VALUE_TEXT) {
            s->texts[slot] = ARENA_NEW(s->arena, s->n_accounts, int32_t);
        } else {
            s->numbers[slot] = ARENA_NEW(s->arena, s->n_accounts, double);
        }
        s->kept[slot] = (column){.num = s->numbers[slot], .code = s->texts[slot]};
        if (s->kept[slot].num == NULL && s->kept[slot].code == NULL) {
            return out_of_memory(s, err);
        }
    }
    return STRATA_OK;
}

/* Room for the watched account: one value per slot and plan date. */
static strata_status alloc_watched(segmentation *s, strata_error *err)
{
    size_t n = s->in.b->scope.n_symbols;
    size_t n_dates = s->in.dates.n;
    s->watched.frames = ARENA_NEW(s->arena, n_dates, rule_frame);
    s->watched.newest_first = ARENA_NEW(s->arena, n_dates + 1, rule_frame);
    column *columns = ARENA_NEW(s->arena, n_dates * n, column);
    s->watched.numbers = ARENA_NEW(s->arena, n_dates * n, double);
    s->watched.texts = ARENA_NEW(s->arena, n_dates * n, int32_t);
    if (s->watched.frames == NULL || s->watched.newest_first == NULL || columns == NULL ||
        s->watched.numbers == NULL || s->watched.texts == NULL) {
        return out_of_memory(s, err);
    }
    for (size_t d = 0; d < n_dates; d++) {
        size_t first = d * n;
        for (size_t slot = 0; slot < n; slot++) {
            bool attribute = slot >= FEATURE_COUNT && slot < s->in.b->n_base;
            bool there = attribute || is_computed(s, slot);
            bool text = s->in.b->scope.symbols[slot].type == VALUE_TEXT;
            s->watched.texts[first + slot] = CODE_MISSING;
            columns[first + slot] =
                (column){.num = there && !text ? &s->watched.numbers[first + slot] : NULL,
                         .code = there && text ? &s->watched.texts[first + slot] : NULL};
        }
        s->watched.frames[d] =
            (rule_frame){.columns = columns + first, .as_of = s->in.dates.dates[d].day};
    }
    return STRATA_OK;
}

static void link_watched(segmentation *s)
{
    frame_list f = {.by_date = s->watched.frames,
                    .newest_first = s->watched.newest_first,
                    .n_dates = s->in.dates.n};
    for (size_t d = 0; d < f.n_dates; d++) {
        frame_list_set(&f, d, f.by_date[d]);
    }
    s->watched.input = input_at(s, &f, s->keep_plan_date);
}

/* Every definition of the model is evaluated, and whatever else is to be kept. */
static strata_status plan_slots(segmentation *s, const segmentation_request *request,
                                strata_error *err)
{
    const bound_model *b = s->in.b;
    size_t n = b->n_defs + request->n_keep_slots;
    size_t *roots = ARENA_NEW(s->arena, n + 1, size_t);
    if (roots == NULL) {
        return out_of_memory(s, err);
    }
    for (size_t i = 0; i < b->n_defs; i++) {
        roots[i] = b->defs[i].slot;
    }
    for (size_t i = 0; i < request->n_keep_slots; i++) {
        roots[b->n_defs + i] = request->keep_slots[i];
    }
    return slot_plan_make(b, roots, n, s->arena, &s->slots, err);
}

static strata_status prepare(segmentation *s, const segmentation_request *request,
                             strata_error *err)
{
    STRATA_TRY(
        date_plan_make(s->in.b, request->dates, request->n_dates, s->arena, &s->in.dates, err));
    s->keep_plan_date = SIZE_MAX;
    for (size_t d = 0; d < s->in.dates.n; d++) {
        const plan_date *date = &s->in.dates.dates[d];
        if (date->requested == request->keep_date && request->keep_date != SIZE_MAX) {
            s->keep_plan_date = d;
        }
        s->look_back = s->look_back || date->previous != SIZE_MAX;
    }
    s->look_back = s->look_back || s->in.b->lookback_days > 0 || request->changes;
    STRATA_TRY(level_maps_make(s->in.p, s->in.b, s->arena, &s->in.by_maps, err));
    STRATA_TRY(plan_slots(s, request, err));
    STRATA_TRY(alloc_codes(s, err));
    STRATA_TRY(alloc_kept(s, err));
    s->find_changes = request->changes;
    return s->watch != SIZE_MAX ? alloc_watched(s, err) : STRATA_OK;
}

static strata_status main_pass(segmentation *s, strata_error *err)
{
    day *days = ARENA_NEW(s->arena, s->in.dates.n, day);
    if (days == NULL) {
        return out_of_memory(s, err);
    }
    for (size_t d = 0; d < s->in.dates.n; d++) {
        days[d] = s->in.dates.dates[d].day;
    }
    main_job job = {
        .s = s,
        .pool = {.in = &s->in, .slots = &s->slots, .n_frames = s->look_back ? s->in.dates.n : 1}};
    strata_status st = pass_sweep(&s->in, &s->slots, days, s->in.dates.n, main_block, &job, err);
    eval_pool_done(&job.pool);
    return st;
}

static strata_status gather_changes(segmentation *s, strata_error *err)
{
    for (const block_changes *b = s->block_changes; b != NULL; b = b->next) {
        const change_vec *found = &b->found;
        for (size_t k = 0; k < found->n; k++) {
            if (!vec_push(&s->changes, found->data[k])) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu changes", found->n);
            }
        }
    }
    changes_sort(&s->changes);
    return STRATA_OK;
}

strata_status segmentation_run(const context *cx, const portfolio *p, const bound_model *b,
                               const override_set *overrides, const segmentation_request *request,
                               segmentation **out, strata_error *err)
{
    arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_AUTO(segmentation_free) segmentation *s = ARENA_NEW(a, 1, segmentation);
    if (s == NULL) {
        arena_free(a);
        return strata_fail(err, STRATA_E_NOMEM, "out of memory segmenting accounts");
    }
    *s = (segmentation){.arena = a,
                        .in = {.cx = cx, .p = p, .b = b, .overrides = overrides, .arena = a},
                        .n_accounts = p->n_accounts,
                        .n_dates = request->n_dates,
                        .watch = request->keep_date != SIZE_MAX ? request->watch : SIZE_MAX};
    s->in.only = request->watched_alone ? s->watch : SIZE_MAX;
    STRATA_TRY(prepare(s, request, err));
    STRATA_TRY(cuts_pass(&s->in, err));
    STRATA_TRY(replay_pass(&s->in, err));
    STRATA_TRY(main_pass(s, err));
    STRATA_TRY(gather_changes(s, err));
    if (s->watch != SIZE_MAX) {
        link_watched(s);
    }
    *out = strata_steal(&s);
    return STRATA_OK;
}
