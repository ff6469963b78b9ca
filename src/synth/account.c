/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/account.h"

#include <math.h>
#include <string.h>

#include "synth/parameters.h"

rng account_rng(const account *a, synth_stream stream)
{
    rng r;
    rng_init(&r, a->seed, a->k * STREAMS + stream);
    return r;
}

double synth_logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

int synth_rounded(double x, int low, int high)
{
    double whole = round(x);
    if (whole <= low) {
        return low;
    }
    return whole >= high ? high : (int)whole;
}

bool synth_chance(rng *r, double p)
{
    return rng_uniform(r) < p;
}

int synth_pick_share(rng *r, const double *weights, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        total += weights[i];
    }
    double u = rng_uniform(r) * total;
    for (size_t i = 0; i + 1 < n; i++) {
        u -= weights[i];
        if (u < 0) {
            return (int)i;
        }
    }
    return (int)n - 1;
}

static int pick_category(rng *r, const synth_category *table, size_t n)
{
    double u = rng_uniform(r);
    for (size_t i = 0; i + 1 < n; i++) {
        u -= table[i].share;
        if (u < 0) {
            return (int)i;
        }
    }
    return (int)n - 1;
}

day synth_pick_day(rng *r, day first, day last)
{
    day d = first;
    for (int tries = 0; tries < 16; tries++) {
        d = first + (day)rng_below(r, (uint64_t)(last - first) + 1);
        if (rng_uniform(r) < synth_weekdays[day_weekday(d)].value[0]) {
            break;
        }
    }
    return d;
}

static void draw_start(account *a, const synth_options *o, rng *r)
{
    bool mature = synth_chance(r, synth_p(P_MATURE_SHARE));
    int years = mature ? synth_int(P_MATURE_YEARS) : o->years;
    day first = mature ? day_add_months(a->window, -12 * years) : a->window;
    day stop = mature ? a->window : o->ends + 1;
    a->started = first + (day)rng_below(r, (uint64_t)(stop - first));
}

static void draw_size(account *a, rng *r)
{
    const synth_category *industry = &synth_industries[a->industry];
    double ln = industry->value[0] + synth_channels[a->channel].value[0] +
                industry->value[1] * rng_normal(r);
    a->employees = synth_rounded(exp(ln), 3, 200000);
}

static void draw_engagement(account *a, rng *r)
{
    double fit_a = synth_p(P_FIT_A);
    double fit_b = synth_p(P_FIT_B);
    a->fit = rng_beta(r, fit_a, fit_b);
    double e = rng_beta(r, synth_p(P_ENGAGEMENT_A), synth_p(P_ENGAGEMENT_B));
    e = fmin(fmax(e, 0.01), 0.99);
    a->base = log(e / (1 - e)) + synth_p(P_ENGAGEMENT_FIT) * (a->fit - fit_a / (fit_a + fit_b)) +
              synth_industries[a->industry].value[2] + synth_channels[a->channel].value[1] +
              synth_archetypes[a->archetype].value[0];
}

static void draw_team(account *a, rng *r)
{
    a->csm = a->k / (uint64_t)synth_int(P_CSM_ACCOUNTS);
    a->region = synth_chance(r, synth_p(P_CSM_REGION)) ? (int)(a->csm % REGIONS)
                                                       : (int)rng_below(r, REGIONS);
    a->country = (int)rng_below(r, 4);
    uint64_t back = 1 + rng_below(r, (uint64_t)synth_int(P_PARENT_BACK));
    bool child = synth_chance(r, synth_p(P_PARENT)) && back <= a->k;
    a->parent = child ? (int64_t)(a->k - back) : -1;
}

void account_make(account *a, const synth_options *o, uint64_t k)
{
    memset(a, 0, offsetof(account, months)); /* the arrays have counts */
    a->k = k;
    a->seed = o->seed;
    a->ends = o->ends;
    a->dirt = o->dirt;
    a->window = day_add_months(o->ends + 1, -12 * o->years);
    rng r = account_rng(a, STREAM_TRAITS);
    draw_start(a, o, &r);
    a->industry = pick_category(&r, synth_industries, INDUSTRIES);
    a->channel = pick_category(&r, synth_channels, CHANNELS);
    a->archetype = pick_category(&r, synth_archetypes, ARCHETYPES);
    draw_size(a, &r);
    draw_engagement(a, &r);
    draw_team(a, &r);
    a->use_case = (int)rng_below(&r, 4);
    a->complexity = 1 + (int)rng_below(&r, 3) + (a->employees > 300) + (a->employees > 1500);
    a->discount = synth_p(P_DISCOUNT) * rng_uniform(&r);
    account_live(a);
}

bool account_is_customer(const account *a)
{
    return a->n_months > 0 && a->months[a->n_months - 1].active;
}

int64_t account_arr(const account *a)
{
    int64_t cents = 0;
    for (size_t i = 0; i < a->n_terms; i++) {
        cents += a->terms[i].end == DAY_MISSING ? 12 * a->terms[i].cents_month : 0;
    }
    return cents;
}

int account_seats(const account *a)
{
    for (size_t i = a->n_terms; i > 0; i--) {
        if (!a->terms[i - 1].addon) {
            return a->terms[i - 1].seats;
        }
    }
    return 0;
}

bool account_days(const account *a, const month *m, day *first, day *last)
{
    *first = m->from > a->window ? m->from : a->window;
    *last = m->to - 1 < a->ends ? m->to - 1 : a->ends;
    return m->active && *first <= *last;
}
