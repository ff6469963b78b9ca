/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_COVERAGE_HELD_BACK_H
#define STRATA_PLAN_COVERAGE_HELD_BACK_H

/* What keeps an account from being told of another tier, of less touch or of another manager now:
 * the model's `tier_change: {exceptions}`, judged for every account. One list for all documents. */

#include "base/strbuf.h"
#include "plan/migration/migration.h"

/* out[account]: bits 1 << k of the model's exceptions that hold on the view's date; the view must
 * have kept migration_slots(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status held_back_now(const context *cx, const view *v, arena *a,
                                              const uint32_t **out, strata_error *err);
/* Adds the names of the exceptions whose bits are set: "renewal near, health falling". */
void held_back_names(const model *m, uint32_t held, strbuf *out);

#endif
