/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_GROUPS_DATED_GROUPS_H
#define STRATA_COHORT_GROUPS_DATED_GROUPS_H

/* One grouping on several days, with the same codes on all of them: what a
 * forecast by segments and its back-test read. */

#include "cohort/forecast/backtest.h"
#include "cohort/groups/groups.h"

typedef struct dated_groups {
    const char *name; /* "value" */
    const dated_segments *days;
    size_t n_days;
    size_t n_segments;
    const char *const *labels; /* by code */
} dated_groups;

/* The segments of a dimension, in one segmentation. Days in any order. Allocated in `a`. */
STRATA_MUST_CHECK strata_status dated_groups_of_dimension(const context *cx, arena *a,
                                                          const portfolio *p, const bound_model *b,
                                                          const override_set *overrides,
                                                          const bound_def *dimension,
                                                          const day *days, size_t n_days,
                                                          dated_groups *out, strata_error *err);
/* The values of an expression, as groups_by_value() on each day. STRATA_E_USAGE for numbers: their
 * quartiles are different ones every day. */
STRATA_MUST_CHECK strata_status dated_groups_by_value(const context *cx, arena *a,
                                                      const portfolio *p, const bound_model *b,
                                                      const override_set *overrides,
                                                      const char *expression, const day *days,
                                                      size_t n_days, dated_groups *out,
                                                      strata_error *err);

#endif
