/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_LANES_H
#define STRATA_STATS_NUMERIC_LANES_H

/* Eight numbers at a time. A kernel is written once, over `lanes`, as an always-inline body and
 * compiled for what processors of this kind may offer; LANES_RUN picks the widest that is there.
 * Every lane does the same IEEE operations in the same order whatever the width, and the project
 * is built without contraction to fused operations, so results are the same to the bit.
 * Bodies take lanes by pointer: by value they would be passed differently per width. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/large.h"

enum { LANES = 8 };

typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t lanes_int __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef uint64_t lanes_bits __attribute__((vector_size(LANES * sizeof(uint64_t))));
typedef float lanes_float __attribute__((vector_size(LANES * sizeof(float))));

#define LANES_INLINE static inline __attribute__((always_inline))

/* where ? a : b, lane by lane; where is the outcome of a comparison. */
#define LANES_PICK(where, a, b) ((lanes)(((lanes_int)(a) & (where)) | ((lanes_int)(b) & ~(where))))

/* Room for numbers that starts where lanes may start. Not cleared. */
typedef struct lanes_room {
    void *base;
    double *x;
} lanes_room;

/* False when memory ran out. */
static inline bool lanes_room_new(size_t n, lanes_room *out)
{
    if (n > SIZE_MAX / sizeof(lanes)) {
        return false;
    }
    void *base = large_new(n + LANES, sizeof(double));
    uintptr_t past = (uintptr_t)base % sizeof(lanes);
    if (base == NULL) {
        return false;
    }
    out->base = base;
    out->x = (double *)(void *)((char *)base + (past > 0 ? sizeof(lanes) - past : 0));
    return true;
}

static inline void lanes_room_done(lanes_room *r)
{
    free(r->base);
}

#if defined(__x86_64__)
#define LANES_TARGET(isa) __attribute__((target(isa)))
/* Defines name_512, name_256 and name_any with the parameters and the call of the body. */
#define LANES_DEFINE(name, parameters, call)                                                       \
    LANES_TARGET("avx512f") static void name##_512 parameters                                      \
    {                                                                                              \
        call;                                                                                      \
    }                                                                                              \
    LANES_TARGET("avx2") static void name##_256 parameters                                         \
    {                                                                                              \
        call;                                                                                      \
    }                                                                                              \
    static void name##_any parameters                                                              \
    {                                                                                              \
        call;                                                                                      \
    }
#define LANES_RUN(name, arguments)                                                                 \
    do {                                                                                           \
        if (__builtin_cpu_supports("avx512f")) {                                                   \
            name##_512 arguments;                                                                  \
        } else if (__builtin_cpu_supports("avx2")) {                                               \
            name##_256 arguments;                                                                  \
        } else {                                                                                   \
            name##_any arguments;                                                                  \
        }                                                                                          \
    } while (0)
#else
#define LANES_DEFINE(name, parameters, call)                                                       \
    static void name##_any parameters                                                              \
    {                                                                                              \
        call;                                                                                      \
    }
#define LANES_RUN(name, arguments) name##_any arguments
#endif

#endif
