/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/ratio_difference.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/inference/quantile.h"

static const double TAIL = 0.025;   /* on either side of an interval */
static const double NOTHING = 1e-9; /* what rounding leaves of a share of 0 */

typedef struct ratio_sums {
    double part[2], base[2];
} ratio_sums;

typedef struct redraw {
    const context *cx;
    const ratio_rows *rows;
    const ratio_sums *by_cluster; /* sums are added cluster by cluster: rows in any order do */
    uint64_t stream;
    double *values; /* NaN: a lot was not drawn at all */
    double *second; /* where values are not NaN */
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
    job->second[replicate] = s.base[1] > 0.0 ? s.part[1] / s.base[1] : (double)NAN;
    return STRATA_OK;
}

/* 95 % of `n` values; of one that is seen as it is at least that. */
static void put_limits(double *values, size_t n, double seen, double *low, double *high)
{
    *low = *high = seen;
    if (n > 0) {
        sort_values(values, n);
        *low = fmin(quantile_sorted(values, n, TAIL), seen);
        *high = fmax(quantile_sorted(values, n, 1.0 - TAIL), seen);
    }
}

static void put_interval(const redraw *job, double *room, ratio_difference *out)
{
    size_t n = 0;
    for (size_t k = 0; k < RATIO_DIFFERENCE_REPLICATES; k++) {
        if (!isnan(job->values[k])) {
            room[n++] = job->values[k];
        }
    }
    put_limits(room, n, out->difference, &out->low, &out->high);
}

/* Over the second ratio, or over what it lacks to 1. */
static double over(double second, bool rest)
{
    return rest ? 1.0 - second : second;
}

static ratio_relative relative(const redraw *job, const ratio_difference *x, bool rest,
                               double *room)
{
    ratio_relative r = {0};
    size_t n = 0;
    size_t none = 0;
    for (size_t k = 0; k < RATIO_DIFFERENCE_REPLICATES; k++) {
        double base = over(job->second[k], rest);
        if (isnan(job->values[k])) {
            continue;
        }
        none += !(base > NOTHING);
        if (base > NOTHING) {
            room[n++] = job->values[k] / base;
        }
    }
    if (!(over(x->second, rest) > NOTHING) || (double)none >= TAIL * (double)(n + none)) {
        return r;
    }
    r.stated = true;
    r.value = x->difference / over(x->second, rest);
    put_limits(room, n, r.value, &r.low, &r.high);
    return r;
}

strata_status ratio_difference_find(const context *cx, uint64_t stream, const ratio_rows *rows,
                                    ratio_difference *out, strata_error *err)
{
    STRATA_AUTO_FREE ratio_sums *sums = STRATA_NEW_ARRAY(rows->n_clusters + 1, ratio_sums);
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY(RATIO_DIFFERENCE_REPLICATES, double);
    STRATA_AUTO_FREE double *second = STRATA_NEW_ARRAY(RATIO_DIFFERENCE_REPLICATES, double);
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(RATIO_DIFFERENCE_REPLICATES, double);
    if (sums == NULL || values == NULL || second == NULL || room == NULL) {
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
    redraw job = {.cx = cx,
                  .rows = rows,
                  .by_cluster = sums,
                  .stream = stream,
                  .values = values,
                  .second = second};
    STRATA_TRY(parallel_run(cx, RATIO_DIFFERENCE_REPLICATES, draw, &job, err));
    result.defined = true;
    result.first = all.part[0] / all.base[0];
    result.second = all.part[1] / all.base[1];
    put_interval(&job, room, &result);
    result.of_second = relative(&job, &result, false, room);
    result.of_rest = relative(&job, &result, true, room);
    *out = result;
    return STRATA_OK;
}
