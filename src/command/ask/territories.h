/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_TERRITORIES_H
#define STRATA_COMMAND_ASK_TERRITORIES_H

/* What `territories` and `report territories` share: the limits, and the plan under them. */

#include "command/ask/work.h"
#include "report/territories/territories.h"

typedef struct territories_ask {
    work_ask work; /* its look is not used */
    territory plan;
    territories_input input;
} territories_ask;

/* What holds unless options say otherwise: assumptions. */
void territories_usual(const look *l, territory_request *r);
/* The look is open, with its dates; `input.request` says what is wanted, and `lock`, which may be
 * NULL, which accounts stay. STRATA_E_INFEASIBLE names the limits that conflict. */
STRATA_MUST_CHECK strata_status territories_ask_read(look *l, const char *lock, territories_ask *t,
                                                     strata_error *err);

#endif
