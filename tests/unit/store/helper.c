/* SPDX-License-Identifier: Apache-2.0 */

/* Another process, for what one process cannot show: locks, crashes, permissions and a full disk.
 *
 *   helper hold PATH SECONDS   opens for writing, says "ready", keeps the lock
 *   helper read PATH SECONDS   the same for reading
 *   helper crash PATH          writes half a transaction, kills itself
 *   helper crash-after PATH    commits, kills itself
 *   helper loop PATH           commits 1,000 rows at a time until killed
 *   helper full PATH           writes until files may not grow; exit code of the failure
 *   helper nobody PATH read|write  opens without privileges; exit code of the failure
 *   helper newer PATH           makes it a store of a newer program
 *
 * Failures are printed on stdout. */

#define _DEFAULT_SOURCE /* setgroups */
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/append.h"
#include "store/stmt.h"
#include "store/store.h"

enum { BATCH = 1000, NOBODY = 65534 };

static const context cx = {.threads = 1};

static void say(const char *text)
{
    (void)fputs(text, stdout);
    (void)fflush(stdout);
}

static strata_status open_at(const char *path, store_mode mode, store **out, strata_error *err)
{
    const store_options options = {.mode = mode, .wait_s = -1};
    return store_open(path, &options, &cx, out, err);
}

/* Hashed numbers, so that they do not compress away. */
static strata_status append_batch(store *s, int rounds, strata_error *err)
{
    static int32_t account[BATCH];
    static int64_t amount[BATCH];
    static double quantity[BATCH];
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(store_main(s), "order_ledger", &a, err));
    uint64_t x = 88172645463325252u;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < BATCH; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            account[i] = (int32_t)x;
            amount[i] = (int64_t)x;
            quantity[i] = (double)x;
        }
        const append_column columns[] = {{COLUMN_INT32, account, NULL},
                                         {COLUMN_INT32, account, NULL},
                                         {COLUMN_INT64, amount, NULL},
                                         {COLUMN_INT32, account, NULL},
                                         {COLUMN_DOUBLE, quantity, NULL}};
        STRATA_TRY(append_rows(a, columns, 5, BATCH, err));
    }
    return appender_finish(a, err);
}

static strata_status in_transaction(store *s, int rounds, bool commit, strata_error *err)
{
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(store_main(s), &tx, err));
    STRATA_TRY(append_batch(s, rounds, err));
    if (!commit) {
        (void)kill(getpid(), SIGKILL);
    }
    return store_commit(&tx, err);
}

static strata_status write_forever(store *s, strata_error *err)
{
    for (;;) {
        STRATA_TRY(in_transaction(s, 1, true, err));
    }
}

static strata_status fill_disk(const char *path, strata_error *err)
{
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_TRY(open_at(path, STORE_WRITE, &s, err));
    const struct rlimit limit = {4 << 20, 4 << 20};
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)setrlimit(RLIMIT_FSIZE, &limit);
    return in_transaction(s, 1000, true, err);
}

static strata_status as_nobody(const char *path, const char *mode, strata_error *err)
{
    STRATA_AUTO(store_close) store *s = NULL;
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
        return strata_fail(err, STRATA_E_INTERNAL, "cannot become nobody");
    }
    return open_at(path, strcmp(mode, "read") == 0 ? STORE_READ : STORE_WRITE, &s, err);
}

static strata_status age_program(const char *path, strata_error *err)
{
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(open_at(path, STORE_WRITE, &s, err));
    STRATA_TRY(stmt_new(store_main(s), "store/migration_insert.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "version", store_schema_version() + 1, err));
    STRATA_TRY(stmt_bind_text(q, "name", "schema/9999_later.sql", err));
    STRATA_TRY(stmt_bind_text(q, "checksum", "of a later program", err));
    STRATA_TRY(stmt_bind_text(q, "program", "99.0.0", err));
    return stmt_execute(q, err);
}

static strata_status with_store(const char *what, const char *path, const char *more,
                                strata_error *err)
{
    STRATA_AUTO(store_close) store *s = NULL;
    bool reads = strcmp(what, "read") == 0;
    STRATA_TRY(open_at(path, reads ? STORE_READ : STORE_WRITE, &s, err));
    say("ready\n");
    if (reads || strcmp(what, "hold") == 0) {
        (void)sleep((unsigned)strtoul(more, NULL, 10));
        return STRATA_OK;
    }
    if (strcmp(what, "loop") == 0) {
        return write_forever(s, err);
    }
    STRATA_TRY(in_transaction(s, 3, strcmp(what, "crash-after") == 0, err));
    (void)kill(getpid(), SIGKILL);
    return STRATA_OK;
}

int main(int argc, char **argv)
{
    strata_error err = {0};
    strata_status status;
    const char *what = argc > 2 ? argv[1] : "";
    const char *more = argc > 3 ? argv[3] : "";
    if (strcmp(what, "full") == 0) {
        status = fill_disk(argv[2], &err);
    } else if (strcmp(what, "nobody") == 0) {
        status = as_nobody(argv[2], more, &err);
    } else if (strcmp(what, "newer") == 0) {
        status = age_program(argv[2], &err);
    } else {
        status = with_store(what, argc > 2 ? argv[2] : "", more, &err);
    }
    say(err.message);
    return strata_status_exit_code(status);
}
