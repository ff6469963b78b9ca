/* SPDX-License-Identifier: Apache-2.0 */
/* A logistic regression of few features: half of them are dropped again and again, those that count
 * least first, and the fewest that do as well on later dates are kept. Features that add nothing
 * would add noise, and reasons nobody can read. */
#include <math.h>
#include <stdlib.h>

#include "predict/learn_parts.h"

/* Of many features that say nearly the same, three or four fit one block of dates as well as a
 * dozen do, and later ones worse: the way down ends at FEWEST, or, where fewer accounts than EVENTS
 * for each had the outcome (Peduzzi et al. 1996), at LEAST. */
enum { RIDGES = 3, RANKED_BY = 1, FEWEST = 8, LEAST = 3, EVENTS = 10 };
static const double ridges[RIDGES] = {10.0, 100.0, 1000.0};
static const double AS_GOOD = 0.001; /* of the log loss */

/* One step of the way down. */
typedef struct step {
    const predictor_request *q;
    const learn_outcomes *y;
    double *learn, *tune, *margin; /* owned but margin */
} step;

static void step_done(step *s)
{
    free(s->learn);
    free(s->tune);
    s->learn = NULL;
    s->tune = NULL;
}

static strata_status step_new(const predictor *p, step *s, strata_error *err)
{
    step_done(s);
    const predictor_request *q = s->q;
    STRATA_TRY(predictor_matrix(p, q->rows, q->learn.which, q->learn.n, &s->learn, err));
    return predictor_matrix(p, q->rows, q->tune.which, q->tune.n, &s->tune, err);
}

static strata_status fit(const context *cx, const step *s, double ridge, arena *a, predictor *p,
                         strata_error *err)
{
    logistic_data data = {
        .n = s->q->learn.n, .d = p->design.width, .x = s->learn, .y = s->y->learn};
    logistic_options o = {.ridge = ridge};
    STRATA_TRY(logistic_run(cx, &data, &o, a, &p->logistic, err));
    p->ridge = ridge;
    return p->logistic.converged
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NUMERIC, "the logistic regression did not converge: %s",
                             p->logistic.why);
}

static strata_status loss_of(const step *s, const predictor *p, double *out, strata_error *err)
{
    size_t n = s->q->tune.n;
    STRATA_TRY(predictor_margins_of(p, s->tune, n, s->margin, err));
    for (size_t i = 0; i < n; i++) {
        s->margin[i] = 1.0 / (1.0 + exp(-s->margin[i]));
    }
    return log_loss(&(scored){n, s->margin, s->y->tune}, out, err);
}

/* --- which features count --- */

typedef struct weight {
    size_t place; /* in the design */
    double size;  /* of its coefficients, per standard deviation */
} weight;

static double squared(const logistic_fit *f, size_t k)
{
    double beta = f->beta[k] * f->sd[k];
    return beta * beta;
}

static int by_size(const void *a, const void *b)
{
    const weight *x = a;
    const weight *y = b;
    return x->size < y->size   ? 1
           : x->size > y->size ? -1
                               : (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
    const size_t *x = a;
    const size_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* The places of the n features that count most, ascending. */
static strata_status heaviest(const predictor *p, size_t n, arena *a, size_t **out,
                              strata_error *err)
{
    const design *d = &p->design;
    weight *weights = ARENA_NEW(a, d->n + 1, weight);
    size_t *keep = ARENA_NEW(a, n + 1, size_t);
    if (weights == NULL || keep == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < d->n; k++) {
        const design_column *c = &d->columns[k];
        weights[k] = (weight){k, squared(&p->logistic, k)};
        weights[k].size +=
            c->missing_column != SIZE_MAX ? squared(&p->logistic, c->missing_column) : 0.0;
        for (size_t i = 0; c->near_column != SIZE_MAX && i < DESIGN_NEAR; i++) {
            weights[k].size += squared(&p->logistic, c->near_column + i);
        }
    }
    qsort(weights, d->n, sizeof *weights, by_size);
    for (size_t k = 0; k < n; k++) {
        keep[k] = weights[k].place;
    }
    qsort(keep, n, sizeof *keep, by_place);
    *out = keep;
    return STRATA_OK;
}

/* --- the way down --- */

static strata_status note_used(predictor *p, arena *a, strata_error *err)
{
    size_t *used = ARENA_NEW(a, p->design.n + 1, size_t);
    if (used == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < p->design.n; k++) {
        used[k] = p->design.columns[k].candidate;
    }
    p->used = used;
    p->n_used = p->design.n;
    return STRATA_OK;
}

typedef struct tried {
    predictor model;
    double loss;
} tried;

static strata_status try_ridges(const context *cx, const step *s, arena *a, predictor *p,
                                tried out[RIDGES], strata_error *err)
{
    for (size_t k = 0; k < RIDGES; k++) {
        STRATA_TRY(fit(cx, s, ridges[k], a, p, err));
        STRATA_TRY(loss_of(s, p, &out[k].loss, err));
        out[k].model = *p;
    }
    return STRATA_OK;
}

/* The last that is as good as the best: later ones have fewer features, or a stronger ridge. */
static const predictor *choose(const tried *all, size_t n)
{
    double best = INFINITY;
    size_t chosen = 0;
    for (size_t k = 0; k < n; k++) {
        best = fmin(best, all[k].loss);
    }
    for (size_t k = 0; k < n; k++) {
        chosen = all[k].loss <= best * (1.0 + AS_GOOD) ? k : chosen;
    }
    return &all[chosen].model;
}

static strata_status choose_features(const context *cx, step *s, arena *a, predictor *p,
                                     strata_error *err)
{
    enum { STEPS_MAX = 12 };
    tried *all = ARENA_NEW(a, (size_t)STEPS_MAX * RIDGES, tried);
    s->margin = ARENA_NEW(a, s->q->tune.n + 1, double);
    if (all == NULL || s->margin == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = 0;
    size_t fewest =
        s->q->learn.n_positive_accounts >= (size_t)EVENTS * FEWEST ? (size_t)FEWEST : (size_t)LEAST;
    for (size_t i = 0; i < STEPS_MAX; i++) {
        STRATA_TRY(step_new(p, s, err));
        STRATA_TRY(try_ridges(cx, s, a, p, all + n, err));
        *p = all[n + RANKED_BY].model;
        n += RIDGES;
        size_t fewer = (p->design.n + 1) / 2;
        if (fewer < fewest || fewer == p->design.n) {
            break;
        }
        size_t *keep = NULL;
        STRATA_TRY(heaviest(p, fewer, a, &keep, err));
        STRATA_TRY(design_pick(&p->design, keep, fewer, a, &p->design, err));
    }
    *p = *choose(all, n);
    return STRATA_OK;
}

/* The features of another, prepared anew from the rows to learn from. */
static strata_status take_over(const context *cx, step *s, arena *a, predictor *p,
                               strata_error *err)
{
    const predictor *like = s->q->like;
    size_t *keep = ARENA_NEW(a, like->n_used + 1, size_t);
    if (keep == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = 0;
    for (size_t k = 0; k < p->design.n && n < like->n_used; k++) {
        if (p->design.columns[k].candidate == like->used[n]) {
            keep[n++] = k;
        }
    }
    STRATA_TRY(design_pick(&p->design, keep, n, a, &p->design, err));
    STRATA_TRY(step_new(p, s, err));
    return fit(cx, s, like->ridge, a, p, err);
}

strata_status learn_logistic(const context *cx, const predictor_request *q, const learn_outcomes *y,
                             arena *a, predictor *p, strata_error *err)
{
    STRATA_CLEANUP(step_done) step s = {.q = q, .y = y};
    STRATA_TRY(design_make(q->rows, q->candidates, q->learn.which, q->learn.n, a, &p->design, err));
    STRATA_TRY(q->like != NULL ? take_over(cx, &s, a, p, err) : choose_features(cx, &s, a, p, err));
    return note_used(p, a, err);
}
