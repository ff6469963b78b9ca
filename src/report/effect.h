/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_EFFECT_H
#define STRATA_REPORT_EFFECT_H

/* The next 12 months as accounts are looked after today, and under the plan, as ranges. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/outlook.h"
#include "plan/simulation.h"

/* One part of the plan. */
typedef struct plan_part {
    const char *name;         /* "Coverage", or the action's */
    const char *what;         /* whom it is for and what it keeps, in words */
    const char *source;       /* "measured: ..."; "assumed (strata.yaml:14)" */
    size_t accounts;          /* that get it */
    double hours;             /* a year more; below 0: fewer. NaN: not known */
    const sim_effect *effect; /* NULL: it changes nothing that is known */
} plan_part;

typedef struct effect_input {
    const view *v;
    const outlook *o;
    const outlook_trial *trials;
    size_t n_trials;
    const plan_part *parts;
    size_t n_parts;
    double hours, plan_hours; /* a year, of all managers; NaN: not known */
    double cost;              /* of the plan's further hours, minor units; NaN: not known */
} effect_input;

/* "The plan keeps $1.2M more ARR in 12 months ($0.4M to $2.1M): NRR 101.2 % instead of 99.8 %". */
void report_effect_title(strbuf *out, const effect_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_effect(document *d, doc_section *parent,
                                              const effect_input *in, strata_error *err);

#endif
