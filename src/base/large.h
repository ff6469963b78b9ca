/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_LARGE_H
#define STRATA_BASE_LARGE_H

#include <stddef.h>

/* n values of `size` bytes, not cleared, for free(); NULL when memory ran out. Arrays of many
 * megabytes are asked for in large pages, of which the first use costs a fraction. */
void *large_new(size_t n, size_t size);

/* n values of `size` bytes, all 0, for free(), from the beginning of a cache line on: for loops
 * that read a line at a time. NULL when memory ran out. */
void *lines_new(size_t n, size_t size);

#endif
