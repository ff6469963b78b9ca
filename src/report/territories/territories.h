/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_TERRITORIES_TERRITORIES_H
#define STRATA_REPORT_TERRITORIES_TERRITORIES_H

/* Are the books fair, and what is the least disruptive way to make them so? */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/territory/territory.h"

typedef struct territories_input {
    const view *v;
    const workload *w;
    const territory *t; /* limits met */
    territory_request request;
    size_t shown;     /* moves listed at most */
    const char *lock; /* the expression; NULL: none */
} territories_input;

/* "Moving 123 of 2,000 accounts brings the hours above fair shares from 18.2 % to 5.1 %". */
void report_territories_title(strbuf *out, const territories_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_territories(document *d, doc_section *parent,
                                                   const territories_input *in, strata_error *err);

#endif
