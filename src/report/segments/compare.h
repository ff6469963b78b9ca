/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_COMPARE_H
#define STRATA_REPORT_SEGMENTS_COMPARE_H

/* Two segments side by side, and one segment at two dates. */

#include "analysis/profile.h"
#include "base/strbuf.h"
#include "document/document.h"

/* "Champions against Save plays: 9 of 32 measures differ beyond chance". */
void report_compare_title(strbuf *out, const comparison *c);
void report_compare(document *d, doc_section *parent, const view *v, const comparison *c);

/* A segment as it was and as it is; `then` may be NULL: it had no accounts. */
void report_compare_dates(document *d, doc_section *parent, const view *v, const profile *now,
                          const segment_profile *s, const profile *then,
                          const segment_profile *s_then);

#endif
