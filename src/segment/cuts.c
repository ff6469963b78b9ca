/* SPDX-License-Identifier: Apache-2.0 */
/* Quantile bins need the whole portfolio before any account can be scored: a
 * pass of their own collects the binned values at every date. A bin may build
 * on another one; then the bins go stage by stage. */
#include <math.h>

#include "segment/pass.h"

typedef struct cuts_job {
    pass_inputs *in;
    eval_pool pool;
    const size_t *bins; /* indexes into b->defs */
    size_t n_bins;
    double *values; /* [(bin * n_dates + date) * n_accounts + account] */
} cuts_job;

static bool is_quantile_bin(const bound_model *b, const bound_def *def)
{
    return def->kind == DEF_BIN && b->model->bins[def->index].quantiles > 0;
}

static bool is_needed(const pass_inputs *in, const bound_def *def)
{
    return in->needed == NULL || in->needed->wanted[def->slot];
}

size_t cuts_cell_bytes(const pass_inputs *in)
{
    size_t bytes = 0;
    for (size_t i = 0; i < in->b->n_defs; i++) {
        bool kept = is_quantile_bin(in->b, &in->b->defs[i]) && is_needed(in, &in->b->defs[i]);
        bytes += kept ? sizeof(double) : 0;
    }
    return bytes;
}

static void collect(cuts_job *job, const panel_block *block, const block_frame *f, size_t date)
{
    size_t n_dates = job->in->dates.n;
    for (size_t k = 0; k < job->n_bins; k++) {
        const double *from = f->numbers[job->in->b->defs[job->bins[k]].slot];
        double *to =
            job->values + (k * n_dates + date) * job->in->p->n_accounts + (size_t)block->first;
        for (size_t i = 0; i < block->n_accounts; i++) {
            to[i] = f->in[i] == 1 ? from[i] : NAN;
        }
    }
}

static strata_status cuts_block(void *payload, const panel_block *block, strata_error *err)
{
    cuts_job *job = payload;
    block_eval *e = NULL;
    STRATA_TRY(eval_pool_take(&job->pool, &e, err));
    for (size_t d = 0; d < job->in->dates.n; d++) {
        block_step step = {.block = block,
                           .date = d,
                           .as_of = job->in->dates.dates[d].day,
                           .cuts = &job->in->cuts[d * job->in->b->n_defs]};
        block_eval_run(e, &step);
        collect(job, block, block_eval_frame(e, 0), d);
    }
    eval_pool_give(&job->pool, e);
    return STRATA_OK;
}

static strata_status keep_cuts(cuts_job *job, strata_error *err)
{
    const pass_inputs *in = job->in;
    for (size_t k = 0; k < job->n_bins; k++) {
        const bound_def *def = &in->b->defs[job->bins[k]];
        for (size_t d = 0; d < in->dates.n; d++) {
            quantile_cuts *cuts = ARENA_NEW(in->arena, 1, quantile_cuts);
            if (cuts == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for quantiles");
            }
            const double *x = job->values + (k * in->dates.n + d) * in->p->n_accounts;
            const model_bin *bin = &in->b->model->bins[def->index];
            STRATA_TRY(quantile_cuts_make(x, in->p->n_accounts, (size_t)bin->quantiles,
                                          bin->reverse, cuts, err));
            in->cuts[d * in->b->n_defs + job->bins[k]] = cuts;
        }
    }
    return STRATA_OK;
}

static strata_status run_stage(pass_inputs *in, const size_t *bins, size_t n_bins,
                               strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    size_t *roots = ARENA_NEW(a, n_bins, size_t);
    STRATA_AUTO_FREE double *values =
        STRATA_NEW_ARRAY(n_bins * in->dates.n * in->p->n_accounts, double);
    day *days = ARENA_NEW(a, in->dates.n, day);
    if (roots == NULL || values == NULL || days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for quantiles of %zu accounts",
                           in->p->n_accounts);
    }
    for (size_t k = 0; k < n_bins; k++) {
        roots[k] = in->b->defs[bins[k]].slot;
    }
    for (size_t d = 0; d < in->dates.n; d++) {
        days[d] = in->dates.dates[d].day;
    }
    slot_plan slots;
    STRATA_TRY(slot_plan_make(in->b, roots, n_bins, a, &slots, err));
    cuts_job job = {.in = in,
                    .pool = {.in = in, .slots = &slots, .n_frames = 1},
                    .bins = bins,
                    .n_bins = n_bins,
                    .values = values};
    strata_status st = panel_sweep(in->cx, in->p->ledgers, slots.features, slots.n_features, days,
                                   in->dates.n, cuts_block, &job, err);
    eval_pool_done(&job.pool);
    STRATA_TRY(st);
    return keep_cuts(&job, err);
}

/* What a definition builds on, directly or not. */
typedef struct lineage {
    size_t stage;         /* quantile bins on the longest way down, itself included */
    bool reads_dimension; /* or is one */
} lineage;

/* `done` is filled for the definitions before this one. */
static strata_status find_lineage(const bound_model *b, size_t def_idx, const lineage *done,
                                  lineage *out, strata_error *err)
{
    const bound_def *def = &b->defs[def_idx];
    lineage found = {.reads_dimension = def->kind == DEF_DIMENSION};
    for (size_t j = 0; j < def_idx; j++) {
        if (bound_reads(def, b->defs[j].slot)) {
            found.stage = done[j].stage > found.stage ? done[j].stage : found.stage;
            found.reads_dimension = found.reads_dimension || done[j].reads_dimension;
        }
    }
    if (is_quantile_bin(b, def)) {
        const model_bin *bin = &b->model->bins[def->index];
        if (found.reads_dimension) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: bin '%s' takes quantiles of something that reads a "
                               "dimension; use features and scores only",
                               bin->place.file, bin->place.line, bin->place.column, bin->name);
        }
        found.stage++;
    }
    *out = found;
    return STRATA_OK;
}

strata_status cuts_pass(pass_inputs *in, strata_error *err)
{
    const bound_model *b = in->b;
    lineage *lines = ARENA_NEW(in->arena, b->n_defs + 1, lineage);
    size_t *bins = ARENA_NEW(in->arena, b->n_defs + 1, size_t);
    in->cuts = ARENA_NEW(in->arena, in->dates.n * b->n_defs + 1, const quantile_cuts *);
    if (lines == NULL || bins == NULL || in->cuts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for quantiles");
    }
    size_t last = 0;
    for (size_t i = 0; i < b->n_defs; i++) {
        STRATA_TRY(find_lineage(b, i, lines, &lines[i], err));
        last = lines[i].stage > last ? lines[i].stage : last;
    }
    for (size_t s = 1; s <= last; s++) {
        size_t n = 0;
        for (size_t i = 0; i < b->n_defs; i++) {
            if (lines[i].stage == s && is_quantile_bin(b, &b->defs[i]) &&
                is_needed(in, &b->defs[i])) {
                bins[n++] = i;
            }
        }
        STRATA_TRY(n > 0 ? run_stage(in, bins, n, err) : STRATA_OK);
    }
    return STRATA_OK;
}
