/* SPDX-License-Identifier: Apache-2.0 */
/* A BG/NBD fit to a million simulated customers: grouping into distinct histories, fit, and the
 * chance of being alive and expected purchases of every customer. Prints CPU time, rows per second
 * and peak memory. `--dump FILE` writes the histories for bench/buyers.py, the same fit with numpy
 * and SciPy; `--start-days N` spreads the first purchases over N days. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/rng.h"
#include "bench/watch.h"
#include "stats/buyers/bg_nbd.h"

/* Shaped like CDNOW: 39 weeks of data, times in weeks, whole days. */
static const bg_nbd truth = {BG_NBD, 0.243, 4.414, 0.793, 2.426};

typedef struct options {
    size_t customers;
    uint64_t start_days;
    const char *dump;
} options;

static buyer simulate(rng *g, uint64_t start_days)
{
    uint64_t days = 189 + rng_below(g, start_days);
    buyer b = {.T = (double)days / 7.0};
    double rate = rng_gamma(g, truth.r, 1.0 / truth.alpha);
    double leaves = rng_beta(g, truth.a, truth.b);
    double at = rng_exponential(g, rate);
    bool here = true;
    while (here && at < b.T) {
        b.x += 1.0;
        b.t_x = fmin(ceil(at * 7.0) / 7.0, b.T);
        here = rng_uniform(g) >= leaves;
        at += rng_exponential(g, rate);
    }
    return b;
}

static void print_line(const char *what, double seconds, size_t rows)
{
    (void)printf("%-28s %8.3f s CPU  %7.1f million rows/s\n", what, seconds,
                 (double)rows / seconds / 1e6);
}

static strata_status dump_rows(const char *path, const buyer *rows, size_t n, strata_error *err)
{
    FILE *file = fopen(path, "wb");
    size_t written = file != NULL ? fwrite(rows, sizeof *rows, n, file) : 0;
    if (file == NULL || (fclose(file) | (written != n)) != 0) {
        return strata_fail(err, STRATA_E_IO, "cannot write %s", path);
    }
    return STRATA_OK;
}

static double predict(const bg_nbd *m, const buyer_cells *cells)
{
    double total = 0.0;
    for (size_t i = 0; i < cells->n; i++) {
        total += cells->weight[i] * bg_nbd_expected(m, cells->cell[i], 52.0);
    }
    return total;
}

static strata_status bench(const options *o, strata_error *err)
{
    STRATA_AUTO_FREE buyer *rows = STRATA_NEW_ARRAY(o->customers, buyer);
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = NULL;
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < o->customers; i++) {
        rng g;
        rng_init(&g, 1, i);
        rows[i] = simulate(&g, o->start_days);
    }
    if (o->dump != NULL) {
        STRATA_TRY(dump_rows(o->dump, rows, o->customers, err));
    }
    fit_result fit;
    double begin = now().cpu;
    STRATA_TRY(buyer_cells_new(rows, NULL, o->customers, &cells, err));
    double grouped = now().cpu;
    STRATA_TRY(bg_nbd_fit(BG_NBD, cells, NULL, &fit, err));
    double fitted = now().cpu;
    bg_nbd m = bg_nbd_of(BG_NBD, &fit);
    double expected = predict(&m, cells);
    double predicted = now().cpu;
    print_line("group into cells", grouped - begin, o->customers);
    print_line("fit", fitted - grouped, o->customers);
    print_line("group and fit", fitted - begin, o->customers);
    print_line("expected purchases", predicted - fitted, o->customers);
    (void)printf("%zu cells of %zu customers, %d looks at the likelihood, peak %.0f MB\n", cells->n,
                 o->customers, fit.evaluations, peak_mb());
    (void)printf("r %.6f alpha %.6f a %.6f b %.6f, log-likelihood %.4f, %.1f purchases in 52 "
                 "weeks\n",
                 m.r, m.alpha, m.a, m.b, fit.log_likelihood, expected);
    if (!fit.converged) {
        return strata_fail(err, STRATA_E_NUMERIC, "the fit failed: %s", fit.reason);
    }
    return STRATA_OK;
}

int main(int argc, char **argv)
{
    options o = {.customers = 1000000, .start_days = 85};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--customers") == 0) {
            o.customers = strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--start-days") == 0) {
            o.start_days = strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--dump") == 0) {
            o.dump = argv[i + 1];
        }
    }
    strata_error err = {0};
    if (bench(&o, &err) != STRATA_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
