/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_GROWTH_H
#define STRATA_REPORT_GROWTH_H

/* The expansion brief: where the growth in the base is. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/growth.h"

typedef struct growth_input {
    const view *v;
    const growth *growth;
    const growth_trial *trial;
    size_t limit; /* accounts listed */
} growth_input;

/* What a CSM could say first, for the sign that earned most points: a sentence and a question.
 * gap: minor units, 0 or less: not known. Replaces what `out` held. */
void report_growth_opener(strbuf *out, const growth_sign *sign, int64_t gap, const char *currency);
/* "212 accounts are ready for more; they could pay $3.1M a year more". */
void report_growth_title(strbuf *out, const growth_input *in);
/* Parts of it: who is where; who leads, the hand-off, and how the score would have done. */
void report_growth_tiers(document *d, doc_section *parent, const growth_input *in);
void report_growth_evidence(document *d, doc_section *parent, const growth_input *in);
STRATA_MUST_CHECK strata_status report_growth(document *d, doc_section *parent,
                                              const growth_input *in, strata_error *err);

#endif
