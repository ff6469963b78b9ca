/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_CALIBRATION_H
#define STRATA_STATS_LEARNING_CALIBRATION_H

/* Do things said to happen with chance p happen in that share of cases, and how to make them. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "stats/inference/proportion.h"
#include "stats/inference/test.h"
#include "stats/learning/scored.h"

/* ---- Turning scores into probabilities. Fit on rows that the score was not made from. ---- */

typedef enum calibration_kind { CALIBRATION_PLATT, CALIBRATION_ISOTONIC } calibration_kind;

/* A curve from score to probability that never falls. Plain data: write it out and read it back. */
typedef struct calibration {
    calibration_kind kind;
    size_t n, n_positive; /* rows it was made from */
    bool flat; /* higher scores did not go with more outcomes: every score gets the same chance */
    /* Platt: 1 / (1 + exp(-(intercept + slope x score))). */
    double intercept, slope;
    /* Isotonic: straight lines between the knots (score ascending, share never falling), level
     * outside them, and never nearer to 0 or 1 than `margin`. */
    size_t n_knots;
    const double *knot_score, *knot_share; /* of n_knots */
    double margin;                         /* 1 / (2 (n + 1)) */
} calibration;

/* Platt 1999 (Advances in Large Margin Classifiers, 61): a logistic curve fitted to the targets
 * (N+ + 1) / (N+ + 2) for positives and 1 / (N- + 2) for negatives, by Newton's method with step
 * halving (Lin, Lin & Weng 2007, Machine Learning 68:267; sklearn: CalibratedClassifierCV
 * "sigmoid"). A slope under 0 is set to 0 with the best level, `flat`. STRATA_E_DATA with one
 * outcome only or as scored_check(); STRATA_E_NUMERIC when the steps do not converge. */
STRATA_MUST_CHECK strata_status calibration_platt(const scored *s, calibration *out,
                                                  strata_error *err);

/* Isotonic regression of the outcome on the score by pool-adjacent-violators (Ayer et al. 1955;
 * Zadrozny & Elkan 2002; sklearn: IsotonicRegression), rows of equal score together. Knots are
 * allocated in `a`. O(n log n). STRATA_E_DATA with one outcome only or as scored_check(). */
STRATA_MUST_CHECK strata_status calibration_isotonic(const scored *s, arena *a, calibration *out,
                                                     strata_error *err);

/* The probability that belongs to a score: above 0, under 1, never falling in the score. NaN for a
 * score that is not a number. */
double calibration_apply(const calibration *c, double score);

/* ---- Measures of probabilities. scores are probabilities, 0 to 1. ---- */

/* Mean squared distance of probability and outcome (Brier 1950). n = 0 is STRATA_E_DATA. */
STRATA_MUST_CHECK strata_status brier_score(const scored *s, double *out, strata_error *err);

/* Mean of -ln(probability of what came). Probabilities are kept at least 2.2e-16 from 0 and 1, as
 * sklearn.metrics.log_loss does, so that one certain mistake is finite. n = 0 is STRATA_E_DATA. */
STRATA_MUST_CHECK strata_status log_loss(const scored *s, double *out, strata_error *err);

/* Rows of about equal number, in order of their probability. */
typedef struct reliability_bin {
    size_t n, hits;
    double low, high;      /* smallest and largest probability in it */
    double mean_predicted; /* mean probability */
    double share;          /* hits / n */
    interval share_95;     /* Wilson */
} reliability_bin;

/* Fills at most n_bins (1 or more, else STRATA_E_USAGE) bins and sets *used; none is empty, and
 * rows of equal probability are never parted, so that the order of the rows does not matter. n = 0:
 * no bins. */
STRATA_MUST_CHECK strata_status reliability_bins(const scored *s, size_t n_bins,
                                                 reliability_bin *bins, size_t *used,
                                                 strata_error *err);

/* The Brier score taken apart (Murphy 1973, J. Applied Meteorology 12:595) over those bins; the
 * rest that comes of unequal probabilities in a bin as Stephenson, Coelho & Jolliffe 2008:
 *   brier = reliability - resolution + uncertainty + within */
typedef struct brier_parts {
    double brier;
    double reliability; /* distance of the bins' probabilities from their shares; 0 is best */
    double
        resolution; /* distance of the bins' shares from the overall share; the more, the better */
    double uncertainty; /* base x (1 - base): the score of who always says the overall share */
    double within;      /* 0 when each bin has one probability */
    double skill;       /* 1 - brier / uncertainty; 0 when only one outcome occurs */
} brier_parts;
STRATA_MUST_CHECK strata_status brier_split(const scored *s, size_t n_bins, brier_parts *out,
                                            strata_error *err);

/* Is what was said right on the whole, and not too extreme? (Cox 1958; Miller, Hui & Tierney 1991;
 * Van Calster et al. 2019). Logistic regression of the outcome on l = ln(p / (1 - p)), with l kept
 * within -+36. Zeros when not defined. */
typedef struct calibration_check {
    size_t n, n_positive;
    double expected;                      /* sum of the probabilities; n_positive is what came */
    bool defined;                         /* both outcomes occur, and what follows converged */
    double in_the_large, in_the_large_se; /* a in a + 1 l: above 0, more happened than was said */
    bool sloped;            /* the probabilities differ, and outcomes are not separated by them */
    double slope, slope_se; /* b in a + b l: under 1, probabilities are too extreme */
    double intercept;       /* a that goes with it */
    stat_test test;         /* a = 0 and b = 1 at once: likelihood ratio, 2 df; effect: the slope */
} calibration_check;
STRATA_MUST_CHECK strata_status calibration_check_run(const scored *s, calibration_check *out,
                                                      strata_error *err);

#endif
