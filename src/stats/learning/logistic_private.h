/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_LOGISTIC_PRIVATE_H
#define STRATA_STATS_LEARNING_LOGISTIC_PRIVATE_H

/* Inside of logistic.h: centred and scaled features, and the penalised likelihood on them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "stats/learning/logistic.h"

typedef struct logistic_design {
    size_t n, n_positive; /* rows with a weight above 0 */
    size_t p;             /* features that vary */
    double *z;            /* n x (p + 1) by row: (x - mean) / sd, and a 1 */
    uint8_t *y;           /* of n */
    double *weight;       /* of n */
    double total;         /* sum of weights */
    double total_positive;
    uint32_t *which;   /* of p: index among the d features */
    double *mean, *sd; /* of d; sd 0 for a constant */
    double ridge;
} logistic_design;

/* Checks the data as logistic_run() states. */
STRATA_MUST_CHECK strata_status logistic_design_new(const logistic_data *data, double ridge,
                                                    logistic_design **out, strata_error *err);
void logistic_design_free(logistic_design *d);
STRATA_DEFINE_AUTO(logistic_design, logistic_design_free)

/* A place, and what the likelihood is like there. theta: p coefficients, then the intercept. */
typedef struct logistic_place {
    double *theta;
    double value;          /* log-likelihood less the ridge's part */
    double loglik;         /* log-likelihood */
    double *gradient;      /* p + 1, of value */
    double *information;   /* (p + 1)^2, lower triangle: minus the second derivatives of loglik */
    double least_positive; /* least margin of a positive row ... */
    double most_negative;  /* ... and largest of a negative one */
} logistic_place;

STRATA_MUST_CHECK strata_status logistic_place_new(const logistic_design *d, logistic_place **out,
                                                   strata_error *err);
void logistic_place_free(logistic_place *p);
STRATA_DEFINE_AUTO(logistic_place, logistic_place_free)

/* Fills all but theta from theta. */
STRATA_MUST_CHECK strata_status logistic_look(const context *cx, const logistic_design *d,
                                              logistic_place *p, strata_error *err);

enum { LOGISTIC_NAME = 100 };
/* What messages call feature j; written into text. */
const char *logistic_name(const logistic_data *data, size_t j, char text[LOGISTIC_NAME]);

static inline double logistic_weight(const logistic_data *data, size_t i)
{
    return data->weight == NULL ? 1.0 : data->weight[i];
}

/* ln(1 + exp(x)) without overflow. */
double log1p_exp(double x);

#endif
