/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_RATES_PRIVATE_H
#define STRATA_COHORT_FORECAST_RATES_PRIVATE_H

/* Inside movement rates: the sums of a window. All are whole numbers (accounts, minor units) held
 * in doubles, so that adding them up in any order gives the same. */

#include "cohort/forecast/rates.h"
#include "cohort/tenure.h"

/* Account-months with ARR at their start. */
typedef struct flow {
    double logos, arr; /* at the start */
    double lost_logos, lost_arr;
    double contraction, expansion;
} flow;

/* Account-months of those who had ARR before and have none at the start. */
typedef struct lapse {
    double logos, arr; /* arr: what they had */
    double back_logos, back_arr;
} lapse;

typedef struct newcomers {
    double logos, arr;
} newcomers;

typedef struct stock {
    double logos, arr;
} stock;

struct rates {
    size_t n_segments; /* one more exists in every array: of accounts in no segment */
    size_t n_blocks;   /* account i is in block i % n_blocks */
    int window;
    bool by_age;
    day *month_ends;      /* window + 1, oldest first */
    flow *flows;          /* [block][segment][band] */
    lapse *lapses;        /* [block] */
    newcomers *newcomers; /* [block][month] */
    stock *today;         /* [segment][age], age 0 .. RATES_LAST_AGE */
    stock lapsed_today;
};

size_t rates_band(const rates *r, int age);
int rates_age(day first, day d); /* whole months, at most RATES_LAST_AGE */

#endif
