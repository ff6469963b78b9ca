/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEEN_WORDS_H
#define STRATA_REPORT_SEEN_WORDS_H

#include "base/arena.h"
#include "rule/rule.h"

/* What a rule saw, such as "arr_growth_12m is 33.6255%", as people say it: "ARR growth is 33.6 %".
 * Names that the scope does not have stay as they are. In the arena; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status seen_words(const rule_scope *scope, const char *text, arena *a,
                                           const char **out, strata_error *err);

#endif
