/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_MODELS_H
#define STRATA_COHORT_SHOP_MODELS_H

/* Models of a shop's buyers fitted as of a day, and what they expect of its customers together.
 * stats/buyers/bg_nbd.h, pareto_nbd.h, nbd.h, bg_bb.h and gamma_gamma.h say what the models are. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/calendar.h"
#include "cohort/shop/buyers.h"
#include "stats/buyers/gamma_gamma.h"
#include "stats/numeric/fit.h"

typedef enum shop_model {
    SHOP_BG_NBD,
    SHOP_MBG_NBD,
    SHOP_PARETO_NBD,
    SHOP_NBD,   /* nobody leaves */
    SHOP_BG_BB, /* one opportunity per period */
    SHOP_MODELS
} shop_model;

enum { SHOP_ALL_MODELS = (1 << SHOP_MODELS) - 1 };
const char *shop_model_label(shop_model m); /* "BG/NBD" */
bool shop_model_parse(const char *key, shop_model *out);

/* What models are fitted to. */
typedef struct shop_sample {
    const order_book *book;  /* with `periods` one of shop_by_period() */
    unsigned models;         /* bits, 1 << shop_model; the others count as not fitted */
    const calendar *periods; /* an opportunity each; NULL: customers buy when they like, and the
                                BG/BB model is not fitted */
} shop_sample;

/* What is expected, and how far chance and the error of the estimates let it vary. */
typedef struct shop_expectation {
    double mid, variance;
} shop_expectation;

/* How far forecasts of three months (halfway: of up to three) made before were off, beyond what
 * their variance explains: seasons, campaigns, customers unlike the model. */
typedef struct shop_drift {
    size_t n;      /* forecasts; 0: none could be compared yet */
    double square; /* mean square, as a share of the forecast */
    bool halfway;  /* one alone, from halfway through a history too short for a quarter's */
} shop_drift;

/* Ranges are to hold the outcome four times out of five, as in cohort/forecast/forecast.h. */
typedef struct shop_range {
    double mid, low, high;
} shop_range;

/* From 0 up. What chance explains goes by the normal distribution, the drift by Student's t with as
 * many degrees of freedom as there were forecasts; it is taken to be the same share however far
 * ahead, and nothing is known of it without a forecast to learn from. */
shop_range shop_range_of(const shop_expectation *e, const shop_drift *drift);

/* Sums over the customers of a cell, for one setting of the model of spend. */
typedef struct cell_spend {
    double mean;    /* of expected spend per purchase, minor units */
    double square;  /* of its square */
    double between; /* of the second moment of a customer's mean, given what they spent */
    double within;  /* of the variance of one purchase around it */
} cell_spend;

enum { SPEND_PARAMETERS = 3, SPEND_SETTINGS = 1 + 2 * SPEND_PARAMETERS };

typedef struct shop_fits {
    shop_buyers buyers;
    const calendar *periods;           /* the sample's */
    fit_result purchases[SHOP_MODELS]; /* look at .converged */
    fit_result spend;                  /* the Gamma-Gamma model, amounts in major units */
    const char *why_spend;             /* spend is not forecast, and why; NULL: it is */
    bool has_spend_range;              /* else its variance is infinite */
    double correlation;                /* of how often and how much, over repeaters; 0: unknown */
    /* By cell: at the estimates, then with each parameter up and down a little. */
    cell_spend *cell[SPEND_SETTINGS];
    double step[SPEND_PARAMETERS];
} shop_fits;

/* Fits the sample's models to what is known on `as_of`. Fits that fail are no failure: see above.
 */
STRATA_MUST_CHECK strata_status shop_fits_make(const context *cx, const shop_sample *sample,
                                               day as_of, arena *a, shop_fits *out,
                                               strata_error *err);
void shop_fits_done(shop_fits *f);

/* Of one history: chance to be a customer still, and purchases in the next `weeks`. */
double shop_alive(const shop_fits *f, shop_model m, buyer b);
double shop_expected(const shop_fits *f, shop_model m, buyer b, double weeks);
/* Expected spend per purchase of a customer, minor units; only where why_spend is NULL. */
double shop_spend(const shop_fits *f, const shop_customer *c);

/* Purchases and spend (minor units) of all customers in the next `weeks`, for a model that
 * converged. The variance is that of the estimates (delta method, from both fits' covariance) plus
 * that of chance: with P(alive) p and expectation e of a customer,
 *     e + e^2 / (p (r + x)) + e^2 (1 - p) / p,
 * Poisson purchases at a rate that is known up to its gamma posterior, by somebody who may have
 * left; of the BG/BB, with q the posterior chance to buy at an opportunity and s = e / (p E(q)) the
 * opportunities that somebody still there is expected to have, p (s (E(q) - E(q^2)) + s^2 E(q^2)) -
 * e^2. What a departure within the horizon adds is not in it, nor is that a model may be wrong:
 * see shop_drift. False, and nothing set, when a figure is not finite. Spend is 0 where why_spend
 * says so, and without variance where has_spend_range is false. */
bool shop_expect(const shop_fits *f, shop_model m, double weeks, shop_expectation *purchases,
                 shop_expectation *spend);

#endif
