/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_BLOCK_H
#define STRATA_SEGMENT_BLOCK_H

/* Evaluates the definitions of a model for one block of accounts at one date
 * after the other. One evaluator serves one thread at a time. */

#include "panel/panel.h"
#include "segment/bins.h"
#include "segment/code.h"
#include "segment/plan.h"
#include "segment/portfolio.h"

/* Values of all slots for the accounts of one block at one date. */
typedef struct block_frame {
    column *columns;  /* by slot; both pointers NULL where not planned */
    double **numbers; /* by slot: the buffer behind columns[slot].num of a definition, or NULL */
    int32_t **texts;  /* the same for text; also what rules read of a dimension */
    segment_code **codes; /* by slot of a dimension: the segment, with the reserved codes */
    uint8_t *in;          /* by account: 0 absent, 1 in the population, 2 outside */
} block_frame;

/* Hook for calm memberships: may change the codes that the rules gave a
 * dimension, before anything reads them. NULL: the rules stand. */
typedef void block_settle_fn(void *job, const bound_def *def, const rule_input *in,
                             const block_frame *frame, segment_code *codes, size_t n);

typedef struct block_eval block_eval;

/* `by_maps[def index in b->defs]`: segment of each attribute level, for dimensions by an
 * attribute (segment/levels.h); other entries are not read. */
STRATA_MUST_CHECK strata_status block_eval_new(const portfolio *p, const bound_model *b,
                                               const slot_plan *slots,
                                               const segment_code *const *by_maps, size_t n_frames,
                                               block_eval **out, strata_error *err);
void block_eval_free(block_eval *e);
STRATA_DEFINE_AUTO(block_eval, block_eval_free)

/* One of the n_frames buffers. */
block_frame *block_eval_frame(block_eval *e, size_t frame);

typedef struct block_step {
    const panel_block *block;
    size_t date; /* index into the block's dates */
    day as_of;
    size_t frame;               /* which buffer to fill */
    const rule_frame *previous; /* as in rule_input */
    const rule_frame *past;
    size_t n_past;
    /* By index into b->defs; NULL for bins by steps. A quantile bin without cut
     * points yields the bare value, which is how cut points are found. */
    const quantile_cuts *const *cuts;
    block_settle_fn *settle;
    void *settle_job;
} block_step;

/* Fills the frame: features and attributes by pointer, definitions by evaluation. */
void block_eval_run(block_eval *e, const block_step *step);

#endif
