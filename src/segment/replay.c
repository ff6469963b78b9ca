/* SPDX-License-Identifier: Apache-2.0 */
/* Calm memberships depend on the past, not on which reviews somebody happened
 * to run: the reviews of every week since the first fact are replayed, so that
 * any date gives the same answer however it is asked for. */
#include <math.h>
#include <stdlib.h>

#include "segment/hold.h"
#include "segment/pass.h"

enum { WEEKS_MAX = 520 };

/* A held dimension's rules, shifted by its margin both ways; NULL entries: no rule to pass. */
typedef struct held_rules {
    const bound_def *def;
    const model_dimension *dim;
    const rule **tight; /* n_rules: to move up into tier t */
    const rule **loose; /* n_rules: to stay in tier t */
} held_rules;

typedef struct replay_date {
    day day;
    bool review;      /* a weekly review: moves the state */
    size_t plan_date; /* to be recorded; SIZE_MAX: not asked for */
} replay_date;

typedef struct replay_job {
    pass_inputs *in;
    eval_pool pool;
    held_rules *held;
    size_t n_held;
    replay_date *dates;
    size_t n_dates;
    size_t scratch_bytes;
} replay_job;

/* One thread's state for one block. */
typedef struct replay_block {
    const replay_job *job;
    size_t date;
    uint32_t first;
    hold_state *states; /* [held * PANEL_BLOCK + account] */
    uint8_t *verdicts;  /* PANEL_BLOCK per rule of the widest dimension, twice */
    double *values;     /* PANEL_BLOCK, of a banded value */
    void *scratch;
} replay_block;

/* The segment that the rules want, once the margin is counted: a move up goes
 * to the best tier whose tightened rule holds, a move down needs the present
 * tier's loosened rule to fail. */
static segment_code pass_margin(const uint8_t *tight, const uint8_t *loose, size_t n_tiers,
                                size_t i, segment_code current, segment_code raw)
{
    if (current >= n_tiers || raw >= n_tiers || raw == current) {
        return raw;
    }
    if (raw > current) {
        return loose[current * (size_t)PANEL_BLOCK + i] == RULE_YES ? current : raw;
    }
    for (segment_code t = raw; t < current; t++) {
        if (tight[t * (size_t)PANEL_BLOCK + i] == RULE_YES) {
            return t;
        }
    }
    return current;
}

static void judge_tiers(const replay_block *r, const held_rules *h, const rule_input *in, size_t n)
{
    uint8_t *loose = r->verdicts + h->def->n_rules * (size_t)PANEL_BLOCK;
    for (size_t t = 0; t < h->def->n_rules; t++) {
        if (h->tight[t] != NULL) {
            rule_eval_condition(h->tight[t], in, n, r->verdicts + t * PANEL_BLOCK, r->scratch);
            rule_eval_condition(h->loose[t], in, n, loose + t * PANEL_BLOCK, r->scratch);
        } else {
            for (size_t i = 0; i < n; i++) { /* otherwise: always open from below */
                r->verdicts[t * PANEL_BLOCK + i] = RULE_YES;
                loose[t * PANEL_BLOCK + i] = RULE_YES;
            }
        }
    }
}

static void judge_bands(const replay_block *r, const held_rules *h, const rule_input *in, size_t n)
{
    const model_dimension *dim = h->dim;
    uint8_t *loose = r->verdicts + dim->n_bands * (size_t)PANEL_BLOCK;
    rule_eval_number(h->def->rules[0], in, n, r->values, r->scratch);
    for (size_t t = 0; t < dim->n_bands; t++) {
        double slack = dim->hold.margin * fabs(dim->bands[t].from);
        for (size_t i = 0; i < n; i++) {
            r->verdicts[t * PANEL_BLOCK + i] = r->values[i] >= dim->bands[t].from + slack;
            loose[t * PANEL_BLOCK + i] = r->values[i] >= dim->bands[t].from - slack;
        }
    }
}

/* Tiers with verdicts; 0 when the dimension has no margin. */
static size_t judge(const replay_block *r, const held_rules *h, const rule_input *in, size_t n)
{
    if (!(h->dim->hold.margin > 0.0) || h->dim->kind == DIMENSION_BY) {
        return 0;
    }
    if (h->dim->kind == DIMENSION_TIERS) {
        judge_tiers(r, h, in, n);
        return h->def->n_rules;
    }
    judge_bands(r, h, in, n);
    return h->dim->n_bands;
}

static const held_rules *find_held(const replay_job *job, const bound_def *def, size_t *at)
{
    for (size_t k = 0; k < job->n_held; k++) {
        if (job->held[k].def == def) {
            *at = k;
            return &job->held[k];
        }
    }
    return NULL;
}

/* Whether the rules want any account elsewhere than it is. */
static bool any_elsewhere(const hold_state *states, const segment_code *codes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (codes[i] != states[i].current) {
            return true;
        }
    }
    return false;
}

static void settle(void *payload, const bound_def *def, const rule_input *in,
                   const block_frame *frame, segment_code *codes, size_t n)
{
    const replay_block *r = payload;
    size_t at = 0;
    const held_rules *h = find_held(r->job, def, &at);
    (void)frame;
    if (h == NULL) {
        return;
    }
    const replay_date *date = &r->job->dates[r->date];
    hold_state *states = &r->states[at * PANEL_BLOCK];
    /* Most weeks nobody of a block moves: then nobody's margin matters. */
    size_t n_tiers = any_elsewhere(states, codes, n) ? judge(r, h, in, n) : 0;
    const uint8_t *loose = r->verdicts + n_tiers * (size_t)PANEL_BLOCK;
    for (size_t i = 0; i < n; i++) {
        hold_state *state = &states[i];
        if (codes[i] == state->current && state->pending == state->current) {
            continue; /* where it was, and on its way nowhere: no step changes that */
        }
        hold_state peek = *state;
        segment_code wanted = pass_margin(r->verdicts, loose, n_tiers, i, state->current, codes[i]);
        bool at_once = codes[i] >= SEGMENTS_MAX || state->current >= SEGMENTS_MAX;
        hold_step(&peek, &h->dim->hold, date->day, wanted, at_once);
        if (date->review) {
            *state = peek;
        }
        codes[i] = peek.current;
    }
    if (date->plan_date != SIZE_MAX) {
        const pass_inputs *inputs = r->job->in;
        segment_code *out =
            inputs->held[(size_t)(def - inputs->b->defs) * inputs->dates.n + date->plan_date];
        for (size_t i = 0; i < n; i++) {
            out[r->first + i] = codes[i];
        }
    }
}

static size_t widest_dimension(const replay_job *job)
{
    size_t widest = 1;
    for (size_t k = 0; k < job->n_held; k++) {
        size_t n = job->held[k].dim->kind == DIMENSION_BANDS ? job->held[k].dim->n_bands
                                                             : job->held[k].def->n_rules;
        widest = n > widest ? n : widest;
    }
    return widest;
}

static strata_status replay_block_fn(void *payload, const panel_block *block, strata_error *err)
{
    replay_job *job = payload;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    replay_block r = {.job = job,
                      .first = (uint32_t)block->first,
                      .states = ARENA_NEW(a, job->n_held * PANEL_BLOCK, hold_state),
                      .verdicts = ARENA_NEW(a, 2 * widest_dimension(job) * PANEL_BLOCK, uint8_t),
                      .values = ARENA_NEW(a, PANEL_BLOCK, double),
                      .scratch = arena_alloc(a, job->scratch_bytes, 1)};
    if (r.states == NULL || r.verdicts == NULL || r.values == NULL || r.scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory replaying reviews");
    }
    for (size_t i = 0; i < job->n_held * PANEL_BLOCK; i++) {
        r.states[i] = HOLD_START;
    }
    block_eval *e = NULL;
    STRATA_TRY(eval_pool_take(&job->pool, &e, err));
    const quantile_cuts **no_cuts = job->in->cuts; /* held dimensions read no quantile bin */
    for (r.date = 0; r.date < job->n_dates; r.date++) {
        block_step step = {.block = block,
                           .date = r.date,
                           .as_of = job->dates[r.date].day,
                           .cuts = no_cuts,
                           .settle = settle,
                           .settle_job = &r};
        block_eval_run(e, &step);
    }
    eval_pool_give(&job->pool, e);
    return STRATA_OK;
}

/* What cannot be replayed week by week in one pass. */
static strata_status check_replayable(const bound_model *b, const slot_plan *slots,
                                      const model_dimension *dim, strata_error *err)
{
    for (size_t i = 0; i < slots->n_defs; i++) {
        const bound_def *def = slots->defs[i];
        const char *why = NULL;
        if (def->kind == DEF_BIN && b->model->bins[def->index].quantiles > 0) {
            why = "quantiles";
        }
        for (size_t r = 0; r < def->n_rules; r++) {
            const rule *read = def->rules[r];
            if (read != NULL && (rule_looks_at_previous(read) || rule_lookback_days(read) > 0)) {
                why = "`turned` or `for ... days`";
            }
        }
        if (why != NULL) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: dimension '%s' has `hold` but builds on %s; a membership "
                               "can be held only where its rules look at one date",
                               dim->place.file, dim->place.line, dim->place.column, dim->name, why);
        }
    }
    return STRATA_OK;
}

static bool is_held(const bound_model *b, const bound_def *def)
{
    if (def->kind != DEF_DIMENSION) {
        return false;
    }
    const model_hold *hold = &b->model->dimensions[def->index].hold;
    return hold->enter_after_days > 0 || hold->leave_after_days > 0 || hold->margin > 0.0;
}

static bool is_replayed(const pass_inputs *in, const bound_def *def)
{
    bool needed = in->needed == NULL || in->needed->wanted[def->slot];
    return needed && is_held(in->b, def);
}

size_t replay_cell_bytes(const pass_inputs *in)
{
    size_t bytes = 0;
    for (size_t i = 0; i < in->b->n_defs; i++) {
        bytes += is_replayed(in, &in->b->defs[i]) ? sizeof(segment_code) : 0;
    }
    return bytes;
}

static strata_status shift_rules(const held_rules *h, arena *a, size_t *scratch_bytes,
                                 strata_error *err)
{
    for (size_t t = 0; t < h->def->n_rules; t++) {
        const rule *plain = h->def->rules[t];
        size_t bytes = plain != NULL ? rule_scratch_bytes(plain) : 0;
        if (plain != NULL && h->dim->kind == DIMENSION_TIERS) {
            double margin = h->dim->hold.margin;
            STRATA_TRY(rule_with_margin(a, plain, margin, true, &h->tight[t], err));
            STRATA_TRY(rule_with_margin(a, plain, margin, false, &h->loose[t], err));
            size_t tight = rule_scratch_bytes(h->tight[t]);
            size_t loose = rule_scratch_bytes(h->loose[t]);
            bytes = tight > bytes ? tight : bytes;
            bytes = loose > bytes ? loose : bytes;
        }
        *scratch_bytes = bytes > *scratch_bytes ? bytes : *scratch_bytes;
    }
    return STRATA_OK;
}

static strata_status list_held(pass_inputs *in, replay_job *job, arena *a, strata_error *err)
{
    const bound_model *b = in->b;
    job->held = ARENA_NEW(a, b->n_defs + 1, held_rules);
    if (job->held == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory replaying reviews");
    }
    job->scratch_bytes = 1;
    for (size_t i = 0; i < b->n_defs; i++) {
        if (!is_replayed(in, &b->defs[i])) {
            continue;
        }
        held_rules *h = &job->held[job->n_held++];
        *h = (held_rules){.def = &b->defs[i],
                          .dim = &b->model->dimensions[b->defs[i].index],
                          .tight = ARENA_NEW(a, b->defs[i].n_rules, const rule *),
                          .loose = ARENA_NEW(a, b->defs[i].n_rules, const rule *)};
        if (h->tight == NULL || h->loose == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory replaying reviews");
        }
        STRATA_TRY(shift_rules(h, a, &job->scratch_bytes, err));
    }
    return STRATA_OK;
}

static int by_day(const void *a, const void *b)
{
    const replay_date *x = a;
    const replay_date *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return (x->plan_date == SIZE_MAX) - (y->plan_date == SIZE_MAX);
}

/* Sundays from the first fact to the last date asked for, and those dates. */
static strata_status list_dates(const pass_inputs *in, replay_job *job, arena *a, strata_error *err)
{
    day last = in->dates.dates[in->dates.n - 1].day;
    day first = in->p->info->first_day;
    if (first < last - 7 * WEEKS_MAX || first > last) {
        first = last - 7 * WEEKS_MAX;
    }
    day sunday = first + 6 - day_weekday(first);
    size_t weeks = sunday <= last ? (size_t)(last - sunday) / 7 + 1 : 0;
    replay_date *dates = ARENA_NEW(a, weeks + in->dates.n, replay_date);
    if (dates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory replaying reviews");
    }
    size_t n = 0;
    for (size_t w = 0; w < weeks; w++) {
        dates[n++] =
            (replay_date){.day = sunday + (day)(7 * w), .review = true, .plan_date = SIZE_MAX};
    }
    for (size_t d = 0; d < in->dates.n; d++) {
        dates[n++] = (replay_date){.day = in->dates.dates[d].day, .plan_date = d};
    }
    qsort(dates, n, sizeof *dates, by_day);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && dates[kept - 1].day == dates[i].day) {
            dates[kept - 1].review = dates[kept - 1].review || dates[i].review;
        } else {
            dates[kept++] = dates[i];
        }
    }
    job->dates = dates;
    job->n_dates = kept;
    return STRATA_OK;
}

static strata_status alloc_held_codes(pass_inputs *in, const replay_job *job, strata_error *err)
{
    for (size_t k = 0; k < job->n_held; k++) {
        size_t def = (size_t)(job->held[k].def - in->b->defs);
        for (size_t d = 0; d < in->dates.n; d++) {
            segment_code *codes = ARENA_NEW(in->arena, in->p->n_accounts, segment_code);
            if (codes == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for memberships");
            }
            in->held[def * in->dates.n + d] = codes;
        }
    }
    return STRATA_OK;
}

static strata_status sweep_replay(pass_inputs *in, replay_job *job, arena *a, strata_error *err)
{
    size_t *roots = ARENA_NEW(a, job->n_held, size_t);
    day *days = ARENA_NEW(a, job->n_dates, day);
    if (roots == NULL || days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory replaying reviews");
    }
    slot_plan slots;
    for (size_t k = 0; k < job->n_held; k++) {
        roots[k] = job->held[k].def->slot;
        STRATA_TRY(slot_plan_make(in->b, &roots[k], 1, a, &slots, err));
        STRATA_TRY(check_replayable(in->b, &slots, job->held[k].dim, err));
    }
    for (size_t d = 0; d < job->n_dates; d++) {
        days[d] = job->dates[d].day;
    }
    STRATA_TRY(slot_plan_make(in->b, roots, job->n_held, a, &slots, err));
    job->pool = (eval_pool){.in = in, .slots = &slots, .n_frames = 1};
    strata_status st = pass_sweep(in, &slots, days, job->n_dates, replay_block_fn, job, err);
    eval_pool_done(&job->pool);
    return st;
}

strata_status replay_pass(pass_inputs *in, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    replay_job job = {.in = in};
    in->held = ARENA_NEW(in->arena, in->b->n_defs * in->dates.n + 1, segment_code *);
    if (in->held == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for memberships");
    }
    STRATA_TRY(list_held(in, &job, a, err));
    if (job.n_held == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(list_dates(in, &job, a, err));
    STRATA_TRY(alloc_held_codes(in, &job, err));
    return sweep_replay(in, &job, a, err);
}
