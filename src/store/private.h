/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_PRIVATE_H
#define STRATA_STORE_PRIVATE_H

/* What the files of this folder share. Not for other modules. */

#include "base/blob.h"
#include "store/column.h"
#include "store/duckdb_api.h"
#include "store/store.h"

struct store_conn {
    duckdb_connection duckdb;
    const context *cx; /* NULL: nobody stops or watches it */
};

struct store {
    duckdb_database db;
    char *path; /* for messages */
    store_mode mode;
    store_conn *main;
};

column_type column_type_of(duckdb_type type);
const char *duckdb_type_name(duckdb_type type);

/* The embedded file sql/<name>; NULL when there is none. */
const strata_blob *sql_file(const char *name);

/* Fills err with the status that DuckDB's `message` stands for (`otherwise` when it
 * is of no kind that matters to a caller), worded as "<what>: <message>". */
strata_status store_explain(strata_error *err, strata_status otherwise, const char *what,
                            const char *message);

/* The same. In the header, so that analysers see that it never yields STRATA_OK. */
static inline strata_status store_fail(strata_error *err, strata_status otherwise, const char *what,
                                       const char *message)
{
    strata_status status = store_explain(err, otherwise, what, message);
    return status != STRATA_OK ? status : STRATA_E_INTERNAL;
}

/* Runs every statement of sql/<name> as they stand, without parameters or result. */
STRATA_MUST_CHECK strata_status store_run_file(store_conn *c, const char *name, strata_error *err);

/* Brings the store to this program's schema, or, for STORE_READ, checks that it is there. */
STRATA_MUST_CHECK strata_status store_migrate(store *s, strata_error *err);

/* Why the file at `path` cannot be opened, from what DuckDB says of it. */
strata_status store_explain_open(strata_error *err, const char *path, const char *message);

/* Bytes of a store that holds nothing yet. */
enum { STORE_HEADER_BYTES = 3 * 4096 };
/* Removes a store of at most so many bytes, which was begun and never finished, unless somebody
 * has it open or it has a log. */
void store_remove_begun(const char *path, int64_t most_bytes);

/* duckdb_open_ext, waiting for the lock of another process. */
STRATA_MUST_CHECK strata_status store_open_waiting(const char *path, duckdb_config config,
                                                   int wait_s, const context *cx,
                                                   duckdb_database *out, strata_error *err);

#endif
