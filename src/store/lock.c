/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/private.h"

enum { RETRY_MS = 100 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void nap_ms(long ms)
{
    const struct timespec t = {.tv_sec = 0, .tv_nsec = ms * 1000000L};
    (void)nanosleep(&t, NULL);
}

/* "IO Error: Could not set lock on file "/a/b": Conflicting lock is held in /usr/bin/strata
 * (PID 123) by user eve. See also ...": the part from the program to the closing bracket. */
static text_view lock_holder(const char *message)
{
    static const char before[] = "Conflicting lock is held in ";
    text_view holder = {"another program", strlen("another program")};
    const char *from = strstr(message, before);
    if (from == NULL) {
        return holder;
    }
    from += strlen(before);
    const char *pid = strstr(from, "PID ");
    const char *end = pid == NULL ? NULL : pid + strcspn(pid, " )") + 1;
    if (end != NULL) {
        end += strspn(end, "0123456789");
        holder = (text_view){from, (size_t)(end - from) + (*end == ')')};
    }
    return holder;
}

static bool is_lock_message(const char *message)
{
    return strstr(message, "Could not set lock on file") != NULL;
}

/* What a message about a file that cannot be opened means. */
static strata_status fail_open(strata_error *err, const char *path, const char *message)
{
    if (strstr(message, "not a valid DuckDB database file") != NULL) {
        return strata_fail(err, STRATA_E_STORE,
                           "'%s' is not a store: it is no DuckDB file; name another file", path);
    }
    if (strstr(message, "with version number") != NULL) {
        return strata_fail(err, STRATA_E_STORE,
                           "'%s' was written by another version of DuckDB, which %s cannot read; "
                           "use the program that wrote it",
                           path, duckdb_library_version());
    }
    if (strstr(message, "Permission denied") != NULL) {
        return strata_fail(err, STRATA_E_IO,
                           "no permission for '%s'; the file and its folder must be readable, and "
                           "writable for commands that write",
                           path);
    }
    if (strncmp(message, "IO Error: Cannot open", strlen("IO Error: Cannot open")) == 0 ||
        strstr(message, "No space left") != NULL) {
        return store_fail(err, STRATA_E_IO, path, message);
    }
    if (strstr(message, "Memory Error") != NULL) {
        return store_fail(err, STRATA_E_NOMEM, path, message);
    }
    return strata_fail(err, STRATA_E_STORE,
                       "the store '%s' is damaged: %.*s; restore it from a copy, or delete it and "
                       "ingest again",
                       path, (int)strcspn(message, "\n"), message);
}

static strata_status fail_locked(strata_error *err, const char *path, const char *message,
                                 double waited_s)
{
    text_view holder = lock_holder(message);
    return strata_fail(err, STRATA_E_LOCKED,
                       "the store '%s' is in use by %.*s, waited %.0f s; let it end or stop it, "
                       "then try again",
                       path, (int)holder.len, holder.ptr, waited_s);
}

strata_status store_open_waiting(const char *path, duckdb_config config, int wait_s,
                                 const context *cx, duckdb_database *out, strata_error *err)
{
    double start = now_s();
    for (bool told = false;;) {
        STRATA_TRY(context_check(cx, err));
        char *message = NULL;
        if (duckdb_open_ext(path, out, config, &message) == DuckDBSuccess) {
            return STRATA_OK;
        }
        const char *said = message != NULL ? message : "DuckDB gives no reason";
        strata_status status = STRATA_OK;
        if (!is_lock_message(said)) {
            status = fail_open(err, path != NULL ? path : "memory", said);
        } else if (now_s() - start >= wait_s) {
            status = fail_locked(err, path, said, now_s() - start);
        } else if (!told) {
            text_view holder = lock_holder(said);
            context_notice(cx, "the store '%s' is in use by %.*s; waiting up to %d s", path,
                           (int)holder.len, holder.ptr, wait_s);
            told = true;
        }
        duckdb_free(message);
        STRATA_TRY(status);
        nap_ms(RETRY_MS);
    }
}
