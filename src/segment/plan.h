/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_PLAN_H
#define STRATA_SEGMENT_PLAN_H

/* What a segmentation has to compute before it starts: which features, which
 * definitions, at which dates. */

#include "base/vec.h"
#include "model/bind.h"
#include "panel/features.h"

/* A set of slots of the bound scope, and what computing them takes. */
typedef struct slot_plan {
    uint8_t *wanted;      /* by slot: 1 when it has to be there */
    feature_id *features; /* the computed ones, ascending: what the sweep is asked for */
    size_t n_features;
    size_t *feature_at;     /* by feature id: its place in `features` */
    const bound_def **defs; /* those wanted, in order of evaluation */
    size_t n_defs;
} slot_plan;

/* A date to evaluate, and what its rules look back at. */
typedef struct plan_date {
    day day;
    size_t requested;  /* index into the request's dates; SIZE_MAX: only looked back at */
    size_t previous;   /* index into plan dates of the review before; SIZE_MAX: none */
    size_t first_past; /* past dates are first_past .. this one - 1; == own index: none */
} plan_date;

typedef struct date_plan {
    plan_date *dates; /* ascending */
    size_t n;
} date_plan;

/* Closure of `roots` (slots) under what their definitions read. All allocated in `a`. */
STRATA_MUST_CHECK strata_status slot_plan_make(const bound_model *b, const size_t *roots,
                                               size_t n_roots, arena *a, slot_plan *out,
                                               strata_error *err);

/* The requested dates, the review before each where a rule says `turned`, and weekly
 * dates back to the longest `for N days`. */
STRATA_MUST_CHECK strata_status date_plan_make(const bound_model *b, const day *dates, size_t n,
                                               arena *a, date_plan *out, strata_error *err);

/* Whether rules look at other dates than the one they are evaluated at. */
bool plan_looks_back(const bound_model *b);

/* The last review day strictly before d: the end of the week (Sunday), month or quarter. */
day review_period_before(review_every every, day d);

#endif
