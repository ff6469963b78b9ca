/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_PASS_H
#define STRATA_SEGMENT_PASS_H

/* What the passes of one segmentation share, and the evaluators that their
 * threads borrow. */

#include "base/vec.h"
#include "segment/block.h"
#include "segment/overrides.h"

/* Inputs of a segmentation, made once. */
typedef struct pass_inputs {
    const context *cx;
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides; /* may be NULL */
    const segment_code *const *by_maps;
    date_plan dates;
    size_t only;             /* the account that alone is evaluated; SIZE_MAX: all are */
    const slot_plan *needed; /* passes before the main one do what this reads; NULL: everything */
    const quantile_cuts **cuts; /* [plan date * n_defs + def]; filled by cuts_pass */
    segment_code **held; /* [def * n plan dates + plan date], n_accounts each; NULL: not held */
    arena *arena;        /* of the segmentation; not for use by threads */
} pass_inputs;

/* Lets calm memberships and people's decisions go over where the rules put accounts
 * first .. first + n - 1. */
void pass_settle(const pass_inputs *in, const bound_def *def, size_t date, size_t first, size_t n,
                 segment_code *codes);

/* Sweeps the accounts that are evaluated: all, or in->only. */
STRATA_MUST_CHECK strata_status pass_sweep(const pass_inputs *in, const slot_plan *slots,
                                           const day *days, size_t n_days, panel_block_fn *fn,
                                           void *job, strata_error *err);

/* Evaluators for one slot plan, one per thread at work. */
typedef struct eval_pool {
    const pass_inputs *in;
    const slot_plan *slots;
    size_t n_frames;
    VEC(block_eval *) idle;
    size_t n_made; /* there is room for all of them */
} eval_pool;

STRATA_MUST_CHECK strata_status eval_pool_take(eval_pool *pool, block_eval **out,
                                               strata_error *err);
void eval_pool_give(eval_pool *pool, block_eval *e);
void eval_pool_done(eval_pool *pool);

/* Bytes that the passes before the main one keep for each account at each date, of what
 * in->needed reads; 0: there is nothing for them to do. */
size_t cuts_cell_bytes(const pass_inputs *in);
size_t replay_cell_bytes(const pass_inputs *in);

/* Cut points of every quantile bin at every plan date (cuts.c). */
STRATA_MUST_CHECK strata_status cuts_pass(pass_inputs *in, strata_error *err);
/* Where calm memberships stand at every plan date, by replaying weekly reviews
 * from the first fact on (replay.c). */
STRATA_MUST_CHECK strata_status replay_pass(pass_inputs *in, strata_error *err);

#endif
