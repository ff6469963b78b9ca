/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/proportion.h"

#include <math.h>

#include "stats/numeric/special.h"

interval wilson_interval(size_t hits, size_t n)
{
    if (n == 0) {
        return (interval){0.0, 1.0};
    }
    double m = (double)n;
    double p = (double)hits / m;
    double z2 = STATS_Z95 * STATS_Z95;
    double middle = (p + z2 / (2.0 * m)) / (1.0 + z2 / m);
    double half = STATS_Z95 * sqrt(p * (1.0 - p) / m + z2 / (4.0 * m * m)) / (1.0 + z2 / m);
    /* Exact at the ends, where the formula leaves a rounding error. */
    return (interval){hits == 0 ? 0.0 : fmax(middle - half, 0.0),
                      hits == n ? 1.0 : fmin(middle + half, 1.0)};
}

interval newcombe_interval(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b)
{
    if (n_a == 0 || n_b == 0) {
        return (interval){-1.0, 1.0};
    }
    double a = (double)hits_a / (double)n_a;
    double b = (double)hits_b / (double)n_b;
    interval wa = wilson_interval(hits_a, n_a);
    interval wb = wilson_interval(hits_b, n_b);
    return (interval){a - b - hypot(a - wa.low, wb.high - b),
                      a - b + hypot(wa.high - a, b - wb.low)};
}

stat_test two_proportions(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b)
{
    size_t hits = hits_a + hits_b;
    size_t n = n_a + n_b;
    if (n_a == 0 || n_b == 0 || hits == 0 || hits == n) {
        return (stat_test){0};
    }
    double difference = (double)hits_a / (double)n_a - (double)hits_b / (double)n_b;
    double p = (double)hits / (double)n;
    double variance = p * (1.0 - p) * (1.0 / (double)n_a + 1.0 / (double)n_b);
    double chi = difference * difference / variance;
    return (stat_test){.defined = true,
                       .statistic = chi,
                       .df = 1.0,
                       .p = chi_square_sf(chi, 1.0),
                       .effect = difference};
}

/* Where `falling` (of the mean) comes down to `level`. */
static double mean_at(double (*falling)(double, double), double a, double level, double most)
{
    double low = 0.0;
    double high = most;
    enum { HALVINGS = 200 };
    for (int i = 0; i < HALVINGS; i++) {
        double middle = low + (high - low) / 2.0;
        bool above = falling(a, middle) > level;
        low = above ? middle : low;
        high = above ? high : middle;
    }
    return low + (high - low) / 2.0;
}

interval poisson_interval(size_t events)
{
    const double tail = 0.025;
    double k = (double)events;
    double most = k + 10.0 * sqrt(k + 1.0) + 10.0; /* beyond any 97.5 % limit */
    return (interval){events > 0 ? mean_at(gamma_q, k, 1.0 - tail, most) : 0.0,
                      mean_at(gamma_q, k + 1.0, tail, most)};
}
