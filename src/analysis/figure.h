/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_FIGURE_H
#define STRATA_ANALYSIS_FIGURE_H

/* Figures that know whether they can be stated. No analysis hands out NaN: a
 * figure that is not known says so, and why. Money is int64_t minor units where
 * it is a sum, major units where it is a statistic of values. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/type.h"

/* A number, or the reason why there is none. */
typedef struct figure {
    bool known;
    double x;        /* 0 when not known */
    const char *why; /* "needs usage"; NULL when known */
} figure;

/* A share of accounts with its 95 % Wilson interval. Under the model's minimum number of accounts
 * it is not stated as a rate: write "5 of 12". of == 0: nobody to count. */
typedef struct share_figure {
    size_t hits, of;
    bool stated;             /* share, low and high may be shown */
    double share, low, high; /* 0 while of is 0 */
} share_figure;

/* A ratio of two sums of money over the same accounts (NRR, GRR) with its 95 % interval. */
typedef struct ratio_figure {
    size_t accounts; /* in the base */
    int64_t part_minor, base_minor;
    bool stated;             /* enough accounts, base above 0 */
    double ratio, low, high; /* 0 when not stated */
} ratio_figure;

/* Quartiles (type 7) of the values that are known. n == 0: none is, and the rest is 0. */
typedef struct spread_figure {
    size_t n, missing;
    double q1, median, q3;
} spread_figure;

/* A test. `done` is false when there were too few accounts or nothing to tell apart: `why` says
 * which. p_holm is p corrected over all tests of the family that the header of the result names. */
typedef struct test_figure {
    bool done;
    const char *method;      /* "chi-square test of independence" */
    const char *effect_name; /* "Cramer's V" */
    double statistic, df;    /* df 0: the method has none */
    double p, p_holm;
    double effect;
    const char *why; /* NULL when done */
} test_figure;

/* A named value that a renderer formats by its type (money in major units). */
typedef struct named_value {
    const char *name; /* stable key: "top_20_share" */
    const char *label;
    value_type type;
    double x;
} named_value;

#endif
