/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_TREE_H
#define STRATA_STATS_LEARNING_TREE_H

/* A small classification tree (Breiman, Friedman, Olshen & Stone 1984): Gini impurity, grown leaf
 * by leaf where it gains most. Meant to be read: few leaves, thresholds as short as they can be,
 * and every leaf as a list of intervals. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"

typedef struct tree_data {
    const double *x; /* x[row * d + feature]; NaN: missing; no infinities */
    size_t n, d;
    const uint32_t *label; /* of every row, under n_labels */
    size_t n_labels;
} tree_data;

typedef struct tree_options {
    size_t max_leaves; /* at least 1 */
    size_t min_leaf;   /* rows a leaf has at least; 0: 1 */
    double min_gain;   /* least decrease of the Gini impurity of all rows (0..1) by a split */
} tree_options;

/* A row goes left when x[feature] < threshold. A missing value matches no threshold test; it goes
 * where the rows of the node with a missing value are told apart better, right when it makes no
 * difference or there were none. */
typedef struct tree_node {
    size_t feature;
    double threshold;             /* the shortest decimal number that separates the same rows */
    bool missing_left;            /* where missing values go */
    bool saw_missing;             /* whether a row of the node had a missing value of the feature */
    uint32_t parent, left, right; /* places in `nodes`; left 0: a leaf */
    uint32_t label;               /* the most frequent one, the lowest of equally frequent ones */
    size_t n;                     /* rows */
} tree_node;

typedef struct tree {
    size_t n_nodes, n_leaves, n_labels;
    tree_node *nodes; /* nodes[0]: the root */
    size_t *counts;   /* counts[node * n_labels + label]: rows with it */
} tree;

/* Grown in `arena`. Does not depend on the order of rows or the number of threads; of equal splits
 * the first feature's lowest is taken. A tree without a useful split is one leaf. STRATA_E_DATA: no
 * rows, an infinite value, a label out of range; STRATA_E_USAGE: max_leaves 0. */
STRATA_MUST_CHECK strata_status tree_grow(const context *cx, const tree_data *data,
                                          const tree_options *o, arena *a, tree *out,
                                          strata_error *err);

/* The tree as it was when it had n_leaves leaves (1 .. t->n_leaves): the same as growing one with
 * this max_leaves. In `a`. */
STRATA_MUST_CHECK strata_status tree_shorten(const tree *t, size_t n_leaves, arena *a, tree *out,
                                             strata_error *err);

/* The leaf (a place in `nodes`) of a row of d values, NaN: missing. */
size_t tree_leaf_of(const tree *t, const double *row);

/* low <= x < high, or missing where `missing`; -INFINITY and INFINITY: no bound. `saw_missing` is
 * false when no row of the training data could tell (a rule need not mention it). */
typedef struct tree_clause {
    size_t feature;
    double low, high;
    bool missing, saw_missing;
} tree_clause;

/* What a row has to meet to come to `leaf`: at most n_leaves - 1 clauses, one per feature that the
 * way there asks for, by feature. Yields how many. */
size_t tree_clauses(const tree *t, size_t leaf, tree_clause *out);

/* The shortest decimal number t with low < t <= high, so that "x < t" tells the two apart; of
 * equally short ones that near the middle. Needs low < high, both finite. */
double tree_short_threshold(double low, double high);

#endif
