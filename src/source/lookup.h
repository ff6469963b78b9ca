/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LOOKUP_H
#define STRATA_SOURCE_LOOKUP_H

/* Ids and names of a piece to codes, all rows together: dictionaries are larger than caches, and
 * asking for many entries at once is several times as fast as for one after the other. */

#include "source/text/parse.h"

/* Do values of this kind become codes? */
bool lookup_is_code(field_kind kind);
/* Fills out->codes for the rows of the block; DICT_NONE where the account is not known. */
void lookup_accounts(const plan *p, const lookups *l, const row_block *rows, parsed *out);
/* Codes of out->names into out->columns, new names being added; DAY_MISSING where there is none.
 * STRATA_E_NOMEM, STRATA_E_DATA. */
STRATA_MUST_CHECK strata_status lookup_names(const plan *p, const lookups *l, parsed *out,
                                             strata_error *err);

#endif
