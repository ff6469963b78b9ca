/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/cluster_share.h"

#include <math.h>

#include "stats/numeric/special.h"

typedef struct sums {
    double hits, of;
    size_t clusters;
} sums;

static sums add_up(const cluster_counts *x)
{
    sums s = {0};
    for (size_t i = 0; i < x->n; i++) {
        if (x->of[i] > 0.0) {
            s.hits += x->hits[i];
            s.of += x->of[i];
            s.clusters++;
        }
    }
    return s;
}

/* What cluster i adds to the linearised ratio. */
static double residual(const cluster_counts *x, const sums *s, size_t i)
{
    return x->of[i] > 0.0 ? (x->hits[i] - s->hits / s->of * x->of[i]) / s->of : 0.0;
}

/* Wilson's interval for a share of n observations, n not a whole number. */
static interval wilson_of_share(double p, double n)
{
    double z2 = STATS_Z95 * STATS_Z95;
    double middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    double half = STATS_Z95 * sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n)) / (1.0 + z2 / n);
    return (interval){p <= 0.0 ? 0.0 : fmax(middle - half, 0.0),
                      p >= 1.0 ? 1.0 : fmin(middle + half, 1.0)};
}

cluster_share cluster_share_of(const cluster_counts *x)
{
    sums s = add_up(x);
    cluster_share f = {.clusters = s.clusters, .hits = s.hits, .of = s.of};
    if (s.clusters < 2) {
        return f;
    }
    double variance = 0.0;
    for (size_t i = 0; i < x->n; i++) {
        double e = residual(x, &s, i);
        variance += e * e;
    }
    variance *= (double)s.clusters / (double)(s.clusters - 1);
    f.defined = true;
    f.share = s.hits / s.of;
    f.se = sqrt(variance);
    double effective = variance > 0.0 ? f.share * (1.0 - f.share) / variance : (double)s.clusters;
    interval i = wilson_of_share(f.share, fmin(effective, s.of));
    f.low = i.low;
    f.high = i.high;
    return f;
}

stat_test cluster_shares_differ(const cluster_counts *a, const cluster_counts *b,
                                interval *difference_95)
{
    sums sa = add_up(a);
    sums sb = add_up(b);
    *difference_95 = (interval){-1.0, 1.0};
    if (sa.clusters < 2 || sb.clusters < 2) {
        return (stat_test){0};
    }
    double variance = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        double e = residual(a, &sa, i) - residual(b, &sb, i);
        variance += e * e;
        n += a->of[i] > 0.0 || b->of[i] > 0.0;
    }
    variance *= (double)n / (double)(n - 1);
    if (!(variance > 0.0)) {
        return (stat_test){0};
    }
    double d = sa.hits / sa.of - sb.hits / sb.of;
    double se = sqrt(variance);
    *difference_95 = (interval){fmax(d - STATS_Z95 * se, -1.0), fmin(d + STATS_Z95 * se, 1.0)};
    return (stat_test){.defined = true,
                       .statistic = d / se,
                       .p = fmin(2.0 * normal_sf(fabs(d / se)), 1.0),
                       .effect = d};
}

/* What stratum i adds to the numerator and to the weights. */
static double weigh(const cluster_counts *a, const cluster_counts *b, size_t i, double *weight)
{
    double n = a->of[i] + b->of[i];
    *weight = n > 0.0 ? a->of[i] * b->of[i] / n : 0.0;
    return n > 0.0 ? (a->hits[i] * b->of[i] - b->hits[i] * a->of[i]) / n : 0.0;
}

stat_test cluster_shares_within(const cluster_counts *a, const cluster_counts *b, size_t *clusters,
                                interval *difference_95)
{
    double top = 0.0;
    double bottom = 0.0;
    double weight = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        top += weigh(a, b, i, &weight);
        bottom += weight;
        n += weight > 0.0;
    }
    *clusters = n;
    *difference_95 = (interval){-1.0, 1.0};
    if (n < 2) {
        return (stat_test){0};
    }
    double d = top / bottom;
    double variance = 0.0;
    for (size_t i = 0; i < a->n; i++) {
        double part = weigh(a, b, i, &weight);
        double e = (part - d * weight) / bottom;
        variance += e * e;
    }
    variance *= (double)n / (double)(n - 1);
    if (!(variance > 0.0)) {
        return (stat_test){0};
    }
    double se = sqrt(variance);
    *difference_95 = (interval){fmax(d - STATS_Z95 * se, -1.0), fmin(d + STATS_Z95 * se, 1.0)};
    return (stat_test){.defined = true,
                       .statistic = d / se,
                       .p = fmin(2.0 * normal_sf(fabs(d / se)), 1.0),
                       .effect = d};
}
