/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_EXPANSION_BRIEF_H
#define STRATA_REPORT_PLAN_EXPANSION_BRIEF_H

/* The expansion brief: where the growth in the base is, whom to talk to and how, whether the score
 * would have been right, and in what order the hours there are allow it. */

#include "plan/growth/sequence.h"
#include "report/plan/growth.h"

typedef struct expansion_brief_input {
    growth_input growth;
    const view *own;     /* of the project's model */
    const bound_def *by; /* a dimension of it */
    const segment_room *rooms;
    const csm_list *csms;
    const int32_t *csm;              /* csms_of_accounts() */
    const growth_sequence *sequence; /* NULL: there is none */
    const char *no_sequence;         /* why */
} expansion_brief_input;

/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_expansion_brief(document *d, const expansion_brief_input *in,
                                                       strata_error *err);

#endif
