/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_COHORT_DRAWN_LEDGER_H
#define STRATA_TESTS_COHORT_DRAWN_LEDGER_H

/* Portfolios drawn at random: ARR that comes, moves, goes and comes back, orders with returns, days
 * of use; accounts with none of it, and starts before and after the first ARR. */

#include "base/rng.h"
#include "cohort/book.h"
#include "panel/ledger_memory.h"

enum { DRAWN_ACCOUNTS = 160, DRAWN_ROWS = 12 };

typedef struct drawn_ledger {
    ledger_memory *memory;
    day started[DRAWN_ACCOUNTS]; /* DAY_MISSING for some */
    arr_fact arr[DRAWN_ACCOUNTS * DRAWN_ROWS];
    order_fact orders[DRAWN_ACCOUNTS * DRAWN_ROWS];
    usage_fact usage[DRAWN_ACCOUNTS * DRAWN_ROWS];
    arr_book *arr_book;
    order_book *order_book;
    usage_book *usage_book;
    day first, last;
} drawn_ledger;

/* Facts from 2023-01-15 to 2025-11; the books know nothing after `until`. */
drawn_ledger *drawn_ledger_new(uint64_t seed, day until);
void drawn_ledger_free(drawn_ledger *l);
STRATA_DEFINE_AUTO(drawn_ledger, drawn_ledger_free)

#endif
