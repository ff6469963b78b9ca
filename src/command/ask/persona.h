/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_PERSONA_H
#define STRATA_COMMAND_ASK_PERSONA_H

/* What commands about personas share: which groups of accounts they are of. */

#include "command/look.h"
#include "persona/persona.h"

enum { PERSONA_MONTHS = 12, PERSONA_MONTHS_MAX = 120 };

/* Turns the look to a dimension of --by (a dimension, a way to segment, or an attribute), or to one
 * of two segments for --where: the accounts that match, and all others; for --clusters, of the
 * clusters that were kept last as of the date (with --where: of those accounts). Without any it
 * stays. STRATA_E_USAGE for --by with another, and for an expression that is none;
 * STRATA_E_NOTFOUND when no clusters are kept. */
STRATA_MUST_CHECK strata_status persona_groups(look *l, strata_error *err);
/* Is the look's dimension one that persona_groups() made, which no other command knows? */
bool persona_has_own(const look *l);
/* Dates, the study, and the personas of l->def. --months. */
STRATA_MUST_CHECK strata_status persona_ask(look *l, personas *out, strata_error *err);

#endif
