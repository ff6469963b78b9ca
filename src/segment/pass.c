/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/pass.h"

void pass_settle(const pass_inputs *in, const bound_def *def, size_t date, size_t first, size_t n,
                 segment_code *codes)
{
    const segment_code *held = in->held[(size_t)(def - in->b->defs) * in->dates.n + date];
    for (size_t i = 0; held != NULL && i < n; i++) {
        codes[i] = held[first + i];
    }
    if (in->overrides != NULL) {
        override_apply(in->overrides, def->index, in->dates.dates[date].day, (uint32_t)first, n,
                       codes);
    }
}

strata_status pass_sweep(const pass_inputs *in, const slot_plan *slots, const day *days,
                         size_t n_days, panel_block_fn *fn, void *job, strata_error *err)
{
    const panel_request r = {.features = slots->features,
                             .n_features = slots->n_features,
                             .dates = days,
                             .n_dates = n_days,
                             .first = in->only != SIZE_MAX ? in->only : 0,
                             .n_accounts = in->only != SIZE_MAX ? 1 : 0};
    return panel_sweep_some(in->cx, in->p->ledgers, &r, fn, job, err);
}

/* Makes room for one more to be given back, so that giving never fails. */
static bool make_room(eval_pool *pool)
{
    bool room =
        pool->n_made < pool->idle.cap || vec_grow((void **)(void *)&pool->idle.data, pool->n_made,
                                                  &pool->idle.cap, sizeof(block_eval *));
    pool->n_made += room ? 1 : 0;
    return room;
}

strata_status eval_pool_take(eval_pool *pool, block_eval **out, strata_error *err)
{
    block_eval *idle = NULL;
    bool room = true;
#pragma omp critical(strata_eval_pool)
    if (pool->idle.n > 0) {
        idle = pool->idle.data[--pool->idle.n];
    } else {
        room = make_room(pool);
    }
    if (idle != NULL) {
        *out = idle;
        return STRATA_OK;
    }
    if (!room) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for evaluating rules");
    }
    return block_eval_new(pool->in->p, pool->in->b, pool->slots, pool->in->by_maps, pool->n_frames,
                          out, err);
}

void eval_pool_give(eval_pool *pool, block_eval *e)
{
#pragma omp critical(strata_eval_pool)
    pool->idle.data[pool->idle.n++] = e;
}

void eval_pool_done(eval_pool *pool)
{
    for (size_t i = 0; i < pool->idle.n; i++) {
        block_eval_free(pool->idle.data[i]);
    }
    vec_free(&pool->idle);
}
