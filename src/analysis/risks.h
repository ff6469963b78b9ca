/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_RISKS_H
#define STRATA_ANALYSIS_RISKS_H

/* Inside the analyses: what speaks against customers staying, as expressions. */

#include <strata/error.h>

#include "analysis/profile.h"

typedef struct risk_list {
    const profile_risk *items; /* most money first */
    size_t n;
} risk_list;

/* lists[g] by segment now, the last one, n_segments, all together. Risks whose data is missing are
 * left out, and so are those that apply to nobody. Allocated in `a`. */
STRATA_MUST_CHECK strata_status risks_of_segments(const study *s, const bound_def *def, arena *a,
                                                  risk_list **out, strata_error *err);

#endif
