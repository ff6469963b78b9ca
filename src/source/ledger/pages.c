/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/pages.h"

#include <stdlib.h>
#include <string.h>

#include "panel/code_days.h"
#include "source/ledger/rows.h"
#include "store/append.h"

/* DuckDB moves texts of 4096 bytes and more out of line and copies them when they are read; 64 of
 * these fill one of its blocks. */
enum { PAGE_BYTES = 4080, BATCH_BYTES = 8 << 20 };

strata_status ledger_pages_fresh(store_conn *c, uint32_t *entities, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    uint32_t fresh = UINT32_MAX;
    STRATA_TRY(stmt_new(c, "source/page_rows.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            *entities = fresh;
            return STRATA_OK;
        }
        fresh &=
            stmt_get_int(s, 1) == stmt_get_int(s, 2) ? UINT32_MAX : ~(1U << stmt_get_int(s, 0));
    }
}

/* -------------------------------------------------------------------------------------- writing */

/* What is packed and not yet in the table. */
typedef struct batch {
    const ledger_spec *spec;
    byte_vec bytes;
    VEC(text_view) data; /* `len` bytes each; `ptr` is set when the bytes no longer move */
    VEC(int32_t) account;
    VEC(int32_t) page;
    VEC(int64_t) n_rows;
    ledger_arrays rows;
    code_days users;
} batch;

static void batch_done(batch *b)
{
    vec_free(&b->bytes);
    vec_free(&b->data);
    vec_free(&b->account);
    vec_free(&b->page);
    vec_free(&b->n_rows);
    ledger_arrays_free(&b->rows);
    code_days_done(&b->users);
}

static strata_status add_page(batch *b, int32_t account, int32_t page, size_t len,
                              strata_error *err)
{
    int64_t n_rows = page == 0 ? (int64_t)b->rows.n_rows : 0;
    if (!vec_push(&b->account, account) || !vec_push(&b->page, page) ||
        !vec_push(&b->n_rows, n_rows) || !vec_push(&b->data, (text_view){NULL, len})) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for ledger pages");
    }
    return STRATA_OK;
}

/* Numbers each account's users from 0 in order of appearance: all that a sweep wants of them is
 * which are the same, and small numbers take one byte. */
static strata_status number_users(batch *b, size_t n_accounts, strata_error *err)
{
    int32_t *user = b->rows.columns[2];
    for (size_t i = 0; i < n_accounts; i++) {
        uint32_t begin = b->rows.start[i];
        uint32_t end = b->rows.start[i + 1];
        day seen = 0; /* the table keeps a day by code; here, the code's number */
        STRATA_TRY(code_days_begin(&b->users, end - begin, err));
        for (uint32_t r = begin; r < end; r++) {
            if (user[r] < 0) {
                continue;
            }
            day number = code_days_swap(&b->users, user[r], seen);
            if (number == DAY_MISSING) {
                user[r] = seen++;
            } else {
                (void)code_days_swap(&b->users, user[r], number);
                user[r] = number;
            }
        }
    }
    return STRATA_OK;
}

static strata_status add_pack(batch *b, int32_t first, size_t n_accounts, strata_error *err)
{
    size_t before = b->bytes.n;
    if (b->spec->entity == ENTITY_USAGE) {
        STRATA_TRY(number_users(b, n_accounts, err));
    }
    STRATA_TRY(pack_write(b->spec, first, n_accounts, &b->rows, &b->bytes, err));
    int32_t page = 0;
    for (size_t at = before; at < b->bytes.n; at += PAGE_BYTES) {
        size_t left = b->bytes.n - at;
        STRATA_TRY(add_page(b, first, page++, left < PAGE_BYTES ? left : PAGE_BYTES, err));
    }
    return STRATA_OK;
}

static strata_status append_batch(batch *b, store_conn *c, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = NULL;
    const char *at = (const char *)b->bytes.data;
    for (size_t i = 0; i < b->data.n; i++) {
        b->data.data[i].ptr = at;
        at += b->data.data[i].len;
    }
    const append_column columns[] = {{COLUMN_INT32, b->account.data, NULL},
                                     {COLUMN_INT32, b->page.data, NULL},
                                     {COLUMN_INT64, b->n_rows.data, NULL},
                                     {COLUMN_BLOB, b->data.data, NULL}};
    STRATA_TRY(appender_new(c, b->spec->page_table, &a, err));
    STRATA_TRY(append_rows(a, columns, sizeof columns / sizeof *columns, b->data.n, err));
    b->bytes.n = b->data.n = b->account.n = b->page.n = b->n_rows.n = 0;
    return appender_finish(a, err);
}

/* Packs accounts from *next on until the batch is full: one connection cannot read and append at
 * the same time. */
static strata_status fill_batch(batch *b, store_conn *c, int32_t *next, int32_t n_accounts,
                                strata_error *err)
{
    STRATA_CLEANUP(ledger_rows_close) ledger_rows rows = {0};
    const int32_t range[2] = {*next, n_accounts};
    STRATA_TRY(ledger_rows_open(&rows, c, b->spec, range, err));
    while (*next < n_accounts && b->bytes.n < BATCH_BYTES) {
        int32_t left = n_accounts - *next;
        size_t n = left < PACK_ACCOUNTS ? (size_t)left : PACK_ACCOUNTS;
        STRATA_TRY(ledger_rows_read(&rows, *next, n, &b->rows, err));
        if (b->rows.n_rows > 0) {
            STRATA_TRY(add_pack(b, *next, n, err));
        }
        *next += (int32_t)n;
    }
    return STRATA_OK;
}

static const ledger_spec *packed_spec(entity e)
{
    for (size_t i = 0; i < LEDGER_SPECS; i++) {
        if (ledger_specs[i].entity == e && ledger_specs[i].pages != NULL) {
            return &ledger_specs[i];
        }
    }
    return NULL;
}

static strata_status count_accounts(store_conn *c, int32_t *n, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more;
    STRATA_TRY(stmt_new(c, "source/count_accounts.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    *n = more ? (int32_t)stmt_get_int(s, 0) : 0;
    return STRATA_OK;
}

strata_status ledger_pages_write(store_conn *c, const context *cx, entity e, strata_error *err)
{
    STRATA_CLEANUP(batch_done) batch b = {.spec = packed_spec(e)};
    if (b.spec == NULL) {
        return STRATA_OK;
    }
    int32_t n_accounts;
    STRATA_TRY(count_accounts(c, &n_accounts, err));
    STRATA_TRY(stmt_run(c, b.spec->clear_pages, err));
    STRATA_TRY(code_days_new(0, &b.users, err));
    for (int32_t next = 0; next < n_accounts;) {
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(fill_batch(&b, c, &next, n_accounts, err));
        STRATA_TRY(append_batch(&b, c, err));
    }
    return STRATA_OK;
}

/* -------------------------------------------------------------------------------------- reading */

strata_status ledger_pages_open(ledger_pages *g, store_conn *c, const ledger_spec *spec,
                                const int32_t range[2], strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, spec->pages, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "first", range[0] / PACK_ACCOUNTS * PACK_ACCOUNTS, err));
    STRATA_TRY(stmt_bind_int32(s, "last", range[1] - 1, err));
    STRATA_TRY(stmt_stream(s, err));
    *g = (ledger_pages){.spec = spec, .stmt = strata_steal(&s)};
    return STRATA_OK;
}

void ledger_pages_close(ledger_pages *g)
{
    stmt_free(g->stmt);
    vec_free(&g->bytes);
    *g = (ledger_pages){0};
}

/* The row the stream is at; false past the last. */
static strata_status find_page(ledger_pages *g, bool *found, strata_error *err)
{
    if (!g->ended && g->at == g->chunk_rows) {
        g->at = 0;
        STRATA_TRY(stmt_next_chunk(g->stmt, &g->chunk_rows, err));
        g->ended = g->chunk_rows == 0;
    }
    *found = !g->ended;
    return STRATA_OK;
}

static strata_status broken(const ledger_pages *g, strata_error *err)
{
    return strata_fail(err, STRATA_E_STORE,
                       "%s of the store lacks pages; run 'strata ingest --force' to make it anew",
                       g->spec->page_table);
}

static strata_status take_page(ledger_pages *g, int32_t account, int32_t page, strata_error *err)
{
    text_view data = stmt_text(g->stmt, 3, g->at);
    if (stmt_int32(g->stmt, 0)[g->at] != account || stmt_int32(g->stmt, 1)[g->at] != page ||
        data.ptr == NULL || data.len == 0) {
        return broken(g, err);
    }
    g->at++;
    if (g->bytes.n + data.len > g->bytes.cap) {
        size_t cap = 2 * (g->bytes.n + data.len);
        unsigned char *larger = realloc(g->bytes.data, cap);
        if (larger == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu bytes of ledger pages",
                               cap);
        }
        g->bytes.data = larger;
        g->bytes.cap = cap;
    }
    memcpy(g->bytes.data + g->bytes.n, data.ptr, data.len);
    g->bytes.n += data.len;
    return STRATA_OK;
}

/* Puts the next pack together; its n_accounts is 0 past the last. */
static strata_status next_pack(ledger_pages *g, strata_error *err)
{
    bool found;
    int64_t before = g->pack.n_accounts > 0 ? g->pack.first : -1;
    g->pack.n_accounts = 0;
    g->bytes.n = 0;
    STRATA_TRY(find_page(g, &found, err));
    if (!found) {
        return STRATA_OK;
    }
    int32_t account = stmt_int32(g->stmt, 0)[g->at];
    int64_t n_rows = stmt_int64(g->stmt, 2)[g->at];
    size_t length = 0;
    for (int32_t page = 0; page == 0 || g->bytes.n < length; page++) {
        STRATA_TRY(find_page(g, &found, err));
        if (!found) {
            return broken(g, err);
        }
        STRATA_TRY(take_page(g, account, page, err));
        length = page == 0 ? pack_length(g->bytes.data, g->bytes.n) : length;
    }
    STRATA_TRY(pack_open(g->spec, g->bytes.data, g->bytes.n, &g->pack, err));
    bool right = g->pack.first == account && account > before && g->pack.n_rows == n_rows;
    return right ? STRATA_OK : broken(g, err);
}

/* Accounts begin .. end-1 of the pack, behind those that are there. */
static strata_status add_accounts(const ledger_pages *g, int32_t first, size_t begin, size_t end,
                                  ledger_arrays *out, strata_error *err)
{
    const pack *p = &g->pack;
    size_t from = p->start[begin];
    size_t n = p->start[end] - from;
    STRATA_TRY(ledger_reserve(g->spec, out, out->n_rows + n, 0, err));
    uint32_t shift = (uint32_t)(out->n_rows - from); /* wraps around, and back */
    size_t at = (size_t)(p->first + (int64_t)begin - first);
    for (size_t i = begin; i < end; i++) {
        out->start[at++] = p->start[i] + shift;
    }
    for (size_t c = 0; c < g->spec->n_columns; c++) {
        size_t size = ledger_value_size(g->spec->columns[c].type);
        pack_values(p, c, from, n, (char *)out->columns[c] + out->n_rows * size);
    }
    out->n_rows += n;
    return STRATA_OK;
}

strata_status ledger_pages_read(ledger_pages *g, int32_t first, size_t n, ledger_arrays *out,
                                strata_error *err)
{
    int64_t end = (int64_t)first + (int64_t)n;
    int64_t done = first; /* accounts before it have their start */
    out->n_rows = 0;
    STRATA_TRY(ledger_reserve(g->spec, out, 1, n, err));
    while (done < end) {
        const pack *p = &g->pack;
        int64_t pack_end = (int64_t)p->first + p->n_accounts;
        if (!g->ended && (p->n_accounts == 0 || pack_end <= done)) {
            STRATA_TRY(next_pack(g, err));
            continue;
        }
        int64_t from = p->n_accounts == 0 || p->first > end ? end : p->first;
        for (; done < from; done++) {
            out->start[done - first] = (uint32_t)out->n_rows; /* without rows */
        }
        if (done < end) {
            int64_t until = pack_end < end ? pack_end : end;
            STRATA_TRY(add_accounts(g, first, (size_t)(done - p->first), (size_t)(until - p->first),
                                    out, err));
            done = until;
        }
    }
    out->start[n] = (uint32_t)out->n_rows;
    return STRATA_OK;
}
