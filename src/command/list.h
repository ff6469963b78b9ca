/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_LIST_H
#define STRATA_COMMAND_LIST_H

#include <strata/error.h>

#include "base/arena.h"

/* The parts of a list of names or expressions: split at commas outside parentheses and quotes,
 * spaces around them dropped. Allocated in `a`. */
STRATA_MUST_CHECK strata_status call_expressions(arena *a, const char *text,
                                                 const char *const **out, size_t *n,
                                                 strata_error *err);

#endif
