/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FORECAST_FORECAST_H
#define STRATA_REPORT_FORECAST_FORECAST_H

/* A forecast of customers, ARR and NRR, with how well it would have done. */

#include "base/strbuf.h"
#include "cohort/forecast/backtest.h"
#include "document/document.h"

enum { FORECAST_HISTORY = 12 };

typedef struct forecast_input {
    const forecast *logos; /* by the method for customers */
    const forecast *arr;   /* by the method for ARR; has_arr */
    const backtest *backtest;
    bool chosen;          /* a person chose the methods; else the back-test did */
    const char *segments; /* what the method by segment went by; NULL: none were given */
    day as_of;
    const char *currency;
    /* Of everyone, at the last FORECAST_HISTORY month steps, oldest first, the last one today. */
    double history_logos[FORECAST_HISTORY + 1], history_arr[FORECAST_HISTORY + 1];
} forecast_input;

/* Fills the history of an input from the book. */
void forecast_history(const arr_book *book, day as_of, forecast_input *in);

/* "Today's 4,312 customers will be 3,800 to 3,950 in 12 months, at an NRR of 97 to 108 %". */
void report_forecast_title(strbuf *out, const forecast_input *in);
void report_forecast(document *d, doc_section *parent, const forecast_input *in);

#endif
