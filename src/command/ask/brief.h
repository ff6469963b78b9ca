/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_BRIEF_H
#define STRATA_COMMAND_ASK_BRIEF_H

/* All that the brief of one account is made from. */

#include "command/look.h"
#include "report/brief/brief.h"

typedef struct brief_ask {
    look look, grow; /* the project's model; the same, or the template `expansion`, for growth */
    account_facts facts;
    brief_dates dates;
    account_path path;
    csm_list csms;
    growth_model growth;
    playbook_list list;
    bound_playbooks books;
    plays plays;
    task_list tasks;
    brief_input input;
} brief_ask;

void brief_ask_done(brief_ask *b);
#define BRIEF_ASK_AUTO STRATA_CLEANUP(brief_ask_done)

/* `account`: an id, or a name that one account has. STRATA_E_NOTFOUND with the nearest. */
STRATA_MUST_CHECK strata_status brief_ask_open(call *c, const char *account, int due_within,
                                               brief_ask *b, strata_error *err);

#endif
