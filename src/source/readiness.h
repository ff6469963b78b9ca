/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_READINESS_H
#define STRATA_SOURCE_READINESS_H

/* Which analyses the data in the store allows, which not and why, and which inputs
 * would add most. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "model/model.h"
#include "store/store.h"

typedef struct readiness_analysis {
    const char *key;      /* stable: "value_tiers" */
    const char *analysis; /* "Value tiers by ARR" */
    bool runs;
    const char *missing; /* "ARR, and usage or supplied health"; NULL when it runs */
} readiness_analysis;

/* Something that is not there, and what it would switch on. */
typedef struct readiness_input {
    const char *key;      /* stable: "usage.user_id" */
    const char *input;    /* "users of usage (usage.user_id)" */
    size_t n_alone;       /* analyses that need nothing else */
    size_t n_with_others; /* analyses that need something else too */
    const char *enables;  /* "Active users, Breadth of adoption" */
} readiness_input;

/* Why segmentation may be the wrong tool, or why its results will be thin. */
typedef struct readiness_warning {
    const char *key;  /* "few_customers", "uniform_needs", "demographics_only", "nobody_acts",
                         "real_time" */
    const char *text; /* sentence with the figures */
} readiness_warning;

typedef struct readiness_report {
    const readiness_analysis *analyses;
    size_t n_analyses, n_running;
    const readiness_input *inputs; /* worth most first; at most 10 */
    size_t n_inputs;
    const readiness_warning *warnings;
    size_t n_warnings;
} readiness_report;

/* From what the store holds now. Allocated in `a`. */
STRATA_MUST_CHECK strata_status readiness(store *s, const model *m, arena *a, readiness_report *out,
                                          strata_error *err);

#endif
