/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_GROWTH_TALK_H
#define STRATA_REPORT_PLAN_GROWTH_TALK_H

/* What a manager could say first to an account that is ready for more, and who does what by when:
 * the paper `expansion`, filled with the account's facts. */

#include "plan/growth/growth.h"
#include "plan/work/csms.h"
#include "report/paper.h"

/* What talks are made from, opened once for a document. */
typedef struct growth_talks {
    const view *v; /* keeps growth_slots() */
    const growth_model *m;
    const csm_list *csms;        /* NULL: not known */
    const int32_t *csm;          /* csms_of_accounts() */
    const growth_people *people; /* by account; NULL: not known */
    const char *currency;
    arena *a;
    paper paper;
    day start;           /* the Monday after the as-of date */
    const char *product; /* NULL: `business.products` names none */
} growth_talks;

/* Opens the paper of the project's model; the rest of `t` is filled by the caller. Own openers that
 * name a feature which the rules do not have are STRATA_E_MODEL, with their place. */
STRATA_MUST_CHECK strata_status growth_talks_open(growth_talks *t, const model *own, arena *a,
                                                  strata_error *err);

typedef struct growth_talk {
    const char *values[GROWTH_FIELDS]; /* of the account; all NULL: of none in particular */
    size_t sign;                       /* that the opener is about */
    const growth_people *people;       /* of the account; NULL: not known */
} growth_talk;
STRATA_MUST_CHECK strata_status growth_talk_fill(const growth_talks *t, const growth_account *x,
                                                 growth_talk *out, strata_error *err);

/* The opener of the first sign that has one which can be said whole: those about new people first,
 * then most points first; else the one without a key, of the first sign. Replaces what `out` held.
 */
STRATA_MUST_CHECK strata_status growth_talk_opener(const growth_talks *t, growth_talk *talk,
                                                   const growth_sign *signs, size_t n, strbuf *out,
                                                   strata_error *err);
/* The steps where segment `lead` of the model's `lead` leads; PAPER_STEPS_MOST fit. */
STRATA_MUST_CHECK strata_status growth_talk_steps(const growth_talks *t, const growth_talk *talk,
                                                  segment_code lead, paper_step *out, size_t *n,
                                                  strata_error *err);
/* A table of steps: by, who, what. */
void growth_put_steps(doc_section *s, const paper_step *steps, size_t n);

#endif
