/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_SEGMENT_OUTCOMES_H
#define STRATA_REPORT_SEGMENTS_SEGMENT_OUTCOMES_H

/* What became in 12 months of the accounts that were in a segment a year ago, beside all accounts:
 * NRR, GRR, churn, LTV, and where asked for who expanded. Needs ARR. The table's id is `id`. */

#include "analysis/profile.h"
#include "document/document.h"

typedef struct segment_outcomes {
    const view *v;
    const segment_profile *one, *all;
    bool expanded; /* with the share that has more ARR than then */
} segment_outcomes;

void report_segment_outcomes(document *d, doc_section *s, const char *id,
                             const segment_outcomes *o);

#endif
