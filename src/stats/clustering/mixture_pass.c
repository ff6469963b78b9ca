/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "stats/clustering/mixture_private.h"
#include "stats/clustering/nearest_centre.h"
#include "stats/numeric/lanes_math.h"

enum {
    ROWS = 8,             /* of lanes in a block */
    BLOCK = ROWS * LANES, /* points */
    TASKS_MAX = 64,
    TASK_POINTS = 4096 /* at least */
};

/* What a task works with. Values of a block's points are rows of lanes: [.. * ROWS + row]. */
typedef struct bench {
    lanes *x;     /* [row * d + j] */
    lanes *off;   /* [j * ROWS + row] x less the mean */
    lanes *share; /* [c * ROWS + row] log density, then how likely the component is */
    lanes *sums;  /* [k * (1 + d + cells)] weight, first, second of component after component */
    lanes log_likelihood;
    lanes_room room;
} bench;

typedef struct pass {
    const points *p;
    const mixture_model *m;
    const uint32_t *given;
    const mixture_output *out;
    size_t n_tasks;
    double *partial; /* [task * (n_sums + 1)] a task's sums, then its log-likelihood */
    size_t n_sums;
} pass;

static void bench_done(bench *b)
{
    lanes_room_done(&b->room);
}

static strata_status bench_new(const pass *p, bench *b, strata_error *err)
{
    size_t d = p->m->d;
    size_t n = ROWS * (2 * d + p->m->k + 1) + p->n_sums;
    if (!lanes_room_new(n * LANES, &b->room)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu components", p->m->k);
    }
    memset(b->room.x, 0, n * sizeof(lanes));
    b->x = (lanes *)(void *)b->room.x;
    b->off = b->x + ROWS * d;
    b->share = b->off + ROWS * d;
    b->sums = b->share + ROWS * (p->m->k + 1);
    return STRATA_OK;
}

LANES_INLINE void centre_block(const mixture_model *m, size_t c, const bench *b)
{
    for (size_t j = 0; j < m->d; j++) {
        for (size_t row = 0; row < ROWS; row++) {
            b->off[j * ROWS + row] = b->x[row * m->d + j] - m->mean[c * m->d + j];
        }
    }
}

/* |W y|^2 of four rows of lanes for a triangle W: four sums at a time keep the adders busy. */
LANES_INLINE void triangle_squares(const double *w, size_t d, const lanes *off, lanes *out)
{
    lanes total[4] = {{0}};
    for (size_t i = 0; i < d; i++) {
        lanes z[4] = {{0}};
        for (size_t j = 0; j <= i; j++) {
            for (size_t row = 0; row < 4; row++) {
                z[row] += off[j * ROWS + row] * w[j];
            }
        }
        w += i + 1;
        for (size_t row = 0; row < 4; row++) {
            total[row] += z[row] * z[row];
        }
    }
    for (size_t row = 0; row < 4; row++) {
        out[row] = total[row];
    }
}

LANES_INLINE void diagonal_squares(const double *w, size_t d, const lanes *off, lanes *out)
{
    for (size_t row = 0; row < ROWS; row++) {
        lanes total = {0};
        for (size_t j = 0; j < d; j++) {
            lanes z = off[j * ROWS + row] * w[j];
            total += z * z;
        }
        out[row] = total;
    }
}

/* Log densities times weights of all components into share. */
LANES_INLINE void densities(const mixture_model *m, const bench *b)
{
    for (size_t c = 0; c < m->k; c++) {
        const double *w = m->whiten + c * m->cells;
        lanes *to = b->share + c * ROWS;
        centre_block(m, c, b);
        if (mixture_has_triangles(m->shape)) {
            triangle_squares(w, m->d, b->off, to);
            triangle_squares(w, m->d, b->off + 4, to + 4);
        } else {
            diagonal_squares(w, m->d, b->off, to);
        }
        for (size_t row = 0; row < ROWS; row++) {
            to[row] = m->constant[c] - to[row] * 0.5;
        }
    }
}

/* Shares from log densities; the log density of the mixture is *most + log *sum. */
LANES_INLINE void expect_row(const mixture_model *m, const bench *b, size_t row, lanes *most,
                             lanes *sum)
{
    *most = b->share[row];
    for (size_t c = 1; c < m->k; c++) {
        lanes at = b->share[c * ROWS + row];
        *most = LANES_PICK(at > *most, at, *most);
    }
    *sum = (lanes){0};
    for (size_t c = 0; c < m->k; c++) {
        lanes below = b->share[c * ROWS + row] - *most;
        lanes at;
        lanes_exp(&below, &at);
        b->share[c * ROWS + row] = at;
        *sum += at;
    }
    lanes per_sum = 1.0 / *sum;
    for (size_t c = 0; c < m->k; c++) {
        b->share[c * ROWS + row] *= per_sum;
    }
}

/* `inside`: per row, lanes that hold a point. */
LANES_INLINE void expect(const mixture_model *m, bench *b, const lanes_int *inside)
{
    densities(m, b);
    for (size_t row = 0; row < ROWS; row++) {
        lanes most;
        lanes sum;
        lanes log_sum;
        expect_row(m, b, row, &most, &sum);
        lanes_log(&sum, &log_sum);
        lanes at = most + log_sum;
        b->log_likelihood += LANES_PICK(inside[row], at, (lanes){0});
        for (size_t c = 0; c < m->k; c++) {
            lanes *share = &b->share[c * ROWS + row];
            *share = LANES_PICK(inside[row], *share, (lanes){0});
        }
    }
}

LANES_INLINE void add_products(const lanes *a, const lanes *b, lanes *to)
{
    lanes sum = a[0] * b[0];
    for (size_t row = 1; row < ROWS; row++) {
        sum += a[row] * b[row];
    }
    *to += sum;
}

/* Adds the block to the sums of every component. */
LANES_INLINE void maximise(const mixture_model *m, const bench *b)
{
    bool triangle = mixture_has_triangles(m->shape);
    for (size_t c = 0; c < m->k; c++) {
        const lanes *share = b->share + c * ROWS;
        lanes *weight = b->sums + c * (1 + m->d + m->cells);
        lanes *first = weight + 1;
        lanes *second = first + m->d;
        centre_block(m, c, b);
        for (size_t row = 0; row < ROWS; row++) {
            *weight += share[row];
        }
        for (size_t i = 0; i < m->d; i++) {
            lanes weighted[ROWS];
            lanes sum = {0};
            for (size_t row = 0; row < ROWS; row++) {
                weighted[row] = b->off[i * ROWS + row] * share[row];
                sum += weighted[row];
            }
            first[i] += sum;
            for (size_t j = triangle ? 0 : i; j <= i; j++) {
                add_products(weighted, b->off + j * ROWS, second++);
            }
        }
    }
}

LANES_INLINE void block_body(const mixture_model *m, bench *b, const lanes_int *inside, bool given)
{
    if (!given) {
        expect(m, b, inside);
    }
    maximise(m, b);
}

LANES_DEFINE(block, (const mixture_model *m, bench *b, const lanes_int *inside, bool given),
             block_body(m, b, inside, given))

static void share_out(const pass *p, size_t begin, size_t m, const bench *b)
{
    double *share = (double *)b->share;
    memset(share, 0, p->m->k * BLOCK * sizeof *share);
    for (size_t i = 0; i < m; i++) {
        share[(size_t)p->given[begin + i] * BLOCK + i] = 1.0;
    }
}

static void write_labels(const pass *p, size_t begin, size_t m, const bench *b)
{
    const double *share = (const double *)b->share;
    for (size_t i = 0; i < m; i++) {
        size_t best = 0;
        for (size_t c = 1; c < p->m->k; c++) {
            best = share[c * BLOCK + i] > share[best * BLOCK + i] ? c : best;
        }
        p->out->label[begin + i] = (uint32_t)best;
        p->out->certainty[begin + i] = share[best * BLOCK + i];
    }
}

/* Points begin .. begin + m - 1, m <= BLOCK. */
static void do_block(const pass *p, size_t begin, size_t m, bench *b)
{
    uint32_t at[BLOCK];
    lanes_int inside[ROWS];
    for (size_t i = 0; i < BLOCK; i++) {
        at[i] = (uint32_t)(i < m ? i : 0);
        inside[i / LANES][i % LANES] = i < m ? -1 : 0;
    }
    point_blocks_fill(p->p->x + begin * p->m->d, p->m->d, at, BLOCK, (double *)b->x);
    if (p->given != NULL) {
        share_out(p, begin, m, b);
    }
    LANES_RUN(block, (p->m, b, inside, p->given != NULL));
    if (p->out != NULL) {
        write_labels(p, begin, m, b);
    }
}

static size_t task_begin(const pass *p, size_t task)
{
    size_t blocks = (p->p->n + BLOCK - 1) / BLOCK;
    size_t begin = (blocks / p->n_tasks * task + blocks % p->n_tasks * task / p->n_tasks) * BLOCK;
    return begin < p->p->n ? begin : p->p->n;
}

static double add_lanes(const lanes *x)
{
    double sum = 0.0;
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += (*x)[lane];
    }
    return sum;
}

static strata_status pass_task(void *job, size_t task, strata_error *err)
{
    const pass *p = job;
    double *to = p->partial + task * (p->n_sums + 1);
    size_t end = task_begin(p, task + 1);
    STRATA_CLEANUP(bench_done) bench b = {0};
    STRATA_TRY(bench_new(p, &b, err));
    for (size_t begin = task_begin(p, task); begin < end; begin += BLOCK) {
        do_block(p, begin, end - begin < BLOCK ? end - begin : BLOCK, &b);
    }
    for (size_t i = 0; i < p->n_sums; i++) {
        to[i] = add_lanes(&b.sums[i]);
    }
    to[p->n_sums] = add_lanes(&b.log_likelihood);
    return STRATA_OK;
}

static void add_tasks(const pass *p, mixture_sums *sums)
{
    const mixture_model *m = p->m;
    memset(sums->weight, 0, m->k * sizeof *sums->weight);
    memset(sums->first, 0, m->k * m->d * sizeof *sums->first);
    memset(sums->second, 0, m->k * m->cells * sizeof *sums->second);
    sums->log_likelihood = 0.0;
    for (size_t task = 0; task < p->n_tasks; task++) {
        const double *from = p->partial + task * (p->n_sums + 1);
        for (size_t c = 0; c < m->k; c++) {
            sums->weight[c] += *from++;
            for (size_t j = 0; j < m->d; j++) {
                sums->first[c * m->d + j] += *from++;
            }
            for (size_t j = 0; j < m->cells; j++) {
                sums->second[c * m->cells + j] += *from++;
            }
        }
        sums->log_likelihood += *from;
    }
}

strata_status mixture_pass(const context *cx, const points *p, const mixture_model *m,
                           const uint32_t *given, mixture_sums *sums, const mixture_output *out,
                           strata_error *err)
{
    size_t n_tasks = p->n / TASK_POINTS + 1;
    pass job = {.p = p,
                .m = m,
                .given = given,
                .out = out,
                .n_tasks = n_tasks < TASKS_MAX ? n_tasks : TASKS_MAX,
                .n_sums = m->k * (1 + m->d + m->cells)};
    STRATA_AUTO_FREE double *partial = STRATA_NEW_ARRAY(job.n_tasks * (job.n_sums + 1), double);
    job.partial = partial;
    if (partial == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu components", m->k);
    }
    STRATA_TRY(parallel_run(cx, job.n_tasks, pass_task, &job, err));
    add_tasks(&job, sums);
    return STRATA_OK;
}
