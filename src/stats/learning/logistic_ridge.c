/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "stats/learning/logistic_private.h"

/* Log losses of the rows held out, and the weight they have. */
typedef struct fold_loss {
    double loss, weight;
} fold_loss;

typedef struct held_out {
    const logistic_data *data;
    const uint32_t *fold;
    size_t n_folds;
    double *weight;    /* of n: 0 for the rows held out */
    fold_loss *losses; /* of n_folds */
} held_out;

static strata_status check_folds(const held_out *f, const logistic_trial *trials, size_t n_trials,
                                 strata_error *err)
{
    if (n_trials == 0 || f->n_folds < 2) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%zu ridges and %zu folds; at least 1 and 2 are needed", n_trials,
                           f->n_folds);
    }
    for (size_t t = 0; t < n_trials; t++) {
        if (!(trials[t].ridge > 0.0) || !isfinite(trials[t].ridge)) {
            return strata_fail(err, STRATA_E_USAGE,
                               "a ridge of %g to try; it must be above 0 and finite",
                               trials[t].ridge);
        }
    }
    for (size_t i = 0; i < f->data->n; i++) {
        if (f->fold[i] >= f->n_folds) {
            return strata_fail(err, STRATA_E_USAGE, "row %zu is in fold %u; there are %zu", i,
                               f->fold[i], f->n_folds);
        }
    }
    return STRATA_OK;
}

/* Predicts fold k from the others. */
static strata_status hold_out(const context *cx, const held_out *f, size_t k, double ridge,
                              strata_error *err)
{
    logistic_data rest = *f->data;
    rest.weight = f->weight;
    for (size_t i = 0; i < rest.n; i++) {
        f->weight[i] = f->fold[i] == k ? 0.0 : logistic_weight(f->data, i);
    }
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    logistic_fit fit = {0};
    strata_status status =
        logistic_run(cx, &rest, &(logistic_options){.ridge = ridge}, a, &fit, err);
    if (status != STRATA_OK) {
        return strata_wrap(err, status, "without fold %zu", k);
    }
    if (!fit.converged) {
        return strata_fail(err, STRATA_E_NUMERIC, "without fold %zu and with a ridge of %g, %s", k,
                           ridge, fit.why);
    }
    fold_loss sum = {0};
    for (size_t i = 0; i < rest.n; i++) {
        if (f->fold[i] == k) {
            double margin = logistic_margin(&fit, &rest.x[i * rest.d]);
            double weight = logistic_weight(f->data, i);
            sum.loss += weight * log1p_exp(f->data->y[i] ? -margin : margin);
            sum.weight += weight;
        }
    }
    if (!(sum.weight > 0.0)) {
        return strata_fail(err, STRATA_E_USAGE, "fold %zu has no rows to predict", k);
    }
    f->losses[k] = sum;
    return STRATA_OK;
}

/* The weighted mean of the folds' losses, and its standard error from how they differ. */
static void summarise(const held_out *f, logistic_trial *t)
{
    fold_loss all = {0};
    for (size_t k = 0; k < f->n_folds; k++) {
        all.loss += f->losses[k].loss;
        all.weight += f->losses[k].weight;
    }
    t->loss = all.loss / all.weight;
    double squares = 0.0;
    for (size_t k = 0; k < f->n_folds; k++) {
        double off = f->losses[k].loss - t->loss * f->losses[k].weight;
        squares += off * off;
    }
    double k = (double)f->n_folds;
    t->se = f->n_folds > 2 ? sqrt(squares * k / (k - 1.0)) / all.weight : 0.0;
}

static logistic_choice choose(const logistic_trial *trials, size_t n_trials)
{
    logistic_choice c = {0};
    for (size_t t = 0; t < n_trials; t++) {
        c.least = trials[t].loss < trials[c.least].loss ? t : c.least;
    }
    c.simplest = c.least;
    for (size_t t = 0; t < n_trials; t++) {
        bool as_good = trials[t].loss <= trials[c.least].loss + trials[c.least].se;
        c.simplest = as_good && trials[t].ridge > trials[c.simplest].ridge ? t : c.simplest;
    }
    return c;
}

strata_status logistic_choose_ridge(const context *cx, const logistic_data *data,
                                    logistic_folds folds, logistic_trial *trials, size_t n_trials,
                                    logistic_choice *out, strata_error *err)
{
    STRATA_AUTO_FREE double *weight = STRATA_NEW_ARRAY(data->n, double);
    STRATA_AUTO_FREE fold_loss *losses = STRATA_NEW_ARRAY(folds.n_folds, fold_loss);
    STRATA_AUTO_FREE logistic_trial *tried = STRATA_NEW_ARRAY(n_trials, logistic_trial);
    if (weight == NULL || losses == NULL || tried == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying %zu ridges", n_trials);
    }
    held_out f = {data, folds.fold, folds.n_folds, weight, losses};
    STRATA_TRY(check_folds(&f, trials, n_trials, err));
    for (size_t t = 0; t < n_trials; t++) {
        tried[t].ridge = trials[t].ridge;
        for (size_t k = 0; k < folds.n_folds; k++) {
            STRATA_TRY(hold_out(cx, &f, k, tried[t].ridge, err));
        }
        summarise(&f, &tried[t]);
    }
    memcpy(trials, tried, n_trials * sizeof *trials);
    *out = choose(trials, n_trials);
    return STRATA_OK;
}
