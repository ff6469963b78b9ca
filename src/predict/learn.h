/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_LEARN_H
#define STRATA_PREDICT_LEARN_H

/* A model that speaks of accounts: learned from some rows, tuned and calibrated on others. */

#include "base/auto.h"
#include "predict/design.h"
#include "stats/learning/boost.h"
#include "stats/learning/calibration.h"
#include "stats/learning/logistic.h"

typedef enum learner { LEARNER_LOGISTIC, LEARNER_TREES, LEARNERS } learner;
const char *learner_name(learner l);  /* "logistic": in the store and in JSON */
const char *learner_label(learner l); /* "logistic regression" */

/* Numbers of rows, ascending. */
typedef struct row_set {
    const uint32_t *which;
    size_t n, n_positive, n_accounts, n_positive_accounts;
} row_set;

typedef struct predictor {
    learner kind;
    candidates candidates; /* borrowed arrays */
    row_set learned, tuned, again;
    size_t n_used;      /* candidates that it reads, in order */
    const size_t *used; /* their columns in the rows */
    double ridge;       /* logistic */
    design design;
    logistic_fit logistic;
    boost *trees; /* owned */
    boost_summary summary;
    calibration calibration;
    bool calibrated_by_share; /* isotonic rather than Platt */
} predictor;

void predictor_done(predictor *p); /* harmless on a zeroed one */

typedef struct predictor_request {
    const rows *rows;
    const candidates *candidates;
    row_set learn, tune;
    learner kind;
    /* A logistic regression made before: its features and its ridge are taken over. NULL: both are
     * chosen on the tuning rows. */
    const predictor *like;
    /* A logistic regression, once calibrated, is fitted again to these rows, tuning rows among
     * them; the curve stays, and the level at which tuning rows are held stays too. NULL: not. */
    const row_set *again;
} predictor_request;

/* Fits and calibrates. Everything but the trees is allocated in `a`. STRATA_E_DATA with one outcome
 * only in either set; STRATA_E_NUMERIC when a fit does not converge, saying why. */
STRATA_MUST_CHECK strata_status predictor_fit(const context *cx, const predictor_request *q,
                                              arena *a, predictor *out, strata_error *err);

/* ln(p / (1 - p)) before calibration, of n rows of raw values (n_columns each) picked by `which`
 * (NULL: the first n). */
STRATA_MUST_CHECK strata_status predictor_margins(const predictor *p, const rows *r,
                                                  const uint32_t *which, size_t n, double *margin,
                                                  strata_error *err);
/* The same as calibrated probabilities. */
STRATA_MUST_CHECK strata_status predictor_probabilities(const predictor *p, const rows *r,
                                                        const uint32_t *which, size_t n,
                                                        double *out, strata_error *err);
/* What each candidate adds to one row's margin (part: of candidates->n, 0 for those not in use);
 * *base plus the parts is the margin. */
STRATA_MUST_CHECK strata_status predictor_parts(const predictor *p, const double *raw, double *part,
                                                double *base, strata_error *err);

#endif
