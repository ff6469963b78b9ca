/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_NAMES_H
#define STRATA_PERSONA_NAMES_H

/* Names of people and companies, so that what is said of many never shows one. Words are hidden
 *   everywhere: those of contacts' e-mail addresses before the @ (shared mailboxes such as
 *     "support" left out), and accounts' names as a whole;
 *   in texts of the account itself: each word of its name, of its contacts' domains, and words of
 *     their ids and titles that fewer than NAMES_COMMON accounts share. */

#include <strata/error.h>

#include "persona/terms.h"
#include "persona/text.h"
#include "segment/portfolio.h"

enum {
    NAMES_COMMON = 3,
    NAMES_WORDS_MAX = 6 /* of an account's name; longer ones are looked for by their beginning */
};

typedef struct own_word {
    uint32_t account, word; /* of `words` */
    bool rare_only;         /* hidden only while fewer than NAMES_COMMON accounts have it */
} own_word;

typedef struct hidden_names {
    terms people; /* words */
    terms firms;  /* words of a name with blanks between */
    terms words;  /* all words that some account hides in its own texts */
    VEC(own_word) own;
    VEC(size_t) start;           /* by account, into `own`; one more than there are accounts */
    VEC(uint32_t) accounts_with; /* by word of `words`: of those that are hidden while rare */
    terms mailboxes, legal;
    text_words scratch;
    strbuf joined;
} hidden_names;

void hidden_names_done(hidden_names *h);
#define HIDDEN_NAMES_AUTO STRATA_CLEANUP(hidden_names_done)

/* Adds accounts' names, then contacts; call names_ready() before asking. */
STRATA_MUST_CHECK strata_status names_add_account(hidden_names *h, size_t account, const char *name,
                                                  strata_error *err);
/* Any of the three may be NULL; an id that is an e-mail address is taken for one. */
STRATA_MUST_CHECK strata_status names_add_contact(hidden_names *h, size_t account, const char *id,
                                                  const char *title, const char *email,
                                                  strata_error *err);
/* The part of an address before the @. */
STRATA_MUST_CHECK strata_status names_add_user(hidden_names *h, const char *email,
                                               strata_error *err);
STRATA_MUST_CHECK strata_status names_ready(hidden_names *h, size_t n_accounts, strata_error *err);

/* Whether word i of a text of the account is part of a name; *n is set to how many words the name
 * takes from there. */
STRATA_MUST_CHECK strata_status names_hide(hidden_names *h, size_t account, const text_words *t,
                                           size_t i, size_t *n, strata_error *err);

#endif
