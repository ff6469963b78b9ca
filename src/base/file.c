/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

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

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}
#define AUTO_FD STRATA_CLEANUP(close_fd)

static strata_status check_kind(int fd, const char *path, size_t limit, size_t *size,
                                strata_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return io_fail(err, "read", path, errno);
    }
    if (S_ISDIR(st.st_mode)) {
        return strata_fail(err, STRATA_E_IO, "'%s' is a folder, not a file", path);
    }
    if (st.st_size < 0 || (uint64_t)st.st_size > limit) {
        return strata_fail(err, STRATA_E_DATA, "'%s' is larger than %zu bytes", path, limit);
    }
    *size = (size_t)st.st_size;
    return STRATA_OK;
}

strata_status file_read(const char *path, size_t limit, char **out, size_t *len, strata_error *err)
{
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return io_fail(err, "open", path, errno);
    }
    size_t size = 0;
    STRATA_TRY(check_kind(fd, path, limit, &size, err));
    STRATA_AUTO_FREE char *bytes = STRATA_NEW_ARRAY(size + 1, char);
    if (bytes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading '%s'", path);
    }
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, bytes + got, size - got);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return io_fail(err, "read", path, errno);
        }
        if (n == 0) {
            break; /* it shrank while we read */
        }
        got += (size_t)n;
    }
    bytes[got] = '\0';
    *len = got;
    *out = strata_steal(&bytes);
    return STRATA_OK;
}

static strata_status write_all(int fd, const char *path, const char *bytes, size_t len,
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
    return fsync(fd) == 0 ? STRATA_OK : io_fail(err, "write", path, errno);
}

strata_status file_write(const char *path, const char *bytes, size_t len, strata_error *err)
{
    char temporary[4096];
    int n = snprintf(temporary, sizeof temporary, "%s.%ld.new", path, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof temporary) {
        return strata_fail(err, STRATA_E_IO, "the path '%.200s...' is too long", path);
    }
    strata_status st;
    {
        AUTO_FD int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd < 0) {
            return io_fail(err, "write", path, errno);
        }
        st = write_all(fd, path, bytes, len, err);
    }
    if (st == STRATA_OK && rename(temporary, path) != 0) {
        st = io_fail(err, "write", path, errno);
    }
    if (st != STRATA_OK) {
        (void)unlink(temporary);
    }
    return st;
}

strata_status file_make_dirs(const char *path, strata_error *err)
{
    char part[4096];
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
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return io_fail(err, "make the folder", part, errno);
        }
        part[i] = kept;
    }
    return STRATA_OK;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}
