/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_FOLD_H
#define STRATA_PERSONA_FOLD_H

/* Characters of texts in any state: what is a letter, and which letter it is once case, accents and
 * width do not count. */

#include <stddef.h>
#include <stdint.h>

typedef enum char_kind {
    CHAR_SPACE,
    CHAR_LETTER,
    CHAR_DIGIT,   /* 0 to 9 */
    CHAR_JOINER,  /* apostrophes, which a word goes on behind */
    CHAR_HYPHEN,  /* - and _, which end a word but not a phrase */
    CHAR_NOTHING, /* accents by themselves, soft hyphens, marks without width */
    CHAR_BREAK    /* ends a phrase: all else, and bytes that are no UTF-8 */
} char_kind;

enum { FOLD_BYTES = 4 };
typedef struct folded_char {
    char_kind kind;
    size_t used;           /* bytes read, at least 1 */
    size_t len;            /* bytes below; 0 unless a letter or a digit */
    char text[FOLD_BYTES]; /* "e" for a capital E with an accent */
} folded_char;

/* The first character of `len` bytes, len > 0. Latin letters up to U+017F lose case and accent,
 * Greek and Cyrillic ones case; wide Latin letters become ordinary ones; letters of other scripts
 * stay. */
folded_char fold_char(const char *bytes, size_t len);

#endif
