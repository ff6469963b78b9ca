/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_PARSE_H
#define STRATA_RULE_PARSE_H

/* Text to tree, without looking at any scope. Private to src/rule. */

#include "rule/source.h"

STRATA_MUST_CHECK strata_status parse_expression(arena *a, const source *s, node **out,
                                                 strata_error *err);

#endif
