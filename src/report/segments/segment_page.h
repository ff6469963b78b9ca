/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_SEGMENT_PAGE_H
#define STRATA_REPORT_SEGMENTS_SEGMENT_PAGE_H

/* One segment in full: what it is, how it fares against all, what sets it apart,
 * what success looked like, and what speaks against its accounts staying. */

#include "analysis/profile.h"
#include "base/strbuf.h"
#include "document/document.h"

/* "Champions: 5.4 % of accounts, 31.7 % of ARR, 0.0 % churned in 12 months". */
void report_segment_title(strbuf *out, const view *v, const profile *p, const segment_profile *s);

/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_segment_page(document *d, doc_section *parent, const view *v,
                                                    const profile *p, const segment_profile *s,
                                                    strata_error *err);

#endif
