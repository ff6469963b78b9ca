/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "predict/predict_parts.h"
#include "stats/inference/quantile.h"

enum { DRAWS = 1000, DRAWN_ACCOUNTS_MAX = 20000, ARR_STREAM = 0x70726564 };
static const double RANGE_LOW = 0.1; /* 4 out of 5 */
static const double RANGE_HIGH = 0.9;
static const double RANGE_Z = 1.2815515655446004; /* the normal distribution's 90th percentile */

/* Accounts leave or stay on their own, each by its chance: drawn again and again. */
static strata_status draw_arr(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    const rows *now = &out->now;
    double *sum = ARENA_NEW(j->arena, DRAWS, double);
    if (sum == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t d = 0; d < DRAWS; d++) {
        rng r;
        rng_init(&r, j->cx->seed, ARR_STREAM + d);
        for (size_t i = 0; i < now->n; i++) {
            sum[d] += rng_uniform(&r) < out->chance[i] ? (double)now->arr[i] : 0.0;
        }
    }
    sort_values(sum, DRAWS);
    out->arr_low = quantile_sorted(sum, DRAWS, RANGE_LOW);
    out->arr_high = quantile_sorted(sum, DRAWS, RANGE_HIGH);
    return STRATA_OK;
}

static strata_status sum_up(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    double variance = 0.0;
    for (size_t i = 0; i < out->now.n; i++) {
        double p = out->chance[i];
        double arr = (double)out->now.arr[i];
        out->expected += p;
        out->arr += out->now.arr[i];
        out->arr_expected += p * arr;
        variance += p * (1.0 - p) * arr * arr;
    }
    if (out->now.n <= DRAWN_ACCOUNTS_MAX) {
        return draw_arr(j, err);
    }
    double half = RANGE_Z * sqrt(variance); /* so many that the sum is normal */
    out->arr_low = fmax(out->arr_expected - half, 0.0);
    out->arr_high = fmin(out->arr_expected + half, (double)out->arr);
    return STRATA_OK;
}

strata_status predict_today(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    row_set unused;
    row_set every;
    predictor_request fit = {.rows = &out->past,
                             .candidates = &out->candidates,
                             .kind = out->chosen,
                             .like = out->chosen == LEARNER_LOGISTIC ? &out->logistic : NULL,
                             .again = &every};
    STRATA_TRY(predict_sets(j, true, &fit.learn, &fit.tune, &unused, err));
    STRATA_TRY(predict_all(j, &every, err));
    context_progress(j->cx, "today's model", 3, PREDICT_STEPS);
    STRATA_TRY(predictor_fit(j->cx, &fit, j->arena, &out->today, err));
    rows_request now = {.p = j->q->p,
                        .book = j->q->book,
                        .schedule = &out->schedule,
                        .target = j->q->target,
                        .candidates = &out->candidates,
                        .today = true};
    double all = 0.0;
    STRATA_TRY(rows_collect(j->cx, &now, j->arena, &out->now, &all, err));
    out->chance = ARENA_NEW(j->arena, out->now.n + 1, double);
    if (out->chance == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", out->now.n);
    }
    STRATA_TRY(predictor_probabilities(&out->today, &out->now, NULL, out->now.n, out->chance, err));
    return sum_up(j, err);
}

typedef struct place {
    double chance;
    int64_t arr;
    uint32_t row;
} place;

static int by_chance(const void *a, const void *b)
{
    const place *x = a;
    const place *y = b;
    if (x->chance > y->chance || x->chance < y->chance) {
        return x->chance > y->chance ? -1 : 1;
    }
    if (x->arr != y->arr) {
        return x->arr > y->arr ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

const uint32_t *prediction_order(const prediction *p, arena *a)
{
    place *places = ARENA_NEW(a, p->now.n + 1, place);
    uint32_t *order = ARENA_NEW(a, p->now.n + 1, uint32_t);
    if (places == NULL || order == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < p->now.n; i++) {
        places[i] = (place){p->chance[i], p->now.arr[i], (uint32_t)i};
    }
    qsort(places, p->now.n, sizeof *places, by_chance);
    for (size_t i = 0; i < p->now.n; i++) {
        order[i] = places[i].row;
    }
    return order;
}
