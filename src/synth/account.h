/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_ACCOUNT_H
#define STRATA_SYNTH_ACCOUNT_H

/* One invented account: its traits and its life month by month. Everything
 * that is written is drawn from this; fixed size, so memory does not grow. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/rng.h"
#include "synth/synth.h"

enum {
    MONTHS_MAX = 12 * (SYNTH_YEARS_MAX + 4),
    TERMS_MAX = 2 * MONTHS_MAX + 8,
    CHAMPIONS_MAX = 64,
    NEWCOMERS_MAX = 8
};

/* Independent random numbers per concern, so that one file does not depend on another. */
typedef enum synth_stream {
    STREAM_TRAITS,
    STREAM_LIFE,
    STREAM_USAGE,
    STREAM_TICKETS,
    STREAM_SURVEYS,
    STREAM_CONTACTS,
    STREAM_TOUCH,
    STREAM_DEALS,
    STREAM_HEALTH,
    STREAM_DIRT,
    STREAM_CSM,
    STREAM_VOICE,
    STREAM_VERBATIM,
    STREAMS = 16
} synth_stream;

/* A month of the account's own calendar: from its start day to the same day a month later. */
typedef struct month {
    day from, to;      /* [from, to) */
    double engagement; /* latent, 0..1 */
    double hazard;     /* true chance that service ends at `to` */
    int seats, severe; /* seats; severe tickets opened */
    int tenure;        /* months since the current start, 0 first */
    bool active, champion_gone, accepted, churned;
    int playbook; /* 0 none, else 1 + index */
} month;

/* A subscription with one price: [start, end), end DAY_MISSING while it runs. */
typedef struct term {
    day start, end;
    int64_t cents_month;
    int seats;
    bool addon;
} term;

/* Someone's time there; until DAY_MISSING: still. */
typedef struct stay {
    day from, until;
} stay;

/* The first person of a department that was not there yet. */
typedef struct newcomer {
    day from;
    bool decides;
} newcomer;

typedef struct account {
    uint64_t k; /* 0-based number */
    uint64_t seed;
    day started, window, ends; /* dated activity lies in [window, ends] */
    double dirt;
    int employees, industry, channel, archetype, region, country, use_case, complexity;
    int plan;                     /* the current one */
    int coverage, billing_months; /* 1, 3 or 12 */
    uint64_t csm;
    int64_t parent; /* number of the parent, -1 none */
    bool strategic;
    double fit, base; /* fit 0..1; log-odds of engagement before time */
    double discount;
    size_t n_months, n_terms, n_champions, n_newcomers;
    int churns, reactivations;
    double expected_churns;
    /* From here on only what the counts cover is set. */
    month months[MONTHS_MAX];
    term terms[TERMS_MAX];
    stay champions[CHAMPIONS_MAX]; /* one after the other */
    newcomer newcomers[NEWCOMERS_MAX];
} account;

/* Random numbers of one concern of one account. */
rng account_rng(const account *a, synth_stream stream);

/* Account k with its traits and life, replacing what `a` held. */
void account_make(account *a, const synth_options *o, uint64_t k);
/* The life: months, terms, churn and return; account_make() calls it. */
void account_live(account *a);

/* The account has a subscription on `ends`. */
bool account_is_customer(const account *a);
/* Yearly, of the terms that run on `ends`, in cents; 0 when gone. */
int64_t account_arr(const account *a);
int account_seats(const account *a); /* of the last main term */

/* The days of month `m` as a customer within the window, both ends in; false when none. */
bool account_days(const account *a, const month *m, day *first, day *last);

double synth_logistic(double x);
/* x to the nearest whole number, kept within low .. high. */
int synth_rounded(double x, int low, int high);
/* Index drawn in proportion to weight(i) */
int synth_pick_share(rng *r, const double *weights, size_t n);
/* A day of [first, last], weekends rare. */
day synth_pick_day(rng *r, day first, day last);
bool synth_chance(rng *r, double p);

#endif
