/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_REVIEW_H
#define STRATA_COHORT_REVIEW_REVIEW_H

/* One cohort under review: its accounts, and those it is set against. Accounts are followed from
 * their first day with ARR; month m of an account ends on the same day of the month m months later
 * (calendar_step). The parts are review_<part>.h, one question each. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "base/arena.h"
#include "base/context.h"
#include "cohort/book.h"
#include "cohort/groups/groups.h"
#include "model/bind.h"
#include "segment/portfolio.h"

enum {
    REVIEW_PEERS_MAX = 8, /* cohorts that it is set against */
    REVIEW_MARKS = 4,     /* months 3, 6, 9, 12 */
    REVIEW_STREAM = 7000  /* random streams of the parts count from here */
};
extern const int review_marks[REVIEW_MARKS];

/* Accounts that once had ARR, ascending. */
typedef struct account_set {
    const char *label;
    const uint32_t *items;
    size_t n;
} account_set;

typedef struct review_subject {
    const arr_book *book;
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides;
    day as_of;
    size_t minimum; /* accounts under which no rate is stated */
    bool by_start;  /* a start period; else the group of a value */
    account_set cohort;
    size_t never; /* in the group, but without ARR so far */
    size_t early; /* had ARR before their account started (started_on) */
    /* Start periods: those right before, oldest first. Values: the largest others, in their order.
     */
    size_t n_peers;
    account_set peers[REVIEW_PEERS_MAX];
    account_set earlier;                          /* all peers together */
    const char *one_peer, *all_peers, *each_peer; /* "the cohort before", "the 4 cohorts before" */
} review_subject;

typedef struct review_request {
    const arr_book *book;
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides;
    const groups *groups;
    size_t cohort;
    size_t most_peers; /* up to REVIEW_PEERS_MAX */
    day as_of;
    bool by_start;
} review_request;

/* Allocated in `a`. STRATA_E_DATA when no account of the cohort ever had ARR. */
STRATA_MUST_CHECK strata_status review_subject_make(arena *a, const review_request *request,
                                                    review_subject *out, strata_error *err);

/* The day that ends month m of an account. */
day review_day(const review_subject *s, size_t account, int months);
/* Was the account followed for so many months? */
static inline bool review_reached(const review_subject *s, size_t account, int months)
{
    return review_day(s, account, months) <= s->as_of;
}
/* ARR of the first day. */
int64_t review_opening(const review_subject *s, size_t account);
/* The last mark that at least `minimum` accounts of the set reached; 0: none. */
int review_last_mark(const review_subject *s, const account_set *set);

/* A share under the subject's minimum is not stated; with its Wilson interval. */
share_figure review_share(const review_subject *s, size_t hits, size_t of);

#endif
