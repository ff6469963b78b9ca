/* SPDX-License-Identifier: Apache-2.0 */
/* For realpath(); the rest of the program needs POSIX alone. */
#define _XOPEN_SOURCE 700 // NOLINT(bugprone-reserved-identifier)
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

enum { PATH_BYTES = 4096 };

/* strerror() is not thread-safe; strerror_l needs a locale. The XSI form of
 * strerror_r is what _POSIX_C_SOURCE=200809L gives. */
static strata_status io_fail(strata_error *err, const char *doing, const char *path, int code)
{
    char why[128];
    if (strerror_r(code, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", code);
    }
    return strata_fail(err, STRATA_E_IO, "cannot %s '%s': %s", doing, path, why);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}
#define AUTO_FD STRATA_CLEANUP(close_fd)

static strata_status too_large(const char *path, size_t limit, strata_error *err)
{
    return strata_fail(err, STRATA_E_DATA, "'%s' is larger than %zu bytes", path, limit);
}

/* How many bytes to make room for at first: a regular file's size; pipes and devices tell none. */
static strata_status expected_size(int fd, const char *path, size_t limit, size_t *size,
                                   strata_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return io_fail(err, "read", path, errno);
    }
    if (S_ISDIR(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO, "'%s' is a folder, not a file", path);
    }
    if (st.st_size > 0 && (uint64_t)st.st_size > limit) {
        return too_large(path, limit, err);
    }
    *size = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
    return STRATA_OK;
}

/* Room for at least one byte more and the NUL. */
static bool grow(char **bytes, size_t *cap)
{
    size_t bigger = *cap < 4096 ? 4096 : *cap * 2;
    char *grown = bigger > *cap ? realloc(*bytes, bigger) : NULL;
    if (grown == NULL) {
        return false;
    }
    *bytes = grown;
    *cap = bigger;
    return true;
}

strata_status file_read(const char *path, size_t limit, char **out, size_t *len, strata_error *err)
{
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return io_fail(err, "open", path, errno);
    }
    size_t size = 0;
    STRATA_TRY(expected_size(fd, path, limit, &size, err));
    /* One more than the size and the NUL: the read that finds the end needs no growth. */
    size_t cap = size + 2;
    STRATA_AUTO_FREE char *bytes = malloc(cap);
    size_t got = 0;
    for (;;) {
        if (bytes == NULL || (cap - got < 2 && !grow(&bytes, &cap))) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory reading '%s'", path);
        }
        ssize_t n = read(fd, bytes + got, cap - got - 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return io_fail(err, "read", path, errno);
        }
        if (n == 0) {
            break;
        }
        got += (size_t)n;
        if (got > limit) {
            return too_large(path, limit, err);
        }
    }
    bytes[got] = '\0';
    *len = got;
    *out = strata_steal(&bytes);
    return STRATA_OK;
}

static strata_status put_all(int fd, const char *path, const char *bytes, size_t len,
                             strata_error *err)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return io_fail(err, "write", path, errno);
        }
        done += (size_t)n;
    }
    return STRATA_OK;
}

static strata_status write_all(int fd, const char *path, const char *bytes, size_t len,
                               strata_error *err)
{
    STRATA_TRY(put_all(fd, path, bytes, len, err));
    /* Pipes and terminals have nothing to flush and say EINVAL. */
    return fsync(fd) == 0 || errno == EINVAL ? STRATA_OK : io_fail(err, "write", path, errno);
}

/* Opens, writes, closes. `before`: what the file replaces, whose permissions it gets; NULL:
 * nothing. */
static strata_status write_to(const char *file, int flags, const struct stat *before,
                              const char *path, const char *bytes, size_t len, strata_error *err)
{
    AUTO_FD int fd = open(file, O_WRONLY | O_CLOEXEC | flags, before != NULL ? 0600 : 0666);
    if (fd < 0 || (before != NULL && fchmod(fd, before->st_mode & 0777) != 0)) {
        return io_fail(err, "write", path, errno);
    }
    return write_all(fd, path, bytes, len, err);
}

/* Writes beside `target` and renames over it; `path` is how the user called it. */
static strata_status replace(const char *target, const struct stat *before, const char *path,
                             const char *bytes, size_t len, strata_error *err)
{
    char temporary[PATH_BYTES];
    int n = snprintf(temporary, sizeof temporary, "%s.%ld.new", target, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof temporary) {
        return strata_fail(err, STRATA_E_IO, "the path '%.200s...' is too long", path);
    }
    strata_status st = write_to(temporary, O_CREAT | O_TRUNC, before, path, bytes, len, err);
    if (st == STRATA_OK && rename(temporary, target) != 0) {
        st = io_fail(err, "write", path, errno);
    }
    if (st != STRATA_OK) {
        (void)unlink(temporary);
    }
    return st;
}

strata_status file_replace(const char *beside, const char *path, strata_error *err)
{
    AUTO_FD int fd = open(beside, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0 || rename(beside, path) != 0) {
        return io_fail(err, "write", path, errno);
    }
    return STRATA_OK;
}

strata_status file_pour(const char *from, const char *to, strata_error *err)
{
    enum { BLOCK = 1 << 16 };
    AUTO_FD int in = open(from, O_RDONLY | O_CLOEXEC);
    /* Opened anew, it would begin anew: what others wrote there, and will, has its place. */
    AUTO_FD int out = strcmp(to, "/dev/stdout") == 0 ? dup(STDOUT_FILENO)
                                                     : open(to, O_WRONLY | O_APPEND | O_CLOEXEC);
    STRATA_AUTO_FREE char *block = malloc(BLOCK);
    if (in < 0 || out < 0) {
        return io_fail(err, in < 0 ? "open" : "write", in < 0 ? from : to, errno);
    }
    if (block == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing '%s'", to);
    }
    for (;;) {
        ssize_t n = read(in, block, BLOCK);
        if (n < 0 && errno != EINTR) {
            return io_fail(err, "read", from, errno);
        }
        if (n == 0) {
            return STRATA_OK;
        }
        STRATA_TRY(n > 0 ? put_all(out, to, block, (size_t)n, err) : STRATA_OK);
    }
}

strata_status file_write(const char *path, const char *bytes, size_t len, strata_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return replace(path, NULL, path, bytes, len, err);
    }
    if (S_ISDIR(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO, "'%s' is a folder, not a file", path);
    }
    if (!S_ISREG(st.st_mode)) {
        return write_to(path, 0, NULL, path, bytes, len,
                        err); /* /dev/stdout must stay what it is */
    }
    /* Through links, so that the file they lead to is replaced and not the link. */
    STRATA_AUTO_FREE char *target = realpath(path, NULL);
    return target != NULL ? replace(target, &st, path, bytes, len, err)
                          : io_fail(err, "write", path, errno);
}

static strata_status make_dir(const char *path, strata_error *err)
{
    if (mkdir(path, 0777) == 0) {
        return STRATA_OK;
    }
    int code = errno;
    struct stat st;
    if (code == EEXIST && stat(path, &st) == 0) {
        return S_ISDIR(st.st_mode)
                   ? STRATA_OK
                   : strata_fail(err, STRATA_E_IO,
                                 "cannot make the folder '%s': a file of that name is there", path);
    }
    return io_fail(err, "make the folder", path, code);
}

strata_status file_make_dirs(const char *path, strata_error *err)
{
    char part[PATH_BYTES];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part) {
        return strata_fail(err, STRATA_E_IO, "'%.200s' is no usable folder name", path);
    }
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != '\0') {
            continue;
        }
        char kept = part[i];
        part[i] = '\0';
        STRATA_TRY(make_dir(part, err));
        part[i] = kept;
    }
    return STRATA_OK;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *file_absolute(const char *path)
{
    return realpath(path, NULL);
}
