/* SPDX-License-Identifier: Apache-2.0 */

/* The CDNOW data (Fader & Hardie 2001; brucehardie.com/datasets): figures published with them. The
 * sample is a tenth of the customers who came in the first quarter of 1997, seen for 39 weeks.
 * Skipped where the data is not there. */

#include <stdio.h>
#include <stdlib.h>

#include "buyers_test.h"

#include "base/day.h"
#include "stats/buyers/bg_nbd.h"
#include "stats/buyers/gamma_gamma.h"
#include "stats/buyers/nbd.h"
#include "stats/buyers/pareto_nbd.h"

enum { CUSTOMERS_MAX = 25000 };

typedef struct shop {
    buyer rows[CUSTOMERS_MAX];
    spender spend[CUSTOMERS_MAX];
    size_t n;
} shop;

static FILE *open_data(const char *name)
{
    char path[512];
    const char *data = getenv("STRATA_DATA"); // NOLINT(concurrency-mt-unsafe)
    (void)snprintf(path, sizeof path, "%s/cdnow/%s",
                   data == NULL ? STRATA_SOURCE "/../shared/data" : data, name);
    return fopen(path, "r");
}

/* Weeks rounded to two decimals, as in the spreadsheets. Caller frees. */
static shop *read_summary(void)
{
    FILE *file = open_data("cdnow_customers_summary_with_transactions.csv");
    if (file == NULL) {
        return NULL;
    }
    shop *s = calloc(1, sizeof *s);
    char line[256];
    while (s != NULL && fgets(line, sizeof line, file) != NULL) {
        char *at = strchr(line, ',');
        if (at == NULL || line[0] < '0' || line[0] > '9') {
            continue;
        }
        double value[4];
        for (int i = 0; i < 4; i++) {
            value[i] = strtod(at + 1, &at);
        }
        s->rows[s->n] = (buyer){value[0], value[1], value[2]};
        s->spend[s->n++] = (spender){value[0], value[3]};
    }
    (void)fclose(file);
    return s;
}

/* Whole days over 7, up to 30 September 1997; purchases on one day are one. The file is sorted by
 * customer and day. Caller frees. */
static shop *read_purchases(const char *name, int id_column)
{
    FILE *file = open_data(name);
    if (file == NULL) {
        return NULL;
    }
    shop *s = calloc(1, sizeof *s);
    char line[256];
    long last_id = -1;
    day first = 0;
    day before = 0;
    const day end = day_from_civil(1997, 9, 30);
    while (s != NULL && fgets(line, sizeof line, file) != NULL) {
        char *at = line;
        long id = strtol(line, &at, 10);
        if (id == 0) {
            continue;
        }
        if (id_column == 1) {
            id = strtol(at, &at, 10);
        }
        int ymd = (int)strtol(at, &at, 10);
        day on = day_from_civil(ymd / 10000, ymd / 100 % 100, ymd % 100);
        if (id != last_id) {
            s->rows[s->n++] = (buyer){.T = (double)(end - on) / 7.0};
            first = on;
        } else if (on > before && on <= end) {
            s->rows[s->n - 1].x += 1.0;
            s->rows[s->n - 1].t_x = (double)(on - first) / 7.0;
        }
        last_id = id;
        before = on;
    }
    (void)fclose(file);
    return s;
}

static fit_result fit_bg(bg_kind kind, const buyer_cells *cells)
{
    fit_result fit;
    strata_error err = {0};
    assert_ok(bg_nbd_fit(kind, cells, NULL, &fit, &err), &err);
    assert_plain(&fit, true);
    return fit;
}

static fit_result fit_pareto(const buyer_cells *cells)
{
    fit_result fit;
    strata_error err = {0};
    assert_ok(pareto_nbd_fit(cells, NULL, &fit, &err), &err);
    assert_plain(&fit, true);
    return fit;
}

#define assert_digits(got, want, half) assert_close_at(got, want, 0.0, half, __FILE__, __LINE__)

static void assert_parameters(const fit_result *fit, const double *want)
{
    for (size_t i = 0; i < fit->n_parameters; i++) {
        assert_digits(fit->x[i], want[i], 5.1e-4);
    }
}

/* Fader, Hardie & Lee 2005, table 2; standard errors and converged likelihood: Hardie, note 004,
 * and the R package BTYD on the same numbers. */
static void bg_nbd_gives_the_published_fit(void **state)
{
    (void)state;
    static const double se[] = {0.012557, 0.378221, 0.185719, 0.705345};
    STRATA_AUTO_FREE shop *s = read_summary();
    if (s == NULL) {
        skip();
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(s->rows, NULL, s->n);
    strata_error err = {0};
    double value = 0.0;
    bg_nbd ones = {BG_NBD, 1.0, 1.0, 1.0, 1.0};
    assert_int_equal(s->n, 2357);
    assert_ok(bg_nbd_log_likelihood(&ones, cells, &value, NULL, &err), &err);
    assert_digits(value, -13887.7, 0.05);
    fit_result fit = fit_bg(BG_NBD, cells);
    assert_digits(fit.log_likelihood, -9582.42556, 5e-6);
    assert_parameters(&fit, (double[]){0.243, 4.414, 0.793, 2.426});
    for (size_t i = 0; i < COUNT(se); i++) {
        assert_digits(fit.se[i], se[i], 2e-6);
    }
    bg_nbd m = bg_nbd_of(BG_NBD, &fit);
    assert_digits(bg_nbd_expected(&m, s->rows[0], 39.0), 1.226, 5e-4);
    fit = fit_bg(MBG_NBD, cells);
    assert_parameters(&fit, (double[]){0.525, 6.183, 0.891, 1.614});
}

/* Fader, Hardie & Lee 2005, table 2; the customer with 26 purchases: the R package BTYD, whose
 * parameters are a little off the summit. */
static void pareto_nbd_gives_the_published_fit(void **state)
{
    (void)state;
    STRATA_AUTO_FREE shop *s = read_purchases("CDNOW_sample.txt", 1);
    if (s == NULL) {
        skip();
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(s->rows, NULL, s->n);
    assert_int_equal(s->n, 2357);
    fit_result fit = fit_bg(BG_NBD, cells);
    assert_digits(fit.log_likelihood, -9582.4292, 5e-5);
    fit = fit_pareto(cells);
    assert_digits(fit.log_likelihood, -9594.976, 5e-4);
    assert_parameters(&fit, (double[]){0.553, 10.578, 0.606, 11.669});
    pareto_nbd m = pareto_nbd_of(&fit);
    buyer keen = {26, 216.0 / 7.0, 31};
    assert_digits(pareto_nbd_alive(&m, keen), 0.997874, 1e-6);
    assert_digits(pareto_nbd_expected(&m, keen, 52.0), 25.456, 1.5e-3);
}

/* Fader & Hardie, note 025. */
static void gamma_gamma_gives_the_published_fit(void **state)
{
    (void)state;
    static const double want[] = {24.66, 18.91, 35.17, 35.17, 35.17, 71.46};
    STRATA_AUTO_FREE shop *s = read_summary();
    if (s == NULL) {
        skip();
    }
    size_t repeaters = 0;
    for (size_t i = 0; i < s->n; i++) {
        repeaters += s->spend[i].x > 0.0;
    }
    assert_int_equal(repeaters, 946);
    fit_result fit;
    strata_error err = {0};
    assert_ok(gamma_gamma_fit(s->spend, s->n, NULL, &fit, &err), &err);
    assert_plain(&fit, true);
    assert_digits(fit.x[0], 6.25, 5e-3);
    assert_digits(fit.x[1], 3.74, 5e-3);
    assert_digits(fit.x[2], 15.44, 1e-2);
    assert_digits(fit.log_likelihood, -4055.92, 5e-3);
    gamma_gamma m = gamma_gamma_of(&fit);
    for (size_t i = 0; i < COUNT(want); i++) {
        double spend = 0.0;
        assert_true(gamma_gamma_expected(&m, s->spend[i], &spend));
        assert_digits(spend, want[i], 5e-3);
    }
}

/* All 23,570 customers. What is wanted was found with SciPy 1.10.1: the textbook forms of both
 * likelihoods in numpy, scipy.special.hyp2f1, BFGS and then Nelder-Mead. */
static void the_whole_file_can_be_fitted(void **state)
{
    (void)state;
    STRATA_AUTO_FREE shop *s = read_purchases("CDNOW_master.txt", 0);
    if (s == NULL) {
        skip();
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(s->rows, NULL, s->n);
    assert_int_equal(s->n, 23570);
    assert_close(cells->customers, 23570.0, 0.0);
    assert_true(cells->n < 9000);
    fit_result fit = fit_bg(BG_NBD, cells);
    assert_parameters(&fit, (double[]){0.2516, 4.7889, 0.7234, 2.1611});
    assert_digits(fit.log_likelihood, -95368.4439, 1e-3);
    fit = fit_pareto(cells);
    assert_parameters(&fit, (double[]){0.5974, 11.5857, 0.5222, 8.8278});
    assert_digits(fit.log_likelihood, -95415.1186, 1e-3);
}

/* R 4.2: optim(method = "BFGS") on the same numbers. */
static void nbd_gives_what_r_gives(void **state)
{
    (void)state;
    STRATA_AUTO_FREE shop *s = read_summary();
    if (s == NULL) {
        skip();
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *cells = cells_of(s->rows, NULL, s->n);
    fit_result fit;
    strata_error err = {0};
    assert_ok(nbd_fit(cells, NULL, &fit, &err), &err);
    assert_plain(&fit, true);
    assert_digits(fit.x[0], 0.3847674, 1e-6);
    assert_digits(fit.x[1], 12.0720759, 4e-5);
    assert_digits(fit.log_likelihood, -9763.6602222, 1e-6);
    assert_digits(fit.se[0], 0.020985, 1e-5);
    assert_digits(fit.se[1], 0.808727, 1e-3);
    assert_digits(nbd_expected(&(nbd){fit.x[0], fit.x[1]}, s->rows[0], 39.0), 1.8260777, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bg_nbd_gives_the_published_fit),
        cmocka_unit_test(pareto_nbd_gives_the_published_fit),
        cmocka_unit_test(gamma_gamma_gives_the_published_fit),
        cmocka_unit_test(nbd_gives_what_r_gives),
        cmocka_unit_test(the_whole_file_can_be_fitted),
    };
    return cmocka_run_group_tests_name("cdnow", tests, NULL, NULL);
}
