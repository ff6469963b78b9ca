/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_REASONS_H
#define STRATA_PREDICT_REASONS_H

/* Why an account has its chance: what each of its values adds to that of the average account, in
 * parts that add up to the difference exactly. A model adds in log-odds; a part of log-odds is
 * stated as its share of the difference between the two probabilities. */

#include "predict/learn.h"

typedef struct reason {
    size_t candidate; /* column */
    double part;      /* change of the probability */
    double value;     /* the account's; NaN: missing */
    double typical;   /* median of today's customers that have one; NaN: none has */
} reason;

/* Features about the same thing go together: they move together, and a model shares their effect
 * among them as it likes. */
typedef struct reason_theme {
    entity entity; /* whose facts: ENTITY_USAGE */
    double part;   /* sum over the theme's features */
    reason lead;   /* the feature that adds most in the theme's direction */
} reason_theme;

typedef struct account_reasons {
    size_t row;          /* of `now` */
    double chance, base; /* base: of the average account, as the model sees it */
    reason *all;         /* by candidate in use */
    size_t n;
    reason_theme *themes; /* the largest first (by size of the part) */
    size_t n_themes;
} account_reasons;

/* Medians by candidate, NaN where nobody has a value; allocated in `a`. */
STRATA_MUST_CHECK strata_status typical_values(const rows *now, const candidates *c, arena *a,
                                               double **out, strata_error *err);

STRATA_MUST_CHECK strata_status reasons_of(const predictor *p, const rows *now, size_t row,
                                           const double *typical, arena *a, account_reasons *out,
                                           strata_error *err);

/* What the chance would be said to be if one value were the typical one, all else as it is. An
 * association: nobody knows whether changing the value changes the outcome. */
typedef struct what_if {
    size_t candidate;
    double value, typical, chance;
} what_if;

typedef struct what_if_question {
    const rows *now;
    size_t row;
    const double *typical;
    bool lower; /* is wanted: of churn; else higher */
    size_t n_max;
} what_if_question;

/* Of features that people can act on, those that change the chance of the row most in the wanted
 * direction; at most n_max, fills *n. */
STRATA_MUST_CHECK strata_status what_ifs(const predictor *p, const what_if_question *q,
                                         what_if *out, size_t *n, arena *a, strata_error *err);

#endif
