/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_EVIDENCE_H
#define STRATA_REPORT_SEGMENTS_EVIDENCE_H

/* Evidence for segments: what became of their members, and which dimension told outcomes best. */

#include "analysis/evidence.h"
#include "base/strbuf.h"
#include "document/document.h"

/* "Health told best who left within 6 months (AUC 0.71), Value who grew (0.63)". */
void report_evidence_title(strbuf *out, const evidence *e);
/* All horizons, the ranking with charts, the method. */
void report_evidence(document *d, doc_section *parent, const bound_model *b, const evidence *e);
/* Part of another document: the longest horizon with reviews, and where the dimension ranks. */
void report_evidence_part(document *d, doc_section *parent, const bound_model *b,
                          const evidence *e);

#endif
