/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORT_REVIEW_COHORT_REVIEW_H
#define STRATA_REPORT_COHORT_REVIEW_COHORT_REVIEW_H

/* The review of one cohort as a document: the answer, the evidence, what to do, how it was
 * computed. */

#include "base/strbuf.h"
#include "cohort/review/cohort_review.h"
#include "document/document.h"

typedef struct cohort_review_input {
    const cohort_review *r;
    const char *name;     /* "2025-Q1" */
    const char *grouping; /* "start quarter", "plan" */
    const char *command;  /* options that name the cohort for other commands: "--every quarter" */
    const char *caution;  /* NULL: nothing to say about the grouping */
} cohort_review_input;

/* "2025-Q1 kept 86.2 % of accounts by month 9, NRR is 108.1 %: better than the 6 cohorts before" */
void report_cohort_review_title(strbuf *out, const cohort_review_input *in);
void report_cohort_review(document *d, const cohort_review_input *in);

#endif
