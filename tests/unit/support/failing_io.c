/* SPDX-License-Identifier: Apache-2.0 */
#include "support/failing_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The linker's --wrap=f sends calls of f to __wrap_f and calls of __real_f to f. With 64-bit file
 * offsets (Meson's default) open and fstat are called by the names open64 and fstat64. */
int __real_open64(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __real_write(int fd, const void *bytes, size_t n);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_fstat64(int fd, struct stat *st);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_fstat64(int fd, struct stat *st);
int __wrap_mkdir(const char *path, mode_t mode);

enum { CALLS = IO_MKDIR + 1 };

/* A test program's own state: wrapped functions have no way to be given it. */
static struct {
    long seen[CALLS], fail_at[CALLS];
    int code[CALLS];
    long most;
} injector = {.fail_at = {-1, -1, -1, -1, -1, -1, -1}};

void fail_io_off(void)
{
    for (int i = 0; i < CALLS; i++) {
        injector.seen[i] = 0;
        injector.fail_at[i] = -1;
    }
    injector.most = 0;
}

void fail_io_at(io_call call, long n, int code)
{
    fail_io_off();
    injector.fail_at[call] = n;
    injector.code[call] = code;
}

void fail_io_short(long bytes)
{
    injector.most = bytes;
}

long fail_io_count(io_call call)
{
    return injector.seen[call];
}

static bool must_fail(io_call call)
{
    if (injector.seen[call]++ != injector.fail_at[call]) {
        return false;
    }
    errno = injector.code[call];
    return true;
}

static size_t most(size_t n)
{
    return injector.most > 0 && n > (size_t)injector.most ? (size_t)injector.most : n;
}

int __wrap_open64(const char *path, int flags, ...)
{
    unsigned mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, unsigned);
        va_end(args);
    }
    return must_fail(IO_OPEN) ? -1 : __real_open64(path, flags, mode);
}

ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
    return must_fail(IO_READ) ? -1 : __real_read(fd, bytes, most(n));
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
    return must_fail(IO_WRITE) ? -1 : __real_write(fd, bytes, most(n));
}

int __wrap_fsync(int fd)
{
    return must_fail(IO_FSYNC) ? -1 : __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
    return must_fail(IO_RENAME) ? -1 : __real_rename(from, to);
}

int __wrap_fstat64(int fd, struct stat *st)
{
    return must_fail(IO_FSTAT) ? -1 : __real_fstat64(fd, st);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return must_fail(IO_MKDIR) ? -1 : __real_mkdir(path, mode);
}
