/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_COVER_CELLS_H
#define STRATA_RULE_COVER_CELLS_H

/* The space of accounts cut into cells in which every condition has one verdict:
 * per feature the intervals between the thresholds that occur, or the levels that
 * occur, and missing. Private to src/rule. */

#include "base/strbuf.h"
#include "rule/node.h"

enum { CELLS_MAX = 1 << 22 };

/* One feature. Its cells, by coordinate: the values, then missing. */
typedef struct axis {
    const symbol *sym;
    size_t slot;
    size_t n;       /* cells, the one for missing (the last) included */
    double *num;    /* a value in each cell; NaN in the last. NULL for text */
    int32_t *code;  /* the same for text */
    bool has_other; /* text: the cell before the last stands for all levels not named */
    size_t stride;
} axis;

typedef struct cell_space {
    axis *axes;
    size_t n_axes;
    size_t n_cells;   /* 0: too many */
    size_t n_columns; /* slots up to the last one used */
} cell_space;

/* Over the clauses of the trees; every clause in them must have a node_clause_name(). */
STRATA_MUST_CHECK strata_status cells_new(arena *a, const node *const *trees, size_t n_trees,
                                          cell_space *out, strata_error *err);
size_t cells_coordinate(const axis *ax, size_t cell);
/* How many features are missing in the cell. */
size_t cells_missing(const cell_space *space, size_t cell);
/* "arr = $12,000, health = green"; missing ones first. */
STRATA_MUST_CHECK strata_status cells_say(const cell_space *space, size_t cell,
                                          const char *currency, arena *a, const char **out,
                                          strata_error *err);

#endif
