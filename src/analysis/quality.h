/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_QUALITY_H
#define STRATA_ANALYSIS_QUALITY_H

/* Inside the quality card: one function per row. Each fills verdict, evidence,
 * numbers and test of a row whose key and label are set. */

#include <strata/error.h>

#include "analysis/group.h"
#include "analysis/quality_card.h"

typedef struct quality_builder {
    const study *s;
    const bound_def *def;
    const model_dimension *dim;
    arena *a;
    size_t n_segments;  /* the one for missing values not counted */
    size_t missing;     /* code of the segment for missing values; SIZE_MAX: there is none */
    size_t in_segments; /* accounts in any segment now */
    size_t *size;       /* by code */
    int64_t *value;     /* by code, minor units; all 0 without values */
    int64_t total_value;
} quality_builder;

typedef strata_status quality_fn(const quality_builder *x, quality_row *row, strata_error *err);

quality_fn quality_exclusive, quality_exhaustive, quality_measurable, quality_substantial,
    quality_reachable, quality_distinct_churn, quality_distinct_growth, quality_distinct_survival,
    quality_actionable, quality_stable, quality_number;

/* Sets verdict, evidence (as made by arena_printf; NULL is out of memory) and n numbers. */
STRATA_MUST_CHECK strata_status quality_set(const quality_builder *x, quality_row *row,
                                            quality_verdict verdict, const char *evidence,
                                            const named_value *numbers, size_t n,
                                            strata_error *err);
/* After the Holm correction: verdict and sentence of the k-th distinct_ row (0 churn, 1 growth, 2
 * survival) when its test was done. */
STRATA_MUST_CHECK strata_status quality_judge_distinct(const quality_builder *x, quality_row *row,
                                                       size_t k, strata_error *err);

#endif
