/* SPDX-License-Identifier: Apache-2.0 */
/* For realpath(); the rest of the program needs POSIX alone. */
#define _XOPEN_SOURCE 700 // NOLINT(bugprone-reserved-identifier)
#include "store/table_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv_text.h"
#include "base/file.h"
#include "store/quote.h"
#include "store/stmt.h"

struct table_file {
    store *store;
    appender *rows; /* NULL once written */
    char **names;
    column_type *types;
    size_t n_columns;
};

static const struct {
    const char *ending, *options;
} types[TABLE_FILE_TYPE_COUNT] = {
    [TABLE_FILE_CSV] = {"csv", "format csv, header true"},
    [TABLE_FILE_JSON] = {"json", "format json, array true"},
    [TABLE_FILE_NDJSON] = {"ndjson", "format json"},
    [TABLE_FILE_PARQUET] = {"parquet", "format parquet, compression zstd"},
};

const char *table_file_ending(table_file_type type)
{
    return types[type].ending;
}

table_file_type table_file_type_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *ending = dot != NULL && strchr(dot, '/') == NULL ? dot + 1 : "";
    int type = strcmp(ending, "jsonl") == 0 ? TABLE_FILE_NDJSON : 0;
    while (type < TABLE_FILE_TYPE_COUNT && strcmp(ending, types[type].ending) != 0 &&
           strcmp(ending, "jsonl") != 0) {
        type++;
    }
    return (table_file_type)type;
}

void table_file_free(table_file *t)
{
    if (t == NULL) {
        return;
    }
    appender_free(t->rows);
    store_close(t->store);
    for (size_t i = 0; t->names != NULL && i < t->n_columns; i++) {
        free(t->names[i]);
    }
    free(t->names);
    free(t->types);
    free(t);
}

static strata_status copy_columns(table_file *t, const table_file_column *columns, size_t n,
                                  strata_error *err)
{
    t->names = STRATA_NEW_ARRAY(n, char *);
    t->types = STRATA_NEW_ARRAY(n, column_type);
    bool ok = t->names != NULL && t->types != NULL;
    t->n_columns = n;
    for (size_t i = 0; i < n && ok; i++) {
        t->names[i] = strdup(columns[i].name);
        t->types[i] = columns[i].type;
        ok = t->names[i] != NULL;
    }
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "memory ran out");
}

static strata_status run(table_file *t, const char *what, const strbuf *sql, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(strbuf_status(sql, err));
    STRATA_TRY(stmt_new_text(store_main(t->store), what, strbuf_text(sql), &s, err));
    stmt_watch(s, what);
    return stmt_execute(s, err);
}

/* Inside, columns are called c0, c1, ...: what they are called outside is no matter. */
static strata_status create(table_file *t, strata_error *err)
{
    STRBUF_AUTO strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_add(&sql, "create table rows (");
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_printf(&sql, "%sc%zu %s", i > 0 ? ", " : "", i, column_type_name(t->types[i]));
    }
    strbuf_add(&sql, ")");
    STRATA_TRY(run(t, "export", &sql, err));
    return appender_new(store_main(t->store), "rows", &t->rows, err);
}

strata_status table_file_new(const context *cx, const table_file_column *columns, size_t n_columns,
                             table_file **out, strata_error *err)
{
    STRATA_AUTO(table_file_free) table_file *t = STRATA_NEW_ARRAY(1, table_file);
    store_options options = {.mode = STORE_MEMORY, .external_access = true};
    if (t == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "memory ran out");
    }
    STRATA_TRY(copy_columns(t, columns, n_columns, err));
    STRATA_TRY(store_open(NULL, &options, cx, &t->store, err));
    STRATA_TRY(create(t, err));
    *out = strata_steal(&t);
    return STRATA_OK;
}

strata_status table_file_append(table_file *t, const append_column *columns, size_t n_rows,
                                strata_error *err)
{
    return append_rows(t->rows, columns, t->n_columns, n_rows, err);
}

static void put_column(const table_file *t, size_t i, table_file_type type, strbuf *sql)
{
    STRBUF_AUTO strbuf name;
    strbuf_init(&name, 0);
    if (type == TABLE_FILE_CSV && t->types[i] == COLUMN_TEXT) {
        strbuf_printf(sql,
                      "case when left(c%zu, 1) in ('=', '+', '-', '@', chr(9), chr(13)) "
                      "then '''' || c%zu else c%zu end",
                      i, i, i);
    } else {
        strbuf_printf(sql, "c%zu", i);
    }
    strbuf_add(&name, type == TABLE_FILE_CSV && csv_is_formula(t->names[i], strlen(t->names[i]))
                          ? "'"
                          : "");
    strbuf_add(&name, t->names[i]);
    strbuf_add(sql, " as ");
    sql_ident(sql, strbuf_text(&name));
}

static strata_status copy_to(table_file *t, const char *path, table_file_type type,
                             strata_error *err)
{
    STRBUF_AUTO strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_add(&sql, "copy (select ");
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_add(&sql, i > 0 ? ", " : "");
        put_column(t, i, type, &sql);
    }
    strbuf_add(&sql, " from rows) to ");
    sql_literal(&sql, path);
    strbuf_printf(&sql, " (%s)", types[type].options);
    return run(t, "export", &sql, err);
}

strata_status table_file_write(table_file *t, const char *path, table_file_type type,
                               strata_error *err)
{
    struct stat st;
    STRATA_TRY(appender_finish(t->rows, err));
    appender_free(strata_steal(&t->rows));
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO, "'%s' is a folder, not a file", path);
    }
    /* /dev/stdout may lead to an ordinary file, and must not be replaced by one. */
    if (strncmp(path, "/dev/", 5) == 0 || (there && !S_ISREG(st.st_mode))) {
        return copy_to(t, path, type, err);
    }
    STRATA_AUTO_FREE char *behind = there ? realpath(path, NULL) : NULL; /* links stay links */
    path = behind != NULL ? behind : path;
    STRBUF_AUTO strbuf beside;
    strbuf_init(&beside, 0);
    strbuf_printf(&beside, "%s.%ld.tmp", path, (long)getpid());
    STRATA_TRY(strbuf_status(&beside, err));
    strata_status status = copy_to(t, strbuf_text(&beside), type, err);
    if (status == STRATA_OK) {
        status = file_replace(strbuf_text(&beside), path, err);
    }
    if (status != STRATA_OK) {
        (void)unlink(strbuf_text(&beside));
    }
    return status;
}
