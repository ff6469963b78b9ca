/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_TEST_H
#define STRATA_STORE_TEST_H

/* What the tests of this folder share: stores in memory and in a temporary folder. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "strata_test.h"

#include "store/stmt.h"
#include "store/store.h"

enum { TEST_PATH = 256 };

static const context test_cx = {.threads = 2};

static inline store *open_store(const char *path, store_mode mode, bool external_access)
{
    strata_error err = {0};
    store *s = NULL;
    const store_options options = {.mode = mode, .external_access = external_access, .wait_s = -1};
    assert_ok(store_open(path, &options, &test_cx, &s, &err), &err);
    return s;
}

static inline store *open_memory(void)
{
    return open_store(NULL, STORE_MEMORY, false);
}

/* Runs SQL without a result. */
static inline void run(store *s, const char *sql)
{
    strata_error err = {0};
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
}

/* The single integer that SQL yields. */
static inline int64_t number_of(store *s, const char *sql)
{
    strata_error err = {0};
    bool more = false;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    assert_ok(stmt_next(q, &more, &err), &err);
    assert_true(more);
    return stmt_get_int(q, 0);
}

/* How SQL fails. */
static inline strata_status failure_of(store *s, const char *sql, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new_text(store_main(s), "test", sql, &q, err));
    return stmt_execute(q, err);
}

/* A folder of this test's own; the path of `name` in it. */
static inline void temp_path(char out[TEST_PATH], const char *name)
{
    char folder[] = "/tmp/strata-store-XXXXXX";
    assert_non_null(mkdtemp(folder));
    (void)snprintf(out, TEST_PATH, "%s/%s", folder, name);
}

/* Removes the file, what DuckDB keeps beside it, and the folder. */
static inline void remove_path(const char *path)
{
    char other[TEST_PATH + 8];
    (void)remove(path);
    (void)snprintf(other, sizeof other, "%s.wal", path);
    (void)remove(other);
    (void)snprintf(other, sizeof other, "%s.tmp", path);
    (void)remove(other);
    (void)snprintf(other, sizeof other, "%s", path);
    *strrchr(other, '/') = '\0';
    (void)rmdir(other);
}

#endif
