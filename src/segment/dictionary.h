/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_DICTIONARY_H
#define STRATA_SEGMENT_DICTIONARY_H

/* Texts to codes: gives each distinct text a code, and at the end puts the
 * codes in order of the texts, so that they do not depend on the order of rows. */

#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/vec.h"

typedef struct dictionary {
    arena *arena; /* of the texts; borrowed */
    VEC(const char *) levels;
    VEC(size_t) lengths;
    uint32_t *slots; /* open addressing: level + 1, 0 free */
    size_t n_slots;
} dictionary;

void dictionary_init(dictionary *d, arena *a);
void dictionary_done(dictionary *d);

/* The text's code, new or known; copies the text once. */
STRATA_MUST_CHECK strata_status dictionary_code(dictionary *d, const char *text, size_t len,
                                                int32_t *code, strata_error *err);
/* Sorts the levels bytewise and rewrites the n codes to match (CODE_MISSING
 * stays). *levels is allocated in the arena. */
STRATA_MUST_CHECK strata_status dictionary_sort(dictionary *d, int32_t *codes, size_t n,
                                                const char *const **levels, size_t *n_levels,
                                                strata_error *err);

#endif
