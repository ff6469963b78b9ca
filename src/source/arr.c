/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "panel/movements.h"
#include "source/facts.h"
#include "source/seats.h"
#include "source/text/record.h"
#include "store/append.h"
#include "store/stmt.h"

enum { BATCH_ROWS = 2048, SEATS_COLUMN = 5 };

/* Ledger rows on their way into the table. */
typedef struct ledger_batch {
    appender *ledger;
    size_t n;
    int32_t account[BATCH_ROWS];
    day day[BATCH_ROWS];
    int64_t arr_after[BATCH_ROWS];
    uint8_t kind[BATCH_ROWS];
    int64_t delta[BATCH_ROWS];
    text_view type[BATCH_ROWS], reason[BATCH_ROWS];
} ledger_batch;

/* Changes of one account, with the words that stand beside each in the source. */
typedef struct account_changes {
    int32_t account;
    int64_t arr; /* after the last of them */
    VEC(arr_delta) deltas;
    VEC(text_view) words; /* type and reason by delta */
    arena *texts;         /* of these changes and the batch */
    arr_movements movements;
    int64_t n_below;
} account_changes;

static void changes_done(account_changes *c)
{
    vec_free(&c->deltas);
    vec_free(&c->words);
    vec_free(&c->movements);
    arena_free(c->texts);
}

static text_view kept(arena *a, text_view v)
{
    return v.ptr == NULL ? v : (text_view){arena_strndup(a, v.ptr, v.len), v.len};
}

/* Adds the net change of a day. ARR stays at 0 or more: what would go below is cut off, and
 * counted. */
static strata_status add_change(account_changes *c, day d, int64_t delta, text_view type,
                                text_view reason, strata_error *err)
{
    int64_t after;
    if (__builtin_add_overflow(c->arr, delta, &after)) {
        return strata_fail(err, STRATA_E_DATA, "an account's ARR is too large");
    }
    if (after < 0) {
        c->n_below++;
        after = 0;
    }
    if (after == c->arr) {
        return STRATA_OK;
    }
    if (!vec_push(&c->deltas, (arr_delta){d, after - c->arr}) ||
        !vec_push(&c->words, kept(c->texts, type)) ||
        !vec_push(&c->words, kept(c->texts, reason))) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    c->arr = after;
    return STRATA_OK;
}

static strata_status flush_batch(ledger_batch *b, strata_error *err)
{
    const append_column columns[] = {
        {.type = COLUMN_INT32, .data = b->account},   {.type = COLUMN_DAY, .data = b->day},
        {.type = COLUMN_INT64, .data = b->arr_after}, {.type = COLUMN_UINT8, .data = b->kind},
        {.type = COLUMN_INT64, .data = b->delta},     {.type = COLUMN_TEXT, .data = b->type},
        {.type = COLUMN_TEXT, .data = b->reason},
    };
    size_t n = b->n;
    b->n = 0;
    return n == 0 ? STRATA_OK
                  : append_rows(b->ledger, columns, sizeof columns / sizeof *columns, n, err);
}

/* Writes the account's movements: one per change, since changes are net and by day. */
static strata_status write_account(account_changes *c, ledger_batch *b, strata_error *err)
{
    c->movements.n = 0;
    STRATA_TRY(movements_from_deltas(c->deltas.data, c->deltas.n, &c->movements, err));
    for (size_t i = 0; i < c->movements.n; i++) {
        const arr_movement *m = &c->movements.data[i];
        if (b->n == BATCH_ROWS) {
            STRATA_TRY(flush_batch(b, err));
        }
        size_t row = b->n++;
        b->account[row] = c->account;
        b->day[row] = m->day;
        b->arr_after[row] = m->arr_after;
        b->kind[row] = (uint8_t)m->kind;
        b->delta[row] = c->deltas.data[i].yearly;
        b->type[row] = c->words.data[2 * i];
        b->reason[row] = c->words.data[2 * i + 1];
    }
    c->deltas.n = 0;
    c->words.n = 0;
    c->arr = 0;
    return STRATA_OK;
}

/* The account is over. Texts are let go of when the batch that refers to them has gone. */
static strata_status end_account(account_changes *c, ledger_batch *b, strata_error *err)
{
    STRATA_TRY(write_account(c, b, err));
    if (b->n < BATCH_ROWS / 2) {
        return STRATA_OK;
    }
    STRATA_TRY(flush_batch(b, err));
    arena_free(c->texts);
    c->texts = NULL;
    return arena_new(&c->texts, err);
}

/* Changes of ARR are gathered by account; those of seats, where the statement has any, go on. */
static strata_status write_chunk(const stmt *s, size_t n, account_changes *c, ledger_batch *b,
                                 seats_rows *seats, strata_error *err)
{
    const int32_t *account = stmt_int32(s, 0);
    const day *days = stmt_day(s, 1);
    const int64_t *delta = stmt_int64(s, 2);
    const int64_t *held = seats != NULL ? stmt_int64(s, SEATS_COLUMN) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (account[i] != c->account) {
            STRATA_TRY(end_account(c, b, err));
            c->account = account[i];
        }
        STRATA_TRY(add_change(c, days[i], delta[i], stmt_text(s, 3, i), stmt_text(s, 4, i), err));
        if (held != NULL) {
            STRATA_TRY(seats_rows_add(seats, account[i], days[i], held[i], err));
        }
    }
    return STRATA_OK;
}

/* The changes that a statement finds, as movements in a table of the store; its seats, if it has
 * that column, in seats_ledger. */
static strata_status load_ledger(const ingest_job *j, const char *statement, const char *table,
                                 bool end_is_last_day, int64_t *n_below, strata_error *err)
{
    STRATA_CLEANUP(changes_done) account_changes c = {.account = DICT_NONE};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_AUTO(appender_free) appender *ledger = NULL;
    STRATA_AUTO(seats_rows_free) seats_rows *seats = NULL;
    STRATA_AUTO_FREE ledger_batch *batch = STRATA_NEW_ARRAY(1, ledger_batch);
    if (batch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(stmt_new(j->conn, statement, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "end_shift", end_is_last_day, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(appender_new(j->conn, table, &ledger, err));
    if (stmt_n_columns(s) > SEATS_COLUMN) {
        STRATA_TRY(seats_rows_new(j->conn, &seats, err));
    }
    batch->ledger = ledger;
    STRATA_TRY(arena_new(&c.texts, err));
    for (size_t n;;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        if (n == 0) {
            break;
        }
        STRATA_TRY(write_chunk(s, n, &c, batch, seats, err));
    }
    STRATA_TRY(write_account(&c, batch, err));
    STRATA_TRY(flush_batch(batch, err));
    *n_below = c.n_below;
    if (seats != NULL) {
        STRATA_TRY(seats_rows_finish(seats, err));
    }
    return appender_finish(ledger, err);
}

/* The ledger once more with each subscription stopping at its notice, and who gave any. */
static strata_status load_notice(const ingest_job *j, bool end_is_last_day, strata_error *err)
{
    int64_t n_below;
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(
        load_ledger(j, "source/arr_by_notice.sql", "arr_notice", end_is_last_day, &n_below, err));
    STRATA_TRY(stmt_new(j->conn, "source/insert_notice_given.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "end_shift", end_is_last_day, err));
    return stmt_execute(s, err);
}

/* Counts the subscriptions whose seats cannot be. */
static strata_status note_odd_seats(ingest_job *j, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more;
    STRATA_TRY(stmt_new(j->conn, "source/count_odd_seats.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    int64_t n = more ? stmt_get_int(s, 0) : 0;
    return n == 0 ? STRATA_OK
                  : record_finding(j, "arr", "seats_out_of_range", n,
                                   "subscriptions with fewer than 0 or more than a billion seats; "
                                   "they count none",
                                   err);
}

strata_status arr_forget_rest(const ingest_job *j, strata_error *err)
{
    STRATA_TRY(stmt_run(j->conn, "source/clear_notice.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/clear_notice_given.sql", err));
    return stmt_run(j->conn, "source/clear_seats.sql", err);
}

strata_status arr_load(ingest_job *j, source_table form, bool end_is_last_day, int64_t *n_below,
                       strata_error *err)
{
    char name[64];
    (void)snprintf(name, sizeof name, "source/arr_%s.sql", table_get(form)->name);
    STRATA_TRY(arr_forget_rest(j, err));
    STRATA_TRY(load_ledger(j, name, "arr_ledger", end_is_last_day, n_below, err));
    if (form != TABLE_SUBSCRIPTIONS) {
        return STRATA_OK;
    }
    STRATA_TRY(load_notice(j, end_is_last_day, err));
    return note_odd_seats(j, err);
}
