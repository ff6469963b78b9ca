/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

bool vec_grow(void **data, size_t n, size_t *cap, size_t item_size)
{
    size_t bigger = *cap > 0 ? *cap : 8;
    while (bigger <= n) {
        if (__builtin_mul_overflow(bigger, (size_t)2, &bigger)) {
            return false;
        }
    }
    size_t bytes;
    if (__builtin_mul_overflow(bigger, item_size, &bytes)) {
        return false;
    }
    void *grown = realloc(*data, bytes);
    if (grown == NULL) {
        return false;
    }
    *data = grown;
    *cap = bigger;
    return true;
}
