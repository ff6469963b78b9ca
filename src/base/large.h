/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_LARGE_H
#define STRATA_BASE_LARGE_H

#include <stddef.h>

/* n values of `size` bytes, not cleared, for free(); NULL when memory ran out. Arrays of many
 * megabytes are asked for in large pages, of which the first use costs a fraction. */
void *large_new(size_t n, size_t size);

#endif
