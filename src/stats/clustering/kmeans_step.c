/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "stats/clustering/kmeans_private.h"
#include "stats/clustering/nearest_centre.h"

enum {
    STRETCH =
        2048,   /* points that stay in the cache while one start after the other looks at them */
    BATCH = 64, /* points put into blocks at a time */
    TASKS_MAX = 64
};

/* What one task found out about one start: points that came and went. */
typedef struct moves {
    kmeans_sum *sum; /* [k * d] */
    int64_t *size;   /* [k] */
    size_t looked, changed;
    double inertia;
} moves;

typedef struct pass {
    const kmeans_space *s;
    kmeans_start *starts;
    size_t n_starts, n_tasks;
    bool plain;
    moves *moves; /* [task * n_starts + start] */
} pass;

static void add_point(const kmeans_space *s, const double *x, kmeans_sum *sum, bool in)
{
    for (size_t j = 0; j < s->d; j++) {
        int64_t whole = (int64_t)(x[j] * s->to_whole[j]);
        sum[j] += in ? whole : -whole;
    }
}

static void move_point(const kmeans_space *s, size_t i, uint32_t from, uint32_t to, moves *m)
{
    const double *x = s->x + i * s->d;
    m->changed++;
    m->size[to]++;
    add_point(s, x, m->sum + to * s->d, true);
    if (from != UINT32_MAX) {
        m->size[from]--;
        add_point(s, x, m->sum + from * s->d, false);
    }
}

/* The points looked at next are scattered over memory: ask for them in time. */
static void fetch(const kmeans_space *s, const uint32_t *at, size_t m)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < s->d; j += LANES) {
            __builtin_prefetch(s->x + at[i] * s->d + j);
        }
    }
}

/* Looks at m <= BATCH points anew. */
static void look(const kmeans_space *s, kmeans_start *start, const uint32_t *at, size_t m,
                 double *blocks, moves *out)
{
    nearest_centre found[BATCH / LANES];
    size_t n_blocks = (m + LANES - 1) / LANES;
    point_blocks_fill(s->x, s->d, at, m, blocks);
    nearest_centres(&(point_blocks){blocks, n_blocks, s->d}, start->centres, s->k, s->extent2,
                    found);
    for (size_t i = 0; i < m; i++) {
        uint32_t label = (uint32_t)found[i / LANES].label[i % LANES];
        if (label != start->label[at[i]]) {
            move_point(s, at[i], start->label[at[i]], label, out);
            start->label[at[i]] = label;
        }
        start->slack[at[i]] = (found[i / LANES].slack[i % LANES] + (float)start->moved[label]) *
                              (1.0F - NEAREST_ROUNDING);
    }
}

/* Points whose slack is used up, from `begin` to `end`. */
static size_t select_points(const kmeans_start *start, size_t begin, size_t end, bool all,
                            uint32_t *at)
{
    size_t m = 0;
    if (all) {
        for (size_t i = begin; i < end; i++) {
            at[m++] = (uint32_t)i;
        }
        return m;
    }
    for (size_t i = begin; i < end; i++) {
        at[m] = (uint32_t)i;
        m += start->slack[i] <= start->limit[start->label[i]];
    }
    return m;
}

static double distance2(const kmeans_space *s, size_t i, const double *centre)
{
    double sum = 0.0;
    for (size_t j = 0; j < s->d; j++) {
        double off = s->x[i * s->d + j] - centre[j];
        sum += off * off;
    }
    return sum;
}

/* One stretch of points for every start that is not done. */
static void look_at_stretch(const pass *p, size_t begin, size_t end, double *blocks, moves *out)
{
    uint32_t at[STRETCH + 1] = {0};
    for (size_t k = 0; k < p->n_starts; k++) {
        kmeans_start *start = &p->starts[k];
        if (start->done) {
            continue;
        }
        size_t m = select_points(start, begin, end, p->plain || !start->labelled, at);
        out[k].looked += m;
        for (size_t i = 0; i < m; i += BATCH) {
            size_t next = i + BATCH < m ? i + BATCH : m;
            fetch(p->s, at + next, m - next < BATCH ? m - next : BATCH);
            look(p->s, start, at + i, m - i < BATCH ? m - i : BATCH, blocks, &out[k]);
        }
    }
}

static size_t task_begin(const pass *p, size_t task)
{
    return p->s->n / p->n_tasks * task + p->s->n % p->n_tasks * task / p->n_tasks;
}

static void clear_moves(const kmeans_space *s, moves *m)
{
    memset(m->sum, 0, s->k * s->d * sizeof *m->sum);
    memset(m->size, 0, s->k * sizeof *m->size);
    m->looked = m->changed = 0;
}

static strata_status assign_task(void *job, size_t task, strata_error *err)
{
    const pass *p = job;
    moves *out = p->moves + task * p->n_starts;
    STRATA_CLEANUP(lanes_room_done) lanes_room blocks = {0};
    if (!lanes_room_new(BATCH * p->s->d, &blocks)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory looking for the nearest centre");
    }
    for (size_t k = 0; k < p->n_starts; k++) {
        clear_moves(p->s, &out[k]);
    }
    size_t end = task_begin(p, task + 1);
    for (size_t begin = task_begin(p, task); begin < end; begin += STRETCH) {
        look_at_stretch(p, begin, begin + STRETCH < end ? begin + STRETCH : end, blocks.x, out);
    }
    return STRATA_OK;
}

static strata_status inertia_task(void *job, size_t task, strata_error *err)
{
    const pass *p = job;
    (void)err;
    for (size_t k = 0; k < p->n_starts; k++) {
        const kmeans_start *start = &p->starts[k];
        double sum = 0.0;
        for (size_t i = task_begin(p, task); i < task_begin(p, task + 1); i++) {
            sum += distance2(p->s, i, start->centres + start->label[i] * p->s->d);
        }
        p->moves[task * p->n_starts + k].inertia = sum;
    }
    return STRATA_OK;
}

static void add_up(const pass *p, size_t k)
{
    kmeans_start *start = &p->starts[k];
    start->changed = 0;
    for (size_t task = 0; task < p->n_tasks; task++) {
        const moves *m = &p->moves[task * p->n_starts + k];
        start->looks += m->looked;
        start->changed += m->changed;
        for (size_t c = 0; c < p->s->k && m->changed > 0; c++) {
            start->size[c] += m->size[c];
        }
        for (size_t c = 0; c < p->s->k * p->s->d && m->changed > 0; c++) {
            start->sum[c] += m->sum[c];
        }
    }
}

/* The point farthest from its centre that is not alone in its cluster; s->n: none. */
static size_t farthest(const kmeans_space *s, const kmeans_start *start)
{
    size_t found = s->n;
    double most = s->negligible2 / 16.0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t c = start->label[i];
        if (start->size[c] > 1) {
            double at = distance2(s, i, start->centres + c * s->d);
            if (at > most) {
                most = at;
                found = i;
            }
        }
    }
    return found;
}

static strata_status fill_empty(const kmeans_space *s, kmeans_start *start, strata_error *err)
{
    for (size_t c = 0; c < s->k; c++) {
        if (start->size[c] > 0) {
            continue;
        }
        size_t i = farthest(s, start);
        if (i == s->n) {
            return strata_fail(err, STRATA_E_DATA,
                               "%zu clusters need as many different points; these are too close "
                               "together for as many",
                               s->k);
        }
        moves one = {.sum = start->sum, .size = start->size};
        move_point(s, i, start->label[i], (uint32_t)c, &one);
        start->label[i] = (uint32_t)c;
        start->slack[i] = -INFINITY;
    }
    return STRATA_OK;
}

/* Nearest whole number; n > 0. */
static kmeans_sum divide(kmeans_sum sum, int64_t n)
{
    return (sum + (sum < 0 ? -(n / 2) : n / 2)) / n;
}

/* Centres become the means of their points; bounds shrink by how far they went. */
static void move_centres(const kmeans_space *s, kmeans_start *start)
{
    double most = 0.0;
    double next = 0.0; /* second largest */
    size_t fastest = 0;
    memcpy(start->previous, start->centres, s->k * s->d * sizeof *start->centres);
    for (size_t c = 0; c < s->k; c++) {
        double *centre = start->centres + c * s->d;
        double sum = 0.0;
        for (size_t j = 0; j < s->d; j++) {
            kmeans_sum mean = divide(start->sum[c * s->d + j], start->size[c]);
            centre[j] = (double)mean / s->to_whole[j];
            double off = centre[j] - start->previous[c * s->d + j];
            sum += off * off;
        }
        double went = sqrt(sum / s->extent2);
        start->moved[c] += went;
        if (went > most) {
            next = most;
            most = went;
            fastest = c;
        } else if (went > next) {
            next = went;
        }
    }
    for (size_t c = 0; c < s->k; c++) {
        start->moved[c] += c == fastest ? next : most;
        start->limit[c] = (float)(start->moved[c] + s->margin) * (1.0F + NEAREST_ROUNDING);
    }
}

/* What a pass leads to: the start is done or its centres move. */
static strata_status advance(const pass *p, const kmeans_until *until, size_t k, strata_error *err)
{
    kmeans_start *start = &p->starts[k];
    bool empty = false;
    add_up(p, k);
    for (size_t c = 0; c < p->s->k; c++) {
        empty = empty || start->size[c] == 0;
    }
    start->labelled = true;
    start->converged = start->changed == 0 && !empty;
    start->done =
        !empty && (start->changed <= until->changed || start->iterations >= until->iterations);
    if (start->done) {
        return STRATA_OK;
    }
    if (empty) {
        STRATA_TRY(fill_empty(p->s, start, err));
    }
    move_centres(p->s, start);
    start->iterations++;
    return STRATA_OK;
}

static void add_inertia(const pass *p)
{
    for (size_t k = 0; k < p->n_starts; k++) {
        p->starts[k].inertia = 0.0;
        for (size_t task = 0; task < p->n_tasks; task++) {
            p->starts[k].inertia += p->moves[task * p->n_starts + k].inertia;
        }
    }
}

static strata_status iterate(const context *cx, pass *p, const kmeans_until *until,
                             strata_error *err)
{
    for (bool any = true; any;) {
        STRATA_TRY(parallel_run(cx, p->n_tasks, assign_task, p, err));
        any = false;
        for (size_t k = 0; k < p->n_starts; k++) {
            if (!p->starts[k].done) {
                STRATA_TRY(advance(p, until, k, err));
                any = any || !p->starts[k].done;
            }
        }
    }
    STRATA_TRY(parallel_run(cx, p->n_tasks, inertia_task, p, err));
    add_inertia(p);
    return STRATA_OK;
}

strata_status kmeans_iterate(const context *cx, const kmeans_space *s, const kmeans_until *until,
                             kmeans_start *starts, size_t n_starts, strata_error *err)
{
    size_t n_tasks = s->n / STRETCH + 1 < TASKS_MAX ? s->n / STRETCH + 1 : TASKS_MAX;
    size_t n = n_tasks * n_starts;
    STRATA_AUTO_FREE moves *all = STRATA_NEW_ARRAY(n, moves);
    STRATA_AUTO_FREE kmeans_sum *sums = STRATA_NEW_ARRAY(n * s->k * s->d, kmeans_sum);
    STRATA_AUTO_FREE int64_t *sizes = STRATA_NEW_ARRAY(n * s->k, int64_t);
    if (all == NULL || sums == NULL || sizes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the sums of %zu clusters", s->k);
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = (moves){.sum = sums + i * s->k * s->d, .size = sizes + i * s->k};
    }
    pass p = {.s = s,
              .starts = starts,
              .n_starts = n_starts,
              .n_tasks = n_tasks,
              .plain = until->plain,
              .moves = all};
    return iterate(cx, &p, until, err);
}
