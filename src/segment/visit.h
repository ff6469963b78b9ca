/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_VISIT_H
#define STRATA_SEGMENT_VISIT_H

/* Values at many dates in one sweep, handed on block by block instead of kept:
 * for analyses that look at each account on days of its own. */

#include "base/context.h"
#include "model/bind.h"
#include "segment/code.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

/* Some accounts at one date. Pointers are valid during the call only. */
typedef struct dated_block {
    size_t date; /* index into the visit's dates */
    day as_of;
    size_t first, n;       /* accounts first .. first + n - 1; values by place, account - first */
    const column *columns; /* by slot, as rules read them; both pointers NULL where not asked for */
    const segment_code *const *codes; /* by slot of a dimension asked for */
} dated_block;

typedef struct segmentation_visit {
    const day *dates; /* ascending, distinct, at least one */
    size_t n_dates;
    const size_t *slots; /* what is wanted: features, definitions, dimensions */
    size_t n_slots;
    bool one; /* `only` is the one account that matters: others may be left out */
    size_t only;
    /* Whether any of these accounts matters at this date; NULL: all do. Both are called from any
     * thread, for accounts in no particular order; of one account the dates ascend, one after
     * another. */
    bool (*wants)(void *self, size_t date, size_t first, size_t n);
    strata_status (*take)(void *self, const dated_block *block, strata_error *err);
    void *self;
} segmentation_visit;

/* Hands on exactly what segmentation_run would keep for each date asked for alone. One sweep for
 * as many dates as fit into memory; a model that looks back ('turned', 'for N days') is run date
 * by date. Errors as segmentation_run, and what `take` fails with. */
STRATA_MUST_CHECK strata_status visit_dates(const context *cx, const portfolio *p,
                                            const bound_model *b, const override_set *overrides,
                                            const segmentation_visit *v, strata_error *err);

#endif
