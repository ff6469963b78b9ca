/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_BRIEF_BRIEF_H
#define STRATA_REPORT_BRIEF_BRIEF_H

/* The account brief: what to know before the call, on one page, in the words of somebody who knows
 * the account. Every sentence is a fact or follows from one. */

#include "base/strbuf.h"
#include "brief/account_facts.h"
#include "brief/account_path.h"
#include "document/document.h"
#include "plan/growth/growth.h"
#include "plan/plays/tasks.h"
#include "plan/work/csms.h"
#include "segment/view.h"

/* Places of the values that are followed over the months. */
typedef enum brief_line {
    BRIEF_VALUE,
    BRIEF_EVENTS,
    BRIEF_USERS,
    BRIEF_HEALTH,
    BRIEF_LINES
} brief_line;

typedef struct brief_input {
    const view *v; /* watches the account, keeps report_brief_slots() and those of the playbooks,
                      holds changes */
    size_t account;
    const account_facts *facts;
    const brief_dates *dates;
    const account_path *path; /* of report_brief_lines() and `score` at these dates */
    const bound_def *score;   /* that health comes from; NULL: none */
    const csm_list *csms;
    const int32_t *csm;      /* csms_of_accounts() */
    const view *growth_view; /* of a model with expansion; NULL: there is none */
    const growth_model *growth;
    const char *no_growth;       /* why there is none */
    const growth_people *people; /* by account */
    const bound_playbooks *books;
    const task_list *tasks; /* of the account's plays, as due within `due_within` days */
    const plays *plays;
    int due_within;
} brief_input;

/* Slots that the view must keep. In `a`. */
STRATA_MUST_CHECK strata_status report_brief_slots(const portfolio *p, const bound_model *b,
                                                   arena *a, const size_t **slots, size_t *n,
                                                   strata_error *err);
/* Slots of the lines, BRIEF_LINES of them; of what the portfolio has not, any that stays missing.
 */
void report_brief_lines(const portfolio *p, const bound_model *b, size_t out[BRIEF_LINES]);
/* The score that health is, or is made from; NULL: the model has none. */
const bound_def *report_brief_score(const bound_model *b);

/* "Cedar Textiles 76: $563k a year, health 53, renews in 15 days" */
void report_brief_title(strbuf *out, const brief_input *in);
/* STRATA_E_NOMEM, and what explaining rules fails with. */
STRATA_MUST_CHECK strata_status report_brief(document *d, const brief_input *in, strata_error *err);

#endif
