/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_METRICS_H
#define STRATA_COMMAND_ASK_METRICS_H

/* What the commands over the ARR ledger share: movements, metrics, reconcile. */

#include "cohort/movements/metrics.h"
#include "command/ask/cohort.h"

#define METRICS_OPTION_SAME_MONTH                                                                  \
    {                                                                                              \
        .name = "same-month", .arg = "HOW",                                                        \
        .help = "accounts that came and went within one calendar month: count (default) or "       \
                "ignore"                                                                           \
    }
#define METRICS_OPTION_CHURN_DATED                                                                 \
    {                                                                                              \
        .name = "churn-dated", .arg = "WHEN",                                                      \
        .help = "churn at the end_of_paid_period or at the cancellation (default: as the model "   \
                "has it, which without a word is the end)"                                         \
    }
#define METRICS_OPTION_SINCE                                                                       \
    {                                                                                              \
        .name = "since", .arg = "DATE", .help = "between this day and the as-of date"              \
    }
#define METRICS_OPTION_LAST                                                                        \
    {                                                                                              \
        .name = "last", .arg = "TIME",                                                             \
        .help = "between so long ago and the as-of date: 12m, 90d, 2y (default 12m)"               \
    }

/* cohort_ask_open(), of a portfolio that has ARR; else STRATA_E_DATA saying what to add. ask->arr
 * has churn dated as --churn-dated or the model says. */
STRATA_MUST_CHECK strata_status metrics_ask_open(call *c, cohort_ask *ask, strata_error *err);
/* Checks --churn-dated, and makes the book that it or the model asks for the one in force:
 * ask->arr. Origins that were first days with ARR follow it. */
STRATA_MUST_CHECK strata_status metrics_ask_date_churn(cohort_ask *ask, strata_error *err);
/* Is churn to be dated at the cancellation? */
bool metrics_ask_by_notice(const cohort_ask *ask);
/* The book with churn dated one way or the other. The same book for both where there is no
 * difference. */
STRATA_MUST_CHECK strata_status metrics_ask_book(cohort_ask *ask, bool by_notice,
                                                 const arr_book **out, strata_error *err);
/* What a reader must know of how churn is dated; NULL: nothing. */
const char *metrics_ask_dated(const cohort_ask *ask);
/* The groups of --by as of --on; NULL without --by. */
STRATA_MUST_CHECK strata_status metrics_ask_groups(const cohort_ask *ask, groups **out,
                                                   strata_error *err);
STRATA_MUST_CHECK strata_status metrics_ask_same_month(const call *c, bool *without_brief,
                                                       strata_error *err);
/* --since, --last. */
STRATA_MUST_CHECK strata_status metrics_ask_window(const cohort_ask *ask, metric_window *out,
                                                   strata_error *err);

/* Reactivation for a definition: what --reactivation says, else what the model says where the
 * definition is of the model's dialect, else -1 (as the definition has it). */
int metrics_ask_reactivation(const cohort_ask *ask, const metric_def *m);
/* Checks the value of --reactivation. */
STRATA_MUST_CHECK strata_status metrics_ask_check(const cohort_ask *ask, strata_error *err);

/* A setup for all definitions, with renewals and reasons; free with metrics_setup_done(). */
STRATA_MUST_CHECK strata_status metrics_setup_make(const cohort_ask *ask, metric_setup *out,
                                                   renewal_book **renewals, strata_error *err);

#endif
