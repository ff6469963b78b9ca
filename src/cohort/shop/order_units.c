/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/order_units.h"

#include "cohort/rows_until.h"

/* Row of the book with this account and day; SIZE_MAX: none. */
static size_t find_row(const order_book *b, int32_t account, day d)
{
    if (account < 0 || (size_t)account >= b->n_accounts) {
        return SIZE_MAX;
    }
    size_t low = b->start[account];
    size_t high = b->start[account + 1];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (b->day[mid] < d) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < b->start[account + 1] && b->day[low] == d ? low : SIZE_MAX;
}

typedef struct units_job {
    const order_book *book;
    int64_t *units; /* by row of the book */
    size_t found;
} units_job;

static strata_status read_units(void *job, stmt *s, size_t n, strata_error *err)
{
    units_job *j = job;
    const int32_t *account = stmt_int32(s, 0);
    const int32_t *days = stmt_int32(s, 1);
    const int64_t *value = stmt_int64(s, 2);
    (void)err;
    for (size_t i = 0; i < n; i++) {
        size_t row = find_row(j->book, account[i], days[i]);
        if (row != SIZE_MAX) {
            j->units[row] = value[i];
            j->found++;
        }
    }
    return STRATA_OK;
}

strata_status order_units_load(store_conn *conn, order_book *book, strata_error *err)
{
    STRATA_AUTO_FREE int64_t *units = STRATA_NEW_ARRAY(book->n_rows, int64_t);
    if (units == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the units of %zu days of orders",
                           book->n_rows);
    }
    units_job j = {.book = book, .units = units};
    STRATA_TRY(rows_until(conn, "cohort/order_units.sql", book->until, read_units, &j, err));
    if (j.found == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "no order says how many units it has; map a column quantity of orders "
                           "and ingest again");
    }
    free(book->units);
    book->units = strata_steal(&units);
    book->n_unitless = book->n_rows - j.found;
    return STRATA_OK;
}
