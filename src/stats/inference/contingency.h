/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_CONTINGENCY_H
#define STRATA_STATS_INFERENCE_CONTINGENCY_H

#include <strata/error.h>

#include <stddef.h>

#include "stats/inference/test.h"

/* Pearson's chi-square test of independence of a table of counts, counts[row * n_columns + column].
 * Empty rows and columns do not count. Effect: Cramer's V = sqrt(chi2 / (n min(rows-1, columns-1)))
 * (Cramer 1946). Not defined under two non-empty rows or columns. `least_expected` (may be NULL) is
 * the smallest expected count: under 5 the p-value is rough (Cochran 1954). */
STRATA_MUST_CHECK strata_status chi_square_independence(const size_t *counts, size_t n_rows,
                                                        size_t n_columns, stat_test *out,
                                                        double *least_expected, strata_error *err);

#endif
