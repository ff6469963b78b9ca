/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_FORMULA_H
#define STRATA_SOURCE_TEXT_FORMULA_H

/* `keep` and computed columns, over the rows of a piece. */

#include "source/text/parse.h"

typedef struct formula_values {
    uint8_t *keep;    /* by row; NULL: every row is kept */
    double **columns; /* by formula, by row; NaN: missing */
    size_t n_columns;
} formula_values;

/* Evaluates the plan's rules over all rows of the block. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status formula_eval(const plan *p, const lookups *l, const row_block *rows,
                                             unsigned *evidence, formula_values *out,
                                             strata_error *err);
void formula_values_done(formula_values *v);

#endif
