/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FORECAST_BACKTEST_TABLE_H
#define STRATA_REPORT_FORECAST_BACKTEST_TABLE_H

/* How well the methods of a forecast would have done: the same table for
 * portfolios with ARR and for shops. */

#include <stdbool.h>

#include "document/document.h"

typedef struct backtest_line {
    const char *quantity, *method;
    size_t n;            /* cases; 0: `why` */
    double error, bias;  /* means of |forecast - actual| / actual, and with its sign */
    size_t held, ranged; /* ranges that held the outcome, of so many */
    bool used;           /* the method that the forecast goes by */
    const char *why;     /* nothing was compared, and why */
} backtest_line;

/* The empty table, named "backtest", with the footnote that every reader needs. */
doc_table *report_backtest_table(doc_section *s);
void report_backtest_row(doc_table *t, const backtest_line *line);

#endif
