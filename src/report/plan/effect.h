/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_EFFECT_H
#define STRATA_REPORT_PLAN_EFFECT_H

/* The next 12 months as accounts are looked after today, and under the plan, as ranges. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/effect/plan.h"

typedef struct effect_input {
    const view *v;
    const effect_plan *plan;
    const outlook *o;
    const outlook_trial *trials;
    size_t n_trials;
} effect_input;

/* "The plan keeps $1.2M more ARR in 12 months ($0.4M to $2.1M): NRR 101.2 % instead of 99.8 %". */
void report_effect_title(strbuf *out, const effect_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_effect(document *d, doc_section *parent,
                                              const effect_input *in, strata_error *err);

#endif
