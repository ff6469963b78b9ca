/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FIRST_USE_H
#define STRATA_COHORT_FIRST_USE_H

/* The day on which each account first used each feature of the product. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "panel/ledger.h"
#include "store/store.h"

enum { FIRST_USE_FEATURES_MAX = 200 };

typedef struct first_use {
    size_t n_accounts, n_features;
    const char *const *names; /* by feature */
    const day *first_seen;    /* by feature: first day any account used it */
    day recorded_from;        /* first day with usage of anyone; DAY_MISSING: none */
    day *day;                 /* [account * n_features + feature]; DAY_MISSING: not up to `until` */
} first_use;

/* Of the portfolio in the store, up to and with day `until`; in `a`. Usage of rows that name no
 * feature does not count. STRATA_E_DATA: no usage, or more than FIRST_USE_FEATURES_MAX features. */
STRATA_MUST_CHECK strata_status first_use_load(const context *cx, store_conn *conn,
                                               const ledger_source *source, day until, arena *a,
                                               first_use **out, strata_error *err);
/* The same with the names given (n of the ledger's info). */
STRATA_MUST_CHECK strata_status first_use_read(const context *cx, const ledger_source *source,
                                               const char *const *names, day until, arena *a,
                                               first_use **out, strata_error *err);

#endif
