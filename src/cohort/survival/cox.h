/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SURVIVAL_COX_H
#define STRATA_COHORT_SURVIVAL_COX_H

/* What goes with leaving early, all of it together: proportional hazards
 * regression on what was known of an account while it was young.
 *
 * Values are as of the end of the month in which the account turned `landmark`
 * days old, so nothing of what came later is in them; the account is followed
 * from that day on. Attributes have no history: they are as last exported. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/survival/survival.h"
#include "model/bind.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"
#include "stats/survival/cox.h"

enum { SURVIVAL_LANDMARK = 90, SURVIVAL_FACTORS_MAX = 20, SURVIVAL_LEVEL_LEAST = 5 };

typedef struct survival_cox_request {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides; /* may be NULL */
    const char *const *expressions;
    size_t n_expressions; /* 1 .. SURVIVAL_FACTORS_MAX */
    int landmark;         /* days, 0 or more */
} survival_cox_request;

/* What one coefficient compares. */
typedef struct survival_term {
    const char *label; /* "plan Pro", "active_users_30d" */
    const char *per;   /* "against Free", "each 12.3 more", "each doubling", "yes against no" */
    double ratio;      /* of the rate of leaving, for that difference; with a 95 % interval */
    interval ratio_95;
    double p;
    const char *why;   /* no ratio because ...; NULL: there is one */
    stat_test alike;   /* does it act alike at every age? effect: change of the coefficient */
    double alike_holm; /* p, corrected over the terms */
    double slope_sign; /* above 0: counts for more with age; below: for less; 0: not told */
} survival_term;

typedef struct survival_cox {
    const char *why; /* no fit because ...; NULL: there is one, and the rest stands */
    size_t n, n_churned;
    size_t left_before, too_young, missing; /* left out: gone by the landmark, not there yet, some
                                               value missing */
    bool attributes; /* some factor reads an attribute, which has no history */
    survival_term *terms;
    size_t n_terms;
    stat_test all;       /* likelihood ratio: does anything of it tell? */
    stat_test all_alike; /* proportionality of all together */
    double concordance;  /* share of pairs in the right order */
    double pairs;
} survival_cox;

/* Text levels become one coefficient each, against the one with most accounts; levels with fewer
 * than SURVIVAL_LEVEL_LEAST who left are taken together. Money counts by doublings (log2 of 1 + the
 * value), other numbers by their standard deviation. `r`: codes and groups are not read. Allocated
 * in `a`. STRATA_E_USAGE for an expression that cannot be evaluated; a fit that fails is a result
 * with `why`. */
STRATA_MUST_CHECK strata_status survival_cox_make(const context *cx, arena *a,
                                                  const survival_request *r,
                                                  const survival_cox_request *c, survival_cox *out,
                                                  strata_error *err);

#endif
