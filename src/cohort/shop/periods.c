/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/periods.h"

#include <math.h>

#include "cohort/shop/buyers.h"

/* --- a purchase per period --- */

static void add_row(order_book *b, size_t account, day end, const order_book *from, uint32_t row)
{
    size_t k = b->n_rows;
    if (k > b->start[account] && b->day[k - 1] == end) {
        b->amount[k - 1] += from->amount[row];
        b->orders[k - 1] += from->orders[row];
        return;
    }
    b->day[k] = end;
    b->amount[k] = from->amount[row];
    b->orders[k] = from->orders[row];
    b->n_rows++;
}

static void add_account(order_book *b, size_t account, calendar c, const order_book *from)
{
    b->start[account] = (uint32_t)b->n_rows;
    for (uint32_t row = from->start[account]; row < from->start[account + 1]; row++) {
        day end = calendar_end(c, calendar_period(c, from->day[row]));
        if (end <= from->until) {
            add_row(b, account, end, from, row);
        }
    }
    b->first[account] = DAY_MISSING;
    for (size_t k = b->n_rows; k > b->start[account]; k--) {
        b->first[account] = b->orders[k - 1] > 0 ? b->day[k - 1] : b->first[account];
    }
}

strata_status shop_by_period(const order_book *book, calendar c, order_book **out,
                             strata_error *err)
{
    STRATA_AUTO(order_book_free) order_book *b = STRATA_NEW_ARRAY(1, order_book);
    if (b != NULL) {
        *b = (order_book){.n_accounts = book->n_accounts, .until = book->until};
        b->start = STRATA_NEW_ARRAY(book->n_accounts + 1, uint32_t);
        b->day = STRATA_NEW_ARRAY(book->n_rows, day);
        b->amount = STRATA_NEW_ARRAY(book->n_rows, int64_t);
        b->orders = STRATA_NEW_ARRAY(book->n_rows, int32_t);
        b->first = STRATA_NEW_ARRAY(book->n_accounts, day);
    }
    if (b == NULL || !b->start || !b->day || !b->amount || !b->orders || !b->first) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the orders of %zu customers",
                           book->n_accounts);
    }
    for (size_t i = 0; i < book->n_accounts; i++) {
        add_account(b, i, c, book);
    }
    b->start[book->n_accounts] = (uint32_t)b->n_rows;
    *out = strata_steal(&b);
    return STRATA_OK;
}

/* --- ages in opportunities --- */

int shop_periods_over(calendar c, day d)
{
    return calendar_period(c, d + 1); /* the one that d ends counts */
}

static day weeks_after(day d, double weeks)
{
    return d + (day)lround(weeks * DAYS_PER_WEEK);
}

buyer shop_in_periods(calendar c, day as_of, buyer b)
{
    day first = weeks_after(as_of, -b.T);
    int begun = shop_periods_over(c, first);
    int last = shop_periods_over(c, weeks_after(first, b.t_x));
    return (buyer){b.x, last - begun, shop_periods_over(c, as_of) - begun};
}
