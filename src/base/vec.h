/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_VEC_H
#define STRATA_BASE_VEC_H

/* Growable arrays of any type: `VEC(double) xs = {0}; if (!vec_push(&xs, 1.5)) no memory;`
 * Owns its `data`; free with vec_free(). */

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *data;                                                                                \
        size_t n, cap;                                                                             \
    }

/* Grows *data to hold n + 1 items; false when memory ran out (the vector is as it was). */
bool vec_grow(void **data, size_t n, size_t *cap, size_t item_size);

/* Appends; false when memory ran out. (clang-tidy takes sizeof of a pointer's value for a slip, so
 * the type is asked for.) */
#define vec_push(v, ...)                                                                           \
    (((v)->n < (v)->cap ||                                                                         \
      vec_grow((void **)(void *)&(v)->data, (v)->n, &(v)->cap, sizeof(__typeof__(*(v)->data)))) && \
     ((v)->data[(v)->n++] = (__VA_ARGS__), true))

#define vec_free(v) (free((v)->data), (v)->data = NULL, (v)->n = 0, (v)->cap = 0)

#endif
