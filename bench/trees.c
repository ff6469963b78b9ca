/* SPDX-License-Identifier: Apache-2.0 */
/* Ward's tree and exact silhouettes of points around eight centres, on one thread and on two.
 *   trees POINTS REPEAT DIR
 * Prints the best times and writes DIR/points (doubles, row by row), DIR/labels (32-bit),
 * DIR/merges (SciPy's four columns) and DIR/widths for bench/trees.py, which computes the same. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/rng.h"
#include "bench/watch.h"
#include "stats/clustering/hierarchy.h"
#include "stats/clustering/silhouette.h"

enum { D = 8, CENTRES = 8 };

/* Centres three standard deviations apart or so. */
static void simulate(double *x, uint32_t *label, size_t n)
{
    rng r;
    double centre[CENTRES][D];
    rng_init(&r, 1, 0);
    for (size_t i = 0; i < (size_t)CENTRES * D; i++) {
        centre[i / D][i % D] = 1.5 * rng_normal(&r);
    }
    for (size_t i = 0; i < n; i++) {
        label[i] = (uint32_t)rng_below(&r, CENTRES);
        for (size_t j = 0; j < D; j++) {
            x[i * D + j] = centre[label[i]][j] + rng_normal(&r);
        }
    }
}

static strata_status dump(const char *dir, const char *name, const void *what, size_t bytes,
                          strata_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    size_t written = file != NULL ? fwrite(what, 1, bytes, file) : 0;
    if (file == NULL || (fclose(file) | (written != bytes)) != 0) {
        return strata_fail(err, STRATA_E_IO, "cannot write %s", path);
    }
    return STRATA_OK;
}

static strata_status dump_merges(const char *dir, const hierarchy *h, strata_error *err)
{
    STRATA_AUTO_FREE double *rows = STRATA_NEW_ARRAY(4 * h->n, double);
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i + 1 < h->n; i++) {
        rows[4 * i] = h->merges[i].a;
        rows[4 * i + 1] = h->merges[i].b;
        rows[4 * i + 2] = h->merges[i].height;
        rows[4 * i + 3] = h->merges[i].size;
    }
    return dump(dir, "merges", rows, (h->n - 1) * 4 * sizeof *rows, err);
}

static void print_line(const char *what, int threads, timing best, size_t rows)
{
    (void)printf("%-10s %d thread%s wall %7.3f s  cpu %7.3f s  %8.0f rows/s  peak %4.0f MB\n", what,
                 threads, threads == 1 ? " " : "s", best.wall, best.cpu, (double)rows / best.wall,
                 peak_mb());
}

typedef struct task {
    points p;
    const uint32_t *label;
    const char *dir;
    int repeat;
} task;

static strata_status bench_ward(const task *t, strata_error *err)
{
    context cx = {.threads = 1, .seed = 1};
    timing best = {0};
    for (int i = 0; i < t->repeat; i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        hierarchy h;
        STRATA_TRY(arena_new(&a, err));
        timing begin = now();
        STRATA_TRY(hierarchy_run(&cx, &t->p, LINKAGE_WARD, a, &h, err));
        keep_best(begin, &best);
        if (i == 0) {
            STRATA_TRY(dump_merges(t->dir, &h, err));
        }
    }
    print_line("ward", 1, best, t->p.n);
    return STRATA_OK;
}

static strata_status bench_silhouette(const task *t, int threads, strata_error *err)
{
    context cx = {.threads = threads, .seed = 1};
    timing best = {0};
    for (int i = 0; i < t->repeat; i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        silhouette s;
        STRATA_TRY(arena_new(&a, err));
        timing begin = now();
        STRATA_TRY(silhouette_compute(&cx, &t->p, t->label, CENTRES, a, &s, err));
        keep_best(begin, &best);
        STRATA_TRY(dump(t->dir, "widths", s.by_point, t->p.n * sizeof(double), err));
    }
    print_line("silhouette", threads, best, t->p.n);
    return STRATA_OK;
}

static strata_status bench(size_t n, int repeat, const char *dir, strata_error *err)
{
    STRATA_AUTO_FREE double *x = STRATA_NEW_ARRAY(n * D, double);
    STRATA_AUTO_FREE uint32_t *label = STRATA_NEW_ARRAY(n, uint32_t);
    if (x == NULL || label == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    simulate(x, label, n);
    STRATA_TRY(dump(dir, "points", x, n * D * sizeof *x, err));
    STRATA_TRY(dump(dir, "labels", label, n * sizeof *label, err));
    task t = {{x, n, D}, label, dir, repeat};
    STRATA_TRY(bench_ward(&t, err));
    STRATA_TRY(bench_silhouette(&t, 1, err));
    return bench_silhouette(&t, 2, err);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: trees POINTS REPEAT DIR\n");
        return EXIT_FAILURE;
    }
    strata_error err = {0};
    size_t n = strtoul(argv[1], NULL, 10);
    if (bench(n, (int)strtol(argv[2], NULL, 10), argv[3], &err) != STRATA_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
