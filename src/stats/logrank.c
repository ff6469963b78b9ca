/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/logrank.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/rank.h"
#include "stats/special.h"

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
        t->variance[g * t->k + g] += c * share;
        for (size_t h = 0; h < t->k; h++) {
            t->variance[g * t->k + h] -= c * share * t->at_risk[h] / n;
        }
    }
}

static void walk_times(tally *t, const double *time, const uint8_t *event, const uint16_t *group,
                       const uint32_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        t->at_risk[group[i]] += 1.0;
    }
    for (size_t i = 0; i < n;) {
        size_t j = i;
        double ended = 0.0;
        for (size_t g = 0; g < t->k; g++) {
            t->events[g] = 0.0;
        }
        while (j < n && !(time[order[j]] > time[order[i]])) {
            if (event[order[j]] != 0) {
                t->events[group[order[j]]] += 1.0;
                ended += 1.0;
            }
            j++;
        }
        if (ended > 0.0) {
            add_time(t, (double)(n - i), ended);
        }
        for (; i < j; i++) {
            t->at_risk[group[order[i]]] -= 1.0;
        }
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

strata_status log_rank(const double *time, const uint8_t *event, const uint16_t *group, size_t n,
                       size_t n_groups, stat_test *out, strata_error *err)
{
    if (n_groups > GROUPS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu groups are too many to compare survival (%d)",
                           n_groups, GROUPS_MAX);
    }
    STRATA_AUTO_FREE double *cells = STRATA_NEW_ARRAY(n_groups * (n_groups + 3), double);
    STRATA_AUTO_FREE double *rank = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE uint32_t *order = STRATA_NEW_ARRAY(n, uint32_t);
    if (cells == NULL || rank == NULL || order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing survival of %zu", n);
    }
    double ties = 0.0;
    STRATA_TRY(rank_values(time, n, rank, &ties, order, err));
    tally t = {.k = n_groups,
               .at_risk = cells,
               .events = cells + n_groups,
               .excess = cells + 2 * n_groups,
               .variance = cells + 3 * n_groups};
    walk_times(&t, time, event, group, order, n);
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
