/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustered.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/special.h"

typedef struct level_counts {
    size_t *events, *others; /* by level */
    /* What an observation of the level gains: an event, the share of others below it; another, the
     * share of events above it; ties half. */
    double *placed_event, *placed_other;
} level_counts;

static void level_counts_done(level_counts *c)
{
    free(c->events);
    free(c->others);
    free(c->placed_event);
    free(c->placed_other);
}

static strata_status check(const ranked_observations *o, strata_error *err)
{
    for (size_t i = 0; i < o->n; i++) {
        if (o->cluster[i] >= o->n_clusters || o->level[i] >= o->n_levels || o->event[i] > 1) {
            return strata_fail(err, STRATA_E_USAGE,
                               "observation %zu has a cluster, level or event out of range", i);
        }
    }
    return STRATA_OK;
}

static strata_status count_levels(const ranked_observations *o, level_counts *c, clustered_auc *out,
                                  strata_error *err)
{
    c->events = STRATA_NEW_ARRAY(o->n_levels, size_t);
    c->others = STRATA_NEW_ARRAY(o->n_levels, size_t);
    c->placed_event = STRATA_NEW_ARRAY(o->n_levels, double);
    c->placed_other = STRATA_NEW_ARRAY(o->n_levels, double);
    if (c->events == NULL || c->others == NULL || c->placed_event == NULL ||
        c->placed_other == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu observations", o->n);
    }
    for (size_t i = 0; i < o->n; i++) {
        (o->event[i] ? c->events : c->others)[o->level[i]]++;
        out->events += o->event[i];
    }
    out->others = o->n - out->events;
    return STRATA_OK;
}

/* Fills the placements, and the area from them. */
static void place(const ranked_observations *o, level_counts *c, clustered_auc *out)
{
    double below = 0.0;
    double events_below = 0.0;
    double sum = 0.0;
    for (size_t k = 0; k < o->n_levels; k++) {
        double events = (double)c->events[k];
        double others = (double)c->others[k];
        c->placed_event[k] = (below + 0.5 * others) / (double)out->others;
        double above = (double)out->events - events_below - events;
        c->placed_other[k] = (above + 0.5 * events) / (double)out->events;
        sum += events * (below + 0.5 * others);
        below += others;
        events_below += events;
    }
    out->auc = sum / ((double)out->events * (double)out->others);
}

/* sum[cluster] = what its observations add to the area beyond their part of it. */
static void add_influence(const ranked_observations *o, const level_counts *c,
                          const clustered_auc *of, double *sum, uint8_t *seen)
{
    memset(sum, 0, o->n_clusters * sizeof *sum);
    for (size_t i = 0; i < o->n; i++) {
        size_t k = o->level[i];
        sum[o->cluster[i]] += o->event[i] ? (c->placed_event[k] - of->auc) / (double)of->events
                                          : (c->placed_other[k] - of->auc) / (double)of->others;
        seen[o->cluster[i]] = 1;
    }
}

static interval logit_interval(double x, double se)
{
    if (!(x > 0.0 && x < 1.0)) {
        return (interval){x, x};
    }
    double middle = log(x / (1.0 - x));
    double half = STATS_Z95 * se / (x * (1.0 - x));
    return (interval){1.0 / (1.0 + exp(half - middle)), 1.0 / (1.0 + exp(-half - middle))};
}

static double scaled_se(double squares, size_t clusters)
{
    double k = (double)clusters;
    return clusters > 1 ? sqrt(k / (k - 1.0) * squares) : 0.0;
}

strata_status clustered_auc_of(const ranked_observations *o, double *influence, clustered_auc *out,
                               strata_error *err)
{
    STRATA_CLEANUP(level_counts_done) level_counts c = {0};
    STRATA_AUTO_FREE double *sum = STRATA_NEW_ARRAY(o->n_clusters, double);
    STRATA_AUTO_FREE uint8_t *seen = STRATA_NEW_ARRAY(o->n_clusters, uint8_t);
    clustered_auc made = {0};
    if (sum == NULL || seen == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu observations", o->n);
    }
    STRATA_TRY(check(o, err));
    STRATA_TRY(count_levels(o, &c, &made, err));
    if (made.events > 0 && made.others > 0) {
        made.defined = true;
        place(o, &c, &made);
        add_influence(o, &c, &made, sum, seen);
        double squares = 0.0;
        for (size_t i = 0; i < o->n_clusters; i++) {
            squares += sum[i] * sum[i];
            made.clusters += seen[i];
        }
        made.se = scaled_se(squares, made.clusters);
        made.within = logit_interval(made.auc, made.se);
    }
    if (influence != NULL) {
        memcpy(influence, sum, o->n_clusters * sizeof *sum);
    }
    *out = made;
    return STRATA_OK;
}

clustered_difference clustered_auc_difference(const clustered_auc *a, const double *influence_a,
                                              const clustered_auc *b, const double *influence_b,
                                              size_t n_clusters)
{
    double squares = 0.0;
    for (size_t i = 0; i < n_clusters; i++) {
        double x = influence_a[i] - influence_b[i];
        squares += x * x;
    }
    clustered_difference d = {.difference = a->auc - b->auc, .p = 1.0};
    d.se = scaled_se(squares, a->clusters > b->clusters ? a->clusters : b->clusters);
    d.within = (interval){d.difference - STATS_Z95 * d.se, d.difference + STATS_Z95 * d.se};
    if (d.se > 0.0) {
        d.p = erfc(fabs(d.difference / d.se) / sqrt(2.0));
    }
    return d;
}
