/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_ROADMAP_H
#define STRATA_COMMAND_ASK_ROADMAP_H

#include "command/ask/strategy.h"
#include "plan/roadmap.h"

/* The roadmap of the project as it is now. After strategy_open(); `t` as the books were evened,
 * NULL: they were not. */
STRATA_MUST_CHECK strata_status roadmap_ask(look *l, const strategy *s, const territory *t,
                                            roadmap *out, strata_error *err);

#endif
