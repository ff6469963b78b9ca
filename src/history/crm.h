/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_HISTORY_CRM_H
#define STRATA_HISTORY_CRM_H

/* What another system was told of memberships, and what has changed since. */

#include "base/arena.h"
#include "segment/view.h"
#include "store/store.h"

/* The last export to a system; number 0: none. */
typedef struct crm_export {
    int32_t number;
    day as_of;
    int64_t accounts;
} crm_export;
STRATA_MUST_CHECK strata_status crm_last(store_conn *c, const char *system, crm_export *out,
                                         strata_error *err);

/* Segments by key, dimension by dimension in the order of `defs`, each with one entry an account;
 * NULL: not told. */
typedef struct crm_told {
    const bound_def *const *defs;
    size_t n_defs, n_accounts;
    const char **keys; /* n_defs * n_accounts */
    size_t n_gone;     /* memberships of accounts that the data no longer have */
} crm_told;

/* The dimensions of a model, in the order of its definitions. In `a`. */
STRATA_MUST_CHECK strata_status crm_dimensions(const bound_model *b, arena *a,
                                               const bound_def *const **out, size_t *n,
                                               strata_error *err);
/* What the store has for the system. All in `a`. */
STRATA_MUST_CHECK strata_status crm_told_load(store_conn *c, const char *system, const view *v,
                                              arena *a, crm_told *out, strata_error *err);
/* The memberships of the view at one of its dates, as if they had been told. */
STRATA_MUST_CHECK strata_status crm_told_at(const view *v, size_t date, arena *a, crm_told *out,
                                            strata_error *err);

/* An account that is in another segment than was told. */
typedef struct crm_move {
    uint32_t account;
    uint32_t def;                 /* index into told->defs */
    const char *from;             /* key; NULL: was not told of this account */
    segment_code to;              /* SEGMENT_ABSENT: the account is not there at the date */
    const membership_change *why; /* what last moved it; NULL: nothing in the facts did */
} crm_move;

typedef struct crm_moves {
    const crm_move *items; /* by dimension, then account */
    size_t n;
} crm_moves;

/* Differences between what was told and the view's as-of date. The view has kept its changes; those
 * after date index `after` are looked at. In `a`. */
STRATA_MUST_CHECK strata_status crm_moves_find(const view *v, const crm_told *told, size_t after,
                                               arena *a, crm_moves *out, strata_error *err);

/* Records that the system is told the view's memberships now, in one transaction. */
STRATA_MUST_CHECK strata_status crm_record(const view *v, const char *system, size_t n_moves,
                                           store *s, arena *a, strata_error *err);

#endif
