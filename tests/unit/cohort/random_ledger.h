/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_COHORT_RANDOM_LEDGER_H
#define STRATA_TESTS_COHORT_RANDOM_LEDGER_H

#include "../strata_test.h"

#include "base/rng.h"
#include "cohort/book.h"
#include "panel/ledger_memory.h"

enum { RANDOM_ACCOUNTS = 80, RANDOM_ROWS = 14 };

/* What an account has at the end of a day, from the facts themselves. */
static inline int64_t fact_arr(const arr_fact *facts, size_t n, int32_t account, day d)
{
    int64_t arr = 0;
    for (size_t i = 0; i < n; i++) {
        if (facts[i].account == account && facts[i].day <= d) {
            arr = facts[i].arr_after;
        }
    }
    return arr;
}

/* Accounts that start, grow, shrink, leave and come back, some within days of each other. Facts in
 * order of account and day; returns how many. */
static inline size_t random_facts(uint64_t seed, day from, day to, arr_fact *facts)
{
    rng r;
    size_t n = 0;
    rng_init(&r, seed, 0);
    for (int32_t account = 0; account < RANDOM_ACCOUNTS; account++) {
        day d = from + (day)rng_below(&r, (uint64_t)(to - from) / 2);
        int64_t arr = 0;
        bool before = false;
        for (int k = 0; k < RANDOM_ROWS && d <= to && rng_below(&r, 12) > 0; k++) {
            int64_t after =
                rng_below(&r, 4) == 0 && arr > 0 ? 0 : 1 + (int64_t)rng_below(&r, 90000);
            if (after != arr) {
                uint8_t kind = arr == 0      ? (before ? ARR_REACTIVATION : ARR_NEW)
                               : after == 0  ? ARR_CHURN
                               : after > arr ? ARR_EXPANSION
                                             : ARR_CONTRACTION;
                facts[n++] = (arr_fact){account, d, after, kind};
                before = true;
                arr = after;
            }
            d += 1 + (day)rng_below(&r, rng_below(&r, 3) == 0 ? 20 : 150);
        }
    }
    return n;
}

static inline arr_book *book_of_facts(const arr_fact *facts, size_t n, size_t n_accounts, day until)
{
    const context cx = {.threads = 1};
    ledger_facts all = {.n_accounts = n_accounts, .arr = facts, .n_arr = n};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    arr_book *b = NULL;
    strata_error err = {0};
    assert_ok(ledger_memory_new(&all, &m, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), until, &b, &err), &err);
    return b;
}

#endif
