/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_TASKS_H
#define STRATA_REPORT_PLAN_TASKS_H

/* Who is due what, and how the playbooks do. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/plays/tasks.h"
#include "plan/work/csms.h"
#include "segment/view.h"

typedef struct tasks_input {
    const view *v; /* has kept what the playbooks at work read */
    const bound_playbooks *books;
    const plays *plays;
    const task_list *tasks; /* as listed up to `until` */
    const csm_list *csms;
    const int32_t *csm; /* by account, csms_of_accounts() */
    const char *owner; /* only tasks of this owner: id or name of a manager, or a role; NULL: all */
    size_t playbook;   /* only this one; SIZE_MAX: all */
    size_t account;    /* only this one; SIZE_MAX: all */
    size_t limit;
    day until;
} tasks_input;

/* "84 steps are due by 7 July 2026, 31 of them late". */
void report_tasks_title(strbuf *out, const tasks_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_tasks(document *d, doc_section *parent,
                                             const tasks_input *in, strata_error *err);
/* Who does it: the account's manager by name for steps of the csm, else as the playbook says. */
const char *report_task_owner(const tasks_input *in, const task *t);
/* The manager's id, where a manager does it; else NULL. */
const char *report_task_owner_id(const tasks_input *in, const task *t);
/* "A-1042:save:sponsor:2026-06-12": of this step of this play and of no other, on any day. In `a`;
 * NULL without memory. */
const char *report_task_id(const tasks_input *in, const task *t, arena *a);
/* Whether a task is one of those asked for. */
bool tasks_input_wants(const tasks_input *in, const task *t);

void report_playbooks_title(strbuf *out, const tasks_input *in);
/* One row for each playbook: what triggers it, how often it began, runs, ended, and whether what it
 * is for came about. */
STRATA_MUST_CHECK strata_status report_playbooks(document *d, doc_section *parent,
                                                 const tasks_input *in, strata_error *err);

#endif
