/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "cohort/rows_until.h"

typedef struct notice_row {
    int32_t account;
    day day;
    int64_t after;
    uint8_t kind;
} notice_row;

/* What counts of the accounts that gave notice; there may be nothing left of one. */
typedef struct notice_rows {
    const arr_book *book;
    bool *given; /* by account */
    bool any;
    VEC(notice_row) rows; /* by account, then day */
} notice_rows;

static void rows_done(notice_rows *r)
{
    free(r->given);
    vec_free(&r->rows);
}

static strata_status out_of_memory(const arr_book *b, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory dating churn of %zu accounts",
                       b->n_accounts);
}

static strata_status read_given(void *job, stmt *s, size_t n, strata_error *err)
{
    notice_rows *r = job;
    const int32_t *account = stmt_int32(s, 0);
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(arr_book_check_account(r->book, "arr_notice_given", account[i], err));
        r->given[account[i]] = r->any = true;
    }
    return STRATA_OK;
}

static strata_status read_rows(void *job, stmt *s, size_t n, strata_error *err)
{
    notice_rows *r = job;
    const int32_t *account = stmt_int32(s, 0);
    const int32_t *days = stmt_int32(s, 1);
    const int64_t *after = stmt_int64(s, 2);
    const uint8_t *kind = stmt_uint8(s, 3);
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(arr_book_check_account(r->book, "arr_notice", account[i], err));
        if (!vec_push(&r->rows, (notice_row){account[i], days[i], after[i], kind[i]})) {
            return out_of_memory(r->book, err);
        }
    }
    return STRATA_OK;
}

/* Each account's rows: those by notice where it gave any, else those of the book. */
static void merge(const arr_book *book, const notice_rows *r, arr_book *out)
{
    size_t k = 0;
    for (size_t i = 0; i < book->n_accounts; i++) {
        for (; k < r->rows.n && (size_t)r->rows.data[k].account == i; k++) {
            const notice_row *x = &r->rows.data[k];
            arr_book_put(out, i, x->day, x->after, x->kind);
        }
        for (uint32_t row = book->start[i]; !r->given[i] && row < book->start[i + 1]; row++) {
            arr_book_put(out, i, book->day[row], book->after[row], book->kind[row]);
        }
    }
    arr_book_end(out);
}

bool arr_books_agree(const arr_book *a, const arr_book *b, size_t account, day until)
{
    uint32_t x = a->start[account];
    uint32_t y = b->start[account];
    for (;; x++, y++) {
        bool more_a = x < a->start[account + 1] && a->day[x] <= until;
        bool more_b = y < b->start[account + 1] && b->day[y] <= until;
        if (!more_a || !more_b) {
            return more_a == more_b;
        }
        if (a->day[x] != b->day[y] || a->after[x] != b->after[y]) {
            return false;
        }
    }
}

strata_status arr_book_by_notice(store_conn *conn, const arr_book *book, arr_book **out,
                                 strata_error *err)
{
    STRATA_CLEANUP(rows_done) notice_rows r = {.book = book};
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    r.given = STRATA_NEW_ARRAY(book->n_accounts, bool);
    if (r.given == NULL) {
        return out_of_memory(book, err);
    }
    STRATA_TRY(rows_until(conn, "cohort/notice_given.sql", book->until, read_given, &r, err));
    if (!r.any) {
        *out = NULL;
        return STRATA_OK;
    }
    STRATA_TRY(rows_until(conn, "cohort/notice_rows.sql", book->until, read_rows, &r, err));
    STRATA_TRY(arr_book_new(book->n_accounts, book->n_rows + r.rows.n, book->until, &b, err));
    b->by_notice = true;
    merge(book, &r, b);
    bool same = true;
    for (size_t i = 0; same && i < book->n_accounts; i++) {
        same = arr_books_agree(book, b, i, book->until);
    }
    *out = same ? NULL : strata_steal(&b);
    return STRATA_OK;
}
