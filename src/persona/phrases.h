/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_PHRASES_H
#define STRATA_PERSONA_PHRASES_H

/* Which accounts say what: phrases of one to three words, and names of themes. An account that says
 * a thing often counts once. */

#include "persona/names.h"

enum { PHRASE_WORDS_MAX = 3 };

typedef struct saying {
    uint32_t term, account;
} saying;

typedef struct corpus {
    terms terms;
    VEC(saying) sayings;    /* in order of accounts, each pair once */
    VEC(uint32_t) last;     /* by term: the account that said it last */
    VEC(uint32_t) speakers; /* accounts that said anything, ascending */
} corpus;

void corpus_done(corpus *c);
#define CORPUS_AUTO STRATA_CLEANUP(corpus_done)

/* The phrases of a text. They begin and end with a word that is no stop word, cross no punctuation
 * and hold no name (names.h). Accounts must come in ascending order. */
STRATA_MUST_CHECK strata_status corpus_add_text(corpus *c, hidden_names *h, const terms *stop,
                                                size_t account, const char *text, size_t len,
                                                strata_error *err);
/* A theme as written; one that holds an address, a name or a long number is left out. */
STRATA_MUST_CHECK strata_status corpus_add_theme(corpus *c, hidden_names *h, size_t account,
                                                 const char *theme, size_t len, strata_error *err);

#endif
