/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_SEGMENTS_H
#define STRATA_REPORT_SEGMENTS_SEGMENTS_H

/* The segments of a dimension: how large, how they fare, how they changed. */

#include "analysis/profile.h"
#include "base/strbuf.h"
#include "document/document.h"

/* The finding in one line: "Champions hold 30.8 % of ARR with 8.2 % of accounts". */
void report_segments_title(strbuf *out, const view *v, const profile *p);

/* One segment's part of it: "Champions: 8.2 % of accounts, 30.8 % of ARR"; counts where the
 * portfolio is too small for shares. */
void report_segment_share(strbuf *out, const view *v, const profile *p, const segment_profile *s);

/* One row for each segment: accounts, value, retention, health, change and trend; totals; accounts
 * outside the population apart; what it rests on. */
void report_segments(document *d, doc_section *parent, const view *v, const profile *p);

/* Bars of size and value, retention with intervals, and the trend over a year; nothing without
 * accounts. report_segments() ends with them. */
void report_segments_charts(document *d, doc_section *s, const view *v, const profile *p);

/* What each segment means: when an account is in it, in words, and the model's strategy and motion.
 * STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_segment_meanings(document *d, doc_section *parent,
                                                        const view *v, const bound_def *def,
                                                        strata_error *err);
/* "ARR $25,000 or more and under $75,000"; "all others". */
STRATA_MUST_CHECK strata_status report_segment_when(strbuf *out, const bound_model *b,
                                                    const bound_def *def, segment_code code,
                                                    strata_error *err);

#endif
