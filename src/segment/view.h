/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_VIEW_H
#define STRATA_SEGMENT_VIEW_H

/* A portfolio as of one date, with what is needed to say how it got there: the
 * memberships at the last review and a year ago, month by month between, and the
 * values that analyses read. Analyses take a view and return plain results. */

#include "segment/segmentation.h"

enum { VIEW_TREND = 12 }; /* month ends up to the as-of date */

typedef struct view_options {
    day as_of;
    day since;          /* to compare with; DAY_MISSING: the review before as_of */
    const size_t *keep; /* slots wanted besides the standard ones */
    size_t n_keep;
    size_t watch; /* account to be explained; SIZE_MAX: none */
    bool alone;   /* nothing is wanted of other accounts */
    bool changes; /* keep who moved between the view's dates, and why */
} view_options;

typedef struct view {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides; /* may be NULL */
    segmentation *s;               /* owned */
    day as_of, since, year_ago;
    size_t now_at, since_at, year_ago_at; /* indexes of the segmentation's dates */
    size_t trend_at[VIEW_TREND];          /* oldest first; the last one is now_at */
    /* What accounts are worth: `arr`, or `spend_365d` where there are only orders. By account,
     * major units, NaN missing; NULL when the portfolio has neither. */
    const double *value;
    const double *value_year_ago; /* arr_12m_ago or spend_prev_365d */
    bool has_arr;                 /* retention can be measured */
    const char *value_label;      /* "ARR", "Spend in 365 days" */
} view;

STRATA_MUST_CHECK strata_status view_new(const context *cx, const portfolio *p,
                                         const bound_model *b, const override_set *overrides,
                                         const view_options *options, view **out,
                                         strata_error *err);
void view_free(view *v);
STRATA_DEFINE_AUTO(view, view_free)

/* What accounts are worth by: ARR, else what they spent in a year; SIZE_MAX: neither is there. */
size_t view_value_slot(const portfolio *p);
/* Accounts of the population as of a date, and what they are worth; *value_minor -1 where the
 * portfolio has neither ARR nor orders. The same as the view of all accounts has, for a small part
 * of what that takes. */
STRATA_MUST_CHECK strata_status view_totals(const context *cx, const portfolio *p,
                                            const bound_model *b, day as_of, int64_t *n_accounts,
                                            int64_t *value_minor, strata_error *err);

/* A feature, attribute or definition by name at the as-of date; both pointers NULL when it is
 * not there. Computed features outside the model must have been asked for through `keep`. */
column view_column(const view *v, const char *name);
/* The value of one account in exact minor units; 0 where it is missing. */
int64_t view_value_minor(const view *v, size_t account);
/* Major units to minor, exactly for what came from minor units; 0 for NaN. */
int64_t money_minor(double major);
/* The dimension shown when none is asked for; never NULL for a model with dimensions. */
const bound_def *view_primary(const view *v);

#endif
