/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/ratio_difference.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/quantile.h"

typedef struct ratio_sums {
    double part[2], base[2];
} ratio_sums;

typedef struct redraw {
    const context *cx;
    const ratio_rows *rows;
    const ratio_sums *by_cluster; /* sums are added cluster by cluster: rows in any order do */
    uint64_t stream;
    double *values; /* NaN: a lot was not drawn at all */
} redraw;

static void add(ratio_sums *to, const ratio_sums *x)
{
    for (int k = 0; k < 2; k++) {
        to->part[k] += x->part[k];
        to->base[k] += x->base[k];
    }
}

static double difference_of(const ratio_sums *s)
{
    return s->base[0] > 0.0 && s->base[1] > 0.0 ? s->part[0] / s->base[0] - s->part[1] / s->base[1]
                                                : (double)NAN;
}

static strata_status draw(void *payload, size_t replicate, strata_error *err)
{
    (void)err;
    const redraw *job = payload;
    rng r;
    rng_init(&r, job->cx->seed, (job->stream << 20) + replicate);
    ratio_sums s = {{0}, {0}};
    for (size_t i = 0; i < job->rows->n_clusters; i++) {
        add(&s, &job->by_cluster[rng_below(&r, job->rows->n_clusters)]);
    }
    job->values[replicate] = difference_of(&s);
    return STRATA_OK;
}

static void put_interval(double *values, ratio_difference *out)
{
    size_t n = 0;
    for (size_t k = 0; k < RATIO_DIFFERENCE_REPLICATES; k++) {
        if (!isnan(values[k])) {
            values[n++] = values[k];
        }
    }
    if (n > 0) {
        sort_values(values, n);
        out->low = fmin(quantile_sorted(values, n, 0.025), out->difference);
        out->high = fmax(quantile_sorted(values, n, 0.975), out->difference);
    }
}

strata_status ratio_difference_find(const context *cx, uint64_t stream, const ratio_rows *rows,
                                    ratio_difference *out, strata_error *err)
{
    STRATA_AUTO_FREE ratio_sums *sums = STRATA_NEW_ARRAY(rows->n_clusters + 1, ratio_sums);
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY(RATIO_DIFFERENCE_REPLICATES, double);
    if (sums == NULL || values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu rows", rows->n);
    }
    for (size_t i = 0; i < rows->n; i++) {
        const ratio_row *r = &rows->rows[i];
        sums[r->cluster].part[r->first ? 0 : 1] += r->part;
        sums[r->cluster].base[r->first ? 0 : 1] += r->base;
    }
    ratio_sums all = {{0}, {0}};
    for (size_t i = 0; i < rows->n_clusters; i++) {
        add(&all, &sums[i]);
    }
    ratio_difference result = {.difference = difference_of(&all)};
    if (isnan(result.difference)) {
        *out = (ratio_difference){0};
        return STRATA_OK;
    }
    redraw job = {.cx = cx, .rows = rows, .by_cluster = sums, .stream = stream, .values = values};
    STRATA_TRY(parallel_run(cx, RATIO_DIFFERENCE_REPLICATES, draw, &job, err));
    result.defined = true;
    result.first = all.part[0] / all.base[0];
    result.second = all.part[1] / all.base[1];
    result.low = result.high = result.difference;
    put_interval(values, &result);
    *out = result;
    return STRATA_OK;
}
