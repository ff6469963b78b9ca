/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_CHECK_H
#define STRATA_SOURCE_CHECK_H

/* What must hold between the values of a row, and money in its final unit. */

#include "source/text/parse.h"

/* Completes row `row` of `r`: money to minor units of the reporting currency, by year where
 * the table has a period. NULL when all is well, else what is wrong, and *bad the field it shows
 * in. */
const char *check_row(const plan *p, const lookups *l, parsed *r, size_t row, size_t *bad);

#endif
