/* SPDX-License-Identifier: Apache-2.0 */
#include "support/failing_alloc.h"

#include <stdatomic.h>
#include <stddef.h>

/* The linker's --wrap=f sends calls of f to __wrap_f and calls of __real_f to f. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

enum mode { OFF, ONCE, FROM };

/* A test program's own state: wrapped functions have no way to be given it. */
static struct {
    _Atomic int mode;
    _Atomic long fail_at, seen;
    _Atomic bool failed;
} injector;

static void arm(enum mode mode, long n)
{
    atomic_store(&injector.seen, 0);
    atomic_store(&injector.failed, false);
    atomic_store(&injector.fail_at, n);
    atomic_store(&injector.mode, (int)mode);
}

void fail_alloc_at(long n)
{
    arm(ONCE, n);
}

void fail_alloc_from(long n)
{
    arm(FROM, n);
}

bool fail_alloc_pause(void)
{
    atomic_store(&injector.mode, OFF);
    return atomic_load(&injector.failed);
}

bool fail_alloc_off(void)
{
    bool failed = fail_alloc_pause();
    atomic_store(&injector.failed, false);
    return failed;
}

long fail_alloc_count(void)
{
    return atomic_load(&injector.seen);
}

static bool must_fail(void)
{
    int mode = atomic_load(&injector.mode);
    if (mode == OFF) {
        return false;
    }
    long index = atomic_fetch_add(&injector.seen, 1);
    long at = atomic_load(&injector.fail_at);
    bool fail = mode == ONCE ? index == at : index >= at;
    if (fail) {
        atomic_store(&injector.failed, true);
    }
    return fail;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return must_fail() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
    return must_fail() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
    return must_fail() ? NULL : __real_strndup(s, n);
}
