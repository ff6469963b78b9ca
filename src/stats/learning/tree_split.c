/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/tree_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

struct tree_rows {
    size_t n, d, n_labels;
    const uint32_t *label;
    double *x;       /* by feature: x[feature * n + row] */
    uint32_t *order; /* order[feature * n + place]: rows ascending within each node, missing last */
    uint32_t *room;  /* n */
    uint8_t *left;   /* n: goes left */
    size_t *tally;   /* rows per label: left, missing */
};

void tree_rows_free(tree_rows *r)
{
    if (r != NULL) {
        free(r->x);
        free(r->order);
        free(r->room);
        free(r->left);
        free(r->tally);
        free(r);
    }
}

typedef struct placed {
    double x;
    uint32_t row;
} placed;

/* Ascending, missing last, equal ones by row. */
static int by_value(const void *a, const void *b)
{
    const placed *p = a;
    const placed *q = b;
    int order = isnan(p->x) - isnan(q->x);
    if (order == 0) {
        order = (p->x > q->x) - (p->x < q->x);
    }
    return order != 0 ? order : (p->row > q->row) - (p->row < q->row);
}

static strata_status sort_feature(void *job, size_t feature, strata_error *err)
{
    tree_rows *r = job;
    STRATA_AUTO_FREE placed *all = STRATA_NEW_ARRAY(r->n, placed);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu rows", r->n);
    }
    for (size_t i = 0; i < r->n; i++) {
        all[i] = (placed){r->x[feature * r->n + i], (uint32_t)i};
    }
    qsort(all, r->n, sizeof *all, by_value);
    for (size_t i = 0; i < r->n; i++) {
        r->order[feature * r->n + i] = all[i].row;
    }
    return STRATA_OK;
}

strata_status tree_rows_new(const context *cx, const tree_data *data, tree_rows **out,
                            strata_error *err)
{
    STRATA_AUTO(tree_rows_free) tree_rows *r = STRATA_NEW_ARRAY(1, tree_rows);
    if (r != NULL) {
        r->n = data->n;
        r->d = data->d;
        r->n_labels = data->n_labels;
        r->label = data->label;
        r->x = (double *)strata_alloc_array(data->n, data->d * sizeof(double));
        r->order = (uint32_t *)strata_alloc_array(data->n, data->d * sizeof(uint32_t));
        r->room = STRATA_NEW_ARRAY(data->n, uint32_t);
        r->left = STRATA_NEW_ARRAY(data->n, uint8_t);
        r->tally = STRATA_NEW_ARRAY(2 * data->n_labels, size_t);
    }
    if (r == NULL || r->x == NULL || r->order == NULL || r->room == NULL || r->left == NULL ||
        r->tally == NULL) {
        return strata_fail(err, STRATA_E_NOMEM,
                           "out of memory growing a tree from %zu x %zu values", data->n, data->d);
    }
    for (size_t i = 0; i < data->n; i++) {
        for (size_t f = 0; f < data->d; f++) {
            r->x[f * data->n + i] = data->x[i * data->d + f];
        }
    }
    STRATA_TRY(parallel_run(cx, data->d, sort_feature, r, err));
    *out = strata_steal(&r);
    return STRATA_OK;
}

void tree_rows_count(const tree_rows *r, size_t start, size_t n, size_t *counts)
{
    memset(counts, 0, r->n_labels * sizeof *counts);
    for (size_t i = start; i < start + n; i++) {
        counts[r->label[r->d > 0 ? r->order[i] : i]]++;
    }
}

/* Rows of one side of a split and of the other, as sums of squares over labels: all that Gini's
 * impurity asks for. Whole numbers, so that the order of rows does not show. */
typedef struct sides {
    double n_left, n_right, squares_left, squares_right;
} sides;

static double score(const sides *s)
{
    return s->squares_left / s->n_left + s->squares_right / s->n_right;
}

/* One row more on the left, where its label was seen `left` times so far, `right` on the right. */
static void move_left(sides *s, size_t left, size_t right)
{
    s->n_left += 1.0;
    s->n_right -= 1.0;
    s->squares_left += 2.0 * (double)left + 1.0;
    s->squares_right -= 2.0 * (double)right - 1.0;
}

typedef struct search {
    const tree_rows *r;
    size_t feature;
    const double *x;       /* of the feature */
    const uint32_t *order; /* of the node */
    size_t n, present;
    const size_t *counts;
    size_t *left, *missing; /* per label, among the rows with a value; among those without */
    double min_leaf;
} search;

/* The missing ones start on the right in `apart`, on the left in `along`. */
static void begin(search *s, sides *apart, sides *along)
{
    size_t n_labels = s->r->n_labels;
    memset(s->left, 0, n_labels * sizeof *s->left);
    memset(s->missing, 0, n_labels * sizeof *s->missing);
    for (size_t i = s->present; i < s->n; i++) {
        s->missing[s->r->label[s->order[i]]]++;
    }
    *apart = (sides){.n_right = (double)s->n};
    *along = (sides){.n_left = (double)(s->n - s->present), .n_right = (double)s->present};
    for (size_t c = 0; c < n_labels; c++) {
        double all = (double)s->counts[c];
        double missing = (double)s->missing[c];
        apart->squares_right += all * all;
        along->squares_left += missing * missing;
        along->squares_right += (all - missing) * (all - missing);
    }
}

static void consider(const search *s, const sides *now, size_t place, bool missing_left,
                     double *best, tree_split *out)
{
    if (now->n_left < s->min_leaf || now->n_right < s->min_leaf || !(score(now) > *best)) {
        return;
    }
    *best = score(now);
    out->feature = s->feature;
    out->threshold = tree_short_threshold(s->x[s->order[place]], s->x[s->order[place + 1]]);
    out->missing_left = missing_left;
    out->saw_missing = s->present < s->n;
}

static void search_feature(search *s, double *best, tree_split *out)
{
    sides apart;
    sides along;
    begin(s, &apart, &along);
    for (size_t i = 0; i + 1 < s->present; i++) {
        uint32_t label = s->r->label[s->order[i]];
        size_t right = s->counts[label] - s->left[label];
        move_left(&apart, s->left[label], right);
        move_left(&along, s->left[label] + s->missing[label], right - s->missing[label]);
        s->left[label]++;
        if (s->x[s->order[i]] < s->x[s->order[i + 1]]) {
            consider(s, &apart, i, false, best, out);
            if (s->present < s->n) {
                consider(s, &along, i, true, best, out);
            }
        }
    }
}

tree_split tree_rows_best_split(tree_rows *r, size_t start, size_t n, const size_t *counts,
                                size_t min_leaf)
{
    tree_split out = {0};
    double before = 0.0;
    for (size_t c = 0; c < r->n_labels; c++) {
        before += (double)counts[c] * (double)counts[c] / (double)n;
    }
    double best = before;
    for (size_t f = 0; f < r->d; f++) {
        search s = {.r = r,
                    .feature = f,
                    .x = r->x + f * r->n,
                    .order = r->order + f * r->n + start,
                    .n = n,
                    .counts = counts,
                    .left = r->tally,
                    .missing = r->tally + r->n_labels,
                    .min_leaf = (double)min_leaf};
        s.present = n;
        while (s.present > 0 && isnan(s.x[s.order[s.present - 1]])) {
            s.present--;
        }
        search_feature(&s, &best, &out);
    }
    out.gain = best - before;
    return out;
}

size_t tree_rows_divide(tree_rows *r, size_t start, size_t n, const tree_split *s)
{
    const double *x = r->x + s->feature * r->n;
    size_t n_left = 0;
    for (size_t i = start; i < start + n; i++) {
        uint32_t row = r->order[i];
        r->left[row] = isnan(x[row]) ? s->missing_left : x[row] < s->threshold;
        n_left += r->left[row];
    }
    for (size_t f = 0; f < r->d; f++) {
        uint32_t *order = r->order + f * r->n + start;
        size_t left = 0;
        size_t right = n_left;
        for (size_t i = 0; i < n; i++) {
            r->room[r->left[order[i]] ? left++ : right++] = order[i];
        }
        memcpy(order, r->room, n * sizeof *order);
    }
    return n_left;
}
