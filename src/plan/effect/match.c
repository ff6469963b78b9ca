/* SPDX-License-Identifier: Apache-2.0 */
/* Whom accounts that had an intervention are compared with. */
#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "plan/effect/parts.h"
#include "stats/learning/logistic.h"

enum { OTHERS_EACH = 40, OTHERS_LEAST = 40000, LEFT_LEAST = 20, CHUNK = 64, STREAM = 62 };
static const double CALIPER = 0.2;
static const double RIDGE = 1.0;

bool effect_had_one(const effect_work *w, uint32_t account, day first, day last)
{
    const intervention_log *log = w->q->log;
    for (size_t k = w->start[account]; k < w->start[account + 1]; k++) {
        if (log->items[k].day >= first && log->items[k].day <= last) {
            return true;
        }
    }
    return false;
}

bool effect_is_customer(const effect_work *w, uint32_t account, day t)
{
    return arr_book_at(w->book, account, t - 1) > 0 && arr_book_at(w->book, account, t) > 0;
}

bool effect_is_other(const effect_work *w, size_t row, day t)
{
    uint32_t account = w->p->account[row];
    return w->p->there[row] && !effect_had_one(w, account, t - EFFECT_APART_DAYS, t) &&
           effect_is_customer(w, account, t);
}

/* --- the chance of leaving --- */

/* Accounts that had no intervention, and whether they left. */
typedef struct sample_rows {
    double *x;
    uint8_t *left;
    size_t n, d;
} sample_rows;

static void sample_done(sample_rows *s)
{
    free(s->x);
    free(s->left);
}

static void put_row(const effect_work *w, size_t row, double *to)
{
    for (size_t c = 0; c < w->p->n_columns; c++) {
        to[c] = (double)w->p->x[row * w->p->n_columns + c];
    }
}

/* Drawn from the days of the interventions; known to the end. */
static strata_status draw_sample(const context *cx, const effect_work *w, sample_rows *s,
                                 strata_error *err)
{
    size_t each = OTHERS_LEAST / w->n_episodes;
    each = each > OTHERS_EACH ? each : OTHERS_EACH;
    s->d = w->p->n_columns;
    s->x = STRATA_NEW_ARRAY(w->n_episodes * each * s->d + 1, double);
    s->left = STRATA_NEW_ARRAY(w->n_episodes * each + 1, uint8_t);
    if (s->x == NULL || s->left == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", w->n_episodes * each);
    }
    for (size_t e = 0; e < w->n_episodes; e++) {
        const episode *one = &w->episodes[e];
        size_t first = w->p->start[one->date];
        size_t n = w->p->start[one->date + 1] - first;
        bool over = day_add_months(one->day, effect_months[0]) <= w->q->as_of;
        rng r;
        rng_init(&r, cx->seed, ((uint64_t)STREAM << 40) + e);
        for (size_t k = 0; over && k < each; k++) {
            size_t row = first + (size_t)rng_below(&r, n);
            if (effect_is_other(w, row, one->day)) {
                follow_up f = effect_follow(w, row, one->day, effect_months[0], true);
                put_row(w, row, &s->x[s->n * s->d]);
                s->left[s->n] = !f.customer;
                s->n += !f.left_out;
            }
        }
    }
    return STRATA_OK;
}

/* Sums of a column over rows, from which mean and variance follow. */
typedef struct column_sums {
    double n, sum, squares;
} column_sums;

static void add_value(column_sums *s, double x)
{
    s->n += 1.0;
    s->sum += x;
    s->squares += x * x;
}

static double mean_of(const column_sums *s)
{
    return s->n > 0.0 ? s->sum / s->n : 0.0;
}

static double variance_of(const column_sums *s)
{
    double mean = mean_of(s);
    return s->n > 1.0 ? fmax(s->squares - s->n * mean * mean, 0.0) / (s->n - 1.0) : 0.0;
}

static strata_status describe(arena *a, const sample_rows *s, effect_work *w, strata_error *err)
{
    double *scale = ARENA_NEW(a, s->d + 1, double);
    double *before = ARENA_NEW(a, s->d + 1, double);
    if (scale == NULL || before == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu columns", s->d);
    }
    for (size_t c = 0; c < s->d; c++) {
        column_sums had = {0};
        column_sums others = {0};
        for (size_t e = 0; e < w->n_episodes; e++) {
            add_value(&had, (double)w->p->x[w->episodes[e].row * s->d + c]);
        }
        for (size_t i = 0; i < s->n; i++) {
            add_value(&others, s->x[i * s->d + c]);
        }
        double sd = sqrt((variance_of(&had) + variance_of(&others)) / 2.0);
        scale[c] = sd > 0.0 ? 1.0 / sd : 0.0;
        before[c] = (mean_of(&had) - mean_of(&others)) * scale[c];
    }
    w->scale = scale;
    w->before = before;
    return STRATA_OK;
}

static double margin_spread(const logistic_fit *fit, const sample_rows *s)
{
    column_sums margins = {0};
    for (size_t i = 0; i < s->n; i++) {
        add_value(&margins, logistic_margin(fit, &s->x[i * s->d]));
    }
    return sqrt(variance_of(&margins));
}

static strata_status put_margins(const context *cx, const sample_rows *s, arena *a, effect_work *w,
                                 float *margin, strata_error *err)
{
    const logistic_data data = {.n = s->n, .d = s->d, .x = s->x, .y = s->left};
    const logistic_options options = {.ridge = RIDGE};
    logistic_fit fit;
    STRATA_TRY(logistic_run(cx, &data, &options, a, &fit, err));
    for (size_t i = 0; i < w->p->n_rows; i++) {
        double x = fit.intercept;
        for (size_t c = 0; c < s->d; c++) {
            x += fit.beta[c] * (double)w->p->x[i * s->d + c];
        }
        margin[i] = (float)x;
    }
    double spread = margin_spread(&fit, s);
    w->caliper = spread > 0.0 ? CALIPER * spread : INFINITY;
    return STRATA_OK;
}

static size_t left_of(const sample_rows *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        n += s->left[i];
    }
    return n;
}

strata_status effect_chances(const context *cx, arena *a, effect_work *w, strata_error *err)
{
    STRATA_CLEANUP(sample_done) sample_rows s = {0};
    STRATA_TRY(draw_sample(cx, w, &s, err));
    STRATA_TRY(describe(a, &s, w, err));
    float *margin = ARENA_NEW(a, w->p->n_rows + 1, float);
    if (margin == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", w->p->n_rows);
    }
    w->margin = margin;
    w->caliper = INFINITY;
    size_t left = left_of(&s);
    if (left < LEFT_LEAST || left == s.n || s.d == 0) {
        return STRATA_OK; /* too few to learn from: only the covariates count */
    }
    return put_margins(cx, &s, a, w, margin, err);
}

/* --- the nearest --- */

typedef struct nearest {
    double distance[EFFECT_MATCHES];
    size_t row[EFFECT_MATCHES];
} nearest;

/* Rows come in ascending order, so that of equally near ones the first stays. */
static void offer(nearest *best, double distance, size_t row)
{
    size_t at = EFFECT_MATCHES;
    while (at > 0 && (best->row[at - 1] == NO_MATCH || distance < best->distance[at - 1])) {
        at--;
    }
    if (at == EFFECT_MATCHES) {
        return;
    }
    for (size_t k = EFFECT_MATCHES - 1; k > at; k--) {
        best->distance[k] = best->distance[k - 1];
        best->row[k] = best->row[k - 1];
    }
    best->distance[at] = distance;
    best->row[at] = row;
}

/* Squared: the covariates in standard deviations, the chance in calipers. */
static double distance_of(const effect_work *w, size_t own, size_t other)
{
    size_t d = w->p->n_columns;
    const float *a = &w->p->x[own * d];
    const float *b = &w->p->x[other * d];
    double sum = 0.0;
    for (size_t c = 0; c < d; c++) {
        double x = (double)(a[c] - b[c]) * w->scale[c];
        sum += x * x;
    }
    double chance = (double)(w->margin[own] - w->margin[other]) / w->caliper;
    return sum + chance * chance;
}

/* The same segment, and both or neither with a renewal due. */
static bool is_alike(const effect_work *w, size_t own, size_t other)
{
    const effect_panel *p = w->p;
    bool due = p->due == SIZE_MAX || (p->x[own * p->n_columns + p->due] > 0.5F) ==
                                         (p->x[other * p->n_columns + p->due] > 0.5F);
    return p->there[other] && p->codes[own] == p->codes[other] && due && own != other &&
           fabs((double)(w->margin[other] - w->margin[own])) <= w->caliper;
}

static void match_one(const effect_work *w, episode *e)
{
    const effect_panel *p = w->p;
    nearest best = {{0}, {NO_MATCH, NO_MATCH, NO_MATCH}};
    for (size_t row = p->start[e->date]; row < p->start[e->date + 1]; row++) {
        if (!is_alike(w, e->row, row)) {
            continue;
        }
        double distance = distance_of(w, e->row, row);
        bool near = best.row[EFFECT_MATCHES - 1] == NO_MATCH ||
                    distance < best.distance[EFFECT_MATCHES - 1];
        if (near && effect_is_other(w, row, e->day)) {
            offer(&best, distance, row);
        }
    }
    for (size_t k = 0; k < EFFECT_MATCHES; k++) {
        e->match[k] = best.row[k];
    }
}

static strata_status match_chunk(void *payload, size_t chunk, strata_error *err)
{
    (void)err;
    effect_work *w = payload;
    for (size_t e = chunk * CHUNK; e < (chunk + 1) * CHUNK && e < w->n_episodes; e++) {
        match_one(w, &w->episodes[e]);
    }
    return STRATA_OK;
}

strata_status effect_match(const context *cx, effect_work *w, strata_error *err)
{
    return parallel_run(cx, (w->n_episodes + CHUNK - 1) / CHUNK, match_chunk, w, err);
}
