/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_STMT_H
#define STRATA_STORE_STMT_H

/* Prepared statements: bind, execute, read.
 *
 *     STRATA_AUTO(stmt_free) stmt *s = NULL;
 *     STRATA_TRY(stmt_new(conn, "panel/usage_block.sql", &s, err));
 *     STRATA_TRY(stmt_bind_int32(s, "first", first, err));
 *     STRATA_TRY(stmt_stream(s, err));
 *     for (size_t n;;) {
 *         STRATA_TRY(stmt_next_chunk(s, &n, err));
 *         if (n == 0) break;
 *         const int32_t *account = stmt_int32(s, 0); // n values
 *         ...
 *     }
 *
 * Messages start with the statement's name. A statement belongs to its
 * connection's thread. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "base/day.h"
#include "store/column.h"
#include "store/store.h"

typedef struct stmt stmt;

/* The statement in sql/<name>. STRATA_E_INTERNAL when there is no such file,
 * STRATA_E_STORE when DuckDB does not accept it. */
STRATA_MUST_CHECK strata_status stmt_new(store_conn *c, const char *name, stmt **out,
                                         strata_error *err);
/* One statement made at run time, for the few places that need it: tables written to files, whose
 * columns are known only then (quoted through store/quote.h), and the user's own SQL. `name`
 * is what messages call it and is copied. STRATA_E_USAGE when DuckDB does not accept it. */
STRATA_MUST_CHECK strata_status stmt_new_text(store_conn *c, const char *name, const char *sql,
                                              stmt **out, strata_error *err);
void stmt_free(stmt *s); /* NULL is fine */
STRATA_DEFINE_AUTO(stmt, stmt_free)

/* Parameters by name, without the "$". They stay bound until bound again.
 * DAY_MISSING, NaN and a NULL text are bound as NULL. Text is copied and must be UTF-8
 * (else STRATA_E_DATA). */
STRATA_MUST_CHECK strata_status stmt_bind_null(stmt *s, const char *name, strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_bool(stmt *s, const char *name, bool v,
                                               strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_int32(stmt *s, const char *name, int32_t v,
                                                strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_int64(stmt *s, const char *name, int64_t v,
                                                strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_uint64(stmt *s, const char *name, uint64_t v,
                                                 strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_double(stmt *s, const char *name, double v,
                                                 strata_error *err);
/* As DATE. */
STRATA_MUST_CHECK strata_status stmt_bind_day(stmt *s, const char *name, day v, strata_error *err);
/* Microseconds since 1970-01-01, UTC. */
STRATA_MUST_CHECK strata_status stmt_bind_timestamp(stmt *s, const char *name, int64_t micros,
                                                    strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_text(stmt *s, const char *name, const char *v,
                                               strata_error *err);
STRATA_MUST_CHECK strata_status stmt_bind_text_n(stmt *s, const char *name, const char *v,
                                                 size_t len, strata_error *err);

/* What the context is told while the statement runs ("usage.csv"), in hundredths
 * of a per cent; borrowed. Without it nothing is told. */
void stmt_watch(stmt *s, const char *label);

/* Runs it; the former result is gone. The whole result is kept in memory, so other
 * statements may run while it is read.
 *
 * STRATA_E_CANCELLED  the context asked to stop; the statement did nothing
 * STRATA_E_DATA       a value does not fit: overflow, a failed cast, a broken constraint, a bad row
 *                     in a file
 * STRATA_E_IO         a file cannot be read, the disk is full
 * STRATA_E_NOMEM      memory, or room for temporary files, ran out
 * STRATA_E_STORE      all else */
STRATA_MUST_CHECK strata_status stmt_execute(stmt *s, strata_error *err);
/* The same for large results: rows are made while they are read, so memory stays bounded,
 * but no other statement may run on this connection until it is read or freed. */
STRATA_MUST_CHECK strata_status stmt_stream(stmt *s, strata_error *err);
/* Rows an INSERT, UPDATE or DELETE touched. */
uint64_t stmt_rows_changed(const stmt *s);

/* Columns of the statement; known before it runs. */
size_t stmt_n_columns(const stmt *s);
const char *stmt_column_name(const stmt *s, size_t col);
column_type stmt_column_type(const stmt *s, size_t col);
/* As DuckDB calls it, also for types the store cannot read ("DECIMAL"). */
const char *stmt_column_sql_type(const stmt *s, size_t col);

/* Chunks: a few thousand rows at a time, in place. *n_rows is 0 past the end.
 * Pointers into a chunk hold until the next call on this statement. */
STRATA_MUST_CHECK strata_status stmt_next_chunk(stmt *s, size_t *n_rows, strata_error *err);
/* The current chunk's values. The column must be of that type (asserted); what
 * is at invalid rows is undefined. */
const uint64_t *stmt_validity(const stmt *s, size_t col); /* NULL: every row is valid */
const int8_t *stmt_int8(const stmt *s, size_t col);
const uint8_t *stmt_uint8(const stmt *s, size_t col); /* UTINYINT and BOOLEAN */
const int32_t *stmt_int32(const stmt *s, size_t col);
const int64_t *stmt_int64(const stmt *s, size_t col); /* BIGINT and TIMESTAMP */
const uint64_t *stmt_uint64(const stmt *s, size_t col);
const double *stmt_double(const stmt *s, size_t col);
const day *stmt_day(const stmt *s, size_t col); /* DATE, or days kept as INTEGER */
/* VARCHAR and BLOB. ptr NULL when missing; "" is not. */
text_view stmt_text(const stmt *s, size_t col, size_t row);

/* Row by row, for small results. *more is false past the last row. */
STRATA_MUST_CHECK strata_status stmt_next(stmt *s, bool *more, strata_error *err);
/* The current row. Integers may be of any integer type, BOOLEAN or DATE. */
bool stmt_is_null(const stmt *s, size_t col);
int64_t stmt_get_int(const stmt *s, size_t col);   /* 0 when null */
double stmt_get_double(const stmt *s, size_t col); /* DOUBLE or an integer; NaN when null */
day stmt_get_day(const stmt *s, size_t col);       /* DAY_MISSING when null */
text_view stmt_get_text(const stmt *s, size_t col);

/* Executes and reads nothing: for statements without a result. */
STRATA_MUST_CHECK strata_status stmt_run(store_conn *c, const char *name, strata_error *err);

#endif
