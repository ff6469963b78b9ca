/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_HISTORY_KEYS_H
#define STRATA_HISTORY_KEYS_H

/* Names in the store to numbers of the present model and portfolio. */

#include "model/bind.h"
#include "segment/code.h"
#include "segment/portfolio.h"
#include "store/column.h"

/* The segment that is recorded under `key`; SEGMENT_OTHER_MODEL when the model has none. */
segment_code history_code(const bound_model *b, const bound_def *def, text_view key);
/* The account with that id at or behind number `from`: recorded rows come in order of account id,
 * which is the order of account numbers, so that one walk finds them all. SIZE_MAX: none. */
size_t history_account(const portfolio *p, text_view id, size_t from);

#endif
