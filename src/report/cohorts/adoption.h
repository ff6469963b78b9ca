/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_ADOPTION_H
#define STRATA_REPORT_COHORTS_ADOPTION_H

/* How soon features are taken up. */

#include "base/strbuf.h"
#include "cohort/adoption.h"
#include "document/document.h"

typedef struct adoption_input {
    const adoption *adoption;
    size_t feature; /* the only one shown by group; SIZE_MAX: all features, of all accounts */
    size_t minimum_accounts;
} adoption_input;

/* "Half of the accounts use reports within 1.2 months; only 8 of 100 reach api by month 6". */
void report_adoption_title(strbuf *out, const adoption_input *in);
void report_adoption(document *d, doc_section *parent, const adoption_input *in);

#endif
