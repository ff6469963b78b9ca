/* SPDX-License-Identifier: Apache-2.0 */
/* k-means (eight clusters, ten starts) and a Gaussian mixture (eight components, full covariances)
 * of points around eight centres that overlap somewhat, on one thread and on two.
 *   clusters POINTS REPEAT DIR
 * Prints the best times, and for k-means how fast points were read beside a copy of memory, and
 * writes DIR/points (doubles, row by row), DIR/inertia and DIR/likelihood (a double each) for
 * bench/clusters.py. Fails when the bounds change anything. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/large.h"
#include "base/rng.h"
#include "bench/watch.h"
#include "stats/clustering/kmeans.h"
#include "stats/clustering/mixture.h"

enum { D = 8, K = 8, STARTS = 10 };

/* Centres some four standard deviations apart. */
static void simulate(double *x, size_t n)
{
    rng r;
    double centre[K][D];
    rng_init(&r, 1, 0);
    for (size_t i = 0; i < (size_t)K * D; i++) {
        centre[i / D][i % D] = rng_normal(&r);
    }
    for (size_t i = 0; i < n; i++) {
        size_t from = (size_t)rng_below(&r, K);
        for (size_t j = 0; j < D; j++) {
            x[i * D + j] = centre[from][j] + rng_normal(&r);
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

typedef struct task {
    points p;
    const char *dir;
    int repeat;
} task;

static void print_times(const char *what, int threads, timing best)
{
    (void)printf("%-14s %d thread%s wall %7.3f s  cpu %7.3f s  peak %4.0f MB", what, threads,
                 threads == 1 ? " " : "s", best.wall, best.cpu, peak_mb());
}

/* Gigabytes that memcpy reads in a second. */
static strata_status copy_speed(const task *t, strata_error *err)
{
    size_t bytes = t->p.n * t->p.d * sizeof *t->p.x;
    STRATA_AUTO_FREE double *to = large_new(t->p.n * t->p.d, sizeof *to);
    timing best = {0};
    if (to == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (int i = 0; i < 5; i++) {
        timing begin = now();
        memcpy(to, t->p.x, bytes);
        keep_best(begin, &best);
    }
    (void)printf("memory copy    1 thread  reads %5.1f GB/s (last value %g)\n",
                 (double)bytes / best.wall / 1e9, to[t->p.n * t->p.d - 1]);
    return STRATA_OK;
}

static strata_status fit_kmeans(const task *t, int threads, bool plain, arena *a, kmeans_fit *out,
                                strata_error *err)
{
    context cx = {.threads = threads, .seed = 1};
    kmeans_options o = {
        .k = K, .n_starts = STARTS, .max_iterations = KMEANS_ITERATIONS, .plain = plain};
    timing best = {0};
    *out = (kmeans_fit){0};
    for (int i = 0; i < (plain ? 1 : t->repeat); i++) {
        timing begin = now();
        STRATA_TRY(kmeans_run(&cx, &t->p, &o, a, out, err));
        keep_best(begin, &best);
    }
    print_times(plain ? "k-means, plain" : "k-means", threads, best);
    double bytes = (double)out->looks * D * sizeof(double);
    (void)printf("  reads %5.1f GB/s in %.3g looks\n", bytes / best.wall / 1e9, (double)out->looks);
    return STRATA_OK;
}

static strata_status bench_kmeans(const task *t, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    kmeans_fit one;
    kmeans_fit two;
    kmeans_fit plain;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(fit_kmeans(t, 1, false, a, &one, err));
    STRATA_TRY(fit_kmeans(t, 2, false, a, &two, err));
    STRATA_TRY(fit_kmeans(t, 2, true, a, &plain, err));
    size_t bytes = t->p.n * sizeof *one.label;
    if (one.label == NULL || two.label == NULL || plain.label == NULL ||
        memcmp(one.label, plain.label, bytes) != 0 || memcmp(one.label, two.label, bytes) != 0) {
        return strata_fail(err, STRATA_E_INTERNAL, "bounds or threads changed the partition");
    }
    (void)printf("inertia %.9g after %zu iterations; plain iterations find the same partition\n",
                 one.inertia, one.iterations);
    return dump(t->dir, "inertia", &one.inertia, sizeof one.inertia, err);
}

static strata_status fit_mixture(const task *t, int threads, double *log_likelihood,
                                 strata_error *err)
{
    context cx = {.threads = threads, .seed = 1};
    mixture_options o = {.k = K,
                         .shape = MIXTURE_FULL,
                         .n_starts = 1,
                         .max_iterations = 100,
                         .tolerance = 1e-3,
                         .ridge = 1e-6};
    timing best = {0};
    for (int i = 0; i < t->repeat; i++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        mixture_fit f;
        STRATA_TRY(arena_new(&a, err));
        timing begin = now();
        STRATA_TRY(mixture_run(&cx, &t->p, &o, a, &f, err));
        keep_best(begin, &best);
        *log_likelihood = f.log_likelihood;
    }
    print_times("mixture", threads, best);
    (void)printf("\n");
    return STRATA_OK;
}

static strata_status bench(size_t n, int repeat, const char *dir, strata_error *err)
{
    STRATA_AUTO_FREE double *x = large_new(n * D, sizeof *x);
    task t = {.p = {x, n, D}, .dir = dir, .repeat = repeat};
    double log_likelihood = 0.0;
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu points", n);
    }
    simulate(x, n);
    STRATA_TRY(dump(dir, "points", x, n * D * sizeof *x, err));
    STRATA_TRY(copy_speed(&t, err));
    STRATA_TRY(bench_kmeans(&t, err));
    STRATA_TRY(fit_mixture(&t, 1, &log_likelihood, err));
    STRATA_TRY(fit_mixture(&t, 2, &log_likelihood, err));
    (void)printf("log-likelihood %.9g\n", log_likelihood);
    return dump(dir, "likelihood", &log_likelihood, sizeof log_likelihood, err);
}

int main(int argc, char **argv)
{
    unsigned long n = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long repeat = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
    strata_error err = {0};
    if (n < 100 || n > 100000000 || repeat < 1 || repeat > 100) {
        (void)fprintf(stderr, "usage: clusters POINTS REPEAT DIR\n");
        return 64;
    }
    if (bench(n, (int)repeat, argv[3], &err) != STRATA_OK) {
        (void)fprintf(stderr, "clusters: %s\n", err.message);
        return 70;
    }
    return 0;
}
