/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_OPERATING_MODEL_H
#define STRATA_REPORT_PLAN_OPERATING_MODEL_H

/* How each segment is to be looked after, what that takes, and what it is for. */

#include "document/document.h"
#include "plan/coverage/stakes.h"
#include "plan/work/capacity.h"

typedef struct operating_input {
    const view *v;
    const engagement *e;
    const capacity *c;
    const stakes *s; /* NULL: what was lost is not shown */
} operating_input;

/* A table in the section, a sentence on hours against capacity, and where programmes come from. */
STRATA_MUST_CHECK strata_status report_operating_model(document *d, doc_section *s,
                                                       const operating_input *in,
                                                       strata_error *err);
/* Share of its ARR that a segment lost in the last 12 months; NaN: not known. */
double operating_loss(const stakes *s, size_t segment);

#endif
