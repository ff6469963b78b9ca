/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_INSIGHTS_H
#define STRATA_ANALYSIS_INSIGHTS_H

/* Findings about the portfolio, each with the accounts behind it as an
 * expression of the rule language. */

#include "analysis/figure.h"
#include "analysis/study.h"

typedef struct insight_row { /* by segment of the dimension asked for */
    segment_code code;
    const char *label;
    share_figure share;  /* accounts of the segment that the insight is about */
    int64_t value_minor; /* theirs (concentration: n/a; pipeline: open expansion) */
    int64_t of_minor;    /* value of the whole segment */
} insight_row;

typedef struct lorenz_point {
    double accounts, value; /* shares, 0 to 1, from the smallest account up */
} lorenz_point;

/* Keys, in order: value_concentration, risk_by_segment, expansion_pipeline,
 * underpriced_heavy_users, overserved_quiet_accounts. */
typedef struct insight {
    const char *key, *label;
    bool stated;            /* false: `needs` says what is missing, and the rest is empty */
    const char *needs;      /* "needs usage and seats"; NULL when stated */
    const char *sentence;   /* the finding with its figures */
    const char *implies;    /* what follows from it */
    const char *definition; /* what was counted, and how its cut points were found */
    const named_value *values;
    size_t n_values;
    size_t accounts;        /* behind it */
    int64_t value_minor;    /* theirs */
    const char *expression; /* lists exactly those accounts; NULL when there is no such rule */
    const insight_row *rows;
    size_t n_rows;
    const lorenz_point *lorenz; /* of value_concentration; 0,0 and 1,1 included */
    size_t n_lorenz;
} insight;

/* All five, stated or not. `def`: the dimension that rows are by. Allocated in `a`. */
STRATA_MUST_CHECK strata_status insights_make(const study *s, const bound_def *def, arena *a,
                                              const insight **out, size_t *n, strata_error *err);

#endif
