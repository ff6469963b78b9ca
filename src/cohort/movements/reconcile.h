/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_RECONCILE_H
#define STRATA_COHORT_MOVEMENTS_RECONCILE_H

/* Why two definitions of a metric differ, account by account. Both are ratios of
 * sums over accounts, so the difference of the numerators and of the denominators
 * splits over accounts exactly, to the cent. That of the ratios splits with symmetric weights: for
 * A = N_A / D_A and B = N_B / D_B,
 *   A - B = sum over accounts of
 *       (n_A - n_B) (1 / D_A + 1 / D_B) / 2  -  (d_A - d_B) (N_A + N_B) / (2 D_A D_B),
 * an identity: an account that is the same in both has no part in it. With two factors (lifetime
 * value) each factor's difference counts at the mean of the other factor. */

#include <strata/error.h>

#include "base/arena.h"
#include "cohort/movements/metrics.h"

/* What the account did in the window, the longer one where the definitions have two. */
typedef enum reconcile_cause {
    CAUSE_NOTICE,      /* churn dated at the notice on one side, and that makes its ARR another */
    CAUSE_SAME_MONTH,  /* came and went within one calendar month */
    CAUSE_NEW,         /* first ARR within the window */
    CAUSE_NEW_GONE,    /* the same, and gone again at its end */
    CAUSE_REACTIVATED, /* had left before the window, came back in it */
    CAUSE_RETURNED,    /* left and came back within the window */
    CAUSE_RECOVERED,   /* shrank and grew within the window */
    CAUSE_RENEWAL_WON, /* counted by the renewals that were due */
    CAUSE_RENEWAL_LOST,
    CAUSE_RENEWAL_OPEN,
    CAUSE_NOT_DUE, /* had ARR, no renewal was due */
    CAUSE_CHURNED, /* counted differently because it left */
    CAUSE_CONTRACTED,
    CAUSE_EXPANDED,
    CAUSE_UNCHANGED,
    CAUSE_COUNT
} reconcile_cause;
const char *reconcile_cause_key(reconcile_cause c);   /* "returned" */
const char *reconcile_cause_short(reconcile_cause c); /* "Returned" */
const char *reconcile_cause_words(reconcile_cause c); /* "left and came back within the window" */

typedef struct reconcile_row {
    size_t account;
    reconcile_cause cause;
    metric_part a, b;
    double effect; /* part of A - B, in the unit of the values */
} reconcile_row;

typedef struct reconcile_total {
    size_t accounts;
    metric_part a, b;
    double effect;
} reconcile_total;

typedef struct reconciliation {
    metric_value a, b;
    double difference; /* a.value - b.value */
    reconcile_total causes[CAUSE_COUNT];
    /* Of lifetime values over a window that is no whole number of months: what the different units
     * of time make. Else 0. */
    double scale_effect;
    reconcile_total same; /* accounts that both definitions count alike */
    reconcile_row *rows;  /* of those that differ, largest effect first */
    size_t n_rows;
} reconciliation;

/* One side: a definition with its switches. */
typedef struct reconcile_side {
    const metric_def *def;
    metric_setup setup; /* both of one window, and of one book or of two that date churn
                           differently (notice.h) */
} reconcile_side;

/* STRATA_E_USAGE when the definitions count different things (money and accounts) or are the same;
 * STRATA_E_DATA when one has no value, saying why. Allocated in `a`. */
STRATA_MUST_CHECK strata_status reconcile_make(const context *cx, arena *a, const reconcile_side *x,
                                               const reconcile_side *y, reconciliation **out,
                                               strata_error *err);

#endif
