/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_BOOST_H
#define STRATA_STATS_LEARNING_BOOST_H

/* Gradient boosted trees for a yes-or-no outcome (Chen & Guestrin 2016; XGBoost 1.7, "hist",
 * logistic loss). The only place that knows XGBoost. It counts in single precision: features that
 * agree to seven digits are the same to it. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/context.h"

enum { BOOST_FEATURES_MAX = 2000, BOOST_DEPTH_MAX = 10, BOOST_ROUNDS_MAX = 5000 };

/* Borrowed. */
typedef struct boost_data {
    size_t n, d;
    const double *x;  /* n x d by row; NaN: missing, which each split sends to its better side */
    const uint8_t *y; /* of n: 1 or 0 */
    const double *weight; /* of n, 0 or more; NULL: 1 each */
} boost_data;

typedef struct boost_options {
    size_t max_rounds;       /* 1 .. BOOST_ROUNDS_MAX */
    size_t patience;         /* stop after so many rounds without a better validation; 1 or more */
    size_t max_depth;        /* 1 .. BOOST_DEPTH_MAX */
    double learning_rate;    /* above 0, at most 1 */
    double min_child_weight; /* least sum of p (1 - p) of a leaf; 0 or more */
    double l2;               /* ridge on the leaves; 0 or more */
    double row_share, feature_share; /* drawn per tree, above 0, at most 1; rows are drawn by their
                                      * place, so give them in an order of their own */
    uint64_t stream;                 /* with cx->seed: what is drawn */
} boost_options;

/* Modest settings for a few hundred to some hundred thousand rows. */
boost_options boost_defaults(void);

/* A trained model. Owns what it has; read-only once made. */
typedef struct boost boost;

typedef struct boost_summary {
    size_t d;
    size_t rounds; /* trees kept: those up to the best validation. 0: no tree made it better, every
                    * row gets the base rate */
    size_t rounds_run;
    size_t n, n_positive, n_validation; /* rows */
    double base_rate;                   /* weighted share of positives in training */
    double loss_base;                   /* log loss on the validation rows of the base rate alone */
    double loss;                        /* and of the model kept */
} boost_summary;

/* Trains round by round; after each, the log loss on `validation` decides. The same bytes for any
 * cx->threads (XGBoost runs on one). Fails, *out untouched, with
 *   STRATA_E_USAGE      options or sizes out of range, sets with different features;
 *   STRATA_E_DATA       an infinite value or one beyond single precision (naming row and feature),
 *                       an outcome that is not 0 or 1, a bad weight, one outcome only in either
 * set; STRATA_E_CANCELLED  between rounds; STRATA_E_INTERNAL   what XGBoost says. */
STRATA_MUST_CHECK strata_status boost_train(const context *cx, const boost_data *train,
                                            const boost_data *validation, const boost_options *o,
                                            boost **out, strata_error *err);
void boost_free(boost *b); /* NULL is fine */
STRATA_DEFINE_AUTO(boost, boost_free)
boost_summary boost_summary_of(const boost *b);

/* ln(p / (1 - p)) of n rows x (n x d by row, NaN: missing) into margin (of n). Values as in
 * training, else STRATA_E_DATA; a row of other width cannot be told. */
STRATA_MUST_CHECK strata_status boost_margins(const boost *b, const double *x, size_t n,
                                              double *margin, strata_error *err);

/* What each feature adds to the margin (SHAP values of the trees: Lundberg, Erion & Lee 2018): part
 * is n x (d + 1) by row, the last column what the trees say on average (XGBoost's bias). A
 * row's parts add up to its margin. O(rounds x leaves x depth^2) a row. */
STRATA_MUST_CHECK strata_status boost_contributions(const boost *b, const double *x, size_t n,
                                                    double *part, strata_error *err);

/* The model as bytes, allocated in `a`; the same model gives the same bytes. */
STRATA_MUST_CHECK strata_status boost_save(const boost *b, arena *a, const unsigned char **bytes,
                                           size_t *n_bytes, strata_error *err);
/* STRATA_E_DATA when the bytes are not a whole model as saved by this version's format. */
STRATA_MUST_CHECK strata_status boost_load(const unsigned char *bytes, size_t n_bytes, boost **out,
                                           strata_error *err);

#endif
