/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_COHORTS_H
#define STRATA_REPORT_COHORTS_COHORTS_H

/* Retention triangles, and the accounts of one of their cells. */

#include "base/strbuf.h"
#include "cohort/triangle/retention.h"
#include "document/document.h"
#include "segment/portfolio.h"

typedef enum cohort_show { SHOW_PERCENT, SHOW_VALUE, SHOW_COUNT } cohort_show;

typedef struct cohorts_report {
    const retention *r;
    cohort_show show;
    bool by_start;            /* cohorts are start periods, in order of time */
    const char *origin_words; /* "first day with ARR" */
    const char *currency;
    const char *caution; /* NULL: nothing to say */
    const char *dated;   /* what to know of how churn is dated; NULL: nothing */
    /* Of seats: accounts that started, those of them without seats, and those whose subscriptions
     * of the as-of date do not say how many though earlier ones did. */
    size_t started, seatless, unsaid;
    bool cells; /* every cell in a row of its own, for programs; no triangle to look at */
    bool whole; /* the heat map of all cohorts and ages, where nothing limits its size */
    bool brief; /* the average at a few ages only */
} cohorts_report;

/* The age that a headline speaks of: 12 months (4 quarters, 1 year) where enough accounts are that
 * old, else less; SIZE_MAX: none. */
size_t cohorts_headline(const cohorts_report *c);
/* "Of 1,204 accounts that started from 2024-01 to 2025-06, 86.2 % are customers at the end of month
 * 12" */
void report_cohorts_title(strbuf *out, const cohorts_report *c);
/* The finding, heat map, triangle, average with intervals, curves, definition. */
void report_cohorts(document *d, const cohorts_report *c);

/* What became of an account in a cell. */
typedef enum member_state {
    MEMBER_LOST, /* no ARR; not present */
    MEMBER_CONTRACTED,
    MEMBER_KEPT, /* the same ARR; present */
    MEMBER_EXPANDED,
    MEMBER_STATES
} member_state;
member_state member_state_of(const retention *r, const triangle_sums *s);

typedef struct cohort_list {
    const cohorts_report *report;
    const portfolio *p;
    size_t shown_group, age;
    const triangle_member *members; /* to be shown, in order */
    size_t n, limit;                /* rows to write at most */
    size_t states[MEMBER_STATES];   /* accounts of the whole cell */
    bool lost_only;
} cohort_list;

/* "2025-01 in month 6: 12 of 41 accounts lost" */
void report_cohort_list_title(strbuf *out, const cohort_list *l);
void report_cohort_list(document *d, const cohort_list *l);

#endif
