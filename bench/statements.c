/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the statements of a SQL file in a DuckDB file of their own, in the current folder:
 *   statements FILE.duckdb STATEMENTS.sql [--threads N] [--memory SIZE]
 * Each statement ends with a semicolon at the end of a line. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/number.h"
#include "bench/watch.h"
#include "store/stmt.h"

/* A whole number from 1 to 1024; 0 when the text is none. */
static int whole(const char *text)
{
    double x = 0;
    return number_parse(text, strlen(text), &x) && x >= 1 && x <= 1024 ? (int)x : 0;
}

static strata_status run_one(store_conn *conn, const char *sql, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    timing begin = now();
    STRATA_TRY(stmt_new_text(conn, "statement", sql, &s, err));
    STRATA_TRY(stmt_execute(s, err));
    timing took = since(begin);
    (void)printf("  wall %6.2f s  cpu %6.2f s  %.48s\n", took.wall, took.cpu, sql);
    return STRATA_OK;
}

static strata_status run_all(const char *path, const char *sql_path, const store_options *o,
                             const context *cx, strata_error *err)
{
    STRATA_AUTO_FREE char *sql = NULL;
    size_t len;
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_TRY(file_read(sql_path, 1 << 20, &sql, &len, err));
    STRATA_TRY(store_open(path, o, cx, &s, err));
    for (char *next = sql; next != NULL && strchr(next, ';') != NULL;) {
        char *statement = next;
        char *end = strstr(statement, ";\n");
        next = end == NULL ? NULL : end + 2;
        if (end != NULL) {
            *end = '\0';
        }
        STRATA_TRY(run_one(store_main(s), statement, err));
    }
    return STRATA_OK;
}

int main(int argc, char **argv)
{
    context cx = {.threads = 2};
    store_options o = {.mode = STORE_WRITE, .external_access = true};
    if (argc < 3 || argc % 2 == 0) {
        (void)fprintf(stderr, "usage: statements FILE.duckdb STATEMENTS.sql [--threads N] "
                              "[--memory SIZE]\n");
        return 64;
    }
    for (int a = 3; a + 1 < argc; a += 2) {
        if (strcmp(argv[a], "--threads") == 0) {
            cx.threads = whole(argv[a + 1]);
        } else if (strcmp(argv[a], "--memory") == 0) {
            o.memory_limit = argv[a + 1];
        }
    }
    if (cx.threads == 0) {
        (void)fprintf(stderr, "--threads: give a whole number from 1 to 1024\n");
        return 64;
    }
    strata_error err = {0};
    if (run_all(argv[1], argv[2], &o, &cx, &err) != STRATA_OK) {
        (void)fprintf(stderr, "statements: %s\n", err.message);
        return 70;
    }
    return 0;
}
