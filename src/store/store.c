/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/private.h"

static void destroy_config(duckdb_config *config)
{
    if (*config != NULL) {
        duckdb_destroy_config(config);
    }
}

static strata_status set_option(duckdb_config config, const char *name, const char *value,
                                strata_error *err)
{
    if (value != NULL && duckdb_set_config(config, name, value) != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_USAGE, "'%s' is no value for the store's %s", value, name);
    }
    return STRATA_OK;
}

static strata_status set_memory(duckdb_config config, const char *limit, strata_error *err)
{
    return set_option(config, "max_memory", limit, err) == STRATA_OK
               ? STRATA_OK
               : strata_fail(err, STRATA_E_USAGE,
                             "'%.60s' is no limit for the store's memory; write a size such as 2GB",
                             limit);
}

strata_status store_check_memory(const char *limit, strata_error *err)
{
    __attribute__((cleanup(destroy_config))) duckdb_config config = NULL;
    if (duckdb_create_config(&config) != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    return set_memory(config, limit, err);
}

static strata_status fill_config(duckdb_config config, const store_options *o, const context *cx,
                                 strata_error *err)
{
    int n = o->threads > 0 ? o->threads : cx->threads;
    char threads[16];
    (void)snprintf(threads, sizeof threads, "%d", n > 0 ? n : 1);
    STRATA_TRY(set_option(config, "threads", threads, err));
    STRATA_TRY(
        set_option(config, "access_mode", o->mode == STORE_READ ? "READ_ONLY" : "READ_WRITE", err));
    STRATA_TRY(set_memory(config, o->memory_limit, err));
    STRATA_TRY(set_option(config, "temp_directory", o->temp_directory, err));
    /* Nothing is fetched from the network behind the user's back. */
    STRATA_TRY(set_option(config, "autoinstall_known_extensions", "false", err));
    STRATA_TRY(set_option(config, "autoload_known_extensions", "false", err));
    return set_option(config, "enable_external_access", o->external_access ? "true" : "false", err);
}

static strata_status check_folder(const char *path, strata_error *err)
{
    const char *slash = strrchr(path, '/');
    STRATA_AUTO_FREE char *folder =
        slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (folder == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    struct stat st;
    if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO,
                           "cannot create '%s': there is no folder '%s'; create it first", path,
                           folder);
    }
    return STRATA_OK;
}

/* What DuckDB would report in a dozen ways, said plainly. The file itself is
 * not opened: closing it again would drop this process's lock on it. *fresh: nothing is there yet.
 */
static strata_status check_path(const char *path, store_mode mode, bool *fresh, strata_error *err)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    int code = errno;
    if (there && !S_ISREG(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO, "'%s' is not a file; name the store's file", path);
    }
    if (there && st.st_size > 0) {
        return STRATA_OK;
    }
    /* An empty file is one that was never begun: as if there were none. */
    if (!there && code != ENOENT) {
        char why[128];
        if (strerror_r(code, why, sizeof why) != 0) { /* strerror() is not thread-safe */
            (void)snprintf(why, sizeof why, "error %d", code);
        }
        return strata_fail(err, STRATA_E_IO, "cannot open '%s': %s", path, why);
    }
    if (mode == STORE_READ) {
        return strata_fail(err, STRATA_E_NOTFOUND, "%s '%s'; run 'strata ingest' first",
                           there ? "there is nothing in the store" : "there is no store", path);
    }
    *fresh = true;
    return check_folder(path, err);
}

static strata_status open_database(store *s, const store_options *o, const context *cx,
                                   strata_error *err)
{
    __attribute__((cleanup(destroy_config))) duckdb_config config = NULL;
    if (duckdb_create_config(&config) != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    STRATA_TRY(fill_config(config, o, cx, err));
    int wait_s = o->wait_s == 0 ? STORE_WAIT_DEFAULT_S : o->wait_s;
    return store_open_waiting(o->mode == STORE_MEMORY ? NULL : s->path, config,
                              wait_s > 0 ? wait_s : 0, cx, &s->db, err);
}

static strata_status prepare(store *s, const context *cx, strata_error *err)
{
    STRATA_TRY(store_connect(s, cx, &s->main, err));
    STRATA_TRY(store_run_file(s->main, "store/utc.sql", err));
    return store_migrate(s, err);
}

static void shut(store *s)
{
    store_disconnect(strata_steal(&s->main));
    if (s->db != NULL) {
        duckdb_close(&s->db);
    }
}

/* A file that could not be made leaves nothing: what a full disk lets of it stand would be taken
 * for a damaged store ever after. */
static strata_status open_or_make(store *s, const store_options *options, bool fresh,
                                  const context *cx, strata_error *err)
{
    if (fresh) {
        store_remove_begun(s->path, 0);
    }
    strata_status st = open_database(s, options, cx, err);
    st = st == STRATA_OK ? prepare(s, cx, err) : st;
    if (st != STRATA_OK && fresh) {
        shut(s);
        store_remove_begun(s->path, STORE_HEADER_BYTES);
    }
    return st;
}

strata_status store_open(const char *path, const store_options *options, const context *cx,
                         store **out, strata_error *err)
{
    bool fresh = false;
    if (options->mode != STORE_MEMORY) {
        STRATA_TRY(check_path(path, options->mode, &fresh, err));
    }
    STRATA_AUTO(store_close) store *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path != NULL ? path : "memory")) == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    s->mode = options->mode;
    STRATA_TRY(open_or_make(s, options, fresh, cx, err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

void store_close(store *s)
{
    if (s == NULL) {
        return;
    }
    shut(s);
    free(s->path);
    free(s);
}

store_conn *store_main(store *s)
{
    return s->main;
}

strata_status store_connect(store *s, const context *cx, store_conn **out, strata_error *err)
{
    STRATA_AUTO(store_disconnect) store_conn *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    c->cx = cx;
    if (duckdb_connect(s->db, &c->duckdb) != DuckDBSuccess) {
        return strata_fail(err, STRATA_E_STORE, "cannot connect to the store '%s'", s->path);
    }
    if (cx != NULL && cx->progress != NULL) {
        STRATA_TRY(store_run_file(c, "store/print_no_progress.sql", err));
        STRATA_TRY(store_run_file(c, "store/watch_progress.sql", err));
    }
    *out = strata_steal(&c);
    return STRATA_OK;
}

void store_disconnect(store_conn *c)
{
    if (c == NULL) {
        return;
    }
    if (c->duckdb != NULL) {
        duckdb_disconnect(&c->duckdb);
    }
    free(c);
}

const strata_blob *sql_file(const char *name)
{
    for (const strata_blob *b = strata_sql_files; b->name != NULL; b++) {
        if (strcmp(b->name, name) == 0) {
            return b;
        }
    }
    return NULL;
}

strata_status store_run_file(store_conn *c, const char *name, strata_error *err)
{
    const strata_blob *file = sql_file(name);
    if (file == NULL) {
        return strata_fail(err, STRATA_E_INTERNAL, "the program holds no statement '%s'", name);
    }
    duckdb_result result = {0};
    strata_status status = STRATA_OK;
    if (duckdb_query(c->duckdb, (const char *)file->data, &result) != DuckDBSuccess) {
        status = store_fail(err, STRATA_E_STORE, name, duckdb_result_error(&result));
    }
    duckdb_destroy_result(&result);
    return status;
}

strata_status store_begin(store_conn *c, store_tx *tx, strata_error *err)
{
    STRATA_TRY(store_run_file(c, "store/begin.sql", err));
    tx->conn = c;
    return STRATA_OK;
}

strata_status store_commit(store_tx *tx, strata_error *err)
{
    STRATA_TRY(store_run_file(tx->conn, "store/commit.sql", err));
    tx->conn = NULL;
    return STRATA_OK;
}

void store_rollback(store_tx *tx)
{
    if (tx->conn != NULL) {
        /* Fails only when a failed commit has rolled back already. */
        strata_error ignored;
        strata_status done = store_run_file(tx->conn, "store/rollback.sql", &ignored);
        (void)done;
        tx->conn = NULL;
    }
}
