/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PROJECT_PINS_H
#define STRATA_PROJECT_PINS_H

#include "base/arena.h"
#include "model/bind.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

/* Reads the override files that the model names: CSV with account_id, segment,
 * who, why and, if wanted, from and until. A pin without who or why, for an
 * account or a segment that is not there, or with an impossible date is an error
 * with file, line and column: a person's decision must not get lost silently.
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status pins_read(const portfolio *p, const bound_model *b, arena *a,
                                          override_set *out, strata_error *err);

#endif
