/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_INTERVENTION_LOG_H
#define STRATA_PLAN_EFFECT_INTERVENTION_LOG_H

/* Everything that was done for accounts, of a playbook or not: what the effect of doing it is
 * measured from. (interventions_load() of plan/plays/tasks.h reads what closes steps of plays.) */

#include "base/arena.h"
#include "base/day.h"
#include "store/store.h"

typedef struct logged_intervention {
    uint32_t account;
    day day;
    uint32_t name;  /* index into the log's names */
    double minutes; /* NaN: not recorded */
} logged_intervention;

typedef struct intervention_log {
    const logged_intervention *items; /* by account, then day, then name */
    size_t n;
    const char *const *names; /* the playbook, else the kind, else "not named"; ascending */
    size_t n_names;
} intervention_log;

/* Those up to and with `until`; allocated in `a`. */
STRATA_MUST_CHECK strata_status intervention_log_load(store_conn *c, day until, arena *a,
                                                      intervention_log *out, strata_error *err);

#endif
