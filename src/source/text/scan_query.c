/* SPDX-License-Identifier: Apache-2.0 */

/* Parquet and JSON: DuckDB reads them, every column as text, and rows go the way of all others. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "source/files.h"
#include "source/text/scan_private.h"
#include "source/text/textfile.h"
#include "store/quote.h"
#include "store/stmt.h"

static bool ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path);
    size_t k = strlen(ending);
    return n > k && strcmp(path + n - k, ending) == 0;
}

const char *scan_reader(const model_source *s, const char *path)
{
    static const char *const json[] = {".json",    ".jsonl",    ".ndjson",
                                       ".json.gz", ".jsonl.gz", ".ndjson.gz"};
    if (s->format != NULL) {
        return strcmp(s->format, "parquet") == 0 ? "read_parquet"
               : strcmp(s->format, "json") == 0  ? "read_json"
                                                 : NULL;
    }
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        if (ends_with(path, json[i])) {
            return "read_json";
        }
    }
    return ends_with(path, ".parquet") || ends_with(path, ".pq") ? "read_parquet" : NULL;
}

/* `select <columns> from <reader>(<file>)`; without names all columns, else each as text. */
static strata_status make_select(const char *reader, const char *path, const char *const *names,
                                 size_t n, strbuf *sql, strata_error *err)
{
    strbuf_clear(sql);
    strbuf_add(sql, "select ");
    for (size_t i = 0; i < n; i++) {
        strbuf_add(sql, i > 0 ? ", " : "");
        sql_ident(sql, names[i]);
        strbuf_add(sql, "::varchar");
    }
    strbuf_add(sql, n == 0 ? "* from " : " from ");
    strbuf_add(sql, reader);
    strbuf_add_char(sql, '(');
    sql_literal(sql, path);
    strbuf_add_char(sql, ')');
    return strbuf_status(sql, err);
}

static strata_status prepare(store_conn *c, const char *path, const strbuf *sql, stmt **out,
                             strata_error *err)
{
    strata_status st = stmt_new_text(c, path, strbuf_text(sql), out, err);
    return st == STRATA_E_USAGE ? strata_wrap(err, STRATA_E_DATA, "cannot read") : st;
}

static strata_status headings_of(const stmt *q, arena *a, const char *const **out, size_t *n,
                                 strata_error *err)
{
    *n = stmt_n_columns(q);
    const char **names = ARENA_NEW(a, *n + 1, const char *);
    bool ok = names != NULL;
    for (size_t i = 0; ok && i < *n; i++) {
        names[i] = arena_strdup(a, stmt_column_name(q, i));
        ok = names[i] != NULL;
    }
    *out = names;
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status fill_block(const stmt *q, const plan *p, size_t n, row_block *b,
                                strata_error *err)
{
    if (n > b->cap_rows) {
        size_t columns = p->n_cells == 0 ? 1 : p->n_cells;
        free(b->cells);
        free(b->lines);
        b->cells = STRATA_NEW_ARRAY(n * columns, text_view);
        b->lines = STRATA_NEW_ARRAY(n, int64_t);
        b->cap_rows = n;
        if (b->cells == NULL || b->lines == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    for (size_t row = 0; row < n; row++) {
        b->lines[row] = (int64_t)row;
        for (size_t i = 0; i < p->n_headings; i++) {
            if (p->wanted[i] >= 0) {
                b->cells[row * p->n_cells + (size_t)p->wanted[i]] = stmt_text(q, i, row);
            }
        }
    }
    b->n_rows = n;
    return STRATA_OK;
}

static strata_status read_rows(scan *s, stmt *q, const plan *p, int32_t file_no, strata_error *err)
{
    STRATA_CLEANUP(row_block_done) row_block block = {.n_columns = p->n_cells};
    STRATA_CLEANUP(parsed_done) parsed result = {0};
    STRATA_TRY(parsed_init(&result, p, err));
    int64_t line = 1;
    for (;;) {
        size_t n;
        STRATA_TRY(context_check(s->job->cx, err));
        STRATA_TRY(stmt_next_chunk(q, &n, err));
        if (n == 0) {
            return STRATA_OK;
        }
        STRATA_TRY(fill_block(q, p, n, &block, err));
        STRATA_TRY(parse_rows(p, &s->look, &block, &result, err));
        STRATA_TRY(scan_take(s, p, file_no, line, &result, err));
        STRATA_TRY(scan_rest(s, err));
        line += (int64_t)n;
        context_progress(s->job->cx, p->file, (uint64_t)line, 0);
    }
}

/* The first line that is longer than a record may be; 0 when none is. */
static strata_status long_line(const char *path, int64_t *out, strata_error *err)
{
    STRATA_AUTO(textfile_close) textfile *f = NULL;
    STRATA_TRY(textfile_open(path, &f, err));
    int64_t line = 1;
    size_t length = 0;
    for (bool last = false; !last;) {
        const char *text;
        size_t n;
        STRATA_TRY(textfile_peek(f, &text, &n, &last, err));
        for (size_t at = 0; at < n && length <= TEXTFILE_MAX_RECORD;) {
            const char *end = memchr(text + at, '\n', n - at);
            size_t more = end != NULL ? (size_t)(end - (text + at)) : n - at;
            length += more;
            if (end != NULL && length <= TEXTFILE_MAX_RECORD) {
                line++;
                length = 0;
            }
            at += more + 1;
        }
        if (length > TEXTFILE_MAX_RECORD) {
            *out = line;
            return STRATA_OK;
        }
        textfile_skip(f, n);
    }
    *out = 0;
    return STRATA_OK;
}

/* DuckDB's word on an object without an end names a setting that nobody here can change. */
static strata_status explain_length(const char *path, strata_error *err)
{
    int64_t line = 0;
    STRATA_TRY(long_line(path, &line, err));
    char place[32] = "";
    if (line > 0) {
        (void)snprintf(place, sizeof place, ":%lld", (long long)line);
    }
    return strata_fail(err, STRATA_E_DATA,
                       "%s%s: %s is longer than %d MB; look for a quote that is not closed or for "
                       "missing line ends",
                       path, place, line > 0 ? "the object that begins here" : "an object",
                       TEXTFILE_MAX_RECORD >> 20);
}

static strata_status query_file(scan *s, int32_t file_no, const char *reader, strata_error *err)
{
    ingest_job *j = s->job;
    input_file *file = &j->files[file_no];
    STRATA_AUTO(store_disconnect) store_conn *c = NULL; /* the main one is busy staging */
    STRATA_AUTO(stmt_free) stmt *shape = NULL;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRBUF_AUTO strbuf sql;
    strbuf_init(&sql, 0);
    const char *const *headings;
    size_t n;
    plan p;
    STRATA_TRY(files_digest(j, file, err)); /* also finds out whether it can be opened at all */
    STRATA_TRY(store_connect(j->store, j->cx, &c, err));
    STRATA_TRY(make_select(reader, file->path, NULL, 0, &sql, err));
    STRATA_TRY(prepare(c, file->path, &sql, &shape, err));
    STRATA_TRY(headings_of(shape, j->a, &headings, &n, err));
    STRATA_TRY(plan_make(s->source, scan_base_name(file->path), headings, n, j->a, &p, err));
    STRATA_TRY(make_select(reader, file->path, headings, n, &sql, err));
    STRATA_TRY(prepare(c, file->path, &sql, &q, err));
    STRATA_TRY(stmt_stream(q, err));
    return read_rows(s, q, &p, file_no, err);
}

strata_status scan_query(scan *s, int32_t file_no, const char *reader, strata_error *err)
{
    strata_error own = {0};
    strata_status st = query_file(s, file_no, reader, &own);
    if (st == STRATA_E_DATA && strstr(own.message, "maximum_object_size") != NULL) {
        return explain_length(s->job->files[file_no].path, err);
    }
    if (st != STRATA_OK && err != NULL) {
        *err = own;
    }
    return st;
}
