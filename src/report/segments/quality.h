/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_QUALITY_H
#define STRATA_REPORT_SEGMENTS_QUALITY_H

/* Is the segmentation good? The quality card and the pitfalls, what the model
 * was warned of, the user's hypotheses, and the milestones of the lifecycle. */

#include "analysis/hypotheses.h"
#include "analysis/milestones.h"
#include "analysis/quality_card.h"
#include "base/strbuf.h"
#include "document/document.h"

/* "Lifecycle stage: 8 of 11 checks passed, 1 failed: Stable". */
void report_quality_title(strbuf *out, const quality_card *card);
void report_quality(document *d, doc_section *parent, const view *v, const quality_card *card);
/* How far each check of the card holds that is a share of something; nothing with fewer than two.
 */
void report_quality_chart(doc_section *s, const quality_card *card);
/* Warnings, and the notes after them or how many there are. */
void report_warnings(document *d, doc_section *parent, const model_warning *warnings, size_t n,
                     bool with_notes);
/* Says how to state one when the model has none. */
void report_hypotheses(document *d, doc_section *parent, const view *v,
                       const hypothesis_result *results, size_t n);
/* Nothing for a model without milestones. */
void report_milestones(document *d, doc_section *parent, const view *v, const milestones *m);

#endif
