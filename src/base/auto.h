/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_AUTO_H
#define STRATA_BASE_AUTO_H

/* Scope-bound cleanup. A variable marked STRATA_AUTO_FREE is freed on every path
 * out of its block; strata_steal() moves the value out when it must survive. */

#include <stdlib.h>

#include <strata/error.h>

#define STRATA_CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void strata_free_ptr(void *pp)
{
    free(*(void **)pp);
}
#define STRATA_AUTO_FREE STRATA_CLEANUP(strata_free_ptr)

#define STRATA_DEFINE_AUTO(type, free_fn)                                                          \
    static inline void free_fn##_auto(type **pp)                                                   \
    {                                                                                              \
        free_fn(*pp);                                                                              \
    }
#define STRATA_AUTO(free_fn) STRATA_CLEANUP(free_fn##_auto)

#define strata_steal(pp)                                                                           \
    __extension__({                                                                                \
        __typeof__(*(pp)) strata_stolen_ = *(pp);                                                  \
        *(pp) = NULL;                                                                              \
        strata_stolen_;                                                                            \
    })

#define STRATA_TRY(expr)                                                                           \
    do {                                                                                           \
        strata_status strata_st_ = (expr);                                                         \
        if (__builtin_expect(strata_st_ != STRATA_OK, 0)) {                                        \
            return strata_st_;                                                                     \
        }                                                                                          \
    } while (0)

/* n objects of `size` bytes, zeroed; NULL on overflow too. */
static inline void *strata_alloc_array(size_t n, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(n, size, &bytes) ? NULL : calloc(1, bytes ? bytes : 1);
}
#define STRATA_NEW_ARRAY(n, type) ((type *)strata_alloc_array((n), sizeof(type)))

#endif
