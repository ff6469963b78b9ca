/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_WORDS_H
#define STRATA_REPORT_WORDS_H

/* Figures as people read them in running text. Returned by value, so that they
 * can stand among the arguments of a format: words_day(d).text. */

#include "analysis/figure.h"
#include "base/day.h"
#include "document/document.h"

enum { WORDS_TEXT = 96 };
typedef struct words {
    char text[WORDS_TEXT];
} words;

/* A cell of a table that keeps the text: that of a returned value ends with the expression. */
doc_cell words_cell(doc_table *t, words w);
words words_money(int64_t minor, const char *currency); /* "$1.24M" */
words words_count(int64_t n);                           /* "5,000" */
int64_t words_whole(double x);                          /* the nearest whole number */
words words_between(words low, words high);             /* "3,046 to 3,111" */
/* "1 account", "5,000 accounts"; `one` takes an s when n is not 1. */
words words_things(int64_t n, const char *one);
words words_share(double share); /* "30.8 %" */
/* "8.2 %"; "5 of 12" where the sample does not bear a rate. */
words words_rate(share_figure f);
/* With its interval: "8.2 % (6.1 to 10.9 %)"; "5 of 12". */
words words_rate_range(share_figure f);
words words_ratio_range(ratio_figure f);
words words_day(day d);      /* "31 March 2026" */
words words_month_of(day d); /* "March 2026" */
/* Head of a column of changes: "Since March", "Since March 2025", "Since 2026-03-14". */
words words_since(day since, day as_of);
/* A value of a type, short: "12.5", "30.8 %", "$18.9k", "31 days", "yes". NaN: "not known". */
words words_value(double x, value_type type, const char *currency);
/* With its sign: "+0.013", "-1.2"; what rounds to nothing has none, "0.000". */
words words_difference(double x, int decimals);
/* "p < 0.001", "p = 0.013". */
words words_p(double p);

#endif
