/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_COVERAGE_H
#define STRATA_REPORT_PLAN_COVERAGE_H

/* Who gets more and who gets less touch than they should. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/coverage/coverage.h"
#include "plan/effect/touch_effect.h"

typedef struct coverage_input {
    const view *v;
    const engagement *e;
    const workload *w;
    const stakes *s;
    const coverage *c;
    const touch_effect *effect, *growth; /* of touch, on staying and on growth */
    size_t limit;                        /* accounts in each list at most */
} coverage_input;

/* "412 accounts get less touch than they should, 230 more". */
void report_coverage_title(strbuf *out, const coverage_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_coverage(document *d, doc_section *parent,
                                                const coverage_input *in, strata_error *err);

#endif
