/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_PLAYS_TASKS_H
#define STRATA_PLAN_PLAYS_TASKS_H

/* Who is due what: the next open step of each play that runs. A step is done when an intervention
 * of its playbook was recorded since the play began: the step whose key is the intervention's kind,
 * else the first that is open. */

#include "plan/plays/plays.h"
#include "store/store.h"

typedef struct intervention {
    int32_t account;
    day day;
    const char *playbook, *kind; /* kind may be NULL */
} intervention;

typedef struct intervention_list {
    const intervention *items; /* by account, then day */
    size_t n;
} intervention_list;

/* Those of a playbook, up to `until`; in `a`. */
STRATA_MUST_CHECK strata_status interventions_load(store_conn *c, day until, arena *a,
                                                   intervention_list *out, strata_error *err);

typedef struct task {
    uint32_t account, playbook, step;
    day began, due;
} task;

typedef struct task_list {
    /* Those due by the as-of date first; of these, and of the others on each day, the playbook with
     * the higher priority, then the account worth more, then by account and playbook. */
    const task *items;
    size_t n;
    size_t n_done;       /* steps of running plays */
    size_t n_recorded;   /* interventions of these playbooks, ever */
    size_t n_plays_done; /* running plays all of whose steps are done */
} task_list;

/* The plays whose next steps are wanted, what was done of them, and up to when they are due. */
typedef struct tasks_scope {
    const plays *running;
    const bound_playbooks *books;
    const intervention_list *done;
    const double *worth; /* by account; NULL: all alike */
    day until;
} tasks_scope;

/* In `a`. */
STRATA_MUST_CHECK strata_status tasks_list(const tasks_scope *scope, arena *a, task_list *out,
                                           strata_error *err);

#endif
