/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_QUALITY_H
#define STRATA_REPORT_DATA_QUALITY_H

#include "document/document.h"
#include "source/source.h"

/* What was read, loaded and refused per source, and what is odd about what was
 * loaded. `rejects_path` names the file of refused rows; NULL when there is none. */
void report_data_quality(document *d, doc_section *parent, const ingest_summary *summary,
                         const char *rejects_path);

#endif
