/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "store/private.h"

enum { RETRY_MS = 100 };

/* In DuckDB's words, for a file that this process has open already. */
static const char held_here[] =
    "IO Error: Could not set lock on file: Lock is already held in current process";

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
    const char *who = strstr(message, "held in current process") != NULL ? "this program itself"
                                                                         : "another program";
    text_view holder = {who, strlen(who)};
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

/* DuckDB would open a file a second time within one process, and closing either would give
 * up the lock of both. Whether the file is open already is asked without opening it. */
static bool is_open_here(const char *path)
{
    struct stat file;
    DIR *fds = path != NULL && stat(path, &file) == 0 ? opendir("/proc/self/fd") : NULL;
    if (fds == NULL) {
        return false;
    }
    bool found = false;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this call's own */
    for (struct dirent *e = readdir(fds); e != NULL && !found; e = readdir(fds)) {
        struct stat st;
        char *end;
        long fd = strtol(e->d_name, &end, 10);
        found = end != e->d_name && fstat((int)fd, &st) == 0 && st.st_dev == file.st_dev &&
                st.st_ino == file.st_ino;
    }
    (void)closedir(fds);
    return found;
}

static bool has_log(const char *path)
{
    struct stat log;
    STRBUF_AUTO strbuf name;
    strbuf_init(&name, 0);
    strbuf_printf(&name, "%s.wal", path);
    return name.failed != STRATA_OK || (stat(strbuf_text(&name), &log) == 0 && log.st_size > 0);
}

void store_remove_begun(const char *path, int64_t most_bytes)
{
    struct stat st;
    bool small = lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= most_bytes;
    if (!small || is_open_here(path) || has_log(path)) {
        return;
    }
    /* As DuckDB locks it: whoever makes a store just now has this lock. */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0 && fstat(fd, &st) == 0 &&
        st.st_size <= most_bytes) {
        (void)unlink(path);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

static bool is_lock_message(const char *message)
{
    return strstr(message, "Could not set lock on file") != NULL;
}

strata_status store_explain_open(strata_error *err, const char *path, const char *message)
{
    if (strstr(message, "not a valid DuckDB database file") != NULL) {
        return strata_fail(err, STRATA_E_STORE,
                           "'%s' is not a store: it is no DuckDB file; name another file", path);
    }
    if (strstr(message, "with version number") != NULL ||
        strstr(message, "newer version of DuckDB") != NULL) {
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
        strstr(message, "Could not write file") != NULL ||
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

/* One try; *said is DuckDB's (or our) message when it fails, freed with duckdb_free(). */
static bool try_open(const char *path, duckdb_config config, duckdb_database *out, char **said)
{
    return !is_open_here(path) && duckdb_open_ext(path, out, config, said) == DuckDBSuccess;
}

strata_status store_open_waiting(const char *path, duckdb_config config, int wait_s,
                                 const context *cx, duckdb_database *out, strata_error *err)
{
    double start = now_s();
    for (bool told = false;;) {
        STRATA_TRY(context_check(cx, err));
        char *message = NULL;
        if (try_open(path, config, out, &message)) {
            return STRATA_OK;
        }
        const char *said = message != NULL ? message : held_here;
        strata_status status = STRATA_OK;
        if (!is_lock_message(said)) {
            status = store_explain_open(err, path != NULL ? path : "memory", said);
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
