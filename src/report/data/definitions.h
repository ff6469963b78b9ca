/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_DEFINITIONS_H
#define STRATA_REPORT_DATA_DEFINITIONS_H

/* How two models differ, in words. */

#include "model/bind.h"

typedef struct definition_change {
    const char *of;             /* "Value tier", "score health" */
    const char *part;           /* "Growth", "weight of Adoption" */
    const char *before, *after; /* canonical text; NULL: was not there, is not there any more */
} definition_change;

/* Every difference that can decide a membership or a score, in the order of the new model, what
 * was removed last. Rules that differ in writing only are equal. Allocated in `a`. */
STRATA_MUST_CHECK strata_status definitions_compare(const bound_model *before,
                                                    const bound_model *after, arena *a,
                                                    const definition_change **out, size_t *n,
                                                    strata_error *err);

#endif
