/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_CLUSTERS_TREES_H
#define STRATA_REPORT_CLUSTERS_TREES_H

/* Account trees: families of accounts, or the one that an account is in. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/offer/families.h"

typedef struct trees_input {
    const view *v;
    const families *f;
    const family_findings *found;
    size_t account; /* whose family is shown; SIZE_MAX: all */
    size_t limit;   /* rows of each list */
} trees_input;

/* "120 families of 310 accounts hold $12.3M of ARR, 20.0 %" */
void report_trees_title(strbuf *out, const trees_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_trees(document *d, doc_section *parent,
                                             const trees_input *in, strata_error *err);

#endif
