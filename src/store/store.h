/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_STORE_H
#define STRATA_STORE_STORE_H

/* The DuckDB file that holds everything: opened late, closed early, because
 * DuckDB lets either one process write or several read.
 *
 * A process opens a file once at a time, also for reading: DuckDB's lock is per
 * process, and closing one of two handles would drop it for both. A second store_open waits,
 * then fails, as for another process's lock; two threads must not try at the same moment.
 * Threads share the store, each with its own connection. */

#include <stdbool.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"

typedef enum store_mode {
    STORE_READ,  /* the file must exist and be of this program's schema; nothing else can be read */
    STORE_WRITE, /* created when there is none, brought to this program's schema */
    STORE_MEMORY /* as STORE_WRITE, kept nowhere; `path` is ignored */
} store_mode;

enum { STORE_WAIT_DEFAULT_S = 10 };

/* Zeros are good defaults. */
typedef struct store_options {
    store_mode mode;
    bool external_access;       /* may SQL read and write other files? ingest needs it */
    int threads;                /* 0: the context's */
    const char *memory_limit;   /* "4GB"; NULL: 80 % of the machine's */
    const char *temp_directory; /* for what does not fit in memory; NULL: beside the file */
    int wait_s;                 /* for the lock: 0 is STORE_WAIT_DEFAULT_S, -1 not at all */
} store_options;

typedef struct store store;
typedef struct store_conn store_conn;

/* Opens the store at `path` and migrates it. `cx` must outlive the store; while
 * another process holds the lock, cx is told so once, then asked whether to stop.
 *
 * STRATA_E_NOTFOUND  STORE_READ, and there is no such file
 * STRATA_E_LOCKED    still locked after wait_s; the message says by whom
 * STRATA_E_IO        a folder, no permission, no such directory, disk full
 * STRATA_E_STORE     no DuckDB file, a damaged one, one that is not Strata's, or a schema newer
 *                    (or, for STORE_READ, older) than this program's
 * STRATA_E_USAGE     DuckDB refuses an option
 * STRATA_E_CANCELLED, STRATA_E_NOMEM */
STRATA_MUST_CHECK strata_status store_open(const char *path, const store_options *options,
                                           const context *cx, store **out, strata_error *err);
/* Every connection, statement and appender of it must be gone. NULL is fine. */
/* Whether that is a memory limit (NULL is): for what opens stores again and again and would fail
 * each time. STRATA_E_USAGE. */
STRATA_MUST_CHECK strata_status store_check_memory(const char *limit, strata_error *err);
void store_close(store *s);
STRATA_DEFINE_AUTO(store, store_close)

/* The connection that comes with the store, for the thread that opened it. */
store_conn *store_main(store *s);
/* A connection for another thread. `cx` (which may be NULL) is asked whether to
 * stop and told how far long statements are; it must outlive the connection. */
STRATA_MUST_CHECK strata_status store_connect(store *s, const context *cx, store_conn **out,
                                              strata_error *err);
void store_disconnect(store_conn *c); /* NULL is fine */
STRATA_DEFINE_AUTO(store_conn, store_disconnect)

/* Number of the newest migration in this program. */
int store_schema_version(void);

/* A transaction that rolls back unless it was committed:
 *     STORE_TX_AUTO store_tx tx = {0};
 *     STRATA_TRY(store_begin(conn, &tx, err));
 *     ...
 *     STRATA_TRY(store_commit(&tx, err));
 * Committed is on disk: a crash afterwards keeps all of it, a crash before nothing. */
typedef struct store_tx {
    store_conn *conn; /* NULL: none is open */
} store_tx;
STRATA_MUST_CHECK strata_status store_begin(store_conn *c, store_tx *tx, strata_error *err);
STRATA_MUST_CHECK strata_status store_commit(store_tx *tx, strata_error *err);
void store_rollback(store_tx *tx); /* does nothing once committed or rolled back */
#define STORE_TX_AUTO STRATA_CLEANUP(store_rollback)

#endif
