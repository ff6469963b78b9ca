/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/visit.h"

#include "segment/levels.h"
#include "segment/pass.h"
#include "segment/segmentation.h"

/* Dates of one sweep: every sweep reads the ledgers anew, so more are better, up to where the
 * values of a block of accounts leave the caches. What passes before the main one keep has a limit
 * too. */
enum { DATES_MOST = 184 };
static const size_t KEPT_BYTES_MOST = 64u << 20;

static strata_status out_of_memory(const segmentation_visit *v, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory looking at accounts on %zu dates",
                       v->n_dates);
}

/* --- one sweep --- */

typedef struct visit_job {
    pass_inputs in;
    slot_plan slots;
    eval_pool pool;
    const segmentation_visit *v;
    size_t first_date; /* of this sweep, among the visit's */
} visit_job;

typedef struct settle_job {
    const visit_job *v;
    size_t date;
    size_t first;
} settle_job;

static void settle(void *payload, const bound_def *def, const rule_input *in,
                   const block_frame *frame, segment_code *codes, size_t n)
{
    const settle_job *job = payload;
    (void)in;
    (void)frame;
    pass_settle(&job->v->in, def, job->date, job->first, n, codes);
}

static strata_status visit_date(const visit_job *job, block_eval *e, const panel_block *block,
                                size_t d, strata_error *err)
{
    const segmentation_visit *v = job->v;
    size_t first = (size_t)block->first;
    if (v->wants != NULL && !v->wants(v->self, job->first_date + d, first, block->n_accounts)) {
        return STRATA_OK;
    }
    settle_job settling = {.v = job, .date = d, .first = first};
    const block_step step = {.block = block,
                             .date = d,
                             .as_of = job->in.dates.dates[d].day,
                             .cuts = &job->in.cuts[d * job->in.b->n_defs],
                             .settle = settle,
                             .settle_job = &settling};
    block_eval_run(e, &step);
    const block_frame *f = block_eval_frame(e, 0);
    const dated_block dated = {.date = job->first_date + d,
                               .as_of = step.as_of,
                               .first = first,
                               .n = block->n_accounts,
                               .columns = f->columns,
                               .codes = (const segment_code *const *)f->codes};
    return v->take(v->self, &dated, err);
}

static strata_status visit_block(void *payload, const panel_block *block, strata_error *err)
{
    visit_job *job = payload;
    block_eval *e = NULL;
    STRATA_TRY(eval_pool_take(&job->pool, &e, err));
    strata_status st = STRATA_OK;
    for (size_t d = 0; d < block->n_dates && st == STRATA_OK; d++) {
        st = visit_date(job, e, block, d, err);
    }
    eval_pool_give(&job->pool, e);
    return st;
}

static strata_status sweep_once(visit_job *job, size_t n_dates, strata_error *err)
{
    pass_inputs *in = &job->in;
    const day *dates = job->v->dates + job->first_date;
    STRATA_TRY(date_plan_make(in->b, dates, n_dates, in->arena, &in->dates, err));
    STRATA_TRY(level_maps_make(in->p, in->b, in->arena, &in->by_maps, err));
    STRATA_TRY(cuts_pass(in, err));
    STRATA_TRY(replay_pass(in, err));
    job->pool = (eval_pool){.in = in, .slots = &job->slots, .n_frames = 1};
    strata_status st = pass_sweep(in, &job->slots, dates, n_dates, visit_block, job, err);
    eval_pool_done(&job->pool);
    return st;
}

/* --- date by date --- */

static strata_status run_one(const pass_inputs *in, const segmentation_visit *v, size_t date,
                             strata_error *err)
{
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    const segmentation_request request = {.dates = &v->dates[date],
                                          .n_dates = 1,
                                          .keep_slots = v->slots,
                                          .n_keep_slots = v->n_slots,
                                          .watch = v->one ? v->only : SIZE_MAX,
                                          .watched_alone = v->one};
    STRATA_TRY(segmentation_run(in->cx, in->p, in->b, in->overrides, &request, &s, err));
    size_t n = in->b->scope.n_symbols;
    column *columns = ARENA_NEW(in->arena, n, column);
    const segment_code **codes = ARENA_NEW(in->arena, n, const segment_code *);
    if (columns == NULL || codes == NULL) {
        return out_of_memory(v, err);
    }
    segmentation_columns(s, n, columns);
    for (size_t i = 0; i < in->b->n_defs; i++) {
        const bound_def *def = &in->b->defs[i];
        codes[def->slot] = def->kind == DEF_DIMENSION ? segmentation_codes(s, def, 0) : NULL;
    }
    const dated_block all = {.date = date,
                             .as_of = v->dates[date],
                             .n = in->p->n_accounts,
                             .columns = columns,
                             .codes = codes};
    return v->take(v->self, &all, err);
}

static size_t dates_at_once(const pass_inputs *in)
{
    size_t kept = (cuts_cell_bytes(in) + replay_cell_bytes(in)) * (in->p->n_accounts + 1);
    size_t fitting = kept > 0 ? KEPT_BYTES_MOST / kept : DATES_MOST;
    return fitting < 1 ? 1 : fitting > DATES_MOST ? DATES_MOST : fitting;
}

/* Dates from `first` on; *n gets how many there were. */
static strata_status visit_some(visit_job *job, size_t *n, strata_error *err)
{
    pass_inputs *in = &job->in;
    const segmentation_visit *v = job->v;
    STRATA_TRY(slot_plan_make(in->b, v->slots, v->n_slots, in->arena, &job->slots, err));
    in->needed = &job->slots;
    size_t left = v->n_dates - job->first_date;
    size_t most = dates_at_once(in);
    *n = left < most ? left : most;
    return sweep_once(job, *n, err);
}

strata_status visit_dates(const context *cx, const portfolio *p, const bound_model *b,
                          const override_set *overrides, const segmentation_visit *v,
                          strata_error *err)
{
    bool alone = plan_looks_back(b);
    size_t n = 1;
    for (size_t d = 0; d < v->n_dates; d += n) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        STRATA_TRY(arena_new(&a, err));
        visit_job job = {.in = {.cx = cx, .p = p, .b = b, .overrides = overrides, .arena = a},
                         .v = v,
                         .first_date = d};
        job.in.only = v->one ? v->only : SIZE_MAX;
        STRATA_TRY(alone ? run_one(&job.in, v, d, err) : visit_some(&job, &n, err));
    }
    return STRATA_OK;
}
