/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_TEXT_H
#define STRATA_PERSONA_TEXT_H

/* Words out of what customers wrote, in whatever bytes it comes. E-mail and web addresses, also
 * those written out ("jane at acme dot com"), and numbers never become words. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/strbuf.h"
#include "base/vec.h"

enum {
    TEXT_BYTES_MAX = 65536, /* what comes behind is not read */
    TEXT_WORD_MAX = 40,     /* bytes; longer ones are keys and noise */
    TEXT_DIGITS_MAX = 4     /* a word with more is a number that names something */
};

typedef struct text_word {
    uint32_t at, len;
    bool breaks; /* a phrase cannot reach from the word before to this one */
} text_word;

typedef struct text_chunk {
    uint32_t from, to;
    bool hidden;
} text_chunk;

/* Zeros are a good start; used again for text after text. */
typedef struct text_words {
    VEC(text_word) words;
    strbuf folded; /* the words' bytes: fold.h */
    VEC(text_chunk) chunks;
} text_words;

void text_words_done(text_words *t);
#define TEXT_WORDS_AUTO STRATA_CLEANUP(text_words_done)

/* The words of the text, in order. Bytes need not be UTF-8; they may hold NUL. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status text_split(text_words *t, const char *bytes, size_t len,
                                           strata_error *err);
static inline const char *text_word_at(const text_words *t, size_t i)
{
    return t->folded.text + t->words.data[i].at;
}

#endif
