/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_DATA_QUALITY_H
#define STRATA_REPORT_DATA_DATA_QUALITY_H

#include "document/document.h"
#include "source/source.h"

/* What was read, loaded and refused per source, and what is odd about what was
 * loaded, as of `now`. `rejects_path` names the file of refused rows; NULL when there is none. */
void report_data_quality(document *d, doc_section *parent, const ingest_summary *summary, day now,
                         const char *rejects_path);
/* From when until when each source reaches, and how many rows of it were refused: drawn where there
 * are two sources to compare. */
void report_data_charts(doc_section *s, const ingest_summary *summary, day now);

#endif
