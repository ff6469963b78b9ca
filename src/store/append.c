/* SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/utf8.h"
#include "store/private.h"

struct appender {
    store_conn *conn;
    char *table;
    duckdb_appender duckdb;
    duckdb_data_chunk chunk;
    size_t n_columns;
    duckdb_type *types;
};

static strata_status fail(const appender *a, strata_error *err)
{
    return store_fail(err, STRATA_E_STORE, a->table, duckdb_appender_error(a->duckdb));
}

static strata_status make_chunk(appender *a, strata_error *err)
{
    a->n_columns = (size_t)duckdb_appender_column_count(a->duckdb);
    a->types = STRATA_NEW_ARRAY(a->n_columns, duckdb_type);
    STRATA_AUTO_FREE duckdb_logical_type *logical =
        STRATA_NEW_ARRAY(a->n_columns, duckdb_logical_type);
    if (a->types == NULL || logical == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "%s: memory ran out", a->table);
    }
    for (size_t i = 0; i < a->n_columns; i++) {
        logical[i] = duckdb_appender_column_type(a->duckdb, i);
        a->types[i] = duckdb_get_type_id(logical[i]);
    }
    a->chunk = duckdb_create_data_chunk(logical, a->n_columns);
    for (size_t i = 0; i < a->n_columns; i++) {
        duckdb_destroy_logical_type(&logical[i]);
    }
    return a->chunk != NULL
               ? STRATA_OK
               : strata_fail(err, STRATA_E_INTERNAL, "%s: cannot be appended to", a->table);
}

strata_status appender_new(store_conn *c, const char *table, appender **out, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = calloc(1, sizeof *a);
    if (a == NULL || (a->table = strdup(table)) == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "%s: memory ran out", table);
    }
    a->conn = c;
    if (duckdb_appender_create(c->duckdb, NULL, table, &a->duckdb) != DuckDBSuccess) {
        return fail(a, err);
    }
    STRATA_TRY(make_chunk(a, err));
    *out = strata_steal(&a);
    return STRATA_OK;
}

void appender_free(appender *a)
{
    if (a == NULL) {
        return;
    }
    if (a->chunk != NULL) {
        duckdb_destroy_data_chunk(&a->chunk);
    }
    if (a->duckdb != NULL) {
        (void)duckdb_appender_destroy(&a->duckdb);
    }
    free(a->types);
    free(a->table);
    free(a);
}

static size_t size_of(column_type type)
{
    switch (type) {
    case COLUMN_BOOL:
    case COLUMN_INT8:
    case COLUMN_UINT8:
        return 1;
    case COLUMN_INT32:
    case COLUMN_DAY:
        return 4;
    case COLUMN_INT64:
    case COLUMN_UINT64:
    case COLUMN_TIMESTAMP:
    case COLUMN_DOUBLE:
        return 8;
    case COLUMN_TEXT:
    case COLUMN_BLOB:
        return sizeof(text_view);
    case COLUMN_OTHER:
        break;
    }
    return 0;
}

static bool is_missing(const append_column *c, size_t row)
{
    if (!valid_row(c->validity, row)) {
        return true;
    }
    switch (c->type) {
    case COLUMN_DOUBLE:
        return isnan(((const double *)c->data)[row]);
    case COLUMN_DAY:
        return ((const day *)c->data)[row] == DAY_MISSING;
    case COLUMN_TEXT:
    case COLUMN_BLOB:
        return ((const text_view *)c->data)[row].ptr == NULL;
    case COLUMN_BOOL:
    case COLUMN_INT8:
    case COLUMN_UINT8:
    case COLUMN_INT32:
    case COLUMN_INT64:
    case COLUMN_UINT64:
    case COLUMN_TIMESTAMP:
    case COLUMN_OTHER:
        break;
    }
    return false;
}

static void fill_validity(duckdb_vector v, const append_column *c, size_t from, size_t n)
{
    uint64_t *bits = NULL;
    for (size_t i = 0; i < n; i++) {
        if (is_missing(c, from + i)) {
            if (bits == NULL) { /* all valid so far */
                duckdb_vector_ensure_validity_writable(v);
                bits = duckdb_vector_get_validity(v);
            }
            bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
        }
    }
}

static strata_status fill_text(const appender *a, duckdb_vector v, const append_column *c,
                               size_t from, size_t n, strata_error *err)
{
    const text_view *texts = (const text_view *)c->data + from;
    for (size_t i = 0; i < n; i++) {
        if (is_missing(c, from + i)) {
            continue;
        }
        if (c->type == COLUMN_TEXT && !utf8_is_valid(texts[i].ptr, texts[i].len)) {
            return strata_fail(err, STRATA_E_DATA, "%s: row %zu of the rows appended is not UTF-8",
                               a->table, from + i);
        }
        duckdb_unsafe_vector_assign_string_element_len(v, i, texts[i].ptr, texts[i].len);
    }
    return STRATA_OK;
}

static strata_status fill_column(const appender *a, size_t col, const append_column *c, size_t from,
                                 size_t n, strata_error *err)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(a->chunk, col);
    fill_validity(v, c, from, n);
    if (c->type == COLUMN_TEXT || c->type == COLUMN_BLOB) {
        return fill_text(a, v, c, from, n, err);
    }
    size_t size = size_of(c->type);
    memcpy(duckdb_vector_get_data(v), (const char *)c->data + from * size, n * size);
    return STRATA_OK;
}

static strata_status append_chunk(appender *a, const append_column *columns, size_t from, size_t n,
                                  strata_error *err)
{
    if (a->conn->cx != NULL) {
        STRATA_TRY(context_check(a->conn->cx, err));
    }
    duckdb_data_chunk_reset(a->chunk);
    for (size_t col = 0; col < a->n_columns; col++) {
        STRATA_TRY(fill_column(a, col, &columns[col], from, n, err));
    }
    duckdb_data_chunk_set_size(a->chunk, n);
    if (duckdb_append_data_chunk(a->duckdb, a->chunk) != DuckDBSuccess) {
        return fail(a, err);
    }
    return STRATA_OK;
}

static strata_status check_columns(const appender *a, const append_column *columns, size_t n,
                                   strata_error *err)
{
    if (n != a->n_columns) {
        return strata_fail(err, STRATA_E_INTERNAL, "%s has %zu columns, %zu were given", a->table,
                           a->n_columns, n);
    }
    for (size_t i = 0; i < n; i++) {
        column_type want = column_type_of(a->types[i]);
        bool day_number = columns[i].type == COLUMN_DAY && want == COLUMN_INT32;
        if (want == COLUMN_OTHER || (columns[i].type != want && !day_number)) {
            return strata_fail(err, STRATA_E_INTERNAL, "%s: column %zu is %s, given was %s",
                               a->table, i + 1, duckdb_type_name(a->types[i]),
                               column_type_name(columns[i].type));
        }
    }
    return STRATA_OK;
}

strata_status append_rows(appender *a, const append_column *columns, size_t n_columns,
                          size_t n_rows, strata_error *err)
{
    STRATA_TRY(check_columns(a, columns, n_columns, err));
    size_t step = (size_t)duckdb_vector_size();
    for (size_t from = 0; from < n_rows; from += step) {
        size_t n = n_rows - from < step ? n_rows - from : step;
        STRATA_TRY(append_chunk(a, columns, from, n, err));
    }
    return STRATA_OK;
}

strata_status appender_finish(appender *a, strata_error *err)
{
    return duckdb_appender_close(a->duckdb) == DuckDBSuccess ? STRATA_OK : fail(a, err);
}
