/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_HOLM_H
#define STRATA_STATS_INFERENCE_HOLM_H

#include <strata/error.h>

#include <stddef.h>

/* p-values corrected for having made n tests (Holm 1979; R: p.adjust(p, "holm")): sorted ascending,
 * the i-th becomes the largest of (n - j) p_j over j <= i, at most 1. `adjusted` may be `p`. */
STRATA_MUST_CHECK strata_status holm(const double *p, size_t n, double *adjusted,
                                     strata_error *err);

#endif
