/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_USAGE_SORT_H
#define STRATA_SOURCE_USAGE_SORT_H

/* Rows of usage in memory, and their order. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/context.h"
#include "base/day.h"
#include "base/vec.h"

typedef struct usage_row {
    int32_t account; /* number, from 0 */
    day day;
    int32_t feature, user; /* codes; DAY_MISSING: not recorded */
    double count;          /* events */
} usage_row;

enum { USAGE_BLOCK_ROWS = 1 << 16 };

typedef struct usage_block {
    usage_row *rows; /* room for USAGE_BLOCK_ROWS */
    size_t n;
} usage_block;

typedef VEC(usage_block) usage_blocks;

/* Codes of dictionaries to final codes; NULL: codes stay. */
typedef struct usage_codes {
    const int32_t *features, *users;
} usage_codes;

/* By account, day, feature, user, count; missing codes come first. */
int usage_compare(const void *a, const void *b);
/* The row with final codes. */
usage_row usage_recode(usage_row row, const usage_codes *codes);
/* All rows of the blocks, recoded and in order of usage_compare, in one array (*out, free() it;
 * NULL for no rows). Blocks are freed one by one as they are copied, so that memory is needed once,
 * not twice; afterwards there are none. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status usage_sort(const context *cx, usage_block *blocks, size_t n_blocks,
                                           const usage_codes *codes, usage_row **out, size_t *n_out,
                                           strata_error *err);

#endif
