/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_MOVEMENT_H
#define STRATA_ANALYSIS_MOVEMENT_H

/* Who moved between the segments of a dimension between the dates of a view: a matrix
 * of accounts and of what they are worth. */

#include "analysis/figure.h"
#include "segment/view.h"

/* Rows are where accounts were at `since`, columns where they are now. The n_segments segments come
 * in code order, then "outside the population", then "did not exist yet" (column: always 0 accounts
 * are there). cell = row * size + column, size = n_segments + 2. */
typedef struct movement {
    const bound_def *def;
    const char *name, *label;
    day since, as_of;
    size_t n_segments, size;
    const char *const *labels; /* `size` of them */
    const size_t *accounts;
    const int64_t *value_minor;          /* what they are worth now */
    const size_t *from_total, *to_total; /* by row, by column */
    size_t stayed, moved;                /* among accounts in a segment on both dates */
    size_t up, down; /* of ordered dimensions: towards the first segment, away from it */
    int64_t moved_minor, up_minor, down_minor;
    size_t entered, left; /* into a segment from outside or new; out of the population */
} movement;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status movement_make(const view *v, const bound_def *def, arena *a,
                                              const movement **out, strata_error *err);

#endif
