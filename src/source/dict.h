/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_DICT_H
#define STRATA_SOURCE_DICT_H

/* Texts to dense numbers 0, 1, 2 ... in order of arrival. Finding is safe from many
 * threads while nobody adds. */

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

size_t dict_size(const dict *d);
/* The number of a text; DICT_NONE when it was never added. */
int32_t dict_find(const dict *d, text_view text);
/* Tells the processor that a text will soon be looked for: first this, some texts later the second,
 * some texts later dict_find. Large dictionaries do not fit into caches. */
void dict_prefetch(const dict *d, text_view text);
void dict_prefetch_entry(const dict *d, text_view text);
/* As dict_find, adding the text when it is new. STRATA_E_NOMEM, STRATA_E_DATA past two billion
 * texts. */
STRATA_MUST_CHECK strata_status dict_add(dict *d, text_view text, int32_t *code, strata_error *err);
/* Borrowed; holds as long as the dictionary. A NUL follows the text. */
text_view dict_text(const dict *d, int32_t code);

#endif
