/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/arr_words.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/vec.h"
#include "cohort/rows_until.h"

/* Parts of words that billing systems and people use for churn that nobody decided on. */
static const char *const delinquent_words[] = {"delinquen",  "non-payment",       "non payment",
                                               "nonpayment", "payment failed",    "failed payment",
                                               "unpaid",     "card expired",      "expired card",
                                               "declined",   "dunning",           "involuntary",
                                               "overdue",    "payment_failed",    "past due",
                                               "chargeback", "insufficient funds"};

bool arr_reason_is_delinquent(const char *reason)
{
    for (size_t i = 0; i < sizeof delinquent_words / sizeof *delinquent_words; i++) {
        size_t len = strlen(delinquent_words[i]);
        for (const char *at = reason; *at != '\0'; at++) {
            if (strncasecmp(at, delinquent_words[i], len) == 0) {
                return true;
            }
        }
    }
    return false;
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading types and reasons of movements");
}

/* The words of one column, which the statement gives in order. */
static strata_status read_list(store_conn *conn, arena *a, bool reasons, const char *const **list,
                               size_t *n, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "cohort/movement_words.sql", &s, err));
    STRATA_TRY(stmt_bind_bool(s, "reasons", reasons, err));
    STRATA_TRY(stmt_execute(s, err));
    VEC(const char *) words = {0};
    strata_status st = STRATA_OK;
    for (bool more = true; st == STRATA_OK;) {
        st = stmt_next(s, &more, err);
        if (st != STRATA_OK || !more) {
            break;
        }
        text_view v = stmt_get_text(s, 0);
        const char *word = arena_strndup(a, v.ptr, v.len);
        if (word == NULL || !vec_push(&words, word)) {
            st = no_memory(err);
        }
    }
    const char **kept = ARENA_NEW(a, words.n + 1, const char *);
    if (st == STRATA_OK && kept == NULL) {
        st = no_memory(err);
    }
    if (st == STRATA_OK && words.n >= ARR_WORD_NONE) {
        st = strata_fail(err, STRATA_E_DATA, "ARR movements have %zu different %s; %d is the most",
                         words.n, reasons ? "reasons" : "types", ARR_WORD_NONE);
    }
    for (size_t i = 0; st == STRATA_OK && i < words.n; i++) {
        kept[i] = words.data[i];
    }
    *list = kept;
    *n = words.n;
    vec_free(&words);
    return st;
}

static uint16_t code_of(const char *const *list, size_t n, text_view v)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        size_t mid = low + (high - low) / 2;
        size_t len = strlen(list[mid]);
        int c = memcmp(list[mid], v.ptr, len < v.len ? len : v.len);
        if (c == 0 && len == v.len) {
            return (uint16_t)mid;
        }
        if (c < 0 || (c == 0 && len < v.len)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return ARR_WORD_NONE;
}

/* Row of the book with this account and day; SIZE_MAX: none (a day after the book's). */
static size_t find_row(const arr_book *b, int32_t account, day d)
{
    if (account < 0 || (size_t)account >= b->n_accounts) {
        return SIZE_MAX;
    }
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        if (b->day[k] == d) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* Codes by row of the book. */
typedef struct code_job {
    const arr_book *book;
    const arr_words *words;
    uint16_t *type, *reason;
} code_job;

static strata_status read_codes(void *job, stmt *s, size_t n, strata_error *err)
{
    const code_job *j = job;
    const arr_words *w = j->words;
    const int32_t *account = stmt_int32(s, 0);
    const int32_t *days = stmt_int32(s, 1);
    (void)err;
    for (size_t i = 0; i < n; i++) {
        size_t row = find_row(j->book, account[i], days[i]);
        text_view t = stmt_text(s, 2, i);
        text_view r = stmt_text(s, 3, i);
        if (row != SIZE_MAX) {
            j->type[row] = t.ptr != NULL ? code_of(w->types, w->n_types, t) : ARR_WORD_NONE;
            j->reason[row] = r.ptr != NULL ? code_of(w->reasons, w->n_reasons, r) : ARR_WORD_NONE;
        }
    }
    return STRATA_OK;
}

strata_status arr_words_load(store_conn *conn, arena *a, const arr_book *book, arr_words **out,
                             strata_error *err)
{
    arr_words *w = ARENA_NEW(a, 1, arr_words);
    uint16_t *type = ARENA_NEW(a, book->n_rows + 1, uint16_t);
    uint16_t *reason = ARENA_NEW(a, book->n_rows + 1, uint16_t);
    if (w == NULL || type == NULL || reason == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(read_list(conn, a, false, &w->types, &w->n_types, err));
    STRATA_TRY(read_list(conn, a, true, &w->reasons, &w->n_reasons, err));
    bool *delinquent = ARENA_NEW(a, w->n_reasons + 1, bool);
    if (delinquent == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < w->n_reasons; i++) {
        delinquent[i] = arr_reason_is_delinquent(w->reasons[i]);
    }
    memset(type, 0xff, book->n_rows * sizeof *type);
    memset(reason, 0xff, book->n_rows * sizeof *reason);
    code_job j = {book, w, type, reason};
    STRATA_TRY(rows_until(
        conn, book->by_notice ? "cohort/notice_reasons.sql" : "cohort/movement_reasons.sql",
        book->until, read_codes, &j, err));
    w->type = type;
    w->reason = reason;
    w->delinquent = delinquent;
    *out = w;
    return STRATA_OK;
}
