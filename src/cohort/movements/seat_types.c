/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/seat_types.h"

#include <string.h>

#include "cohort/seats.h"

enum { TYPE_MORE_SEATS, TYPE_NO_MORE, SEAT_TYPES }; /* in bytewise order of the names */
static const char *const seat_types[SEAT_TYPES] = {"More seats",
                                                   "No more seats: plan, product or price"};

static void put_types(const arr_book *book, const arr_book *seats, uint16_t *type)
{
    for (size_t i = 0; i < book->n_accounts; i++) {
        for (uint32_t k = book->start[i]; k < book->start[i + 1]; k++) {
            int64_t before = arr_book_at(seats, i, book->day[k] - 1);
            int64_t after = arr_book_at(seats, i, book->day[k]);
            if (book->kind[k] == ARR_EXPANSION && (before > 0 || after > 0)) {
                type[k] = after > before ? TYPE_MORE_SEATS : TYPE_NO_MORE;
            }
        }
    }
}

strata_status arr_words_from_seats(store_conn *conn, arena *a, const arr_book *book, arr_words *w,
                                   strata_error *err)
{
    STRATA_AUTO(arr_book_free) arr_book *seats = NULL;
    strata_error none = {0};
    if (w->n_types > 0) {
        return STRATA_OK;
    }
    strata_status st = seats_book_load(conn, book, &seats, &none);
    if (st == STRATA_E_DATA) { /* no seats: nothing can be told */
        return STRATA_OK;
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", none.message);
    }
    uint16_t *type = ARENA_NEW(a, book->n_rows + 1, uint16_t);
    if (type == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for types of expansion");
    }
    memset(type, 0xff, book->n_rows * sizeof *type);
    put_types(book, seats, type);
    w->types = seat_types;
    w->n_types = SEAT_TYPES;
    w->type = type;
    w->types_by_seats = true;
    return STRATA_OK;
}
