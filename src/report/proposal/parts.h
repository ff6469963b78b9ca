/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PROPOSAL_PARTS_H
#define STRATA_REPORT_PROPOSAL_PARTS_H

/* Inside the coverage proposal: what its parts share. */

#include "report/plan/capacity.h"
#include "report/proposal/proposal.h"
#include "report/report.h"

typedef struct proposal {
    document *d;
    const proposal_input *in;
    const char *currency, *value_label;
    bool has_value;
} proposal;

/* What a full programme keeps with those that get less than they should. */
touch_range proposal_kept(const proposal *p);
/* "$120k to $480k", "-$0.4M to $0.9M". */
words proposal_range(const proposal *p, double low, double high);
double proposal_hours(int64_t minutes);
words proposal_net(int64_t minutes); /* "1,240 hours more", "310 hours less" */
doc_cell proposal_money(const proposal *p, int64_t minor);
/* Money a year of so many minutes at the managers' mean cost; -1: no cost is known. */
int64_t proposal_cost(const proposal *p, int64_t minutes);
/* The books of the territory plan, held back moves left where they are. Only with in->t. */
transition_books proposal_books(const proposal *p);

typedef strata_status proposal_part(const proposal *p, strata_error *err);
proposal_part proposal_summary, proposal_problem, proposal_framework, proposal_who,
    proposal_effects, proposal_objections, proposal_transition, proposal_exceptions, proposal_lists,
    proposal_method;

#endif
