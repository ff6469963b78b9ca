/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_PRINCIPAL_AXES_H
#define STRATA_STATS_CLUSTERING_PRINCIPAL_AXES_H

#include <strata/error.h>

#include "stats/clustering/points.h"

/* Eigenvalues and eigenvectors of a symmetric matrix a[d * d], which is used up: value[d]
 * descending, vector[i * d ..] that of value[i], of length 1, its largest component above 0 (of
 * equally large ones the first). Jacobi's rotations (Golub & Van Loan 2013, section 8.5).
 * STRATA_E_NUMERIC: an entry is not finite. */
STRATA_MUST_CHECK strata_status symmetric_eigen(double *a, size_t d, double *value, double *vector,
                                                strata_error *err);

/* Principal axes of points about their mean: variance[d] (over n) descending, axes[i * d ..]. */
STRATA_MUST_CHECK strata_status principal_axes(const points *p, double *variance, double *axes,
                                               strata_error *err);

#endif
