/* SPDX-License-Identifier: Apache-2.0 */
/* Proportional hazards regression with five covariates on generated lifetimes, in whole days (many
 * ties) and to the second (hardly any), with concordance, on one thread and on several.
 *   cox ROWS REPEAT [FOLDER]
 * FOLDER receives the columns and the coefficients for bench/cox.R, which times R's coxph on them
 * and compares. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/number.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "bench/watch.h"
#include "stats/survival/cox.h"

enum { COVARIATES = 5, THREADS = 2, UNITS = 2 };

static const double effects[COVARIATES] = {0.3, -0.2, 0.1, 0.5, 0.0};
static const char *const names[COVARIATES] = {"x1", "x2", "x3", "x4", "x5"};
static const char *const units[UNITS] = {"days", "seconds"};
static const double per_year[UNITS] = {365.0, 365.0 * 86400.0};

/* Columns of n values, all doubles but the events. */
typedef struct sample {
    size_t n;
    double *x[COVARIATES];
    double *time[UNITS];
    uint8_t *event;
} sample;

static void sample_done(sample *s)
{
    for (size_t k = 0; k < COVARIATES; k++) {
        free(s->x[k]);
    }
    for (size_t u = 0; u < UNITS; u++) {
        free(s->time[u]);
    }
    free(s->event);
}

static strata_status make_sample(sample *s, size_t n, strata_error *err)
{
    bool ok = (s->event = STRATA_NEW_ARRAY(n, uint8_t)) != NULL;
    for (size_t k = 0; k < COVARIATES; k++) {
        ok = (s->x[k] = STRATA_NEW_ARRAY(n, double)) != NULL && ok;
    }
    for (size_t u = 0; u < UNITS; u++) {
        ok = (s->time[u] = STRATA_NEW_ARRAY(n, double)) != NULL && ok;
    }
    if (!ok) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", n);
    }
    rng r;
    rng_init(&r, 1, 0);
    for (size_t i = 0; i < n; i++) {
        double predictor = 0.0;
        for (size_t k = 0; k < COVARIATES; k++) {
            s->x[k][i] = k < 3 ? rng_normal(&r) : rng_uniform(&r) < 0.3;
            predictor += effects[k] * s->x[k][i];
        }
        double ended = rng_exponential(&r, exp(predictor));
        double lost = 3.0 * rng_uniform(&r);
        s->event[i] = ended < lost;
        for (size_t u = 0; u < UNITS; u++) {
            s->time[u][i] = ceil(fmin(ended, lost) * per_year[u]);
        }
    }
    s->n = n;
    return STRATA_OK;
}

static strata_status fit_once(const sample *s, size_t unit, int threads, strbuf *coefficients,
                              timing *took, strata_error *err)
{
    context cx = {.threads = threads};
    cox_covariate x[COVARIATES];
    for (size_t k = 0; k < COVARIATES; k++) {
        x[k] = (cox_covariate){names[k], s->x[k]};
    }
    cox_data data = {.life = {.n = s->n, .time = s->time[unit], .event = s->event},
                     .covariates = x,
                     .n_covariates = COVARIATES};
    timing start = now();
    STRATA_AUTO(cox_fit_free) cox_fit *f = NULL;
    cox_order order;
    STRATA_TRY(cox_fit_new(&cx, &data, &f, err));
    STRATA_TRY(cox_concordance(f, &order, err));
    *took = since(start);
    cox_summary sum = cox_fit_summary(f);
    strbuf_clear(coefficients);
    for (size_t k = 0; k < COVARIATES; k++) {
        strbuf_printf(coefficients, "%s %.17g\n", units[unit], sum.coefficients[k].beta);
        strbuf_printf(coefficients, "%s %.17g\n", units[unit], sum.coefficients[k].se);
    }
    strbuf_printf(coefficients, "%s %.17g\n%s %.17g\n", units[unit], sum.loglik, units[unit],
                  order.c);
    return strbuf_status(coefficients, err);
}

/* Fastest of several runs; the coefficients go to `all`. */
static strata_status time_fit(const sample *s, size_t unit, int threads, int repeat, strbuf *all,
                              strata_error *err)
{
    STRBUF_AUTO strbuf coefficients;
    strbuf_init(&coefficients, 0);
    timing best = {0};
    for (int k = 0; k < repeat; k++) {
        timing took;
        STRATA_TRY(fit_once(s, unit, threads, &coefficients, &took, err));
        if (k == 0 || took.cpu < best.cpu) {
            best = took;
        }
    }
    (void)printf("cox, %-8s %d thread%s wall %7.3f s  cpu %7.3f s  %7.1f M rows/s  peak %5.0f MB\n",
                 units[unit], threads, threads > 1 ? "s" : " ", best.wall, best.cpu,
                 (double)s->n / best.wall / 1e6, peak_mb());
    if (threads == 1) {
        strbuf_add(all, strbuf_text(&coefficients));
    }
    return strbuf_status(all, err);
}

static strata_status dump(const char *folder, const char *name, const void *bytes, size_t len,
                          strata_error *err)
{
    STRBUF_AUTO strbuf path;
    strbuf_init(&path, 0);
    strbuf_printf(&path, "%s/%s", folder, name);
    STRATA_TRY(strbuf_status(&path, err));
    return file_write(strbuf_text(&path), bytes, len, err);
}

static strata_status dump_all(const sample *s, const char *folder, const strbuf *coefficients,
                              strata_error *err)
{
    for (size_t k = 0; k < COVARIATES; k++) {
        STRATA_TRY(dump(folder, names[k], (const char *)s->x[k], s->n * sizeof *s->x[k], err));
    }
    for (size_t u = 0; u < UNITS; u++) {
        STRATA_TRY(dump(folder, units[u], s->time[u], s->n * sizeof *s->time[u], err));
    }
    STRATA_TRY(dump(folder, "event", s->event, s->n, err));
    return dump(folder, "coefficients", strbuf_text(coefficients), coefficients->len, err);
}

static strata_status run(size_t n, int repeat, const char *folder, strata_error *err)
{
    STRATA_CLEANUP(sample_done) sample s = {0};
    STRBUF_AUTO strbuf coefficients;
    strbuf_init(&coefficients, 0);
    STRATA_TRY(make_sample(&s, n, err));
    for (size_t u = 0; u < UNITS; u++) {
        STRATA_TRY(time_fit(&s, u, 1, repeat, &coefficients, err));
        STRATA_TRY(time_fit(&s, u, THREADS, repeat, &coefficients, err));
    }
    return folder == NULL ? STRATA_OK : dump_all(&s, folder, &coefficients, err);
}

int main(int argc, char **argv)
{
    double n = 0;
    double repeat = 0;
    if (argc < 3 || argc > 4 || !number_parse(argv[1], strlen(argv[1]), &n) || !(n >= 100) ||
        !(n <= 1e8) || !number_parse(argv[2], strlen(argv[2]), &repeat) || !(repeat >= 1) ||
        !(repeat <= 1000)) {
        (void)fprintf(stderr, "usage: cox ROWS REPEAT [FOLDER]\n");
        return 64;
    }
    strata_error err = {0};
    if (run((size_t)n, (int)repeat, argc > 3 ? argv[3] : NULL, &err) != STRATA_OK) {
        (void)fprintf(stderr, "cox: %s\n", err.message);
        return 70;
    }
    return 0;
}
