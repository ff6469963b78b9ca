/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_INTERVENTIONS_H
#define STRATA_REPORT_PLAN_INTERVENTIONS_H

/* What interventions brought, against accounts like those that had them. */

#include "base/strbuf.h"
#include "document/document.h"
#include "model/bind.h"
#include "plan/effect/intervention_effect.h"

typedef struct interventions_input {
    const bound_model *b;
    const intervention_effects *effects;
    const bound_def *dimension; /* matched within its segments; NULL: none */
} interventions_input;

/* "Accounts with an intervention stayed 2.9 points more often for three months". */
void report_interventions_title(strbuf *out, const interventions_input *in);
/* A table with a row for each name, one of the balance of covariates, and how it was measured.
 * STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_interventions(document *d, doc_section *parent,
                                                     const interventions_input *in,
                                                     strata_error *err);

#endif
