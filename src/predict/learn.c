/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/learn.h"

#include <math.h>
#include <string.h>

#include "base/large.h"
#include "predict/learn_parts.h"

/* Isotonic regression needs many events, or it learns noise (Niculescu-Mizil & Caruana 2005). */
enum { ISOTONIC_FROM = 1000 };
static const uint64_t TREES_STREAM = 0x7072656431;
static const double LEVEL_MOST = 5.0; /* log-odds by which a level is moved, at most */

const char *learner_name(learner l)
{
    return l == LEARNER_TREES ? "trees" : "logistic";
}

const char *learner_label(learner l)
{
    return l == LEARNER_TREES ? "boosted trees" : "logistic regression";
}

void predictor_done(predictor *p)
{
    boost_free(p->trees);
    p->trees = NULL;
}

/* --- rows as the kernels take them --- */

static const double *raw_row(const rows *r, const uint32_t *which, size_t i)
{
    return r->x + (which != NULL ? which[i] : i) * r->n_columns;
}

static size_t width_of(const predictor *p)
{
    return p->kind == LEARNER_TREES ? p->n_used : p->design.width;
}

static void put_row(const predictor *p, const double *raw, double *out)
{
    if (p->kind == LEARNER_LOGISTIC) {
        design_row(&p->design, raw, out);
        return;
    }
    for (size_t k = 0; k < p->n_used; k++) {
        out[k] = raw[p->used[k]];
    }
}

strata_status predictor_matrix(const predictor *p, const rows *r, const uint32_t *which, size_t n,
                               double **out, strata_error *err)
{
    size_t width = width_of(p);
    double *x = large_new(n * width + 1, sizeof *x);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows of %zu columns", n,
                           width);
    }
    for (size_t i = 0; i < n; i++) {
        put_row(p, raw_row(r, which, i), x + i * width);
    }
    *out = x;
    return STRATA_OK;
}

static strata_status outcomes_of(const rows *r, const row_set *set, arena *a, uint8_t **out,
                                 strata_error *err)
{
    uint8_t *y = ARENA_NEW(a, set->n + 1, uint8_t);
    if (y == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu outcomes", set->n);
    }
    for (size_t i = 0; i < set->n; i++) {
        y[i] = r->y[set->which[i]];
    }
    *out = y;
    return STRATA_OK;
}

/* --- speaking --- */

strata_status predictor_margins_of(const predictor *p, const double *x, size_t n, double *margin,
                                   strata_error *err)
{
    if (p->kind == LEARNER_TREES) {
        return boost_margins(p->trees, x, n, margin, err);
    }
    for (size_t i = 0; i < n; i++) {
        margin[i] = logistic_margin(&p->logistic, x + i * p->design.width);
    }
    return STRATA_OK;
}

strata_status predictor_margins(const predictor *p, const rows *r, const uint32_t *which, size_t n,
                                double *margin, strata_error *err)
{
    STRATA_AUTO_FREE double *x = NULL;
    STRATA_TRY(predictor_matrix(p, r, which, n, &x, err));
    return predictor_margins_of(p, x, n, margin, err);
}

strata_status predictor_probabilities(const predictor *p, const rows *r, const uint32_t *which,
                                      size_t n, double *out, strata_error *err)
{
    STRATA_TRY(predictor_margins(p, r, which, n, out, err));
    for (size_t i = 0; i < n; i++) {
        out[i] = calibration_apply(&p->calibration, out[i]);
    }
    return STRATA_OK;
}

strata_status predictor_parts(const predictor *p, const double *raw, double *part, double *base,
                              strata_error *err)
{
    size_t width = width_of(p);
    STRATA_AUTO_FREE double *x = large_new(2 * (width + 1), sizeof *x);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    double *own = x + width + 1;
    put_row(p, raw, x);
    for (size_t k = 0; k < p->candidates.n; k++) {
        part[k] = 0.0;
    }
    if (p->kind == LEARNER_TREES) {
        STRATA_TRY(boost_contributions(p->trees, x, 1, own, err));
        for (size_t k = 0; k < p->n_used; k++) {
            part[p->used[k]] = own[k];
        }
        *base = own[p->n_used];
        return STRATA_OK;
    }
    *base = logistic_contributions(&p->logistic, x, own);
    for (size_t k = 0; k < p->design.n; k++) {
        const design_column *c = &p->design.columns[k];
        part[c->candidate] = own[k];
        part[c->candidate] += c->missing_column != SIZE_MAX ? own[c->missing_column] : 0.0;
        for (size_t i = 0; c->near_column != SIZE_MAX && i < DESIGN_NEAR; i++) {
            part[c->candidate] += own[c->near_column + i];
        }
    }
    return STRATA_OK;
}

/* --- fitting --- */

static strata_status fit_trees(const context *cx, const predictor_request *q,
                               const learn_outcomes *y, predictor *p, strata_error *err)
{
    STRATA_AUTO_FREE double *x_learn = NULL;
    STRATA_AUTO_FREE double *x_tune = NULL;
    STRATA_TRY(predictor_matrix(p, q->rows, q->learn.which, q->learn.n, &x_learn, err));
    STRATA_TRY(predictor_matrix(p, q->rows, q->tune.which, q->tune.n, &x_tune, err));
    boost_data learn = {.n = q->learn.n, .d = p->n_used, .x = x_learn, .y = y->learn};
    boost_data tune = {.n = q->tune.n, .d = p->n_used, .x = x_tune, .y = y->tune};
    boost_options o = boost_defaults();
    o.stream = TREES_STREAM;
    STRATA_TRY(boost_train(cx, &learn, &tune, &o, &p->trees, err));
    p->summary = boost_summary_of(p->trees);
    return STRATA_OK;
}

static strata_status calibrate(const predictor_request *q, const learn_outcomes *y, double *margin,
                               arena *a, predictor *p, strata_error *err)
{
    STRATA_TRY(predictor_margins(p, q->rows, q->tune.which, q->tune.n, margin, err));
    scored tuned = {q->tune.n, margin, y->tune};
    p->calibrated_by_share = q->tune.n_positive_accounts >= ISOTONIC_FROM;
    return p->calibrated_by_share ? calibration_isotonic(&tuned, a, &p->calibration, err)
                                  : calibration_platt(&tuned, &p->calibration, err);
}

static strata_status list_used(const candidates *c, arena *a, predictor *p, strata_error *err)
{
    size_t *used = ARENA_NEW(a, c->n + 1, size_t);
    if (used == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < c->n; k++) {
        if (c->items[k].left_out == USED) {
            used[p->n_used++] = k;
        }
    }
    p->used = used;
    return STRATA_OK;
}

/* --- again --- */

static double mean_chance(const predictor *p, const double *margin, size_t n, double shift)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += calibration_apply(&p->calibration, margin[i] + shift);
    }
    return sum / (double)n;
}

/* What is to be added to margins for the mean chance to be `wanted`. */
static double shift_to(const predictor *p, const double *margin, size_t n, double wanted)
{
    enum { STEPS = 60 };
    double low = -LEVEL_MOST;
    double high = LEVEL_MOST;
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2.0;
        if (mean_chance(p, margin, n, middle) < wanted) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2.0;
}

/* Margins of the tuning rows, as calibrated, are in `margin`; *p is fitted again to q->again. */
static strata_status fit_again(const context *cx, const predictor_request *q, double *margin,
                               arena *a, predictor *p, strata_error *err)
{
    uint8_t *y = NULL;
    predictor next = *p;
    predictor_request all = *q;
    all.learn = *q->again;
    all.like = p;
    double wanted = mean_chance(p, margin, q->tune.n, 0.0);
    STRATA_TRY(outcomes_of(q->rows, q->again, a, &y, err));
    STRATA_TRY(learn_logistic(cx, &all, &(learn_outcomes){y, NULL}, a, &next, err));
    STRATA_TRY(predictor_margins(&next, q->rows, q->tune.which, q->tune.n, margin, err));
    double shift = shift_to(&next, margin, q->tune.n, wanted);
    next.logistic.at_mean += shift;
    next.logistic.intercept += shift;
    next.again = *q->again;
    *p = next;
    return STRATA_OK;
}

strata_status predictor_fit(const context *cx, const predictor_request *q, arena *a, predictor *out,
                            strata_error *err)
{
    STRATA_CLEANUP(predictor_done)
    predictor p = {
        .kind = q->kind, .candidates = *q->candidates, .learned = q->learn, .tuned = q->tune};
    uint8_t *y_learn = NULL;
    uint8_t *y_tune = NULL;
    double *margin = ARENA_NEW(a, q->tune.n + 1, double);
    if (margin == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(list_used(q->candidates, a, &p, err));
    STRATA_TRY(outcomes_of(q->rows, &q->learn, a, &y_learn, err));
    STRATA_TRY(outcomes_of(q->rows, &q->tune, a, &y_tune, err));
    learn_outcomes y = {y_learn, y_tune};
    STRATA_TRY(q->kind == LEARNER_TREES ? fit_trees(cx, q, &y, &p, err)
                                        : learn_logistic(cx, q, &y, a, &p, err));
    STRATA_TRY(calibrate(q, &y, margin, a, &p, err));
    if (q->again != NULL && q->kind == LEARNER_LOGISTIC) {
        STRATA_TRY(fit_again(cx, q, margin, a, &p, err));
    }
    *out = p;
    p.trees = NULL; /* it is out's now */
    return STRATA_OK;
}
