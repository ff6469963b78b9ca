/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_PANEL_H
#define STRATA_PLAN_EFFECT_PANEL_H

/* What was known of accounts on the days on which somebody had an intervention: the covariates that
 * it may have followed from, of those who had it and of others. And the segments, week by week.
 * Inside the effects. */

#include "base/context.h"
#include "model/bind.h"
#include "plan/effect/intervention_log.h"
#include "segment/code.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

enum { EFFECT_YEARS = 3, EFFECT_COVARIATES_MAX = 40 };

typedef struct effect_covariate {
    const char *name; /* of the feature: "arr" */
    const char *label;
} effect_covariate;

/* Rows lie by date, and by account within a date. */
typedef struct effect_panel {
    const day *dates; /* with an intervention, ascending */
    size_t n_dates;
    const size_t *start;     /* by date: its first row; n_dates + 1 of them */
    const uint32_t *account; /* by row */
    size_t n_rows;
    const effect_covariate *columns; /* none is the same for all */
    size_t n_columns;
    size_t due;        /* the column that says whether a renewal is due; SIZE_MAX: none */
    const float *x;    /* [row * n_columns + column]; missing values: the mean, and 1 in the column
                          that says so */
    const bool *there; /* by row: a customer */
    const segment_code *codes; /* by row; SEGMENT_ABSENT without a dimension */
} effect_panel;

typedef struct effect_panel_request {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides; /* may be NULL */
    const intervention_log *log;
    const bound_def *dimension; /* NULL: none */
    day as_of;
} effect_panel_request;

/* The days are those of the last three years on which an item of the log lies. Rows: of all
 * accounts that had an intervention on the day; of the others all, or every so many-th, as make a
 * million rows together. Allocated in `a`. */
STRATA_MUST_CHECK strata_status effect_panel_make(const context *cx, const effect_panel_request *q,
                                                  arena *a, effect_panel *out, strata_error *err);

/* Index of a date, SIZE_MAX: not among them; of the row of an account at a date, the same. */
size_t effect_panel_date(const effect_panel *p, day t);
size_t effect_panel_row(const effect_panel *p, size_t date, uint32_t account);

/* Segments of all accounts at days a week apart (four weeks, in portfolios of more than 200,000).
 */
typedef struct effect_segments {
    day first;
    int step;
    size_t n_dates, n_accounts;
    const segment_code *codes; /* [date * n_accounts + account] */
} effect_segments;

STRATA_MUST_CHECK strata_status effect_segments_make(const context *cx,
                                                     const effect_panel_request *q, arena *a,
                                                     effect_segments *out, strata_error *err);
/* At the last of the days that is not after t; SEGMENT_ABSENT before the first. */
segment_code effect_segment_at(const effect_segments *s, uint32_t account, day t);

#endif
