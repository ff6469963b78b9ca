/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/survival/logrank.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/numeric/special.h"

enum { GROUPS_MAX = 1000 };

typedef struct tally {
    size_t k;
    double *at_risk;  /* by group */
    double *events;   /* at one time, by group */
    double *excess;   /* observed less expected, by group */
    double *variance; /* k x k */
} tally;

/* One time with events: n at risk in all, of which `ended` end now. */
static void add_time(tally *t, double n, double ended)
{
    double c = n > 1.0 ? ended * (n - ended) / (n - 1.0) : 0.0;
    for (size_t g = 0; g < t->k; g++) {
        double share = t->at_risk[g] / n;
        t->excess[g] += t->events[g] - ended * share;
        for (size_t h = 0; h < t->k; h++) {
            /* Exactly 0 when the group is all there is: rounding must not look like a difference.
             */
            t->variance[g * t->k + h] += c * share * ((g == h) - t->at_risk[h] / n);
        }
    }
}

/* Indexes of d's lifetimes, those of one stratum together. */
typedef struct walk {
    const log_rank_data *d;
    const uint32_t *leaving;  /* by time */
    const uint32_t *entering; /* by entry; NULL: all are in sight from the start */
} walk;

/* Takes all that end or are lost at the time of `leaving[i]`; yields how many ended. */
static double take_time(tally *t, const walk *w, size_t *i, size_t end)
{
    const follow_up *life = &w->d->life;
    double now = life->time[w->leaving[*i]];
    double ended = 0.0;
    for (size_t g = 0; g < t->k; g++) {
        t->events[g] = 0.0;
    }
    for (; *i < end && !(life->time[w->leaving[*i]] > now); (*i)++) {
        if (life->event[w->leaving[*i]] != 0) {
            t->events[w->d->group[w->leaving[*i]]] += 1.0;
            ended += 1.0;
        }
    }
    return ended;
}

/* The stratum whose lifetimes are begin .. end-1 of both orders. */
static void walk_stratum(tally *t, const walk *w, size_t begin, size_t end)
{
    const follow_up *life = &w->d->life;
    size_t in_sight = begin;
    for (size_t g = 0; g < t->k; g++) {
        t->at_risk[g] = 0.0;
    }
    for (size_t i = begin; i < end;) {
        double now = life->time[w->leaving[i]];
        for (; in_sight < end && (w->entering == NULL || life->entry[w->entering[in_sight]] < now);
             in_sight++) {
            uint32_t who = w->entering == NULL ? w->leaving[in_sight] : w->entering[in_sight];
            t->at_risk[w->d->group[who]] += 1.0;
        }
        size_t first = i;
        double ended = take_time(t, w, &i, end);
        if (ended > 0.0) {
            add_time(t, (double)(in_sight - first), ended);
        }
        for (; first < i; first++) {
            t->at_risk[w->d->group[w->leaving[first]]] -= 1.0;
        }
    }
}

static void walk_strata(tally *t, const walk *w)
{
    const uint32_t *stratum = w->d->strata.stratum;
    size_t n = w->d->life.n;
    for (size_t begin = 0; begin < n;) {
        size_t end = begin + 1;
        while (end < n &&
               (stratum == NULL || stratum[w->leaving[end]] == stratum[w->leaving[begin]])) {
            end++;
        }
        walk_stratum(t, w, begin, end);
        begin = end;
    }
}

/* excess' variance^-1 excess over the groups that add something, one of them left out, by
 * elimination without pivoting: the matrix is positive semidefinite. A row that vanishes belongs to
 * a group never at risk at a time with an event and tells nothing. Yields the rank in *used. */
static double quadratic_form(tally *t, size_t *used)
{
    size_t k = t->k;
    double *v = t->variance;
    double sum = 0.0;
    *used = 0;
    for (size_t p = 0; p < k; p++) {
        t->at_risk[p] = v[p * k + p]; /* what the pivot was, to tell what is left of it */
    }
    for (size_t p = 0; p < k; p++) {
        double pivot = v[p * k + p];
        if (!(pivot > 1e-9 * t->at_risk[p])) {
            continue;
        }
        (*used)++;
        sum += t->excess[p] * t->excess[p] / pivot;
        for (size_t r = p + 1; r < k; r++) {
            double factor = v[r * k + p] / pivot;
            t->excess[r] -= factor * t->excess[p];
            for (size_t c = p; c < k; c++) {
                v[r * k + c] -= factor * v[p * k + c];
            }
        }
    }
    return sum;
}

strata_status log_rank_stratified(const log_rank_data *d, stat_test *out, strata_error *err)
{
    if (d->n_groups > GROUPS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu groups are too many to compare survival (%d)",
                           d->n_groups, GROUPS_MAX);
    }
    STRATA_TRY(follow_up_check(&d->life, err));
    size_t n = d->life.n;
    size_t k = d->n_groups;
    STRATA_AUTO_FREE double *cells = STRATA_NEW_ARRAY(k * (k + 3), double);
    STRATA_AUTO_FREE uint32_t *leaving = NULL;
    STRATA_AUTO_FREE uint32_t *entering = NULL;
    if (cells == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing survival of %zu", n);
    }
    STRATA_TRY(order_new(n, &leaving, err));
    STRATA_TRY(sort_within_strata(d->life.time, n, d->strata, leaving, err));
    if (d->life.entry != NULL) {
        STRATA_TRY(order_new(n, &entering, err));
        STRATA_TRY(sort_within_strata(d->life.entry, n, d->strata, entering, err));
    }
    tally t = {.k = k,
               .at_risk = cells,
               .events = cells + k,
               .excess = cells + 2 * k,
               .variance = cells + 3 * k};
    walk_strata(&t, &(walk){.d = d, .leaving = leaving, .entering = entering});
    size_t used = 0;
    double chi = quadratic_form(&t, &used);
    stat_test result = {0};
    if (used > 0) {
        result = (stat_test){.defined = true,
                             .statistic = chi,
                             .df = (double)used,
                             .p = chi_square_sf(chi, (double)used)};
    }
    *out = result;
    return STRATA_OK;
}

strata_status log_rank(const double *time, const uint8_t *event, const uint16_t *group, size_t n,
                       size_t n_groups, stat_test *out, strata_error *err)
{
    log_rank_data d = {
        .life = {.n = n, .time = time, .event = event}, .group = group, .n_groups = n_groups};
    return log_rank_stratified(&d, out, err);
}
