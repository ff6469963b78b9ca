/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_DATED_RULES_H
#define STRATA_ANALYSIS_DATED_RULES_H

/* Conditions judged for every account on many dates, each from what was known then: milestones on
 * somebody's 90th day, stages of a journey week by week. One sweep of the ledgers where memory
 * allows, else one for each stretch of dates. */

#include <strata/error.h>

#include <stdbool.h>

#include "base/context.h"
#include "model/bind.h"
#include "segment/portfolio.h"

typedef struct dated_rules {
    const portfolio *p;
    const bound_model *b;
    const rule *const *rules; /* of the model's scope; NULL elements are not judged */
    size_t n_rules;
    const day *dates; /* ascending, distinct */
    size_t n_dates;
    const size_t *slots; /* computed features and definitions wanted besides; may be NULL */
    size_t n_slots;
} dated_rules;

/* Accounts first .. first + n - 1 on one date. */
typedef struct dated_block {
    size_t date; /* index into the dates */
    day day;
    size_t first, n;
    const uint8_t *verdicts; /* [rule * n + account]: RULE_NO, RULE_YES, RULE_UNKNOWN */
    const column *columns;   /* by slot; both pointers NULL where neither rules nor slots want it */
} dated_block;

/* Is anything to be judged on this date for these accounts? */
typedef bool dated_wants_fn(void *job, size_t date, size_t first, size_t n);
/* Told of blocks from any thread; those of one account come in order of dates. */
typedef void dated_rules_fn(void *job, const dated_block *block);

/* Why a condition cannot be judged so, for a person: what it reads has no data, or it looks back,
 * or it reads segments or quantiles, which are not kept for all dates. NULL: it can. Sets *out;
 * STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status dated_rule_lacks(const bound_model *b, const rule *r,
                                                 const char **out, strata_error *err);

/* `wants` may be NULL: everything. Rules must be such that dated_rule_lacks() has nothing to say.
 */
STRATA_MUST_CHECK strata_status dated_rules_judge(const context *cx, const dated_rules *q,
                                                  dated_wants_fn *wants, dated_rules_fn *fn,
                                                  void *job, strata_error *err);

#endif
