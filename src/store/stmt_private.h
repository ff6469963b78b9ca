/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_STMT_PRIVATE_H
#define STRATA_STORE_STMT_PRIVATE_H

/* What stmt.c (prepare, bind, execute) and result.c (read) share. */

#include "store/private.h"
#include "store/stmt.h"

typedef struct result_column {
    char *name; /* freed with duckdb_free() */
    duckdb_type duckdb;
    column_type type;
    const void *data; /* of the current chunk */
    const uint64_t *validity;
} result_column;

struct stmt {
    store_conn *conn;
    char *name;              /* for messages */
    const char *watch;       /* NULL: progress is not told */
    strata_status otherwise; /* status of failures that are of no special kind */
    duckdb_prepared_statement prepared;
    duckdb_result result;
    bool has_result;
    duckdb_data_chunk chunk; /* NULL: none fetched yet, or past the end */
    size_t n_rows;           /* of the chunk */
    size_t row;              /* the row stmt_next() is at */
    size_t n_columns;
    result_column *columns;
};

/* Forgets the current chunk. */
void stmt_drop_chunk(stmt *s);

/* The status of a streamed statement that ended with `status`, which err holds. When one of
 * DuckDB's threads fails, the reader of the stream may be told that it was interrupted, and the
 * reason is lost. So an interrupt that nobody asked for runs the (reading) statement again, not
 * streamed, to learn what was wrong. The result is gone afterwards. */
STRATA_MUST_CHECK strata_status stmt_reason(stmt *s, strata_status status, strata_error *err);

#endif
