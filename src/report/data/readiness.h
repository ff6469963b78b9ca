/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_READINESS_H
#define STRATA_REPORT_DATA_READINESS_H

#include "document/document.h"
#include "source/readiness.h"

/* Warnings about the intake, which analyses run, which do not and what they miss, the inputs that
 * would add most, and what the model itself cannot compute for lack of data (a list of names with
 * reasons, may be empty). */
typedef struct readiness_gap {
    const char *name;   /* "health" */
    const char *reason; /* "needs usage" */
} readiness_gap;

void report_readiness(document *d, doc_section *parent, const readiness_report *r,
                      const readiness_gap *gaps, size_t n_gaps);

/* What a report of its own says last. */
void report_readiness_method(document *d);

#endif
