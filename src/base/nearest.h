/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_NEAREST_H
#define STRATA_BASE_NEAREST_H

#include <stddef.h>

/* The name most like `word`, for "did you mean ...?": smallest edit distance
 * (case folded, '-' and ' ' as '_', swapped neighbours count one), at most a third of the
 * word's length or one; one letter matches only itself. NULL when nothing is near or the word is
 * longer than 64 bytes. Ties go to the first. */
const char *nearest_name(const char *word, const char *const *names, size_t n);

/* " (did you mean 'accounts'?)", to stand behind a message; where nothing is near or `word` is NULL
 * "", or `otherwise`: at most 127 bytes of it. */
typedef struct nearest_text {
    char text[128];
} nearest_text;
nearest_text nearest_hint(const char *word, const char *const *names, size_t n);
nearest_text nearest_hint_or(const char *word, const char *const *names, size_t n,
                             const char *otherwise);

#endif
