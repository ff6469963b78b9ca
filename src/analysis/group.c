/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/group.h"

#include <math.h>
#include <stdlib.h>

#include "stats/inference/rank.h"

void members_done(members *m)
{
    free(m->start);
    free(m->list);
    *m = (members){0};
}

/* Counts into start[g + 1] become where groups begin. */
static void counts_to_starts(size_t *start, size_t n_groups)
{
    for (size_t g = 0; g < n_groups; g++) {
        start[g + 1] += start[g];
    }
}

/* After filling, start[g] is where group g ends: shift back. */
static void starts_after_filling(size_t *start, size_t n_groups)
{
    for (size_t g = n_groups; g > 0; g--) {
        start[g] = start[g - 1];
    }
    start[0] = 0;
}

strata_status members_new(const segment_code *codes, size_t n, size_t n_groups, members *out,
                          strata_error *err)
{
    MEMBERS_AUTO members m = {.n_groups = n_groups,
                              .start = STRATA_NEW_ARRAY(n_groups + 1, size_t),
                              .list = STRATA_NEW_ARRAY(n, uint32_t)};
    if (m.start == NULL || m.list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (codes[i] < n_groups) {
            m.start[codes[i] + 1]++;
        }
    }
    counts_to_starts(m.start, n_groups);
    for (size_t i = 0; i < n; i++) {
        if (codes[i] < n_groups) {
            m.list[m.start[codes[i]]++] = (uint32_t)i;
        }
    }
    starts_after_filling(m.start, n_groups);
    *out = m;
    m = (members){0}; /* NOLINT(clang-analyzer-deadcode.DeadStores): its cleanup reads it */
    return STRATA_OK;
}

void grouped_done(grouped *g)
{
    free(g->start);
    free(g->values);
    free(g->all);
    free(g->rank_sum);
    *g = (grouped){0};
}

/* What is in a group and known, in account order. */
typedef struct known {
    double *x;
    segment_code *code;
    double *rank;
    uint32_t *order;
    size_t n;
} known;

static void known_done(known *k)
{
    free(k->x);
    free(k->code);
    free(k->rank);
    free(k->order);
}

static void take_known(const double *x, const segment_code *codes, size_t n, size_t n_groups,
                       known *k)
{
    for (size_t i = 0; i < n; i++) {
        if (codes[i] < n_groups && isfinite(x[i])) {
            k->x[k->n] = x[i];
            k->code[k->n++] = codes[i];
        }
    }
}

static void fill_groups(const known *k, grouped *g)
{
    for (size_t i = 0; i < k->n; i++) {
        g->start[k->code[i] + 1]++;
        g->rank_sum[k->code[i]] += k->rank[i];
    }
    counts_to_starts(g->start, g->n_groups);
    for (size_t i = 0; i < k->n; i++) {
        uint32_t at = k->order[i];
        g->all[i] = k->x[at];
        g->values[g->start[k->code[at]]++] = k->x[at];
    }
    starts_after_filling(g->start, g->n_groups);
}

strata_status grouped_new(const double *x, const segment_code *codes, size_t n, size_t n_groups,
                          grouped *out, strata_error *err)
{
    STRATA_CLEANUP(known_done)
    known k = {.x = STRATA_NEW_ARRAY(n, double),
               .code = STRATA_NEW_ARRAY(n, segment_code),
               .rank = STRATA_NEW_ARRAY(n, double),
               .order = STRATA_NEW_ARRAY(n, uint32_t)};
    GROUPED_AUTO grouped g = {.n_groups = n_groups,
                              .start = STRATA_NEW_ARRAY(n_groups + 1, size_t),
                              .values = STRATA_NEW_ARRAY(n, double),
                              .all = STRATA_NEW_ARRAY(n, double),
                              .rank_sum = STRATA_NEW_ARRAY(n_groups, double)};
    if (k.x == NULL || k.code == NULL || k.rank == NULL || k.order == NULL || g.start == NULL ||
        g.values == NULL || g.all == NULL || g.rank_sum == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu values", n);
    }
    take_known(x, codes, n, n_groups, &k);
    STRATA_TRY(rank_values(k.x, k.n, k.rank, &g.ties, k.order, err));
    g.n = k.n;
    fill_groups(&k, &g);
    *out = g;
    g = (grouped){0};
    return STRATA_OK;
}

/* How many of n ascending values are at most v. */
static size_t count_up_to(const double *sorted, size_t n, double v)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sorted[mid] <= v) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* The k-th (from 0) smallest value outside the group. */
static double kth_outside(const grouped *g, size_t group, size_t k)
{
    size_t low = 0;
    size_t high = g->n - 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        double v = g->all[mid];
        size_t outside = count_up_to(g->all, g->n, v) -
                         count_up_to(grouped_values(g, group), grouped_count(g, group), v);
        if (outside > k) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return g->all[low];
}

double grouped_median_outside(const grouped *g, size_t group)
{
    size_t n = g->n - grouped_count(g, group);
    return (kth_outside(g, group, (n - 1) / 2) + kth_outside(g, group, n / 2)) / 2.0;
}
