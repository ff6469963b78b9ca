/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_SEGMENT_TRAITS_H
#define STRATA_REPORT_SEGMENTS_SEGMENT_TRAITS_H

/* What tells the accounts of a segment apart, as tables. Each says so in a line
 * when there is nothing to show. */

#include "analysis/profile.h"
#include "document/document.h"

/* Today's members against all other accounts. */
void report_traits(document *d, doc_section *parent, const view *v, const segment_profile *s);
/* What members of a year ago that stayed had, and those that churned had not. */
void report_success(document *d, doc_section *parent, const view *v, const profile *p,
                    const segment_profile *s);
/* Accounts to which something speaks against their staying, each with the expression that lists
 * them. */
void report_risks(document *d, doc_section *parent, const view *v, const profile *p,
                  const segment_profile *s);
/* Quartiles of every feature shown, beside the median of all segments. */
void report_spreads(document *d, doc_section *parent, const view *v, const profile *p,
                    const segment_profile *s);

#endif
