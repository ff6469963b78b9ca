/* SPDX-License-Identifier: Apache-2.0 */
/* How many there are and what they are worth, at one date: the population's rule and one value of
 * each account, and nothing else of the model. */
#include <stdatomic.h>

#include "segment/levels.h"
#include "segment/pass.h"
#include "segment/view.h"

typedef struct totals_job {
    pass_inputs in;
    slot_plan slots;
    eval_pool pool;
    size_t value; /* slot; SIZE_MAX: none */
    atomic_llong accounts, minor;
} totals_job;

static strata_status totals_block(void *payload, const panel_block *block, strata_error *err)
{
    totals_job *job = payload;
    block_eval *e = NULL;
    int64_t n = 0;
    int64_t minor = 0;
    STRATA_TRY(eval_pool_take(&job->pool, &e, err));
    const block_step step = {
        .block = block, .as_of = job->in.dates.dates[0].day, .cuts = job->in.cuts};
    block_eval_run(e, &step);
    const block_frame *f = block_eval_frame(e, 0);
    const double *value = job->value != SIZE_MAX ? f->columns[job->value].num : NULL;
    for (size_t i = 0; i < block->n_accounts; i++) {
        if (f->in[i] == 1) {
            n++;
            minor += value != NULL ? money_minor(value[i]) : 0;
        }
    }
    atomic_fetch_add(&job->accounts, n);
    atomic_fetch_add(&job->minor, minor);
    eval_pool_give(&job->pool, e);
    return STRATA_OK;
}

strata_status view_totals(const context *cx, const portfolio *p, const bound_model *b, day as_of,
                          int64_t *n_accounts, int64_t *value_minor, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    plan_date date = {.day = as_of, .previous = SIZE_MAX};
    totals_job job = {.in = {.cx = cx, .p = p, .b = b, .only = SIZE_MAX, .arena = a},
                      .value = view_value_slot(p)};
    job.in.dates = (date_plan){&date, 1};
    job.in.cuts = ARENA_NEW(a, b->n_defs + 1, const quantile_cuts *);
    if (job.in.cuts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory adding up accounts");
    }
    size_t n_roots = job.value != SIZE_MAX ? 1 : 0;
    STRATA_TRY(slot_plan_make(b, &job.value, n_roots, a, &job.slots, err));
    STRATA_TRY(level_maps_make(p, b, a, &job.in.by_maps, err));
    job.pool = (eval_pool){.in = &job.in, .slots = &job.slots, .n_frames = 1};
    strata_status st = pass_sweep(&job.in, &job.slots, &as_of, 1, totals_block, &job, err);
    eval_pool_done(&job.pool);
    STRATA_TRY(st);
    *n_accounts = atomic_load(&job.accounts);
    *value_minor = job.value != SIZE_MAX ? (int64_t)atomic_load(&job.minor) : -1;
    return STRATA_OK;
}
