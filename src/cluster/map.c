/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/map.h"

#include "base/auto.h"
#include "cluster/sample.h"
#include "stats/clustering/principal_axes.h"

static strata_status out_of_memory(const points *p, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing %zu accounts", p->n);
}

typedef struct plane {
    size_t d;
    const double *mean;
    double *loading[2];
} plane;

static double project(const plane *at, const double *x, int axis)
{
    double sum = 0.0;
    for (size_t j = 0; j < at->d; j++) {
        sum += (x[j] - at->mean[j]) * at->loading[axis][j];
    }
    return sum;
}

/* Mean, loadings and shares of the first two axes; of points of one feature the second is 0. */
static strata_status find_plane(const points *p, arena *a, plane *at, double share[2],
                                strata_error *err)
{
    size_t d = p->d;
    STRATA_AUTO_FREE double *variance = STRATA_NEW_ARRAY(d, double);
    double *axes = ARENA_NEW(a, (d + 1) * (d + 1), double);
    double *mean = ARENA_NEW(a, d + 1, double);
    double total = 0.0;
    if (variance == NULL || axes == NULL || mean == NULL) {
        return out_of_memory(p, err);
    }
    STRATA_TRY(principal_axes(p, variance, axes, err));
    for (size_t j = 0; j < d; j++) {
        double sum = 0.0;
        for (size_t i = 0; i < p->n; i++) {
            sum += p->x[i * d + j];
        }
        mean[j] = sum / (double)p->n;
        total += variance[j];
    }
    *at = (plane){.d = d, .mean = mean, .loading = {axes, axes + d}};
    share[0] = total > 0.0 ? variance[0] / total : 0.0;
    share[1] = d > 1 && total > 0.0 ? variance[1] / total : 0.0;
    return STRATA_OK;
}

static strata_status place_points(const context *cx, const points *p, const cluster_fit *fit,
                                  const plane *at, arena *a, cluster_map *out, strata_error *err)
{
    uint32_t *rows = NULL;
    STRATA_TRY(
        sample_rows(cx->seed, CLUSTER_STREAM_MAP, p->n, CLUSTER_MAP_MOST, a, &rows, &out->n, err));
    double *x = ARENA_NEW(a, out->n + 1, double);
    double *y = ARENA_NEW(a, out->n + 1, double);
    uint32_t *label = ARENA_NEW(a, out->n + 1, uint32_t);
    double *cx_of = ARENA_NEW(a, fit->k + 1, double);
    double *cy_of = ARENA_NEW(a, fit->k + 1, double);
    if (x == NULL || y == NULL || label == NULL || cx_of == NULL || cy_of == NULL) {
        return out_of_memory(p, err);
    }
    for (size_t i = 0; i < out->n; i++) {
        x[i] = project(at, p->x + (size_t)rows[i] * p->d, 0);
        y[i] = project(at, p->x + (size_t)rows[i] * p->d, 1);
        label[i] = fit->label[rows[i]];
    }
    for (size_t c = 0; c < fit->k; c++) {
        cx_of[c] = project(at, fit->centres + c * p->d, 0);
        cy_of[c] = project(at, fit->centres + c * p->d, 1);
    }
    out->n_all = p->n;
    out->x = x;
    out->y = y;
    out->label = label;
    out->centre_x = cx_of;
    out->centre_y = cy_of;
    return STRATA_OK;
}

strata_status cluster_map_make(const context *cx, const points *p, const cluster_fit *fit, arena *a,
                               cluster_map *out, strata_error *err)
{
    cluster_map made = {0};
    plane at = {0};
    STRATA_TRY(find_plane(p, a, &at, made.share, err));
    made.loading[0] = at.loading[0];
    made.loading[1] = at.loading[1];
    STRATA_TRY(place_points(cx, p, fit, &at, a, &made, err));
    *out = made;
    return STRATA_OK;
}
