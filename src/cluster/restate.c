/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/restate.h"

#include <math.h>

#include "analysis/read.h"
#include "base/auto.h"
#include "base/rng.h"
#include "cluster/rule_text.h"
#include "cluster/sample.h"
#include "stats/learning/tree.h"

/* A split must take this much of the Gini impurity of all accounts, and leave so many of them on
 * each side: a rule for a handful would be none. */
static const double GAIN_LEAST = 0.004;
static const double LEAF_SHARE = 0.005;
/* A shorter rule may cost this share of the accounts, a rounder threshold that of those that come
 * to its split. */
static const double SHORTER = 0.02;
static const double MOVED = 0.005;
enum { LEAF_LEAST = 5, LEAVES_PER_CLUSTER = 2, ROUND_DIGITS = 4 };

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory restating clusters of %zu accounts", n);
}

/* --- trees --- */

/* The features' own values by row, those of some rows. */
static strata_status take_values(const cluster_points *p, const cluster_fit *fit,
                                 const uint32_t *rows, size_t n, arena *a, tree_data *out,
                                 strata_error *err)
{
    double *x = ARENA_NEW(a, n * p->d + 1, double);
    uint32_t *label = ARENA_NEW(a, n + 1, uint32_t);
    if (x == NULL || label == NULL) {
        return out_of_memory(n, err);
    }
    for (size_t i = 0; i < n; i++) {
        label[i] = fit->label[rows[i]];
        for (size_t j = 0; j < p->d; j++) {
            x[i * p->d + j] = p->raw[j][rows[i]];
        }
    }
    *out = (tree_data){.x = x, .n = n, .d = p->d, .label = label, .n_labels = fit->k};
    return STRATA_OK;
}

/* --- thresholds that a person would write --- */

static double rounded(double x, int digits)
{
    double unit = pow(10.0, floor(log10(fabs(x))) - (double)(digits - 1));
    double steps = round(x / unit);
    return unit < 1.0 ? steps / round(1.0 / unit) : steps * round(unit);
}

static bool reaches(const tree *t, size_t node, const double *row)
{
    size_t at = 0;
    while (at != node && t->nodes[at].left != 0) {
        const tree_node *n = &t->nodes[at];
        double x = row[n->feature];
        bool left = isnan(x) ? n->missing_left : x < n->threshold;
        at = left ? n->left : n->right;
    }
    return at == node;
}

/* Rows of the node that another threshold would send the other way. */
static size_t count_moved(const tree *t, size_t node, const tree_data *data, double threshold)
{
    const tree_node *n = &t->nodes[node];
    size_t moved = 0;
    for (size_t i = 0; i < data->n; i++) {
        const double *row = data->x + i * data->d;
        double x = row[n->feature];
        bool other = !isnan(x) && (x < threshold) != (x < n->threshold);
        moved += other && reaches(t, node, row);
    }
    return moved;
}

/* A rule that says 32k instead of 31,921.4 is worth a few accounts: the fewest digits that move at
 * most MOVED of those that come to the split. */
static void round_thresholds(tree *t, const tree_data *data)
{
    for (size_t node = 0; node < t->n_nodes; node++) {
        tree_node *n = &t->nodes[node];
        if (n->left == 0 || !isfinite(n->threshold) || fabs(n->threshold) < 1e-12) {
            continue;
        }
        for (int digits = 1; digits <= ROUND_DIGITS; digits++) {
            double x = rounded(n->threshold, digits);
            size_t moved = count_moved(t, node, data, x);
            if ((double)moved <= MOVED * (double)n->n) {
                n->threshold = x;
                break;
            }
        }
    }
}

/* Rows that their leaf places right. */
static size_t count_right(const tree *t, const tree_data *data)
{
    size_t right = 0;
    for (size_t i = 0; i < data->n; i++) {
        size_t leaf = tree_leaf_of(t, data->x + i * data->d);
        right += t->nodes[leaf].label == data->label[i];
    }
    return right;
}

static strata_status grow(const context *cx, const tree_data *data, size_t leaves, arena *a,
                          tree *out, strata_error *err)
{
    double share = ceil(LEAF_SHARE * (double)data->n);
    size_t least = (size_t)share;
    tree_options o = {.max_leaves = leaves,
                      .min_leaf = least > LEAF_LEAST ? least : LEAF_LEAST,
                      .min_gain = GAIN_LEAST};
    STRATA_TRY(tree_grow(cx, data, &o, a, out, err));
    round_thresholds(out, data);
    return STRATA_OK;
}

/* The smallest tree that places nearly as many right as the largest one that is tried. */
static strata_status grow_short(const context *cx, const tree_data *data, arena *a, tree *out,
                                size_t *leaves, strata_error *err)
{
    tree largest = {0};
    size_t most = LEAVES_PER_CLUSTER * data->n_labels;
    STRATA_TRY(grow(cx, data, most, a, &largest, err));
    size_t right = count_right(&largest, data);
    double enough = (double)right - SHORTER * (double)data->n;
    for (size_t m = data->n_labels; m < most; m++) {
        tree t = {0};
        STRATA_TRY(grow(cx, data, m, a, &t, err));
        right = count_right(&t, data);
        if ((double)right >= enough) {
            *out = t;
            *leaves = m;
            return STRATA_OK;
        }
    }
    *out = largest;
    *leaves = most;
    return STRATA_OK;
}

/* ends[node]: no rule looks further than this node, whose leaves all say the same. */
static void find_ends(const tree *t, uint8_t *ends)
{
    for (size_t i = t->n_nodes; i-- > 0;) {
        const tree_node *n = &t->nodes[i];
        ends[i] = n->left == 0 || (ends[n->left] && ends[n->right] &&
                                   t->nodes[n->left].label == t->nodes[n->right].label);
    }
}

/* --- rules --- */

static strata_status write_rules(const tree *t, const cluster_points *p, cluster_rule *of, size_t k,
                                 arena *a, strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *ends = STRATA_NEW_ARRAY(t->n_nodes, uint8_t);
    STRATA_AUTO_FREE tree_clause *clauses = STRATA_NEW_ARRAY(t->n_leaves + 1, tree_clause);
    if (ends == NULL || clauses == NULL) {
        return out_of_memory(p->n, err);
    }
    find_ends(t, ends);
    for (size_t c = 0; c < k; c++) {
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        size_t n_ways = 0;
        for (size_t i = 0; i < t->n_nodes; i++) {
            bool inner = i > 0 && ends[t->nodes[i].parent];
            if (!ends[i] || inner || t->nodes[i].label != c) {
                continue;
            }
            size_t n = tree_clauses(t, i, clauses);
            rule_text_way(&text, p->features, clauses, n, n_ways++ > 0);
        }
        STRATA_TRY(strbuf_status(&text, err));
        of[c].expression = n_ways > 0 ? arena_strdup(a, strbuf_text(&text)) : NULL;
        if (n_ways > 0 && of[c].expression == NULL) {
            return out_of_memory(p->n, err);
        }
    }
    return STRATA_OK;
}

/* Counts by the engine that evaluates the model's rules. */
static strata_status count_matches(const study *s, const cluster_points *p, const cluster_fit *fit,
                                   cluster_rule *of, arena *a, cluster_rules *out,
                                   strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *verdict = STRATA_NEW_ARRAY(s->n, uint8_t);
    uint32_t *placed = ARENA_NEW(a, p->n + 1, uint32_t);
    if (verdict == NULL || placed == NULL) {
        return out_of_memory(p->n, err);
    }
    for (size_t i = 0; i < p->n; i++) {
        placed[i] = UINT32_MAX;
    }
    for (size_t c = 0; c < fit->k; c++) {
        if (of[c].expression == NULL) {
            continue;
        }
        STRATA_TRY(
            rule_compile_condition(a, of[c].expression, NULL, &s->v->b->scope, &of[c].rule, err));
        STRATA_TRY(study_condition(s, of[c].rule, verdict, err));
        for (size_t i = 0; i < p->n; i++) {
            bool met = verdict[p->account[i]] == RULE_YES && placed[i] == UINT32_MAX;
            placed[i] = met ? (uint32_t)c : placed[i];
            of[c].matched += met;
            of[c].hits += met && fit->label[i] == c;
        }
        out->hits += of[c].hits;
    }
    for (size_t i = 0; i < p->n; i++) {
        out->unplaced += placed[i] == UINT32_MAX;
    }
    out->placed = placed;
    return STRATA_OK;
}

/* --- accounts that the tree had not seen --- */

typedef struct folding {
    const context *cx;
    const cluster_points *p;
    const cluster_fit *fit;
    const uint32_t *rows;
    size_t n;
    uint8_t *fold; /* by place in `rows` */
    size_t leaves;
    cluster_rule *of;
} folding;

/* Chance puts every tenth row into one fold, as equal in size as can be. */
static strata_status make_folds(folding *f, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *order = STRATA_NEW_ARRAY(f->n, uint32_t);
    rng r;
    if (order == NULL) {
        return out_of_memory(f->n, err);
    }
    for (size_t i = 0; i < f->n; i++) {
        order[i] = (uint32_t)i;
    }
    rng_init(&r, f->cx->seed, CLUSTER_STREAM_FOLDS);
    rng_shuffle(&r, order, f->n);
    for (size_t i = 0; i < f->n; i++) {
        f->fold[order[i]] = (uint8_t)(i % CLUSTER_FOLDS);
    }
    return STRATA_OK;
}

static strata_status one_fold(const folding *f, size_t held_out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    uint32_t *seen = ARENA_NEW(a, f->n + 1, uint32_t);
    double *row = ARENA_NEW(a, f->p->d + 1, double);
    if (seen == NULL || row == NULL) {
        return out_of_memory(f->n, err);
    }
    size_t n_seen = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->fold[i] != held_out) {
            seen[n_seen++] = f->rows[i];
        }
    }
    tree_data data = {0};
    tree t = {0};
    STRATA_TRY(take_values(f->p, f->fit, seen, n_seen, a, &data, err));
    STRATA_TRY(grow(f->cx, &data, f->leaves, a, &t, err));
    for (size_t i = 0; i < f->n; i++) {
        if (f->fold[i] != held_out) {
            continue;
        }
        for (size_t j = 0; j < f->p->d; j++) {
            row[j] = f->p->raw[j][f->rows[i]];
        }
        uint32_t label = f->fit->label[f->rows[i]];
        f->of[label].cross_n++;
        f->of[label].cross_hits += t.nodes[tree_leaf_of(&t, row)].label == label;
    }
    return STRATA_OK;
}

static strata_status cross_validate(folding *f, cluster_rules *out, strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *fold = STRATA_NEW_ARRAY(f->n, uint8_t);
    if (fold == NULL) {
        return out_of_memory(f->n, err);
    }
    f->fold = fold;
    STRATA_TRY(make_folds(f, err));
    for (size_t held_out = 0; held_out < CLUSTER_FOLDS; held_out++) {
        STRATA_TRY(context_check(f->cx, err));
        STRATA_TRY(one_fold(f, held_out, err));
    }
    for (size_t c = 0; c < f->fit->k; c++) {
        out->cross_n += f->of[c].cross_n;
        out->cross_hits += f->of[c].cross_hits;
    }
    f->fold = NULL;
    return STRATA_OK;
}

strata_status cluster_restate(const study *s, const cluster_points *p, const cluster_fit *fit,
                              arena *a, cluster_rules *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    uint32_t *rows = NULL;
    size_t n = 0;
    tree_data data = {0};
    tree t = {0};
    cluster_rules made = {.n = p->n};
    cluster_rule *of = ARENA_NEW(a, fit->k + 1, cluster_rule);
    if (of == NULL) {
        return out_of_memory(p->n, err);
    }
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(sample_rows(s->cx->seed, CLUSTER_STREAM_TREE, p->n, CLUSTER_TREE_MOST, scratch,
                           &rows, &n, err));
    STRATA_TRY(take_values(p, fit, rows, n, scratch, &data, err));
    size_t leaves = 0;
    STRATA_TRY(grow_short(s->cx, &data, scratch, &t, &leaves, err));
    made.n_leaves = t.n_leaves;
    STRATA_TRY(write_rules(&t, p, of, fit->k, a, err));
    STRATA_TRY(count_matches(s, p, fit, of, a, &made, err));
    folding f = {.cx = s->cx, .p = p, .fit = fit, .rows = rows, .n = n, .leaves = leaves, .of = of};
    STRATA_TRY(cross_validate(&f, &made, err));
    made.of = of;
    *out = made;
    return STRATA_OK;
}
