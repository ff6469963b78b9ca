/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_PERSONA_ASK_H
#define STRATA_COMMAND_PERSONA_ASK_H

/* What commands about personas share: which groups of accounts they are of. */

#include "command/look.h"
#include "persona/persona.h"

enum { PERSONA_MONTHS = 12, PERSONA_MONTHS_MAX = 120 };

/* Turns the look to a dimension of --by (a dimension, a way to segment, or an attribute), or to one
 * of two segments for --where: the accounts that match, and all others. Without either it stays.
 * STRATA_E_USAGE for both together, and for an expression that is none. */
STRATA_MUST_CHECK strata_status persona_groups(look *l, strata_error *err);
/* Dates, the study, and the personas of l->def. --months. */
STRATA_MUST_CHECK strata_status persona_ask(look *l, personas *out, strata_error *err);

#endif
