/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PROPOSAL_PROPOSAL_H
#define STRATA_REPORT_PROPOSAL_PROPOSAL_H

/* The coverage proposal for those who decide: what is wrong with today's coverage, what is proposed
 * and why, who moves, what it brings, what will be said against it, and how to get there. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/coverage/transition.h"
#include "plan/territory/territory.h"
#include "plan/work/split.h"

typedef struct proposal_input {
    const view *v;
    const engagement *e;
    const csm_list *csms;
    const workload *w;
    const capacity *cap;
    const stakes *s;
    const coverage *c;
    const touch_effect *effect, *growth; /* of touch, on staying and on growth */
    const split *split;                  /* NULL: no effect, no stakes or no hours */
    const territory *t;                  /* NULL: nobody changes hands, because */
    const char *no_territory;            /* of this; NULL with t */
    territory_request request;
    const transition *plan;
    size_t most; /* accounts in each list */
} proposal_input;

void report_proposal_title(strbuf *out, const proposal_input *in);
/* coverage.right, .under and .over are not all empty. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_proposal(document *d, const proposal_input *in,
                                                strata_error *err);

#endif
