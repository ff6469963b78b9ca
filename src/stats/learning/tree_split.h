/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_TREE_SPLIT_H
#define STRATA_STATS_LEARNING_TREE_SPLIT_H

/* The rows of a growing tree, kept sorted by every feature; a node is a run of them. */

#include <stdbool.h>
#include <stddef.h>

#include "base/auto.h"
#include "base/context.h"
#include "stats/learning/tree.h"

typedef struct tree_rows tree_rows;

STRATA_MUST_CHECK strata_status tree_rows_new(const context *cx, const tree_data *data,
                                              tree_rows **out, strata_error *err);
void tree_rows_free(tree_rows *r); /* NULL is fine */
STRATA_DEFINE_AUTO(tree_rows, tree_rows_free)

/* Rows per label among the n from `start` on. */
void tree_rows_count(const tree_rows *r, size_t start, size_t n, size_t *counts);

typedef struct tree_split {
    double gain; /* decrease of rows times Gini impurity; 0: no split */
    size_t feature;
    double threshold;
    bool missing_left, saw_missing;
} tree_split;

/* `counts` are those of the rows. Both sides have at least `min_leaf` rows. */
tree_split tree_rows_best_split(tree_rows *r, size_t start, size_t n, const size_t *counts,
                                size_t min_leaf);

/* Moves the rows that go left before the others; yields how many they are. */
size_t tree_rows_divide(tree_rows *r, size_t start, size_t n, const tree_split *s);

#endif
