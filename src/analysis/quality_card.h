/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_QUALITY_CARD_H
#define STRATA_ANALYSIS_QUALITY_CARD_H

/* Is this a good segmentation? One row per property, each with a verdict and the
 * evidence for it. */

#include "analysis/figure.h"
#include "analysis/study.h"

typedef enum quality_verdict {
    QUALITY_PASS,
    QUALITY_WARN,
    QUALITY_FAIL,
    QUALITY_UNKNOWN
} quality_verdict;
const char *quality_verdict_name(quality_verdict v); /* "pass" */

/* Keys, in order: exclusive, exhaustive, measurable, substantial, reachable, distinct_churn,
 * distinct_growth, distinct_survival, actionable, stable, number. */
typedef struct quality_row {
    const char *key, *label;
    quality_verdict verdict;
    const char *evidence; /* one sentence with figures */
    const named_value *numbers;
    size_t n_numbers;
    test_figure test; /* of the distinct_ rows; Holm over the three */
} quality_row;

typedef struct quality_card {
    const bound_def *def;
    const char *name, *label;
    const quality_row *rows;
    size_t n_rows;
    /* Keys: arr_only, never_refreshed, not_operationalised, inconsistent, unvalidated. PASS: not
     * so. */
    const quality_row *pitfalls;
    size_t n_pitfalls;
    size_t n_pass, n_warn, n_fail, n_unknown; /* of the rows, not of the pitfalls */
} quality_card;

typedef struct quality_inputs {
    const model_warning *warnings; /* of model_check() */
    size_t n_warnings;
    day last_run; /* of the last recorded run of this model; DAY_MISSING: none */
} quality_inputs;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status quality_card_make(const study *s, const bound_def *def,
                                                  const quality_inputs *inputs, arena *a,
                                                  const quality_card **out, strata_error *err);

#endif
