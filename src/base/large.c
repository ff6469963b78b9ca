/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* madvise */ // NOLINT(bugprone-reserved-identifier)

#include "base/large.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20, LARGE_FROM = 4 * LARGE_PAGE, LINE = 64 };

void *large_new(size_t n, size_t size)
{
    if (size > 0 && n > SIZE_MAX / 2 / size) {
        return NULL;
    }
    size_t len = n * size;
    if (len < LARGE_FROM) {
        return malloc(len > 0 ? len : 1);
    }
    len = (len + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    void *p = aligned_alloc(LARGE_PAGE, len);
#ifdef MADV_HUGEPAGE
    if (p != NULL) {
        (void)madvise(p, len, MADV_HUGEPAGE); /* without them it is slower, no more */
    }
#endif
    return p;
}

void *lines_new(size_t n, size_t size)
{
    if (size > 0 && n > SIZE_MAX / 2 / size) {
        return NULL;
    }
    size_t len = (n * size / LINE + 1) * LINE;
    void *p = aligned_alloc(LINE, len);
    if (p != NULL) {
        memset(p, 0, len);
    }
    return p;
}
