/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/kmeans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/large.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/clustering/kmeans_private.h"

enum {
    SMALL = 16384,  /* with fewer points, starts are shared out among threads, not points */
    SETTLED = 1000, /* of more, one in so many may still change when starts are compared */
    SIDE_BY_SIDE = 32 << 20, /* points times starts that are in memory at a time */
    EXPONENT_MAX = 400
};

/* A fit on its way: the starts of a group, the best of those before. */
typedef struct search {
    kmeans_space s;
    const kmeans_options *o;
    const context *cx;
    size_t group, first;  /* starts side by side; number of the first of them */
    kmeans_start *starts; /* [group + 1] the last one: the best so far */
    double *reals;
    kmeans_sum *sums;
    int64_t *sizes;
    float *limits;
    double *scaled; /* the points, if they had to be scaled; times 2^-exponent */
    int exponent;
} search;

static void search_done(search *q)
{
    for (size_t k = 0; q->starts != NULL && k <= q->group; k++) {
        free(q->starts[k].label);
        free(q->starts[k].slack);
    }
    free(q->starts);
    free(q->reals);
    free(q->sums);
    free(q->sizes);
    free(q->limits);
    free(q->scaled);
    free(q->s.to_whole);
}

static strata_status check_options(const points *p, const kmeans_options *o, strata_error *err)
{
    STRATA_TRY(points_check(p, err));
    if (o->k == 0 || o->n_starts == 0 || o->max_iterations == 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "k-means needs at least one cluster, start and iteration, not %zu, %zu "
                           "and %zu",
                           o->k, o->n_starts, o->max_iterations);
    }
    if (p->n >= UINT32_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "k-means takes fewer than %lu points, not %zu",
                           (unsigned long)UINT32_MAX, p->n);
    }
    if (o->k > p->n) {
        return strata_fail(err, STRATA_E_DATA,
                           "%zu clusters need as many different points; there are only %zu points",
                           o->k, p->n);
    }
    return STRATA_OK;
}

/* Largest and smallest value of every coordinate: range[2 * j], range[2 * j + 1]. */
static void find_ranges(const double *x, size_t n, size_t d, double *range)
{
    for (size_t j = 0; j < d; j++) {
        range[2 * j] = range[2 * j + 1] = x[j];
    }
    for (size_t i = 1; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            double v = x[i * d + j];
            range[2 * j] = v < range[2 * j] ? v : range[2 * j];
            range[2 * j + 1] = v > range[2 * j + 1] ? v : range[2 * j + 1];
        }
    }
}

static double widest(const double *range, size_t d, bool spread)
{
    double most = 0.0;
    for (size_t j = 0; j < d; j++) {
        most = fmax(most, spread ? range[2 * j + 1] - range[2 * j]
                                 : fmax(fabs(range[2 * j]), fabs(range[2 * j + 1])));
    }
    return most;
}

/* Squares of values beyond 2^+-EXPONENT_MAX would leave the range of doubles: such points are
 * scaled by a power of two, which loses nothing that counts beside the largest value. */
static strata_status scale_points(search *q, double *range, strata_error *err)
{
    kmeans_space *s = &q->s;
    double most = widest(range, s->d, false);
    double extent = most < 0x1p400 ? widest(range, s->d, true) : most;
    if (!(most > 0.0) || !(extent > 0.0) || (most < 0x1p400 && extent > 0x1p-400)) {
        return STRATA_OK;
    }
    (void)frexp(most, &q->exponent);
    q->scaled = large_new(s->n * s->d, sizeof *q->scaled);
    if (q->scaled == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu points", s->n);
    }
    for (size_t i = 0; i < s->n * s->d; i++) {
        q->scaled[i] = ldexp(s->x[i], -q->exponent);
    }
    s->x = q->scaled;
    for (size_t j = 0; j < 2 * s->d; j++) {
        range[j] = ldexp(range[j], -q->exponent);
    }
    return STRATA_OK;
}

static strata_status measure_space(search *q, strata_error *err)
{
    kmeans_space *s = &q->s;
    STRATA_AUTO_FREE double *range = STRATA_NEW_ARRAY(2 * s->d, double);
    s->to_whole = STRATA_NEW_ARRAY(s->d, double);
    if (range == NULL || s->to_whole == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu coordinates", s->d);
    }
    find_ranges(s->x, s->n, s->d, range);
    STRATA_TRY(scale_points(q, range, err));
    for (size_t j = 0; j < s->d; j++) {
        double spread = range[2 * j + 1] - range[2 * j];
        int exponent = 0;
        (void)frexp(fmax(fabs(range[2 * j]), fabs(range[2 * j + 1])), &exponent);
        s->to_whole[j] = ldexp(1.0, 62 - exponent);
        s->extent2 += spread * spread;
    }
    s->extent2 = s->extent2 > 0.0 ? s->extent2 : 1.0;
    s->negligible2 = s->extent2 * 0x1p-96;
    s->margin = (double)(s->d + 8) * 0x1p-48;
    return STRATA_OK;
}

static strata_status make_room(search *q, strata_error *err)
{
    const kmeans_space *s = &q->s;
    size_t cells = s->k * s->d;
    size_t n = q->group + 1;
    bool ok = (q->starts = STRATA_NEW_ARRAY(n, kmeans_start)) != NULL;
    ok = (q->reals = STRATA_NEW_ARRAY(n * (2 * cells + s->k), double)) != NULL && ok;
    ok = (q->sums = STRATA_NEW_ARRAY(n * cells, kmeans_sum)) != NULL && ok;
    ok = (q->sizes = STRATA_NEW_ARRAY(n * s->k, int64_t)) != NULL && ok;
    ok = (q->limits = STRATA_NEW_ARRAY(n * s->k, float)) != NULL && ok;
    for (size_t k = 0; k < n && ok; k++) {
        kmeans_start *start = &q->starts[k];
        double *reals = q->reals + k * (2 * cells + s->k);
        start->label = large_new(s->n, sizeof *start->label);
        start->slack = k < q->group ? large_new(s->n, sizeof *start->slack) : NULL;
        ok = start->label != NULL && (k == q->group || start->slack != NULL);
        start->centres = reals;
        start->previous = reals + cells;
        start->moved = reals + 2 * cells;
        start->sum = q->sums + k * cells;
        start->size = q->sizes + k * s->k;
        start->limit = q->limits + k * s->k;
    }
    if (!ok) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for k-means of %zu points", s->n);
    }
    q->starts[q->group].inertia = INFINITY;
    return STRATA_OK;
}

static void forget_labels(const search *q, kmeans_start *start)
{
    const kmeans_space *s = &q->s;
    start->labelled = start->done = false;
    memset(start->sum, 0, s->k * s->d * sizeof *start->sum);
    memset(start->size, 0, s->k * sizeof *start->size);
    memset(start->moved, 0, s->k * sizeof *start->moved);
    memset(start->label, 0xff, s->n * sizeof *start->label);
}

static strata_status seed_task(void *job, size_t task, strata_error *err)
{
    const search *q = job;
    const kmeans_space *s = &q->s;
    kmeans_start *start = &q->starts[task];
    rng r;
    rng_init(&r, q->cx->seed, (q->o->stream << 20) + q->first + task);
    start->iterations = 0;
    start->looks = 0;
    forget_labels(q, start);
    return kmeans_seed(s, &r, start->centres, err);
}

static strata_status iterate_task(void *job, size_t task, strata_error *err)
{
    const search *q = job;
    context alone = *q->cx;
    kmeans_until end = {.iterations = q->o->max_iterations, .plain = q->o->plain};
    alone.threads = 1;
    return kmeans_iterate(&alone, &q->s, &end, &q->starts[task], 1, err);
}

/* Keeps the best of the group if it is better than what was there: the first of equal ones. */
static void keep_best(search *q, size_t n)
{
    kmeans_start *best = &q->starts[q->group];
    for (size_t k = 0; k < n; k++) {
        kmeans_start *start = &q->starts[k];
        best->looks += start->looks;
        if (start->inertia < best->inertia || best->iterations == 0) {
            uint32_t *label = best->label;
            best->label = start->label;
            start->label = label;
            memcpy(best->centres, start->centres, q->s.k * q->s.d * sizeof *best->centres);
            memcpy(best->size, start->size, q->s.k * sizeof *best->size);
            best->inertia = start->inertia;
            best->iterations = start->iterations;
            best->converged = start->converged;
        }
    }
}

static strata_status run_group(search *q, size_t n, strata_error *err)
{
    STRATA_TRY(parallel_run(q->cx, n, seed_task, q, err));
    if (q->s.n <= SMALL) {
        STRATA_TRY(parallel_run(q->cx, n, iterate_task, q, err));
    } else {
        kmeans_until settled = {q->s.n / SETTLED, q->o->max_iterations, q->o->plain};
        STRATA_TRY(kmeans_iterate(q->cx, &q->s, &settled, q->starts, n, err));
    }
    keep_best(q, n);
    return STRATA_OK;
}

/* Of many points, only the best start goes all the way. */
static strata_status finish_best(search *q, strata_error *err)
{
    kmeans_start *best = &q->starts[q->group];
    if (best->converged || best->iterations >= q->o->max_iterations) {
        return STRATA_OK;
    }
    kmeans_until end = {.iterations = q->o->max_iterations, .plain = q->o->plain};
    memcpy(q->starts->centres, best->centres, q->s.k * q->s.d * sizeof *best->centres);
    q->starts->iterations = best->iterations;
    q->starts->looks = 0;
    forget_labels(q, q->starts);
    STRATA_TRY(kmeans_iterate(q->cx, &q->s, &end, q->starts, 1, err));
    best->inertia = INFINITY;
    keep_best(q, 1);
    return STRATA_OK;
}

/* Does cluster a come before cluster b: more points, then smaller coordinates. */
static bool comes_before(const kmeans_space *s, const kmeans_start *best, size_t a, size_t b)
{
    if (best->size[a] != best->size[b]) {
        return best->size[a] > best->size[b];
    }
    for (size_t j = 0; j < s->d; j++) {
        double x = best->centres[a * s->d + j];
        double y = best->centres[b * s->d + j];
        if (x < y || x > y) {
            return x < y;
        }
    }
    return a < b;
}

/* place[c]: where cluster c goes. */
static void order_clusters(const kmeans_space *s, const kmeans_start *best, uint32_t *place)
{
    for (size_t a = 0; a < s->k; a++) {
        place[a] = 0;
        for (size_t b = 0; b < s->k; b++) {
            place[a] += comes_before(s, best, b, a);
        }
    }
}

static strata_status write_fit(const search *q, arena *a, kmeans_fit *out, strata_error *err)
{
    const kmeans_space *s = &q->s;
    const kmeans_start *best = &q->starts[q->group];
    uint32_t *place = ARENA_NEW(a, s->k, uint32_t);
    kmeans_fit fit = {.k = s->k,
                      .d = s->d,
                      .n = s->n,
                      .centres = ARENA_NEW(a, s->k * s->d, double),
                      .label = ARENA_NEW(a, s->n, uint32_t),
                      .size = ARENA_NEW(a, s->k, size_t),
                      .inertia = ldexp(best->inertia, 2 * q->exponent),
                      .iterations = best->iterations,
                      .converged = best->converged,
                      .looks = best->looks};
    if (place == NULL || fit.centres == NULL || fit.label == NULL || fit.size == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu clusters", s->k);
    }
    order_clusters(s, best, place);
    for (size_t c = 0; c < s->k; c++) {
        fit.size[place[c]] = (size_t)best->size[c];
        for (size_t j = 0; j < s->d; j++) {
            fit.centres[place[c] * s->d + j] = ldexp(best->centres[c * s->d + j], q->exponent);
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        fit.label[i] = place[best->label[i]];
    }
    *out = fit;
    return STRATA_OK;
}

strata_status kmeans_run(const context *cx, const points *p, const kmeans_options *o, arena *a,
                         kmeans_fit *out, strata_error *err)
{
    STRATA_TRY(check_options(p, o, err));
    STRATA_CLEANUP(search_done)
    search q = {.s = {.x = p->x, .n = p->n, .d = p->d, .k = o->k}, .o = o, .cx = cx};
    size_t at_once = SIDE_BY_SIDE / p->n;
    q.group = at_once < 1 ? 1 : at_once < o->n_starts ? at_once : o->n_starts;
    STRATA_TRY(measure_space(&q, err));
    STRATA_TRY(make_room(&q, err));
    for (q.first = 0; q.first < o->n_starts; q.first += q.group) {
        size_t left = o->n_starts - q.first;
        STRATA_TRY(run_group(&q, left < q.group ? left : q.group, err));
    }
    STRATA_TRY(finish_best(&q, err));
    return write_fit(&q, a, out, err);
}
