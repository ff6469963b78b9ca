/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_METRICS_H
#define STRATA_COHORT_MOVEMENTS_METRICS_H

/* Retention, churn, quick ratio and lifetime value as different vendors define
 * them, from one ledger between two days. Every definition is a ratio of sums over
 * accounts (lifetime value a product of two), so that any two of one unit can be
 * set against each other account by account (reconcile.h).
 *
 * Sums are exact integers: minor units, or accounts. The last division is the
 * only one. A value that is not defined says why. */

#include <strata/error.h>

#include "base/context.h"
#include "cohort/groups/groups.h"
#include "cohort/movements/arr_words.h"
#include "cohort/movements/renewals.h"
#include "cohort/movements/walk.h"

typedef enum metric_unit {
    METRIC_MONEY,
    METRIC_ACCOUNTS,
    METRIC_DEALS,
    METRIC_LIFETIME
} metric_unit;

typedef arr_window metric_window;

typedef enum metric_frame {
    FRAME_GIVEN,    /* (from, to] as asked */
    FRAME_30_DAYS,  /* the 30 days up to `to` */
    FRAME_COHORT,   /* from the first day with ARR, of accounts whose first day lies in the time of
                       the same length before `from` */
    FRAME_6_MONTHS, /* the six months up to `to` */
    FRAME_DUE       /* renewals due in (from, to] */
} metric_frame;

typedef struct metric_setup {
    const arr_book *book;
    const renewal_book *renewals; /* NULL or empty: renewal base is not known */
    const arr_words *words;       /* NULL: no reasons are known */
    metric_window window;
    int reactivation;   /* 1 in, 0 out, -1: as the definition has it */
    bool ranges;        /* values get their 95 % intervals */
    bool without_brief; /* what came and went within one calendar month counts as nothing */
} metric_setup;

/* What one account adds: num[0] / den[0], times num[1] / den[1] where there are two factors. */
typedef struct metric_part {
    int64_t num[2], den[2];
} metric_part;

typedef struct metric_def metric_def;
/* `back`: reactivation counts. */
typedef void metric_part_fn(const metric_setup *s, const metric_window *w, size_t account,
                            bool back, metric_part *out);

struct metric_def {
    const char *metric;  /* "nrr" */
    const char *dialect; /* "point_to_point": with the metric, the definition's name */
    const char *label;   /* "NRR" */
    const char *dialect_label;
    const char *formula;                  /* in words, reactivation as the definition has it */
    const char *with_back, *without_back; /* what the switch changes in it; NULL: nothing */
    const char *undefined;                /* why there is no value when the denominator is 0 */
    metric_unit unit;
    metric_frame frame;
    int n_factors;
    bool back;   /* reactivation counts by default */
    bool times;  /* "3.5", not a share */
    bool paired; /* only accounts that the denominator holds are in the numerator: an interval by
                    drawing accounts, or of a share, is fair */
    metric_part_fn *part;
};

extern const metric_def metric_defs[];
extern const size_t metric_defs_n;
/* "nrr:movements"; SIZE_MAX when there is none. The dialect may leave its end off where that is
 * enough: "nrr:movement". Without a dialect, the first definition of the metric. */
size_t metric_find(const char *name);
/* The definition of a metric in a dialect; the metric's first one where it has no such dialect. */
size_t metric_in_dialect(const char *metric, const char *dialect);

/* Whole months of a window, counted back from its end; 0 when it is not a whole number of them. */
int metric_months(metric_window w);
metric_window metric_window_of(const metric_def *m, const metric_window *asked);
metric_part metric_part_of(const metric_def *m, const metric_setup *s, size_t account);

typedef struct metric_value {
    const metric_def *def;
    metric_window window; /* what it really covers */
    bool back;            /* reactivation counts */
    bool by_notice;       /* churn is dated at the cancellation */
    bool known;
    double value;    /* share, times, or minor units of money */
    const char *why; /* not known: why */
    metric_part sum;
    double scale;    /* value = scale x num[0] / den[0] x num[1] / den[1] */
    size_t accounts; /* with a part in num[0] or den[0] */
    bool has_interval;
    double low, high; /* 95 % */
} metric_value;

/* The value over all accounts (g NULL), or of one group. With `ranges` a paired share gets
 * its 95 % interval: Wilson for accounts and deals, bootstrap by account for money. */
STRATA_MUST_CHECK strata_status metric_compute(const context *cx, const metric_def *m,
                                               const metric_setup *s, const groups *g, size_t group,
                                               metric_value *out, strata_error *err);

/* Value of given sums; 0 with *known false where a denominator is 0. */
double metric_ratio(const metric_def *m, const metric_part *sum, double scale, bool *known);
/* The scale of a definition for a window: lifetime value counts in years or months of it. */
double metric_scale(const metric_def *m, const metric_window *w);

#endif
