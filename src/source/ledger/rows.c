/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/rows.h"

#include <math.h>
#include <string.h>

strata_status ledger_rows_open(ledger_rows *r, store_conn *c, const ledger_spec *spec,
                               const int32_t range[2], strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, spec->sql, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "first", range[0], err));
    STRATA_TRY(stmt_bind_int32(s, "last", range[1] - 1, err));
    STRATA_TRY(stmt_stream(s, err));
    *r = (ledger_rows){.spec = spec, .stmt = strata_steal(&s)};
    return STRATA_OK;
}

void ledger_rows_close(ledger_rows *r)
{
    stmt_free(r->stmt);
    *r = (ledger_rows){0};
}

static const void *chunk_values(const stmt *q, size_t col, column_type t)
{
    switch ((int)t) {
    case COLUMN_INT8:
        return stmt_int8(q, col);
    case COLUMN_UINT8:
        return stmt_uint8(q, col);
    case COLUMN_INT64:
        return stmt_int64(q, col);
    case COLUMN_DOUBLE:
        return stmt_double(q, col);
    default:
        return stmt_int32(q, col);
    }
}

static void fill_missing(void *column, size_t row, missing as)
{
    switch (as) {
    case AS_DAY:
        ((day *)column)[row] = DAY_MISSING;
        break;
    case AS_DAY_MIN:
        ((day *)column)[row] = DAY_MIN;
        break;
    case AS_CODE:
        ((int32_t *)column)[row] = -1;
        break;
    case AS_NAN:
        ((double *)column)[row] = NAN;
        break;
    case AS_ZERO:
        ((int64_t *)column)[row] = 0;
        break;
    case NEVER:
        break;
    }
}

/* Rows from .. from+n-1 of the chunk, behind those that are there. */
static void copy_rows(const ledger_rows *r, size_t from, size_t n, ledger_arrays *out)
{
    for (size_t i = 0; i < r->spec->n_columns; i++) {
        const ledger_column *c = &r->spec->columns[i];
        size_t size = ledger_value_size(c->type);
        const char *values = chunk_values(r->stmt, i + 1, c->type);
        memcpy((char *)out->columns[i] + out->n_rows * size, values + from * size, n * size);
        const uint64_t *validity = stmt_validity(r->stmt, i + 1);
        for (size_t row = 0; validity != NULL && row < n; row++) {
            if (!valid_row(validity, from + row)) {
                fill_missing(out->columns[i], out->n_rows + row, c->missing);
            }
        }
    }
    out->n_rows += n;
}

/* The next run of chunk rows that belong to accounts first .. first+n-1; notes where accounts
 * begin. `seen` is the number of accounts of the block whose start is known. */
static size_t take_run(const ledger_rows *r, const int32_t *account, int32_t first, size_t n,
                       size_t *seen, const ledger_arrays *out)
{
    int64_t end = (int64_t)first + (int64_t)n;
    size_t i = r->at;
    int32_t before = *seen == 0 ? first - 1 : first + (int32_t)*seen - 1;
    while (i < r->chunk_rows && account[i] < end) {
        if (account[i] != before) {
            before = account[i];
            while ((int64_t)first + (int64_t)*seen <= before) {
                out->start[(*seen)++] = (uint32_t)(out->n_rows + (i - r->at));
            }
        }
        i++;
    }
    return i - r->at;
}

strata_status ledger_rows_read(ledger_rows *r, int32_t first, size_t n, ledger_arrays *out,
                               strata_error *err)
{
    size_t seen = 0;
    out->n_rows = 0;
    STRATA_TRY(ledger_reserve(r->spec, out, 1, n, err));
    while (!r->ended) {
        if (r->at == r->chunk_rows) {
            r->at = 0;
            STRATA_TRY(stmt_next_chunk(r->stmt, &r->chunk_rows, err));
            r->ended = r->chunk_rows == 0;
            continue;
        }
        const int32_t *account = stmt_int32(r->stmt, 0);
        while (r->at < r->chunk_rows && account[r->at] < first) {
            r->at++; /* accounts that were not asked for */
        }
        STRATA_TRY(ledger_reserve(r->spec, out, out->n_rows + r->chunk_rows, n, err));
        size_t run = take_run(r, account, first, n, &seen, out);
        copy_rows(r, r->at, run, out);
        r->at += run;
        if (r->at < r->chunk_rows) {
            break;
        }
    }
    while (seen <= n) {
        out->start[seen++] = (uint32_t)out->n_rows;
    }
    return STRATA_OK;
}
