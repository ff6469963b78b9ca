/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_NEAREST_H
#define STRATA_BASE_NEAREST_H

#include <stddef.h>

/* The name most like `word`, for "did you mean ...?": smallest edit distance
 * (case folded, '-' and ' ' as '_', swapped neighbours count one), at most a third of the
 * word's length or one; one letter matches only itself. NULL when nothing is near or the word is
 * longer than 64 bytes. Ties go to the first. */
const char *nearest_name(const char *word, const char *const *names, size_t n);

#endif
