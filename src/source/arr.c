/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "panel/movements.h"
#include "source/facts.h"
#include "store/append.h"
#include "store/stmt.h"

/* Changes of one account, with the words that stand beside each in the source. */
typedef struct account_changes {
    int32_t account;
    int64_t arr; /* after the last of them */
    VEC(arr_delta) deltas;
    VEC(text_view) words; /* type and reason by delta */
    arena *texts;
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

/* Writes the account's movements: one per change, since changes are net and by day. */
static strata_status write_account(account_changes *c, appender *ledger, strata_error *err)
{
    c->movements.n = 0;
    STRATA_TRY(movements_from_deltas(c->deltas.data, c->deltas.n, &c->movements, err));
    for (size_t i = 0; i < c->movements.n; i++) {
        const arr_movement *m = &c->movements.data[i];
        uint8_t kind = (uint8_t)m->kind;
        append_column columns[] = {
            {.type = COLUMN_INT32, .data = &c->account},
            {.type = COLUMN_DAY, .data = &m->day},
            {.type = COLUMN_INT64, .data = &m->arr_after},
            {.type = COLUMN_UINT8, .data = &kind},
            {.type = COLUMN_INT64, .data = &c->deltas.data[i].yearly},
            {.type = COLUMN_TEXT, .data = &c->words.data[2 * i]},
            {.type = COLUMN_TEXT, .data = &c->words.data[2 * i + 1]},
        };
        STRATA_TRY(append_rows(ledger, columns, sizeof columns / sizeof *columns, 1, err));
    }
    c->deltas.n = 0;
    c->words.n = 0;
    c->arr = 0;
    arena_free(c->texts);
    c->texts = NULL;
    return arena_new(&c->texts, err);
}

static strata_status write_chunk(const stmt *s, size_t n, account_changes *c, appender *ledger,
                                 strata_error *err)
{
    const int32_t *account = stmt_int32(s, 0);
    const day *days = stmt_day(s, 1);
    const int64_t *delta = stmt_int64(s, 2);
    for (size_t i = 0; i < n; i++) {
        if (account[i] != c->account) {
            STRATA_TRY(write_account(c, ledger, err));
            c->account = account[i];
        }
        STRATA_TRY(add_change(c, days[i], delta[i], stmt_text(s, 3, i), stmt_text(s, 4, i), err));
    }
    return STRATA_OK;
}

strata_status arr_load(ingest_job *j, source_table form, bool end_is_last_day, int64_t *n_below,
                       strata_error *err)
{
    STRATA_CLEANUP(changes_done) account_changes c = {.account = DICT_NONE};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_AUTO(appender_free) appender *ledger = NULL;
    char name[64];
    (void)snprintf(name, sizeof name, "source/arr_%s.sql", table_get(form)->name);
    STRATA_TRY(stmt_new(j->conn, name, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "end_shift", end_is_last_day, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(appender_new(j->conn, "arr_ledger", &ledger, err));
    STRATA_TRY(arena_new(&c.texts, err));
    for (size_t n;;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        if (n == 0) {
            break;
        }
        STRATA_TRY(write_chunk(s, n, &c, ledger, err));
    }
    STRATA_TRY(write_account(&c, ledger, err));
    *n_below = c.n_below;
    return appender_finish(ledger, err);
}
