/* SPDX-License-Identifier: Apache-2.0 */
#include "store/stmt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "store/stmt_private.h"

enum { NAP_MIN_US = 50, NAP_MAX_US = 5000, TELL_EVERY_US = 100000 };

static strata_status load_columns(stmt *s, strata_error *err)
{
    s->n_columns = (size_t)duckdb_prepared_statement_column_count(s->prepared);
    s->columns = STRATA_NEW_ARRAY(s->n_columns, result_column);
    if (s->columns == NULL) {
        s->n_columns = 0;
        return strata_fail(err, STRATA_E_NOMEM, "%s: memory ran out", s->name);
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        result_column *c = &s->columns[i];
        c->name = duckdb_prepared_statement_column_name(s->prepared, i);
        c->duckdb = duckdb_prepared_statement_column_type(s->prepared, i);
        c->type = column_type_of(c->duckdb);
    }
    return STRATA_OK;
}

static strata_status prepare(store_conn *c, const char *name, const char *sql,
                             strata_status otherwise, stmt **out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = calloc(1, sizeof *s);
    if (s == NULL || (s->name = strdup(name)) == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "%s: memory ran out", name);
    }
    s->conn = c;
    s->otherwise = otherwise;
    if (duckdb_prepare(c->duckdb, sql, &s->prepared) != DuckDBSuccess) {
        return store_fail(err, otherwise, name, duckdb_prepare_error(s->prepared));
    }
    STRATA_TRY(load_columns(s, err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

strata_status stmt_new(store_conn *c, const char *name, stmt **out, strata_error *err)
{
    const strata_blob *file = sql_file(name);
    if (file == NULL) {
        return strata_fail(err, STRATA_E_INTERNAL, "the program holds no statement '%s'", name);
    }
    return prepare(c, name, (const char *)file->data, STRATA_E_STORE, out, err);
}

strata_status stmt_new_text(store_conn *c, const char *name, const char *sql, stmt **out,
                            strata_error *err)
{
    return prepare(c, name, sql, STRATA_E_USAGE, out, err);
}

static void drop_result(stmt *s)
{
    stmt_drop_chunk(s);
    if (s->has_result) {
        duckdb_destroy_result(&s->result);
        s->has_result = false;
    }
}

void stmt_free(stmt *s)
{
    if (s == NULL) {
        return;
    }
    drop_result(s);
    for (size_t i = 0; i < s->n_columns; i++) {
        duckdb_free(s->columns[i].name);
    }
    free(s->columns);
    if (s->prepared != NULL) {
        duckdb_destroy_prepare(&s->prepared);
    }
    free(s->name);
    free(s);
}

static strata_status find_param(const stmt *s, const char *name, idx_t *out, strata_error *err)
{
    if (duckdb_bind_parameter_index(s->prepared, out, name) != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_INTERNAL, "%s: there is no parameter $%s", s->name, name);
    }
    return STRATA_OK;
}

static strata_status bound(const stmt *s, const char *name, duckdb_state state, strata_error *err)
{
    if (state != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_INTERNAL, "%s: cannot bind $%s: %s", s->name, name,
                           duckdb_prepare_error(s->prepared));
    }
    return STRATA_OK;
}

#define BIND(call)                                                                                 \
    do {                                                                                           \
        idx_t i;                                                                                   \
        STRATA_TRY(find_param(s, name, &i, err));                                                  \
        return bound(s, name, call, err);                                                          \
    } while (0)

strata_status stmt_bind_null(stmt *s, const char *name, strata_error *err)
{
    BIND(duckdb_bind_null(s->prepared, i));
}

strata_status stmt_bind_bool(stmt *s, const char *name, bool v, strata_error *err)
{
    BIND(duckdb_bind_boolean(s->prepared, i, v));
}

strata_status stmt_bind_int32(stmt *s, const char *name, int32_t v, strata_error *err)
{
    BIND(duckdb_bind_int32(s->prepared, i, v));
}

strata_status stmt_bind_int64(stmt *s, const char *name, int64_t v, strata_error *err)
{
    BIND(duckdb_bind_int64(s->prepared, i, v));
}

strata_status stmt_bind_uint64(stmt *s, const char *name, uint64_t v, strata_error *err)
{
    BIND(duckdb_bind_uint64(s->prepared, i, v));
}

strata_status stmt_bind_double(stmt *s, const char *name, double v, strata_error *err)
{
    BIND(isnan(v) ? duckdb_bind_null(s->prepared, i) : duckdb_bind_double(s->prepared, i, v));
}

strata_status stmt_bind_day(stmt *s, const char *name, day v, strata_error *err)
{
    BIND(v == DAY_MISSING ? duckdb_bind_null(s->prepared, i)
                          : duckdb_bind_date(s->prepared, i, (duckdb_date){v}));
}

strata_status stmt_bind_timestamp(stmt *s, const char *name, int64_t micros, strata_error *err)
{
    BIND(duckdb_bind_timestamp(s->prepared, i, (duckdb_timestamp){micros}));
}

strata_status stmt_bind_text(stmt *s, const char *name, const char *v, strata_error *err)
{
    return stmt_bind_text_n(s, name, v, v == NULL ? 0 : strlen(v), err);
}

strata_status stmt_bind_text_n(stmt *s, const char *name, const char *v, size_t len,
                               strata_error *err)
{
    if (v != NULL && !utf8_is_valid(v, len)) {
        return strata_fail(err, STRATA_E_DATA, "%s: the text for $%s is not UTF-8", s->name, name);
    }
    BIND(v == NULL ? duckdb_bind_null(s->prepared, i)
                   : duckdb_bind_varchar_length(s->prepared, i, v, len));
}

void stmt_watch(stmt *s, const char *label)
{
    s->watch = label;
}

static void tell_progress(const stmt *s)
{
    const context *cx = s->conn->cx;
    if (cx == NULL || s->watch == NULL) {
        return;
    }
    double percent = duckdb_query_progress(s->conn->duckdb).percentage;
    if (percent > 0) {
        context_progress(cx, s->watch, (uint64_t)(percent * 100), 10000);
    }
}

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Does the statement's work piece by piece on this thread (DuckDB's own threads
 * help), so that it can be stopped and watched. After an interrupt the next piece
 * fails; when there was none left, the statement is simply done. */
static strata_status pump(stmt *s, duckdb_pending_result pending, strata_error *err)
{
    const context *cx = s->conn->cx;
    long nap_us = NAP_MIN_US;
    int64_t told = now_us();
    for (;;) {
        if (cx != NULL && context_cancelled(cx)) {
            duckdb_interrupt(s->conn->duckdb);
        }
        duckdb_pending_state state = duckdb_pending_execute_task(pending);
        if (state == DUCKDB_PENDING_RESULT_READY) {
            return STRATA_OK;
        }
        if (state == DUCKDB_PENDING_ERROR) {
            return store_fail(err, s->otherwise, s->name, duckdb_pending_error(pending));
        }
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) {
            const struct timespec nap = {.tv_nsec = nap_us * 1000};
            (void)nanosleep(&nap, NULL);
            nap_us = nap_us * 2 < NAP_MAX_US ? nap_us * 2 : NAP_MAX_US;
        } else {
            nap_us = NAP_MIN_US;
        }
        if (now_us() - told >= TELL_EVERY_US) {
            tell_progress(s);
            told = now_us();
        }
    }
}

/* Types that hang on parameters are known only now. */
static strata_status match_columns(stmt *s, strata_error *err)
{
    if ((size_t)duckdb_column_count(&s->result) != s->n_columns) {
        return strata_fail(err, STRATA_E_STORE, "%s: the columns changed since it was prepared",
                           s->name);
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        s->columns[i].duckdb = duckdb_column_type(&s->result, i);
        s->columns[i].type = column_type_of(s->columns[i].duckdb);
    }
    return STRATA_OK;
}

static strata_status run_pending(stmt *s, duckdb_pending_result pending, strata_error *err)
{
    STRATA_TRY(pump(s, pending, err));
    s->has_result = true; /* also a failed result must be destroyed */
    if (duckdb_execute_pending(pending, &s->result) != DuckDBSuccess) {
        strata_status status =
            store_fail(err, s->otherwise, s->name, duckdb_result_error(&s->result));
        drop_result(s);
        return status;
    }
    return match_columns(s, err);
}

static strata_status execute(stmt *s, bool streaming, strata_error *err)
{
    drop_result(s);
    if (s->conn->cx != NULL) {
        STRATA_TRY(context_check(s->conn->cx, err));
    }
    duckdb_pending_result pending = NULL;
    strata_status status = STRATA_OK;
    duckdb_state made = streaming ? duckdb_pending_prepared_streaming(s->prepared, &pending)
                                  : duckdb_pending_prepared(s->prepared, &pending);
    if (made != DuckDBSuccess) {
        status = store_fail(err, s->otherwise, s->name,
                            pending != NULL ? duckdb_pending_error(pending) : NULL);
    } else {
        status = run_pending(s, pending, err);
    }
    if (pending != NULL) {
        duckdb_destroy_pending(&pending);
    }
    return status;
}

strata_status stmt_execute(stmt *s, strata_error *err)
{
    return execute(s, false, err);
}

static bool asked_to_stop(const stmt *s)
{
    return s->conn->cx != NULL && context_cancelled(s->conn->cx);
}

strata_status stmt_reason(stmt *s, strata_status status, strata_error *err)
{
    if (status != STRATA_E_CANCELLED || asked_to_stop(s)) {
        return status;
    }
    status = execute(s, false, err);
    drop_result(s);
    if (status != STRATA_OK && (status != STRATA_E_CANCELLED || asked_to_stop(s))) {
        return status;
    }
    return strata_fail(err, STRATA_E_STORE,
                       "%s: failed for a reason that DuckDB does not give; "
                       "try again",
                       s->name);
}

strata_status stmt_stream(stmt *s, strata_error *err)
{
    return stmt_reason(s, execute(s, true, err), err);
}

strata_status stmt_run(store_conn *c, const char *name, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, name, &s, err));
    return stmt_execute(s, err);
}

uint64_t stmt_rows_changed(const stmt *s)
{
    duckdb_result result = s->result;
    return s->has_result ? duckdb_rows_changed(&result) : 0;
}
