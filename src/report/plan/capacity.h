/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_CAPACITY_H
#define STRATA_REPORT_PLAN_CAPACITY_H

/* How each segment is looked after, what that takes, and who has the hours. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/work/split.h"
#include "report/words.h"

typedef struct capacity_input {
    const view *v;
    const engagement *e;
    const csm_list *csms;
    const workload *w;
    const capacity *c;
    int64_t hours_asked; /* minutes in 12 months, of a what-if; -1: those there are */
    size_t limit;        /* managers listed at most */
    const stakes *s;
    const touch_effect *effect, *growth;
    const split *split; /* NULL: no effect, no stakes or no hours */
} capacity_input;

/* "The next 12 months take 41,300 hours; 48 CSMs have 60,000". */
void report_capacity_title(strbuf *out, const capacity_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_capacity(document *d, doc_section *parent,
                                                const capacity_input *in, strata_error *err);

/* How each segment is looked after; load of every manager. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_capacity_engagement(document *d, doc_section *parent,
                                                           const capacity_input *in, arena *a,
                                                           strata_error *err);
STRATA_MUST_CHECK strata_status report_capacity_csms(document *d, doc_section *parent,
                                                     const capacity_input *in, arena *a,
                                                     strata_error *err);
/* The section on the best split, or on what it lacks. */
void report_capacity_split(document *d, doc_section *parent, const capacity_input *in);

/* A number, or why there is none where it is NaN. */
doc_cell capacity_ratio(double x, const char *why);
/* "weekly", "none", "every 45 days"; in `a`, NULL: out of memory. */
const char *words_rhythm(int days, arena *a);
words words_hours(int64_t minutes); /* "1,240 hours" */

#endif
