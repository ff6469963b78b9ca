/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_EXPANSION_H
#define STRATA_COHORT_MOVEMENTS_EXPANSION_H

/* Where expansion comes from: by group (channel), by type, by month of life; and
 * losses by reason. Within a window; money in minor units. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "cohort/groups/groups.h"
#include "cohort/movements/arr_words.h"
#include "cohort/movements/walk.h"
#include "stats/inference/proportion.h"

typedef struct expansion_row {
    const char *label;
    /* Every expansion of the window: what the bridge counts. */
    size_t accounts, movements;
    int64_t minor;
    /* Of the base alone: the accounts with ARR at the beginning; by month of life, account-months
     * that lie whole within the window. */
    size_t base, base_expanded;
    int64_t base_minor, base_expansion; /* share of base ARR = base_expansion / base_minor */
    bool has_interval;                  /* of that share, 95 %, bootstrap by account */
    double low, high;
} expansion_row;

typedef struct expansion_table {
    expansion_row *rows;
    size_t n;
} expansion_table;

/* One row per group, then the accounts in no group if they have any. */
STRATA_MUST_CHECK strata_status expansion_by_group(const context *cx, arena *a,
                                                   const arr_book *book, const groups *g,
                                                   arr_window window, expansion_table *out,
                                                   strata_error *err);
/* One row per type in bytewise order (of more than GROUPS_LEVELS_MAX the smaller ones together),
 * then expansion without a type. The base is everyone's. */
STRATA_MUST_CHECK strata_status expansion_by_type(const context *cx, arena *a, const arr_book *book,
                                                  const arr_words *w, arr_window window,
                                                  expansion_table *out, strata_error *err);
/* Month of life 1 begins on the first day with ARR; months are 30.4375 days. Ranges of months that
 * widen with age. */
STRATA_MUST_CHECK strata_status expansion_by_life(const context *cx, arena *a, const arr_book *book,
                                                  arr_window window, expansion_table *out,
                                                  strata_error *err);

typedef struct loss_row {
    const char *reason; /* NULL: not recorded */
    bool delinquent;
    size_t accounts[2], movements[2]; /* contraction, churn */
    int64_t minor[2];
} loss_row;
enum { LOSS_CONTRACTION, LOSS_CHURN };

/* Largest churn first, then the largest contraction; not recorded last. */
STRATA_MUST_CHECK strata_status losses_by_reason(arena *a, const arr_book *book, const arr_words *w,
                                                 arr_window window, loss_row **rows, size_t *n,
                                                 strata_error *err);

#endif
