/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_DICT_H
#define STRATA_SOURCE_DICT_H

/* Texts to dense numbers 0, 1, 2 ... in order of arrival. Many threads may find and add at once:
 * finding takes no lock, adding one for all the new texts of a call. Which of two threads comes
 * first is chance, and so are the numbers then given. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "store/column.h"

enum { DICT_NONE = -1 };

typedef struct dict dict;

STRATA_MUST_CHECK strata_status dict_new(dict **out, strata_error *err);
void dict_free(dict *d); /* NULL is fine */
STRATA_DEFINE_AUTO(dict, dict_free)

/* How many texts there are, while nobody adds. */
size_t dict_size(const dict *d);
/* The number of a text; DICT_NONE when it was never added. */
int32_t dict_find(const dict *d, text_view text);
/* The numbers of n texts; DICT_NONE also for a NULL ptr. */
void dict_find_all(const dict *d, const text_view *texts, size_t n, int32_t *codes);
/* As dict_find, adding the text when it is new. STRATA_E_NOMEM, STRATA_E_DATA past two billion
 * texts. */
STRATA_MUST_CHECK strata_status dict_add(dict *d, text_view text, int32_t *code, strata_error *err);
/* As dict_find_all, adding the texts that are new. */
STRATA_MUST_CHECK strata_status dict_add_all(dict *d, const text_view *texts, size_t n,
                                             int32_t *codes, strata_error *err);
/* Gives back what adding has outgrown, while nobody finds or adds. */
void dict_settle(dict *d);
/* Borrowed; holds as long as the dictionary. A NUL follows the text. */
text_view dict_text(const dict *d, int32_t code);

#endif
