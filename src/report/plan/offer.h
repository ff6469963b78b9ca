/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_OFFER_H
#define STRATA_REPORT_PLAN_OFFER_H

/* The matrix of segment against message, product, service and pricing, and the evidence and
 * accounts behind each line. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/offer/offer.h"

typedef struct offer_report {
    const view *v;
    const offer *offer;
    segment_code only; /* SEGMENT_ABSENT: all segments */
    size_t listed;     /* accounts of each line that are listed; 0: no list */
} offer_report;

void report_offer_title(strbuf *out, const offer_report *in);
/* The matrix alone: a table of sentences in the section. */
STRATA_MUST_CHECK strata_status report_offer_matrix(doc_section *s, const offer_report *in,
                                                    strata_error *err);
/* The lines of each column with their evidence. */
void report_offer_lines(document *d, doc_section *parent, const offer_report *in);
/* The accounts of each line; nothing when in->listed is 0. */
void report_offer_accounts(document *d, doc_section *parent, const offer_report *in);

#endif
