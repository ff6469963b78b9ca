/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_PLAYS_PLAYBOOKS_H
#define STRATA_PLAN_PLAYS_PLAYBOOKS_H

/* Playbooks made ready for a portfolio: their conditions compiled, and which of them its data and
 * model can carry. */

#include "model/bind.h"
#include "model/playbook.h"

typedef struct bound_playbook {
    const playbook *p;
    const rule *trigger, *exit, *measure; /* exit and measure may be NULL */
    const char *off; /* why it cannot run here: "needs contacts", "the model has no 'health'" */
} bound_playbook;

typedef struct bound_playbooks {
    const bound_playbook *items;
    size_t n;
    const size_t *slots; /* that those at work read, each once */
    size_t n_slots;
} bound_playbooks;

/* A shipped playbook that names what the model has not is off; one of the model's own is an error,
 * STRATA_E_MODEL with its place. So are conditions that look back ('turned', 'for N days'): a play
 * begins when its trigger turns true as it is. Allocated in `a`. */
STRATA_MUST_CHECK strata_status playbooks_bind(const playbook_list *list, const bound_model *b,
                                               arena *a, bound_playbooks *out, strata_error *err);

/* Days from a play's begin to its end when nothing ends it earlier. */
int playbook_days(const playbook *p);

#endif
