/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_TIER_CHANGE_TIER_CHANGE_H
#define STRATA_REPORT_TIER_CHANGE_TIER_CHANGE_H

/* The papers of one account's change of tier: what holds it back, touch now and then, the plan,
 * what the customer is told, what is said inside, the brief and first 30 days of who takes over. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/migration/tier_change.h"

typedef struct tier_papers_input {
    const view *v;
    arena *a;
    const migration_paths *paths;
    const tier_change *change;
} tier_papers_input;

/* "Harbor School from Growth up to Strategic on 3 August 2026". */
void report_tier_change_title(strbuf *out, const tier_papers_input *in);
STRATA_MUST_CHECK strata_status report_tier_change(document *d, doc_section *parent,
                                                   const tier_papers_input *in, strata_error *err);

#endif
