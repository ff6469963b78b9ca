/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_GIVEN_H
#define STRATA_SEGMENT_GIVEN_H

/* Expressions that come with a request, not from the model file: of an option such as --where. */

#include <strata/error.h>

#include "base/arena.h"
#include "rule/rule.h"

/* Compiles an expression of `option` for one date. STRATA_E_USAGE when it is wrong, looks back, or
 * names something that has no data. The rule is allocated in `a`. */
STRATA_MUST_CHECK strata_status given_value(arena *a, const char *text, const char *option,
                                            const rule_scope *scope, const rule **out,
                                            strata_error *err);
STRATA_MUST_CHECK strata_status given_condition(arena *a, const char *text, const char *option,
                                                const rule_scope *scope, const rule **out,
                                                strata_error *err);

#endif
