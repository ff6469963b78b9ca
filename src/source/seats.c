/* SPDX-License-Identifier: Apache-2.0 */
#include "source/seats.h"

#include <stdlib.h>

#include "source/dict.h"

enum { BATCH_ROWS = 2048 };

struct seats_rows {
    appender *ledger;
    int64_t seats; /* of the account that the last change was of */
    size_t n;
    int32_t last;
    int32_t account[BATCH_ROWS];
    day day[BATCH_ROWS];
    int64_t after[BATCH_ROWS];
};

strata_status seats_rows_new(store_conn *c, seats_rows **out, strata_error *err)
{
    STRATA_AUTO(seats_rows_free) seats_rows *r = STRATA_NEW_ARRAY(1, seats_rows);
    if (r == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    r->last = DICT_NONE;
    STRATA_TRY(appender_new(c, "seats_ledger", &r->ledger, err));
    *out = strata_steal(&r);
    return STRATA_OK;
}

void seats_rows_free(seats_rows *r)
{
    if (r != NULL) {
        appender_free(r->ledger);
        free(r);
    }
}

static strata_status flush(seats_rows *r, strata_error *err)
{
    const append_column columns[] = {{.type = COLUMN_INT32, .data = r->account},
                                     {.type = COLUMN_DAY, .data = r->day},
                                     {.type = COLUMN_INT64, .data = r->after}};
    size_t n = r->n;
    r->n = 0;
    return n == 0 ? STRATA_OK
                  : append_rows(r->ledger, columns, sizeof columns / sizeof *columns, n, err);
}

strata_status seats_rows_add(seats_rows *r, int32_t account, day d, int64_t delta,
                             strata_error *err)
{
    if (delta == 0) {
        return STRATA_OK;
    }
    r->seats = (account == r->last ? r->seats : 0) + delta;
    r->last = account;
    if (r->n == BATCH_ROWS) {
        STRATA_TRY(flush(r, err));
    }
    r->account[r->n] = account;
    r->day[r->n] = d;
    r->after[r->n++] = r->seats;
    return STRATA_OK;
}

strata_status seats_rows_finish(seats_rows *r, strata_error *err)
{
    STRATA_TRY(flush(r, err));
    return appender_finish(r->ledger, err);
}
