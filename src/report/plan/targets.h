/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_TARGETS_H
#define STRATA_REPORT_PLAN_TARGETS_H

/* The scoreboard: targets of the model file against what is. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/scoreboard.h"

typedef struct targets_input {
    const view *v;
    const scoreboard *s;
} targets_input;

/* "4 of 12 targets are met; furthest behind is GRR of Growth: 88.2 % of 95.0 %". */
void report_targets_title(strbuf *out, const targets_input *in);
/* One row for each segment and measure; those without a target only where there is no target at
 * all. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_targets(document *d, doc_section *parent,
                                               const targets_input *in, strata_error *err);

/* "GRR", "Cost to serve". */
const char *report_target_label(target_measure m);
const char *report_target_definition(target_measure m);
const char *report_target_inputs(target_measure m);

#endif
