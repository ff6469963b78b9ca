/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/silhouette.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/clustering/distance_sums.h"
#include "stats/inference/quantile.h"

static strata_status count_points(const points *p, const uint32_t *label, size_t k, size_t *size,
                                  strata_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (label[i] >= k) {
            return strata_fail(err, STRATA_E_DATA, "point %zu has label %u of %zu clusters", i,
                               label[i], k);
        }
        used += size[label[i]]++ == 0;
    }
    if (used < 2) {
        return strata_fail(err, STRATA_E_DATA,
                           "all %zu points are in one cluster: a silhouette needs two", p->n);
    }
    return STRATA_OK;
}

/* Of one point, from its sums of distances to the points of every cluster. */
static double width_of(const double *sums, const size_t *size, size_t k, size_t own)
{
    double nearest = INFINITY;
    for (size_t c = 0; c < k; c++) {
        if (c != own && size[c] > 0) {
            nearest = fmin(nearest, sums[c] / (double)size[c]);
        }
    }
    if (size[own] == 1) {
        return 0.0;
    }
    double within = sums[own] / (double)(size[own] - 1);
    double greater = fmax(within, nearest);
    return greater > 0.0 ? (nearest - within) / greater : 0.0;
}

/* The order of points must not show in the last digit: ascending, then added up. */
static double mean_of(double *values, size_t n)
{
    double sum = 0.0;
    sort_values(values, n);
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* Means of all points and of every cluster; `room` holds n numbers, `at` k. */
static void average(const uint32_t *label, const size_t *size, size_t n, size_t k, double *room,
                    size_t *at, silhouette *s)
{
    memcpy(room, s->by_point, n * sizeof *room);
    s->mean = mean_of(room, n);
    size_t start = 0;
    for (size_t c = 0; c < k; c++) {
        at[c] = start;
        start += size[c];
    }
    for (size_t i = 0; i < n; i++) {
        room[at[label[i]]++] = s->by_point[i];
    }
    for (size_t c = 0; c < k; c++) {
        s->by_cluster[c] = mean_of(room + at[c] - size[c], size[c]);
    }
}

strata_status silhouette_compute(const context *cx, const points *p, const uint32_t *label,
                                 size_t k, arena *a, silhouette *out, strata_error *err)
{
    STRATA_TRY(points_check(p, err));
    STRATA_AUTO_FREE size_t *size = STRATA_NEW_ARRAY(k, size_t);
    STRATA_AUTO_FREE size_t *at = STRATA_NEW_ARRAY(k, size_t);
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(p->n, double);
    STRATA_AUTO_FREE double *sums = (double *)strata_alloc_array(p->n, k * sizeof(double));
    silhouette s = {.by_cluster = ARENA_NEW(a, k, double), .by_point = ARENA_NEW(a, p->n, double)};
    if (size == NULL || at == NULL || room == NULL || sums == NULL || s.by_cluster == NULL ||
        s.by_point == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for silhouettes of %zu points",
                           p->n);
    }
    STRATA_TRY(count_points(p, label, k, size, err));
    STRATA_TRY(distance_sums(cx, p, label, k, sums, err));
    for (size_t i = 0; i < p->n; i++) {
        s.by_point[i] = width_of(sums + i * k, size, k, label[i]);
    }
    average(label, size, p->n, k, room, at, &s);
    *out = s;
    return STRATA_OK;
}
