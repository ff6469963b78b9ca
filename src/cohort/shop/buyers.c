/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/buyers.h"

static bool is_purchase(const order_book *b, uint32_t row)
{
    return b->orders[row] > 0;
}

static shop_customer customer_of(const order_book *b, size_t account, day as_of)
{
    shop_customer c = {.account = account, .first = b->first[account]};
    double repeat_spend = 0.0;
    for (uint32_t k = b->start[account]; k < b->start[account + 1] && b->day[k] <= as_of; k++) {
        if (!is_purchase(b, k)) {
            continue;
        }
        c.last = b->day[k];
        c.purchases++;
        c.spent += b->amount[k];
        if (c.purchases > 1 && b->amount[k] > 0) {
            c.repeat.x += 1.0;
            repeat_spend += (double)b->amount[k];
        }
        c.free_days += c.purchases > 1 && b->amount[k] <= 0;
    }
    c.repeat.mean = c.repeat.x > 0.0 ? repeat_spend / c.repeat.x : 0.0;
    return c;
}

static buyer history_of(const shop_customer *c, day as_of)
{
    return (buyer){.x = (double)c->purchases - 1.0,
                   .t_x = (c->last - c->first) / DAYS_PER_WEEK,
                   .T = (as_of - c->first) / DAYS_PER_WEEK};
}

static bool is_known(const order_book *b, size_t account, day as_of)
{
    return b->first[account] != DAY_MISSING && b->first[account] <= as_of;
}

strata_status shop_buyers_make(const order_book *book, day as_of, arena *a, shop_buyers *out,
                               strata_error *err)
{
    shop_buyers b = {.as_of = as_of, .begins = DAY_MISSING};
    b.customer = ARENA_NEW(a, book->n_accounts + 1, shop_customer);
    buyer *history = ARENA_NEW(a, book->n_accounts + 1, buyer);
    if (b.customer == NULL || history == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu customers",
                           book->n_accounts);
    }
    for (size_t i = 0; i < book->n_accounts; i++) {
        if (is_known(book, i, as_of)) {
            shop_customer c = customer_of(book, i, as_of);
            b.begins = b.begins == DAY_MISSING || c.first < b.begins ? c.first : b.begins;
            b.repeaters += c.purchases > 1;
            b.customer[b.n] = c;
            history[b.n++] = history_of(&c, as_of);
        }
    }
    STRATA_TRY(buyer_cells_new(history, NULL, b.n, &b.cells, err));
    *out = b;
    return STRATA_OK;
}

void shop_buyers_done(shop_buyers *b)
{
    buyer_cells_free(b->cells);
    b->cells = NULL;
}

shop_sums shop_repeat_sums(const order_book *book, day known, day from, day to)
{
    shop_sums sums = {0};
    int64_t spend = 0;
    size_t purchases = 0;
    for (size_t i = 0; i < book->n_accounts; i++) {
        for (uint32_t k = book->start[i]; is_known(book, i, known) && k < book->start[i + 1]; k++) {
            bool within =
                book->day[k] > from && book->day[k] <= to && book->day[k] > book->first[i];
            if (within && is_purchase(book, k)) {
                purchases++;
                spend += book->amount[k];
            }
        }
    }
    sums.purchases = (double)purchases;
    sums.spend = (double)spend;
    return sums;
}
