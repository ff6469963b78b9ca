/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_PLAN_MOVES_H
#define STRATA_REPORT_PLAN_PLAN_MOVES_H

/* Accounts that two models put into different segments of one dimension. */

#include "report/plan/plan.h"

typedef struct plan_move {
    uint32_t account;
    segment_code from; /* of the model before */
    segment_code to;   /* of the model after */
    int64_t value_minor;
} plan_move;

typedef struct plan_moves {
    const bound_def *before, *after; /* the dimension in both models */
    const plan_move *items;          /* worth most first */
    size_t n, n_accounts;            /* of n_accounts that exist */
    int64_t value_minor;             /* of those that move */
} plan_moves;

/* Segments are the same when their keys are. Allocated in `a`. */
STRATA_MUST_CHECK strata_status plan_moves_find(const plan_input *in, const bound_def *before,
                                                const bound_def *after, arena *a, plan_moves *out,
                                                strata_error *err);
/* The dimension called `name`; NULL when the model has none. */
const bound_def *plan_dimension(const bound_model *b, const char *name);
/* Does a segment of the one model stand for one of the other? */
bool plan_same_segment(const plan_input *in, const plan_moves *m, segment_code before,
                       segment_code after);

/* The clause of the model after that puts an account where it goes, and what it saw; NULL where
 * no single clause does. */
typedef struct plan_reason {
    const char *clause, *observed;
} plan_reason;

/* `columns`: values by slot of the model after. Texts allocated in `a`. */
STRATA_MUST_CHECK strata_status plan_move_reason(const plan_input *in, const plan_moves *m,
                                                 const plan_move *move, const column *columns,
                                                 arena *a, plan_reason *out, strata_error *err);

/* How calm a dimension was over the dates of a side: entries and exits that rules made, and
 * accounts that left a segment and came back to it. */
typedef struct plan_calm {
    size_t n_moves, n_moved, n_flapped;
} plan_calm;
plan_calm plan_calm_of(const plan_input *in, const plan_side *side, const bound_def *def);

#endif
