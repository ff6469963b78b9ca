/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>

#include "store/stmt_private.h"

void stmt_drop_chunk(stmt *s)
{
    if (s->chunk != NULL) {
        duckdb_destroy_data_chunk(&s->chunk);
    }
    s->n_rows = 0;
    s->row = 0;
}

size_t stmt_n_columns(const stmt *s)
{
    return s->n_columns;
}

const char *stmt_column_name(const stmt *s, size_t col)
{
    return s->columns[col].name;
}

column_type stmt_column_type(const stmt *s, size_t col)
{
    return s->columns[col].type;
}

const char *stmt_column_sql_type(const stmt *s, size_t col)
{
    return duckdb_type_name(s->columns[col].duckdb);
}

static strata_status fail_if_broken(stmt *s, strata_error *err)
{
    const char *message = duckdb_result_error(&s->result);
    if (message != NULL && *message != '\0') {
        return stmt_reason(s, store_fail(err, s->otherwise, s->name, message), err);
    }
    return STRATA_OK;
}

strata_status stmt_next_chunk(stmt *s, size_t *n_rows, strata_error *err)
{
    stmt_drop_chunk(s);
    if (!s->has_result) {
        return strata_fail(err, STRATA_E_INTERNAL, "%s: read before it was executed", s->name);
    }
    if (s->conn->cx != NULL) {
        STRATA_TRY(context_check(s->conn->cx, err));
    }
    s->chunk = duckdb_fetch_chunk(s->result);
    if (s->chunk == NULL) {
        STRATA_TRY(fail_if_broken(s, err));
        *n_rows = 0;
        return STRATA_OK;
    }
    s->n_rows = (size_t)duckdb_data_chunk_get_size(s->chunk);
    for (size_t i = 0; i < s->n_columns; i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(s->chunk, i);
        s->columns[i].data = duckdb_vector_get_data(v);
        s->columns[i].validity = duckdb_vector_get_validity(v);
    }
    *n_rows = s->n_rows;
    return STRATA_OK;
}

static const void *column_data(const stmt *s, size_t col, column_type a, column_type b)
{
    assert(s->chunk != NULL && col < s->n_columns);
    assert(s->columns[col].type == a || s->columns[col].type == b);
    (void)a;
    (void)b;
    return s->columns[col].data;
}

const uint64_t *stmt_validity(const stmt *s, size_t col)
{
    assert(s->chunk != NULL && col < s->n_columns);
    return s->columns[col].validity;
}

const int8_t *stmt_int8(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_INT8, COLUMN_INT8);
}

const uint8_t *stmt_uint8(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_UINT8, COLUMN_BOOL);
}

const int32_t *stmt_int32(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_INT32, COLUMN_INT32);
}

const int64_t *stmt_int64(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_INT64, COLUMN_TIMESTAMP);
}

const uint64_t *stmt_uint64(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_UINT64, COLUMN_UINT64);
}

const double *stmt_double(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_DOUBLE, COLUMN_DOUBLE);
}

const day *stmt_day(const stmt *s, size_t col)
{
    return column_data(s, col, COLUMN_DAY, COLUMN_INT32);
}

text_view stmt_text(const stmt *s, size_t col, size_t row)
{
    const duckdb_string_t *texts = column_data(s, col, COLUMN_TEXT, COLUMN_BLOB);
    if (!valid_row(s->columns[col].validity, row)) {
        return (text_view){NULL, 0};
    }
    const duckdb_string_t *t = &texts[row];
    uint32_t len = t->value.inlined.length;
    return (text_view){len <= DUCKDB_INLINE_TEXT ? t->value.inlined.inlined : t->value.pointer.ptr,
                       len};
}

strata_status stmt_next(stmt *s, bool *more, strata_error *err)
{
    s->row++;
    if (s->chunk == NULL || s->row >= s->n_rows) {
        size_t n;
        STRATA_TRY(stmt_next_chunk(s, &n, err));
    }
    *more = s->row < s->n_rows;
    return STRATA_OK;
}

bool stmt_is_null(const stmt *s, size_t col)
{
    return !valid_row(stmt_validity(s, col), s->row);
}

int64_t stmt_get_int(const stmt *s, size_t col)
{
    if (stmt_is_null(s, col)) {
        return 0;
    }
    switch (s->columns[col].type) {
    case COLUMN_BOOL:
    case COLUMN_UINT8:
        return stmt_uint8(s, col)[s->row];
    case COLUMN_INT8:
        return stmt_int8(s, col)[s->row];
    case COLUMN_INT32:
    case COLUMN_DAY:
        return stmt_day(s, col)[s->row];
    case COLUMN_UINT64:
        return (int64_t)stmt_uint64(s, col)[s->row];
    case COLUMN_INT64:
    case COLUMN_TIMESTAMP:
    case COLUMN_DOUBLE:
    case COLUMN_TEXT:
    case COLUMN_BLOB:
    case COLUMN_OTHER:
        break;
    }
    return stmt_int64(s, col)[s->row];
}

double stmt_get_double(const stmt *s, size_t col)
{
    if (stmt_is_null(s, col)) {
        return NAN;
    }
    if (s->columns[col].type == COLUMN_DOUBLE) {
        return stmt_double(s, col)[s->row];
    }
    int64_t number = stmt_get_int(s, col);
    return (double)number;
}

day stmt_get_day(const stmt *s, size_t col)
{
    return stmt_is_null(s, col) ? DAY_MISSING : stmt_day(s, col)[s->row];
}

text_view stmt_get_text(const stmt *s, size_t col)
{
    return stmt_text(s, col, s->row);
}
