/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEST_H
#define STRATA_SOURCE_TEST_H

/* A project in a temporary folder: files, a model, a store in memory or on disk. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strata_test.h"

#include "base/strbuf.h"
#include "model/model.h"
#include "source/source.h"
#include "store/stmt.h"
#include "store/store.h"

enum { TEST_TODAY = 20817 }; /* 2026-12-30 */

typedef struct project {
    char folder[64];
    context cx;
    store *store;
    model *model;
    arena *arena;
    ingest_summary sum;
    ingest_options options;
    strata_error err;
} project;

static inline void write_bytes(const project *p, const char *name, const char *bytes, size_t n)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", p->folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static inline void write_text(const project *p, const char *name, const char *text)
{
    write_bytes(p, name, text, strlen(text));
}

static inline void project_open(project *p)
{
    *p =
        (project){.folder = "/tmp/strata-source-XXXXXX", .cx = {.threads = 2, .today = TEST_TODAY}};
    assert_non_null(mkdtemp(p->folder));
    const store_options options = {.mode = STORE_MEMORY, .external_access = true};
    assert_ok(store_open(NULL, &options, &p->cx, &p->store, &p->err), &p->err);
    assert_ok(arena_new(&p->arena, &p->err), &p->err);
}

static inline void project_close(project *p)
{
    char command[128];
    store_close(p->store);
    model_free(p->model);
    arena_free(p->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", p->folder);
    assert_int_equal(system(command), 0); // NOLINT(concurrency-mt-unsafe)
}

/* Ingests by a model whose lines after `strata: 1` are given. */
static inline strata_status project_ingest(project *p, const char *yaml)
{
    char path[256];
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_printf(&text, "strata: 1\n%s", yaml);
    (void)snprintf(path, sizeof path, "%s/strata.yaml", p->folder);
    model_free(p->model);
    p->model = NULL;
    STRATA_TRY(model_parse(path, text.text, text.len, &p->model, &p->err));
    return ingest_run(&p->cx, p->store, p->model, &p->options, p->arena, &p->sum, &p->err);
}

#define assert_ingests(p, yaml) assert_ok(project_ingest((p), (yaml)), &(p)->err)

/* Fails with the status, the message containing each of up to two texts. */
static inline void assert_ingest_fails(project *p, const char *yaml, strata_status want,
                                       const char *part, const char *other)
{
    strata_status st = project_ingest(p, yaml);
    if (st != want || strstr(p->err.message, part) == NULL ||
        (other != NULL && strstr(p->err.message, other) == NULL)) {
        fail_msg("status %d, message: %s", (int)st, p->err.message);
    }
}

/* Rows of a query, fields parted by blanks, rows by newlines; missing values are "-". */
static inline char *rows_of(const project *p, const char *sql)
{
    strata_error err = {0};
    stmt *q = NULL;
    STRBUF_AUTO strbuf full;
    STRBUF_AUTO strbuf out;
    strbuf_init(&full, 0);
    strbuf_init(&out, 0);
    strbuf_printf(&full, "select columns(*)::varchar from (%s)", sql);
    assert_ok(stmt_new_text(store_main(p->store), "test", full.text, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    for (bool more;;) {
        assert_ok(stmt_next(q, &more, &err), &err);
        if (!more) {
            break;
        }
        for (size_t c = 0; c < stmt_n_columns(q); c++) {
            text_view v = stmt_get_text(q, c);
            strbuf_add(&out, c > 0 ? " " : "");
            strbuf_add_n(&out, v.ptr == NULL ? "-" : v.ptr, v.ptr == NULL ? 1 : v.len);
        }
        strbuf_add(&out, "\n");
    }
    stmt_free(q);
    char *text = arena_strdup(p->arena, strbuf_text(&out));
    assert_non_null(text);
    return text;
}

#define assert_rows(p, sql, want) assert_string_equal(rows_of((p), (sql)), (want))

/* ARR ledger in words: account, date, ARR after, kind. */
#define ARR_ROWS                                                                                   \
    "select a.account_id, date '1970-01-01' + l.day, l.arr_after / 100, "                          \
    "['new', 'expansion', 'contraction', 'churn', 'reactivation'][l.kind + 1] "                    \
    "from arr_ledger l join account a using (account) order by l.account, l.day"

#endif
