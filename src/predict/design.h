/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_DESIGN_H
#define STRATA_PREDICT_DESIGN_H

/* Features as a logistic regression can use them: skewed amounts and counts as logarithms, far-out
 * values drawn in to the 1st and 99th percentile, missing ones at the mean with a column of their
 * own that says so. All of it is learned from the rows to be learned from. */

#include "predict/rows.h"

typedef struct design_column {
    size_t candidate;      /* column of the rows */
    bool logged;           /* sign(x) ln(1 + |x|) */
    double low, high;      /* after the logarithm; what lies outside is drawn in */
    double mean;           /* of the known, after all that */
    size_t missing_column; /* in a design row; SIZE_MAX: none */
    size_t near_column;    /* of a duration, the first of DESIGN_NEAR: it is so short */
} design_column;

/* Of a duration what matters is often whether it is short: a renewal next month, a week unseen. */
enum { DESIGN_NEAR = 2 };
static const double DESIGN_NEAR_DAYS[DESIGN_NEAR] = {30.0, 90.0};

typedef struct design {
    const design_column *columns;
    size_t n;     /* features; they are the first columns of a design row */
    size_t width; /* with the columns for missing values and short durations */
} design;

/* From the n rows whose numbers are in `which`; uses the candidates not left out. Allocated in `a`.
 */
STRATA_MUST_CHECK strata_status design_make(const rows *r, const candidates *c,
                                            const uint32_t *which, size_t n, arena *a, design *out,
                                            strata_error *err);
/* The design of some of its features alone: those whose places are in `keep`, ascending. */
STRATA_MUST_CHECK strata_status design_pick(const design *d, const size_t *keep, size_t n, arena *a,
                                            design *out, strata_error *err);
/* One row of raw values (all candidates) into `width` finite values. */
void design_row(const design *d, const double *raw, double *out);

#endif
