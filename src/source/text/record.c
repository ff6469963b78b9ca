/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "store/append.h"
#include "store/stmt.h"

strata_status record_finding(ingest_job *j, const char *entity_text, const char *kind, int64_t n,
                             const char *example, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, "source/insert_data_issue.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "entity", entity_text, err));
    STRATA_TRY(stmt_bind_text(s, "kind", kind, err));
    STRATA_TRY(stmt_bind_int64(s, "n", n, err));
    STRATA_TRY(stmt_bind_text(s, "example", example, err));
    return stmt_execute(s, err);
}

/* What was staged of one file. */
typedef struct staged_file {
    int64_t n;
    day first, last;
    int64_t n_future;
} staged_file;

static strata_status insert_file(ingest_job *j, const input_file *f, const char *entity_text,
                                 const staged_file *staged, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, "source/insert_source_file.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "file_no", f->number, err));
    STRATA_TRY(stmt_bind_text(s, "entity", entity_text, err));
    STRATA_TRY(stmt_bind_text(s, "path", f->path, err));
    STRATA_TRY(stmt_bind_int64(s, "size", f->size, err));
    STRATA_TRY(stmt_bind_timestamp(s, "modified", f->modified_us, err));
    STRATA_TRY(stmt_bind_text(s, "digest", f->digest, err));
    STRATA_TRY(stmt_bind_int64(s, "rows_read", f->n_read, err));
    STRATA_TRY(stmt_bind_int64(s, "rows_loaded", staged->n, err));
    STRATA_TRY(stmt_bind_int64(s, "rows_rejected", f->n_rejected, err));
    STRATA_TRY(stmt_bind_day(s, "first_day", staged->first, err));
    STRATA_TRY(stmt_bind_day(s, "last_day", staged->last, err));
    return stmt_execute(s, err);
}

static strata_status delete_entity(ingest_job *j, const char *what, const char *entity_text,
                                   strata_error *err)
{
    char file[80];
    (void)snprintf(file, sizeof file, "source/delete_%s.sql", what);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_bind_text(s, "entity", entity_text, err));
    return stmt_execute(s, err);
}

/* Of usage it is counted as rows are gathered. */
static void gathered_files(const ingest_job *j, staged_file *out)
{
    for (size_t i = 0; i < j->n_files; i++) {
        const input_file *f = &j->files[i];
        if (f->n_kept > 0) {
            out[i] = (staged_file){f->n_kept, f->first_day, f->last_day, f->n_future};
        }
    }
}

static strata_status staged_files(ingest_job *j, source_table table, staged_file *out,
                                  strata_error *err)
{
    if (table == TABLE_USAGE) {
        gathered_files(j, out);
        return STRATA_OK;
    }
    char file[80];
    (void)snprintf(file, sizeof file, "source/files_%s.sql", table_get(table)->name);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "today", j->cx->today, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        size_t i = (size_t)stmt_get_int(s, 0);
        if (i < j->n_files) {
            out[i] = (staged_file){stmt_get_int(s, 1), stmt_get_day(s, 2), stmt_get_day(s, 3),
                                   stmt_get_int(s, 4)};
        }
    }
}

static strata_status record_days(ingest_job *j, const table_spec *t, const staged_file *files,
                                 strata_error *err)
{
    int64_t n_future = 0;
    char last[DAY_TEXT] = "";
    day latest = DAY_MISSING;
    for (size_t i = 0; i < j->n_files; i++) {
        n_future += files[i].n_future;
        latest = files[i].n > 0 && files[i].last > latest ? files[i].last : latest;
    }
    if (n_future == 0) {
        return STRATA_OK;
    }
    day_format(latest, last);
    char text[96];
    (void)snprintf(text, sizeof text, "up to %s", last);
    return record_finding(j, entity_name(t->entity), "future_rows", n_future, text, err);
}

strata_status record_missing_months(ingest_job *j, entity e, int64_t n, const char *first,
                                    strata_error *err)
{
    if (n == 0) {
        return STRATA_OK;
    }
    char text[64];
    (void)snprintf(text, sizeof text, "no rows in %.16s%s", first,
                   n > 1 ? " and later months" : "");
    return record_finding(j, entity_name(e), "missing_months", n, text, err);
}

/* Months without any row in the midst of a history that has some every month. */
static strata_status record_gaps(ingest_job *j, const table_spec *t, strata_error *err)
{
    if (t->table != TABLE_SNAPSHOTS && t->table != TABLE_ORDERS && t->table != TABLE_HEALTH) {
        return STRATA_OK; /* usage is done; the others come when they come */
    }
    char file[80];
    (void)snprintf(file, sizeof file, "source/gaps_%s.sql", t->name);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "today", j->cx->today, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    char first[16] = "";
    text_view v = more ? stmt_get_text(s, 1) : (text_view){NULL, 0};
    (void)snprintf(first, sizeof first, "%.*s", (int)v.len, v.ptr == NULL ? "" : v.ptr);
    return record_missing_months(j, t->entity, more ? stmt_get_int(s, 0) : 0, first, err);
}

strata_status record_files(ingest_job *j, source_table table, strata_error *err)
{
    const table_spec *t = table_get(table);
    const char *entity_text = entity_name(t->entity);
    STRATA_AUTO_FREE staged_file *files = STRATA_NEW_ARRAY(j->n_files + 1, staged_file);
    if (files == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < j->n_files; i++) {
        files[i] = (staged_file){0, DAY_MISSING, DAY_MISSING, 0};
    }
    STRATA_TRY(staged_files(j, table, files, err));
    STRATA_TRY(delete_entity(j, "source_file", entity_text, err));
    STRATA_TRY(delete_entity(j, "reject", entity_text, err));
    for (size_t i = 0; i < j->n_files; i++) {
        if (table_of(&j->m->sources[j->files[i].source]) == table) {
            STRATA_TRY(insert_file(j, &j->files[i], entity_text, &files[i], err));
        }
    }
    if (j->n_unknown[table] > 0) {
        STRATA_TRY(record_finding(j, entity_text, "unknown_accounts", j->n_unknown[table],
                                  "rows of accounts that are not there; they are refused", err));
    }
    STRATA_TRY(record_gaps(j, t, err));
    return record_days(j, t, files, err);
}

strata_status record_rejects(ingest_job *j, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(j->conn, "reject", &a, err));
    for (size_t i = 0; i < j->rejects.n; i++) {
        const file_reject *r = &j->rejects.data[i];
        const input_file *f = &j->files[r->file_no];
        const char *name = r->what.column_name;
        const char *entity_text = j->m->sources[f->source].entity;
        text_view heading = {name, name == NULL ? 0 : strlen(name)};
        text_view value = {r->what.value, strlen(r->what.value)};
        text_view reason = {r->what.reason, strlen(r->what.reason)};
        text_view about = {entity_text, strlen(entity_text)};
        append_column columns[] = {
            {.type = COLUMN_INT32, .data = &f->number},
            {.type = COLUMN_INT64, .data = &r->what.line},
            {.type = COLUMN_INT32, .data = &r->what.column},
            {.type = COLUMN_TEXT, .data = &heading},
            {.type = COLUMN_TEXT, .data = &value},
            {.type = COLUMN_TEXT, .data = &reason},
            {.type = COLUMN_TEXT, .data = &about},
        };
        STRATA_TRY(append_rows(a, columns, sizeof columns / sizeof *columns, 1, err));
    }
    return appender_finish(a, err);
}

static void add_cell(strbuf *b, text_view v, bool last)
{
    csv_put_text(b, v.ptr != NULL ? v.ptr : "", v.len, CSV_FOR_PEOPLE);
    strbuf_add(b, last ? "\n" : ",");
}

strata_status record_rejects_csv(ingest_job *j, const char *path, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, "source/rejects.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add(&b, "file,line,column,column_name,value,reason\n");
    bool any = false;
    for (bool more;; any = true) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        add_cell(&b, stmt_get_text(s, 0), false);
        strbuf_printf(&b, "%lld,", (long long)stmt_get_int(s, 1));
        if (!stmt_is_null(s, 2) && stmt_get_int(s, 2) > 0) {
            strbuf_printf(&b, "%lld", (long long)stmt_get_int(s, 2));
        }
        strbuf_add_char(&b, ',');
        add_cell(&b, stmt_get_text(s, 3), false);
        add_cell(&b, stmt_get_text(s, 4), false);
        add_cell(&b, stmt_get_text(s, 5), true);
    }
    STRATA_TRY(strbuf_status(&b, err));
    if (!any) {
        (void)unlink(path);
        return STRATA_OK;
    }
    return file_write(path, b.text, b.len, err);
}

strata_status meta_get(store_conn *c, arena *a, const char *key, const char **out,
                       strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/meta_get.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "key", key, err));
    STRATA_TRY(stmt_execute(s, err));
    bool more;
    STRATA_TRY(stmt_next(s, &more, err));
    *out = NULL;
    if (more && !stmt_is_null(s, 0)) {
        text_view v = stmt_get_text(s, 0);
        *out = arena_strndup(a, v.ptr, v.len);
        if (*out == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

strata_status meta_set(store_conn *c, const char *key, const char *value, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/meta_set.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "key", key, err));
    STRATA_TRY(stmt_bind_text(s, "value", value, err));
    return stmt_execute(s, err);
}
