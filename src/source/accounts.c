/* SPDX-License-Identifier: Apache-2.0 */
#include "source/accounts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/strbuf.h"
#include "source/codes.h"
#include "source/merges.h"
#include "source/text/scan.h"
#include "store/append.h"
#include "store/stmt.h"

enum { CHUNK_ROWS = 2048, DIGEST_SLICES = 64 };

/* One account as staged, or as only facts know it. */
typedef struct account_row {
    int64_t place;  /* -1: derived */
    int32_t code;   /* in j->accounts.ids */
    int32_t parent; /* code; DICT_NONE */
    text_view currency;
} account_row;

typedef struct account_rows {
    VEC(account_row) rows;
} account_rows;

static void rows_done(account_rows *r)
{
    vec_free(&r->rows);
}

static text_view keep_text(arena *a, text_view v)
{
    return v.ptr == NULL ? v : (text_view){arena_strndup(a, v.ptr, v.len), v.len};
}

static strata_status duplicate_account(ingest_job *j, int64_t place, text_view id,
                                       strata_error *err)
{
    int32_t file = place_file(place);
    reject r = {.line = place_line(place),
                .column_name = "account_id",
                .reason = "an earlier row has this id"};
    size_t n = id.len < REJECT_VALUE - 1 ? id.len : REJECT_VALUE - 1;
    memcpy(r.value, id.ptr, n);
    j->files[file].n_rejected++;
    return job_reject(j, file, &r, err);
}

/* Staged accounts of a chunk, the first of each id. */
static strata_status add_accounts(ingest_job *j, const stmt *s, size_t n, text_view *texts,
                                  int32_t *codes, account_rows *out, strata_error *err)
{
    int32_t next = (int32_t)dict_size(j->accounts.ids);
    for (size_t i = 0; i < n; i++) {
        texts[i] = stmt_text(s, 1, i);
    }
    STRATA_TRY(dict_add_all(j->accounts.ids, texts, n, codes, err));
    for (size_t i = 0; i < n; i++) {
        account_row row = {.place = stmt_int64(s, 0)[i], .code = codes[i], .parent = DICT_NONE};
        if (row.code != next) {
            STRATA_TRY(duplicate_account(j, row.place, texts[i], err));
            continue;
        }
        next++;
        row.currency = keep_text(j->a, stmt_text(s, 3, i));
        if (!vec_push(&out->rows, row)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

/* Their parents; rows from *at on. */
static void set_parents(const ingest_job *j, const stmt *s, size_t n, text_view *texts,
                        int32_t *codes, size_t *at, account_rows *out)
{
    for (size_t i = 0; i < n; i++) {
        texts[i] = stmt_text(s, 2, i);
    }
    dict_find_all(j->accounts.ids, texts, n, codes);
    for (size_t i = 0; i < n && *at < out->rows.n; i++) {
        if (stmt_int64(s, 0)[i] == out->rows.data[*at].place) {
            out->rows.data[(*at)++].parent = codes[i];
        }
    }
}

/* Staged accounts, then their parents, once every account has a code. */
static strata_status read_staged(ingest_job *j, account_rows *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    text_view texts[CHUNK_ROWS];
    int32_t codes[CHUNK_ROWS];
    size_t at = 0;
    STRATA_TRY(stmt_new(j->conn, "source/accounts_staged.sql", &s, err));
    for (int pass = 0; pass < 2; pass++) {
        STRATA_TRY(stmt_execute(s, err));
        for (size_t n;;) {
            STRATA_TRY(stmt_next_chunk(s, &n, err));
            if (n == 0) {
                break;
            }
            if (n > CHUNK_ROWS) {
                return strata_fail(err, STRATA_E_INTERNAL, "a chunk of %zu rows", n);
            }
            if (pass == 0) {
                STRATA_TRY(add_accounts(j, s, n, texts, codes, out, err));
            } else {
                set_parents(j, s, n, texts, codes, &at, out);
            }
        }
    }
    return STRATA_OK;
}

/* Follows stands_for to its end; fails on a circle. */
static strata_status resolve(const ingest_job *j, const int32_t *stands_for, int32_t code,
                             const char *what, int32_t *out, strata_error *err)
{
    int32_t at = code;
    for (size_t steps = 0; stands_for[at] != DICT_NONE; steps++) {
        at = stands_for[at];
        if (at == code || steps > dict_size(j->accounts.ids)) {
            return strata_fail(err, STRATA_E_DATA, "%s of account '%s' run in a circle", what,
                               dict_text(j->accounts.ids, code).ptr);
        }
    }
    *out = at;
    return STRATA_OK;
}

/* "'A' (accounts.csv:2) under 'B' (accounts.csv:3) under 'A'" */
static strata_status tell_circle(const ingest_job *j, const account_rows *rows,
                                 const int32_t *parent, int32_t in_it, strata_error *err)
{
    enum { NAMED = 6 };
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    int32_t at = in_it;
    for (size_t n = 0; n < NAMED; n++) {
        strbuf_printf(&names, "'%s'", dict_text(j->accounts.ids, at).ptr);
        for (size_t i = 0; i < rows->rows.n; i++) {
            const account_row *r = &rows->rows.data[i];
            if (r->code == at && r->place >= 0) {
                strbuf_printf(&names, " (%s:%lld)", j->files[place_file(r->place)].path,
                              (long long)place_line(r->place));
            }
        }
        strbuf_add(&names, " under ");
        at = parent[at];
        if (at == in_it) {
            break;
        }
    }
    strbuf_printf(&names, at == in_it ? "'%s'" : "'%s' and so on",
                  dict_text(j->accounts.ids, at).ptr);
    STRATA_TRY(strbuf_status(&names, err));
    return strata_fail(err, STRATA_E_DATA,
                       "parents of accounts run in a circle: %s; correct one parent_id",
                       strbuf_text(&names));
}

/* Circles are wrong whether parents are rolled up or not. Each account is walked over once. */
static strata_status check_parents(const ingest_job *j, const account_rows *rows,
                                   const int32_t *parent, strata_error *err)
{
    size_t n = dict_size(j->accounts.ids);
    STRATA_AUTO_FREE uint32_t *walk = STRATA_NEW_ARRAY(n + 1, uint32_t);
    if (walk == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t c = 0; c < n; c++) { /* walk: 0 not seen, else by which start */
        uint32_t mark = (uint32_t)c + 1;
        int32_t at = (int32_t)c;
        while (at != DICT_NONE && walk[at] == 0) {
            walk[at] = mark;
            at = parent[at];
        }
        if (at != DICT_NONE && walk[at] == mark) {
            return tell_circle(j, rows, parent, at, err);
        }
    }
    return STRATA_OK;
}

/* Numbers by code: accounts that stand for themselves in order of id, the others what they stand
 * for. */
static strata_status number_accounts(ingest_job *j, const account_rows *rows, const int32_t *merged,
                                     const int32_t *parent, int32_t *number, size_t *n_accounts,
                                     strata_error *err)
{
    size_t n_codes = dict_size(j->accounts.ids);
    STRATA_CLEANUP(code_order_done) code_order order = {0};
    STRATA_AUTO_FREE int32_t *stands = STRATA_NEW_ARRAY(n_codes + 1, int32_t);
    if (stands == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(code_order_make(j->cx, j->accounts.ids, &order, err));
    for (size_t c = 0; c < n_codes; c++) {
        STRATA_TRY(resolve(j, merged, (int32_t)c, "merges", &stands[c], err));
        STRATA_TRY(resolve(j, parent, stands[c], "parents", &stands[c], err));
        STRATA_TRY(resolve(j, merged, stands[c], "merges", &stands[c], err));
        number[c] = DICT_NONE;
    }
    for (size_t i = 0; i < rows->rows.n; i++) {
        int32_t c = rows->rows.data[i].code;
        number[c] = stands[c] == c ? 0 : DICT_NONE;
    }
    int32_t n = 0;
    for (size_t i = 0; i < order.n; i++) {
        int32_t *own = &number[order.code[i]];
        *own = *own == DICT_NONE ? DICT_NONE : n++;
    }
    for (size_t c = 0; c < n_codes; c++) {
        number[c] = number[stands[c]];
    }
    *n_accounts = (size_t)n;
    return STRATA_OK;
}

static double rate_of(const ingest_job *j, text_view currency)
{
    for (size_t i = 0; i < j->n_rates; i++) {
        if (currency.len == strlen(j->rates[i].currency) &&
            memcmp(j->rates[i].currency, currency.ptr, currency.len) == 0) {
            return j->rates[i].value;
        }
    }
    return NAN;
}

/* Currencies of accounts: what one unit is worth, by number. None where no account names one. */
static strata_status set_rates(ingest_job *j, const account_rows *rows, size_t n, strata_error *err)
{
    double *rates = ARENA_NEW(j->a, n + 1, double);
    bool any = false;
    if (rates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        rates[i] = 1;
    }
    for (size_t i = 0; i < rows->rows.n; i++) {
        const account_row *r = &rows->rows.data[i];
        if (r->currency.ptr == NULL) {
            continue;
        }
        double rate = rate_of(j, r->currency);
        if (isnan(rate)) {
            return strata_fail(err, STRATA_E_MODEL,
                               "account '%s' is in %s, and there is no rate for it; add `ingest: "
                               "{rates: {%s: ...}}`, what one %s is worth in %s",
                               dict_text(j->accounts.ids, r->code).ptr, r->currency.ptr,
                               r->currency.ptr, r->currency.ptr, j->m->business.currency);
        }
        int32_t number = j->accounts.number[r->code];
        if (number != DICT_NONE) {
            rates[number] = rate;
            any = true;
        }
    }
    j->accounts.rate = any ? rates : NULL;
    return STRATA_OK;
}

static strata_status write_numbers(ingest_job *j, const account_rows *rows, const int32_t *stands,
                                   strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = NULL;
    int64_t places[CHUNK_ROWS];
    int32_t numbers[CHUNK_ROWS];
    const append_column columns[] = {{.type = COLUMN_INT64, .data = places},
                                     {.type = COLUMN_INT32, .data = numbers}};
    size_t n = 0;
    STRATA_TRY(appender_new(j->conn, "stage_number", &a, err));
    for (size_t i = 0; i < rows->rows.n; i++) {
        const account_row *r = &rows->rows.data[i];
        if (stands[r->code] != DICT_NONE) {
            continue; /* merged, or rolled up */
        }
        places[n] = r->place;
        numbers[n++] = j->accounts.number[r->code];
        if (n == CHUNK_ROWS) {
            STRATA_TRY(append_rows(a, columns, 2, n, err));
            n = 0;
        }
    }
    STRATA_TRY(append_rows(a, columns, 2, n, err));
    return appender_finish(a, err);
}

/* The ids that facts name, as accounts. */
static strata_status derive(ingest_job *j, account_rows *out, strata_error *err)
{
    for (size_t i = 0; i < j->m->n_sources; i++) {
        entity e = table_get(table_of(&j->m->sources[i]))->entity;
        if ((e == ENTITY_ORDERS || e == ENTITY_ARR) && j->m->sources[i].via == NULL) {
            STRATA_TRY(scan_source(j, i, true, err));
        }
    }
    STRATA_AUTO(appender_free) appender *stage = NULL;
    STRATA_TRY(appender_new(j->conn, "stage_accounts", &stage, err));
    const table_spec *t = table_get(TABLE_ACCOUNTS);
    for (size_t c = 0; c < dict_size(j->accounts.ids); c++) {
        text_view id = dict_text(j->accounts.ids, (int32_t)c);
        int64_t place = (int64_t)c;
        text_view no_text = {NULL, 0};
        double no_number = NAN;
        day no_day = DAY_MISSING;
        append_column columns[32] = {{.type = COLUMN_INT64, .data = &place}};
        for (size_t f = 0; f < t->n_fields; f++) {
            column_type type = parse_column_type(t->fields[f].kind);
            const void *none = type == COLUMN_TEXT  ? (const void *)&no_text
                               : type == COLUMN_DAY ? (const void *)&no_day
                                                    : (const void *)&no_number;
            columns[f + 1] = (append_column){type, f == 0 ? (const void *)&id : none, NULL};
        }
        STRATA_TRY(append_rows(stage, columns, t->n_fields + 1, 1, err));
        if (!vec_push(&out->rows, (account_row){place, (int32_t)c, DICT_NONE, no_text})) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return appender_finish(stage, err);
}

/* Of every id, its number and its rate, whatever their order. */
typedef struct account_sums {
    const account_map *accounts;
    uint64_t sum[DIGEST_SLICES][2];
} account_sums;

static strata_status sum_slice(void *job, size_t slice, strata_error *err)
{
    (void)err;
    account_sums *s = job;
    const account_map *m = s->accounts;
    size_t n = dict_size(m->ids);
    for (size_t c = n * slice / DIGEST_SLICES; c < n * (slice + 1) / DIGEST_SLICES; c++) {
        text_view id = dict_text(m->ids, (int32_t)c);
        unsigned char h[16];
        int32_t number = m->number[c];
        crypto_generichash_state one;
        crypto_generichash_init(&one, NULL, 0, sizeof h);
        crypto_generichash_update(&one, (const unsigned char *)id.ptr, id.len + 1);
        crypto_generichash_update(&one, (const unsigned char *)&number, sizeof number);
        if (number != DICT_NONE && m->rate != NULL) {
            crypto_generichash_update(&one, (const unsigned char *)&m->rate[number],
                                      sizeof(double));
        }
        crypto_generichash_final(&one, h, sizeof h);
        uint64_t part[2];
        memcpy(part, h, sizeof part);
        s->sum[slice][0] += part[0];
        s->sum[slice][1] += part[1];
    }
    return STRATA_OK;
}

static strata_status digest_accounts(const ingest_job *j, const account_rows *rows,
                                     char out[DIGEST_TEXT], strata_error *err)
{
    account_sums s = {.accounts = &j->accounts};
    uint64_t sum[2] = {0, 0};
    digest d;
    STRATA_TRY(parallel_run(j->cx, DIGEST_SLICES, sum_slice, &s, err));
    for (size_t i = 0; i < DIGEST_SLICES; i++) {
        sum[0] += s.sum[i][0];
        sum[1] += s.sum[i][1];
    }
    digest_init(&d);
    digest_add(&d, &rows->rows.n, sizeof rows->rows.n);
    digest_add(&d, sum, sizeof sum);
    digest_finish(&d, out);
    return STRATA_OK;
}

static strata_status gather(ingest_job *j, bool *derived, account_rows *rows, strata_error *err)
{
    *derived = true;
    for (size_t i = 0; i < j->m->n_sources; i++) {
        if (table_of(&j->m->sources[i]) == TABLE_ACCOUNTS) {
            *derived = false;
            STRATA_TRY(scan_source(j, i, false, err));
        }
    }
    return *derived ? derive(j, rows, err) : read_staged(j, rows, err);
}

strata_status accounts_load(ingest_job *j, bool *derived, size_t *n_accounts,
                            char digest_out[DIGEST_TEXT], strata_error *err)
{
    STRATA_CLEANUP(rows_done) account_rows rows = {0};
    STRATA_TRY(gather(j, derived, &rows, err));
    STRATA_AUTO(merges_free) merges *merged = NULL;
    STRATA_TRY(merges_read(j, &merged, err)); /* may add codes */
    size_t n_codes = dict_size(j->accounts.ids);
    int32_t *parent = ARENA_NEW(j->a, n_codes + 1, int32_t);
    int32_t *number = ARENA_NEW(j->a, n_codes + 1, int32_t);
    if (parent == NULL || number == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t c = 0; c < n_codes; c++) {
        parent[c] = DICT_NONE;
    }
    for (size_t i = 0; i < rows.rows.n; i++) {
        parent[rows.rows.data[i].code] = rows.rows.data[i].parent;
    }
    STRATA_TRY(check_parents(j, &rows, parent, err));
    for (size_t c = 0; c < n_codes && !j->m->ingest.roll_up_parents; c++) {
        parent[c] = DICT_NONE;
    }
    STRATA_TRY(number_accounts(j, &rows, merges_of(merged), parent, number, n_accounts, err));
    j->accounts.number = number;
    STRATA_TRY(set_rates(j, &rows, *n_accounts, err));
    for (size_t c = 0; c < n_codes; c++) { /* from here on: does it stand for another? */
        parent[c] = parent[c] != DICT_NONE ? parent[c] : merges_of(merged)[c];
    }
    STRATA_TRY(write_numbers(j, &rows, parent, err));
    STRATA_TRY(digest_accounts(j, &rows, digest_out, err));
    STRATA_TRY(stmt_run(j->conn, "source/clear_accounts.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/clear_attributes.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/insert_accounts.sql", err));
    return stmt_run(j->conn, "source/insert_attributes.sql", err);
}
