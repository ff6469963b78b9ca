/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/drawn_ledger.h"

#include "strata_test.h"

static uint8_t kind_of(int64_t before, int64_t after, bool ever)
{
    return before == 0  ? (ever ? ARR_REACTIVATION : ARR_NEW)
           : after == 0 ? ARR_CHURN
                        : (after > before ? ARR_EXPANSION : ARR_CONTRACTION);
}

static size_t draw_arr(drawn_ledger *l, rng *r, int32_t account, size_t n)
{
    size_t rows = (size_t)rng_below(r, DRAWN_ROWS);
    day d = l->first + (day)rng_below(r, 700);
    int64_t state = 0;
    bool ever = false;
    for (size_t k = 0; k < rows && d <= l->last; k++) {
        int64_t after = rng_below(r, 4) == 0 ? 0 : 1 + (int64_t)rng_below(r, 1000000);
        if (after != state) {
            l->arr[n++] = (arr_fact){account, d, after, kind_of(state, after, ever)};
        }
        ever = ever || after > 0;
        state = after;
        d += 1 + (day)rng_below(r, rng_below(r, 2) == 0 ? 10 : 150);
    }
    return n;
}

static void draw(drawn_ledger *l, rng *r, ledger_facts *f)
{
    for (int32_t i = 0; i < DRAWN_ACCOUNTS; i++) {
        f->n_arr = draw_arr(l, r, i, f->n_arr);
        l->started[i] = rng_below(r, 10) == 0 ? DAY_MISSING : l->first + (day)rng_below(r, 800);
        size_t rows = (size_t)rng_below(r, DRAWN_ROWS);
        for (size_t k = 0; k < rows; k++) {
            day d = l->first + (day)rng_below(r, (uint64_t)(l->last - l->first));
            int32_t orders = (int32_t)rng_below(r, 3);
            int64_t amount =
                orders == 0 ? -(int64_t)rng_below(r, 500) : (int64_t)rng_below(r, 9000);
            l->orders[f->n_orders++] = (order_fact){i, d, amount, orders};
            l->usage[f->n_usage++] = (usage_fact){i, d + (day)(k % 3), 0, -1, 1};
        }
    }
}

drawn_ledger *drawn_ledger_new(uint64_t seed, day until)
{
    static const context cx = {.threads = 1};
    strata_error err = {0};
    drawn_ledger *l = STRATA_NEW_ARRAY(1, drawn_ledger);
    assert_non_null(l);
    rng r;
    rng_init(&r, seed, 0);
    l->first = day_from_civil(2023, 1, 15);
    l->last = l->first + 1020;
    ledger_facts f = {.n_accounts = DRAWN_ACCOUNTS,
                      .started_on = l->started,
                      .arr = l->arr,
                      .orders = l->orders,
                      .usage = l->usage};
    draw(l, &r, &f);
    assert_ok(ledger_memory_new(&f, &l->memory, &err), &err);
    const ledger_source *source = ledger_memory_source(l->memory);
    assert_ok(arr_book_load(&cx, source, until, &l->arr_book, &err), &err);
    assert_ok(order_book_load(&cx, source, until, &l->order_book, &err), &err);
    assert_ok(usage_book_load(&cx, source, until, &l->usage_book, &err), &err);
    return l;
}

void drawn_ledger_free(drawn_ledger *l)
{
    if (l != NULL) {
        arr_book_free(l->arr_book);
        order_book_free(l->order_book);
        usage_book_free(l->usage_book);
        ledger_memory_free(l->memory);
        free(l);
    }
}
