/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_MAKE_FIGURE_H
#define STRATA_ANALYSIS_MAKE_FIGURE_H

/* Inside the analyses, those of cohorts too: figures from counts, sorted values and tests. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"
#include "stats/inference/test.h"

#define FIGURE(value) ((figure){.known = true, .x = (value)})
#define NO_FIGURE(reason) ((figure){.why = (reason)})

/* part / whole, or why not when whole is not above 0. */
figure figure_ratio(double part, double whole, const char *why_not);
/* Stated from `minimum` on; the 95 % interval is Wilson's. */
share_figure share_figure_of(size_t hits, size_t of, double minimum);
/* The same with the study's minimum number of accounts. */
share_figure share_of(const study *s, size_t hits, size_t of);
/* Quartiles of ascending values. */
spread_figure spread_of_sorted(const double *sorted, size_t n, size_t missing);

test_figure test_of(stat_test t, const char *method, const char *effect_name);
test_figure test_not_done(const char *method, const char *why);
/* Sets p_holm of those that are done, as one family. */
STRATA_MUST_CHECK strata_status tests_correct(test_figure *const *tests, size_t n,
                                              strata_error *err);

/* A few words for a sentence, by value: use them within one expression, as in
 * arena_printf(a, "... %s ...", text_count(n).s). */
typedef struct short_text {
    char s[64];
} short_text;

short_text text_share(double share);                  /* "30.8 %" */
short_text text_money(const study *s, int64_t minor); /* "$1.24M" */
short_text text_p(double p);                          /* "p = 0.012", "p < 0.001" */
short_text text_number(double x, int decimals);       /* "0.42" */
short_text text_count(size_t n);                      /* "1,234" */
/* A value in the unit of its type: "$18.9k", "30.8 %", "45 days", "12.5". */
short_text text_value(const study *s, value_type type, double x);

#endif
