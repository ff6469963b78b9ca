/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_GROWTH_H
#define STRATA_REPORT_PLAN_GROWTH_H

/* The expansion brief: where the growth in the base is. */

#include "base/strbuf.h"
#include "document/document.h"
#include "plan/growth/growth.h"
#include "plan/work/csms.h"
#include "report/plan/growth_talk.h"

typedef struct growth_input {
    const view *v;
    const growth *growth;
    const growth_trial *trial;
    size_t limit;                /* accounts listed */
    const model *own;            /* the project's: its papers */
    const csm_list *csms;        /* NULL: not known */
    const int32_t *csm;          /* csms_of_accounts() */
    const growth_people *people; /* NULL: not known */
} growth_input;

/* Opens what is said of each account. */
STRATA_MUST_CHECK strata_status report_growth_talks(const growth_input *in, arena *a,
                                                    growth_talks *out, strata_error *err);
/* One account's words: the opener, and its first step as "Ada B.: ..." with its day. */
typedef struct growth_words {
    strbuf opener, step;
    day by;      /* DAY_MISSING: there is no step */
    size_t sign; /* that the opener is about */
} growth_words;
STRATA_MUST_CHECK strata_status report_growth_words(const growth_talks *t, const growth_account *x,
                                                    const growth_sign *signs, size_t n,
                                                    growth_words *out, strata_error *err);
void growth_words_done(growth_words *w);
#define GROWTH_WORDS_AUTO STRATA_CLEANUP(growth_words_done)
/* Who leads, and the steps of the hand-off for each. */
STRATA_MUST_CHECK strata_status report_growth_leads(document *d, doc_section *parent,
                                                    const growth_input *in, const growth_talks *t,
                                                    strata_error *err);
/* "212 accounts are ready for more; they could pay $3.1M a year more". */
void report_growth_title(strbuf *out, const growth_input *in);
/* Parts of it: who is where, and how the score would have done. */
void report_growth_tiers(document *d, doc_section *parent, const growth_input *in);
void report_growth_evidence(document *d, doc_section *parent, const growth_input *in);
STRATA_MUST_CHECK strata_status report_growth(document *d, doc_section *parent,
                                              const growth_input *in, strata_error *err);

#endif
