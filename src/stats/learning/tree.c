/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/tree.h"

#include <math.h>

#include "stats/learning/tree_split.h"

typedef struct grower {
    const tree_options *o;
    tree_rows *rows;
    tree t;
    tree_split *split; /* the best split of every node that is a leaf so far */
    size_t *start;     /* its first row */
} grower;

static size_t most_frequent(const size_t *counts, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++) {
        best = counts[c] > counts[best] ? c : best;
    }
    return best;
}

/* A leaf of the n rows from `start` on, and the best way to split it. */
static size_t add_leaf(grower *g, size_t parent, size_t start, size_t n)
{
    size_t at = g->t.n_nodes++;
    size_t *counts = g->t.counts + at * g->t.n_labels;
    tree_rows_count(g->rows, start, n, counts);
    g->t.nodes[at] = (tree_node){.parent = (uint32_t)parent,
                                 .label = (uint32_t)most_frequent(counts, g->t.n_labels),
                                 .n = n};
    g->start[at] = start;
    size_t min_leaf = g->o->min_leaf > 0 ? g->o->min_leaf : 1;
    g->split[at] = tree_rows_best_split(g->rows, start, n, counts, min_leaf);
    return at;
}

/* The leaf that gains most by its split; SIZE_MAX when none gains enough. */
static size_t next_leaf(const grower *g)
{
    size_t best = SIZE_MAX;
    double least = fmax(g->o->min_gain, 1e-12) * (double)g->t.nodes[0].n;
    for (size_t i = 0; i < g->t.n_nodes; i++) {
        if (g->t.nodes[i].left == 0 && g->split[i].gain > least) {
            least = g->split[i].gain;
            best = i;
        }
    }
    return best;
}

static void grow(grower *g, size_t n)
{
    (void)add_leaf(g, 0, 0, n);
    g->t.n_leaves = 1;
    while (g->t.n_leaves < g->o->max_leaves) {
        size_t at = next_leaf(g);
        if (at == SIZE_MAX) {
            return;
        }
        tree_node *node = &g->t.nodes[at];
        tree_split s = g->split[at];
        size_t n_left = tree_rows_divide(g->rows, g->start[at], node->n, &s);
        node->feature = s.feature;
        node->threshold = s.threshold;
        node->missing_left = s.missing_left;
        node->saw_missing = s.saw_missing;
        node->left = (uint32_t)add_leaf(g, at, g->start[at], n_left);
        node->right = (uint32_t)add_leaf(g, at, g->start[at] + n_left, node->n - n_left);
        g->t.n_leaves++;
    }
}

static strata_status check_data(const tree_data *data, const tree_options *o, strata_error *err)
{
    if (o->max_leaves == 0) {
        return strata_fail(err, STRATA_E_USAGE, "a tree has at least one leaf");
    }
    if (data->n == 0 || data->n > UINT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "no tree can be grown from %zu rows", data->n);
    }
    for (size_t i = 0; i < data->n; i++) {
        if (data->label[i] >= data->n_labels) {
            return strata_fail(err, STRATA_E_DATA, "row %zu has label %u of %zu labels", i,
                               data->label[i], data->n_labels);
        }
    }
    for (size_t i = 0; i < data->n * data->d; i++) {
        if (isinf(data->x[i])) {
            return strata_fail(err, STRATA_E_DATA, "value %zu of row %zu is infinite", i % data->d,
                               i / data->d);
        }
    }
    return STRATA_OK;
}

strata_status tree_grow(const context *cx, const tree_data *data, const tree_options *o, arena *a,
                        tree *out, strata_error *err)
{
    STRATA_TRY(check_data(data, o, err));
    STRATA_AUTO(tree_rows_free) tree_rows *rows = NULL;
    STRATA_TRY(tree_rows_new(cx, data, &rows, err));
    size_t leaves = o->max_leaves < data->n ? o->max_leaves : data->n;
    size_t nodes = 2 * leaves - 1;
    STRATA_AUTO_FREE tree_split *split = STRATA_NEW_ARRAY(nodes, tree_split);
    STRATA_AUTO_FREE size_t *start = STRATA_NEW_ARRAY(nodes, size_t);
    grower g = {.o = o, .rows = rows, .split = split, .start = start};
    g.t.n_labels = data->n_labels;
    g.t.nodes = ARENA_NEW(a, nodes, tree_node);
    g.t.counts = (size_t *)arena_alloc(a, nodes, data->n_labels * sizeof(size_t));
    if (split == NULL || start == NULL || g.t.nodes == NULL || g.t.counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory growing a tree of %zu leaves",
                           leaves);
    }
    grow(&g, data->n);
    *out = g.t;
    return STRATA_OK;
}

strata_status tree_shorten(const tree *t, size_t n_leaves, arena *a, tree *out, strata_error *err)
{
    if (n_leaves == 0 || n_leaves > t->n_leaves) {
        return strata_fail(err, STRATA_E_USAGE, "a tree of %zu leaves has none of %zu in it",
                           t->n_leaves, n_leaves);
    }
    tree s = *t;
    s.n_leaves = n_leaves;
    s.n_nodes = 2 * n_leaves - 1; /* every split added two, at the end */
    s.nodes = ARENA_NEW(a, s.n_nodes, tree_node);
    if (s.nodes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory shortening a tree");
    }
    for (size_t i = 0; i < s.n_nodes; i++) {
        s.nodes[i] = t->nodes[i];
        if (s.nodes[i].left >= s.n_nodes) { /* not split yet */
            s.nodes[i] = (tree_node){
                .parent = t->nodes[i].parent, .label = t->nodes[i].label, .n = t->nodes[i].n};
        }
    }
    *out = s; /* counts of nodes do not change: they are shared */
    return STRATA_OK;
}

size_t tree_leaf_of(const tree *t, const double *row)
{
    size_t at = 0;
    while (t->nodes[at].left != 0) {
        const tree_node *node = &t->nodes[at];
        double x = row[node->feature];
        bool left = isnan(x) ? node->missing_left : x < node->threshold;
        at = left ? node->left : node->right;
    }
    return at;
}

/* The clause of a feature among n by feature, put in when it is not there. */
static tree_clause *clause_of(tree_clause *out, size_t *n, size_t feature)
{
    size_t at = 0;
    while (at < *n && out[at].feature < feature) {
        at++;
    }
    if (at == *n || out[at].feature != feature) {
        for (size_t i = *n; i > at; i--) {
            out[i] = out[i - 1];
        }
        out[at] = (tree_clause){feature, -INFINITY, INFINITY, true, false};
        (*n)++;
    }
    return &out[at];
}

size_t tree_clauses(const tree *t, size_t leaf, tree_clause *out)
{
    size_t n = 0;
    for (size_t at = leaf; at != 0; at = t->nodes[at].parent) {
        const tree_node *node = &t->nodes[t->nodes[at].parent];
        bool left = node->left == at;
        tree_clause *c = clause_of(out, &n, node->feature);
        if (left) {
            c->high = fmin(c->high, node->threshold);
        } else {
            c->low = fmax(c->low, node->threshold);
        }
        c->missing = c->missing && node->missing_left == left;
        c->saw_missing = c->saw_missing || node->saw_missing;
    }
    return n;
}

double tree_short_threshold(double low, double high)
{
    double middle = low / 2.0 + high / 2.0;
    double size = fmax(fabs(middle), high / 2.0 - low / 2.0);
    double digits = log10(fmax(size, 1.0)); /* not under 0: "1" is shorter than "0.5" */
    int power = (int)digits;
    /* Multiples of smaller and smaller powers of ten, as the quotient of two exact numbers: the
     * same double as the decimal text is read to */
    for (; power >= -22 && power <= 22; power--) {
        double unit = pow(10.0, abs(power));
        double steps = floor((power < 0 ? middle * unit : middle / unit) + 0.5);
        double t = power < 0 ? steps / unit : steps * unit;
        if (fabs(steps) > 0x1p53) {
            break;
        }
        if (low < t && t <= high) {
            return t;
        }
    }
    return high;
}
