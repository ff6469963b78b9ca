/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_PROFILE_CHARTS_H
#define STRATA_REPORT_SEGMENTS_PROFILE_CHARTS_H

/* What profiles show before they tell it: the figures of the tables beside them, drawn. */

#include "analysis/profile.h"
#include "document/document.h"

/* Signs of risk: accounts that show them, and what these are worth. Whether all of them are drawn,
 * so that the table can be folded: a few are left to it. */
bool report_risk_chart(doc_section *s, const view *v, const profile *p, const segment_profile *of);
/* Health of every segment: its median and the middle half. */
void report_health_chart(doc_section *s, const view *v, const profile *p);

#endif
