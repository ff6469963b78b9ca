/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_LEVELS_H
#define STRATA_SEGMENT_LEVELS_H

/* Dimensions by an attribute: which segment each level of the attribute is,
 * once levels that few accounts have are put together as "Other". */

#include "model/bind.h"
#include "segment/code.h"
#include "segment/portfolio.h"

/* maps[i] for definition i of b->defs: n_levels + 1 segments, the last one for
 * missing values; NULL for all other definitions. Allocated in `a`. Levels are
 * counted over all accounts, so that a level's segment is the same at all dates. */
STRATA_MUST_CHECK strata_status level_maps_make(const portfolio *p, const bound_model *b, arena *a,
                                                const segment_code *const **out, strata_error *err);

#endif
