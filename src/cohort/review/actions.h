/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_ACTIONS_H
#define STRATA_COHORT_REVIEW_ACTIONS_H

/* What to do, each tied to what was found: no finding, no action. */

#include "cohort/review/churn.h"
#include "cohort/review/growth.h"
#include "cohort/review/patterns.h"

enum { REVIEW_ACTIONS_MAX = 12, ACTION_PATTERNS = 3, RENEWAL_DAYS = 90 };

typedef enum action_kind {
    ACTION_ONBOARDING,  /* more left in the first 90 days than of the peers */
    ACTION_PATTERN,     /* a confirmed pattern that customers lack today */
    ACTION_LEVEL,       /* an attribute that is over-represented among those who left */
    ACTION_RENEWALS,    /* renewals due */
    ACTION_CONTRACTION, /* customers that pay less than a year ago */
    ACTION_EXPANSION    /* fewer have grown than of the peers */
} action_kind;

typedef struct review_action {
    action_kind kind;
    const review_pattern *pattern; /* ACTION_PATTERN */
    const level_share *level;      /* ACTION_LEVEL */
    /* Accounts it is about, as of the as-of date: what `strata accounts --where` lists. */
    const char *where;
    size_t accounts;
    int64_t arr_minor;
} review_action;

typedef struct review_actions {
    const review_action *items; /* in order of kinds; those with accounts */
    size_t n;
} review_actions;

/* What actions are tied to. */
typedef struct review_findings {
    const review_churn *churn;
    const review_growth *growth;
    const review_patterns *patterns;
} review_findings;

/* `where` lists the cohort's accounts (see review_where); NULL: no expression does, and the actions
 * list accounts of all cohorts where they can. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_actions_make(const context *cx, const review_subject *s,
                                                    const char *where, const review_findings *found,
                                                    arena *a, review_actions *out,
                                                    strata_error *err);

/* A condition of the rule language that holds for exactly the accounts of the group: that of the
 * group itself; of a start period the dates of `started_on`, where these agree with the first days
 * with ARR for every account. NULL: there is none. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_where(arena *a, const review_request *q, const char **out,
                                             strata_error *err);
/* "active_days_30d >= 4", or its opposite. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_pattern_rule(const review_subject *s,
                                                    const review_pattern *p, bool opposite,
                                                    arena *a, const char **out, strata_error *err);

#endif
