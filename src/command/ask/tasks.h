/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_TASKS_H
#define STRATA_COMMAND_ASK_TASKS_H

/* What `tasks` and `playbooks` share: the playbooks of the model, the plays they made, what was
 * done. */

#include "command/look.h"
#include "report/plan/tasks.h"

typedef struct tasks_ask {
    look look;
    playbook_list list;
    bound_playbooks books;
    plays plays;
    csm_list csms;
    task_list tasks;
    tasks_input input;
} tasks_ask;

void tasks_ask_done(tasks_ask *t);
#define TASKS_ASK_AUTO STRATA_CLEANUP(tasks_ask_done)

/* Steps due up to `within` days after the as-of date. */
STRATA_MUST_CHECK strata_status tasks_ask_open(call *c, long within, tasks_ask *t,
                                               strata_error *err);
/* The same of a look that is opened and has its dates, but no view yet; `keep`: slots that the view
 * keeps besides what playbooks read. */
STRATA_MUST_CHECK strata_status tasks_ask_follow(tasks_ask *t, long within, const size_t *keep,
                                                 size_t n_keep, strata_error *err);

#endif
