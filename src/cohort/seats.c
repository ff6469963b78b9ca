/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/seats.h"

#include "base/vec.h"
#include "cohort/rows_until.h"
#include "panel/movements.h"

typedef struct seats_row {
    int32_t account;
    day day;
    int64_t after;
} seats_row;

typedef struct seats_job {
    const arr_book *arr;
    VEC(seats_row) rows; /* by account, then day */
} seats_job;

static void job_done(seats_job *j)
{
    vec_free(&j->rows);
}

static strata_status read_rows(void *job, stmt *s, size_t n, strata_error *err)
{
    seats_job *j = job;
    const int32_t *account = stmt_int32(s, 0);
    const int32_t *days = stmt_int32(s, 1);
    const int64_t *after = stmt_int64(s, 2);
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(arr_book_check_account(j->arr, "seats_ledger", account[i], err));
        if (!vec_push(&j->rows, (seats_row){account[i], days[i], after[i]})) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for the seats of %zu accounts",
                               j->arr->n_accounts);
        }
    }
    return STRATA_OK;
}

/* Rows begin .. end - 1 are those of an account that pays from day `from` on: what it had before
 * counts as of that day. */
static void put_account(const seats_row *rows, size_t begin, size_t end, day from, arr_book *b)
{
    int64_t before = 0;
    bool had = false;
    for (size_t k = begin; k < end; k++) {
        bool early = k + 1 < end && rows[k + 1].day <= from;
        if (early || rows[k].after == before) {
            continue;
        }
        day d = rows[k].day < from ? from : rows[k].day;
        arr_book_put(b, (size_t)rows[k].account, d, rows[k].after,
                     arr_kind_of(before, rows[k].after, had));
        before = rows[k].after;
        had = true;
    }
}

static void put_accounts(const seats_job *j, arr_book *b)
{
    size_t n = j->rows.n;
    const seats_row *rows = j->rows.data;
    for (size_t begin = 0, end = 0; begin < n; begin = end) {
        for (end = begin; end < n && rows[end].account == rows[begin].account; end++) {
        }
        day from = j->arr->first[rows[begin].account];
        if (from != DAY_MISSING) {
            put_account(rows, begin, end, from, b);
        }
    }
    arr_book_end(b);
}

strata_status seats_book_load(store_conn *conn, const arr_book *arr, arr_book **out,
                              strata_error *err)
{
    STRATA_CLEANUP(job_done) seats_job j = {.arr = arr};
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    STRATA_TRY(rows_until(conn, "cohort/seats.sql", arr->until, read_rows, &j, err));
    STRATA_TRY(arr_book_new(arr->n_accounts, j.rows.n, arr->until, &b, err));
    put_accounts(&j, b);
    if (b->n_rows == 0) {
        char until[DAY_TEXT];
        day_format(arr->until, until);
        return strata_fail(err, STRATA_E_DATA,
                           "no subscription that began by %s says how many seats it has; map a "
                           "column seats of arr and ingest again",
                           until);
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

size_t seats_unsaid(const arr_book *seats, const arr_book *arr)
{
    size_t n = 0;
    for (size_t i = 0; i < seats->n_accounts; i++) {
        n += seats->first[i] != DAY_MISSING && arr_book_at(seats, i, seats->until) == 0 &&
             arr_book_at(arr, i, arr->until) > 0;
    }
    return n;
}
