/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_PROFILE_H
#define STRATA_ANALYSIS_PROFILE_H

/* What each segment of a dimension is like, and what became of it. Outcomes
 * (churn, NRR, GRR, expansion) follow the accounts that were in the segment a
 * year ago and had ARR then, wherever they are now; everything else is about
 * today's members. */

#include "analysis/figure.h"
#include "analysis/study.h"

/* One feature's values in the segment. */
typedef struct profile_feature {
    size_t slot;
    const char *name, *label;
    value_type type;
    spread_figure spread; /* of a flag: median and quartiles are 0 and `share` is what to show */
    share_figure share;   /* of a flag: accounts for which it is so, among those known */
} profile_feature;

/* Something in which one group of accounts differs from another. */
typedef struct trait {
    size_t slot;
    const char *name, *label;
    value_type type;
    const char *level; /* of an attribute: "industry is Retail"'s "Retail"; NULL for numbers */
    bool is_share;     /* in/out are shares of accounts (flags, levels), else medians */
    double in, out;
    size_t n_in, n_out;       /* accounts for which it is known */
    size_t hits_in, hits_out; /* of shares */
    /* Numbers: (median in - median out) / (interquartile range of both together / 1.349).
     * Shares: in / out. Not known when the denominator is 0. */
    figure contrast;
    /* Mann-Whitney with the chance that a random one of `in` is above a random one of `out` (ties
     * count half); for shares the chi-square test with the difference of the shares. */
    test_figure test;
} trait;

/* Accounts of the segment to which something speaks against them staying. */
typedef struct profile_risk {
    const char *key;        /* "quiet" */
    const char *label;      /* "Not seen for more than 30 days" */
    const char *expression; /* "last_seen > 30 days": lists them, together with the segment */
    share_figure share;
    int64_t value_minor; /* of those accounts */
} profile_risk;

typedef struct segment_profile {
    segment_code code;
    const char *label;
    const char *description, *strategy, *motion; /* NULL when the model gives none */

    size_t accounts;
    figure account_share; /* of all accounts in segments */
    int64_t value_minor;
    figure value_share;
    spread_figure value;    /* major units per account */
    share_figure customers; /* is_customer among members */

    share_figure logo_churn; /* 12 months */
    ratio_figure nrr, grr;   /* 12 months, point to point */
    share_figure expanded;   /* base accounts worth more than a year ago */
    int64_t gained_minor, shrunk_minor, churned_minor; /* base accounts: what they moved by, >= 0 */
    /* ARPA / yearly churn: (ARR of the base a year ago / base accounts) / logo churn of the 12
     * months; undefined, and said so, when churn is 0 or not stated. Major units. */
    figure ltv;

    spread_figure health; /* n 0 when the model has no score or feature `health` */
    const profile_feature *features;
    size_t n_features;

    size_t accounts_since;     /* members at the last review */
    int64_t value_since_minor; /* theirs, then */
    size_t trend_accounts[VIEW_TREND];
    int64_t trend_value_minor[VIEW_TREND];

    /* What sets today's members apart from all other accounts, strongest first: only what passes
     * p_holm < 0.05 over all segments and features of the dimension. Features that the dimension's
     * own rules read are left out: they differ by definition. */
    const trait *traits;
    size_t n_traits;
    /* What members of a year ago that stayed (in) had then that churned ones (out) had not;
     * values as of a year ago, p_holm < 0.05 over all segments and features. Empty, with a reason
     * in `success_why`, when there were too few on either side. */
    const trait *success;
    size_t n_success;
    const char *success_why;
    const profile_risk *risks; /* those that apply to anybody; most money first */
    size_t n_risks;
} segment_profile;

typedef struct profile {
    const bound_def *def;
    const char *name, *label; /* of the dimension */
    bool ordered;
    day as_of, since, year_ago;
    day trend_days[VIEW_TREND];
    bool has_value, has_arr, has_trend;
    const char *value_label; /* "ARR"; NULL without values */
    size_t accounts;         /* in segments */
    int64_t value_minor;     /* theirs */
    size_t outside;          /* accounts outside the model's population */
    const char *outside_label;
    const segment_profile *segments; /* in code order; the one for missing values only with members
                                        now or a year ago */
    size_t n_segments;
    segment_profile total; /* all segments together; no traits, label "All" */
} profile;

/* Allocated in `a`. `def` is a dimension of the view's bound model. */
STRATA_MUST_CHECK strata_status profile_make(const study *s, const bound_def *def, arena *a,
                                             const profile **out, strata_error *err);

/* --- two segments side by side --- */

typedef struct compare_row {
    const char *key, *label; /* "accounts", "logo_churn", "nrr", or a feature's name */
    value_type type;
    bool is_share; /* a and b are shares with hits and of; else medians, or the ratio itself */
    figure a, b;
    size_t n_a, n_b, hits_a, hits_b;
    /* a - b with its interval, where one is given (shares: Newcombe). */
    bool has_interval;
    double low, high;
    test_figure test; /* not done for plain counts and sums */
} compare_row;

typedef struct comparison {
    const char *label_a, *label_b;
    size_t accounts_a, accounts_b;
    int64_t value_minor_a, value_minor_b;
    const compare_row *rows;
    size_t n_rows;
} comparison;

/* Two different segments of one dimension. p_holm is over the rows. Allocated in `arena`. */
STRATA_MUST_CHECK strata_status profile_compare(const study *s, const bound_def *def,
                                                segment_code code_a, segment_code code_b, arena *a,
                                                const comparison **out, strata_error *err);

#endif
