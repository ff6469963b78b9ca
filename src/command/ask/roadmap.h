/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_ROADMAP_H
#define STRATA_COMMAND_ASK_ROADMAP_H

#include "command/ask/strategy.h"
#include "plan/roadmap.h"

/* The roadmap of the project as it is now. After strategy_open(); `t` as the books were evened,
 * NULL: they were not. */
STRATA_MUST_CHECK strata_status roadmap_ask(look *l, const strategy *s, const territory *t,
                                            roadmap *out, strata_error *err);
/* The same in a report that does not even books, which takes long: the roadmap says so where there
 * are several. */
STRATA_MUST_CHECK strata_status roadmap_ask_without_books(look *l, const strategy *s, roadmap *out,
                                                          strata_error *err);

#endif
