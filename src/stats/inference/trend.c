/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/trend.h"

#include <math.h>

#include "base/auto.h"
#include "stats/inference/quantile.h"
#include "stats/numeric/special.h"

enum { EXACT_MAX = 50, SCORES_MAX = EXACT_MAX * (EXACT_MAX - 1) / 2 };

/* Sums over groups with members. */
typedef struct share_sums {
    double n, hits, mean_place;
    double spread; /* sum of n (place - mean)^2 */
    double joint;  /* sum of (place - mean) (hits - n share) */
} share_sums;

static double place_of(const double *place, size_t i)
{
    return place != NULL ? place[i] : (double)i;
}

static share_sums sum_shares(const size_t *hits, const size_t *n, const double *place,
                             size_t groups)
{
    share_sums s = {0};
    for (size_t i = 0; i < groups; i++) {
        s.n += (double)n[i];
        s.hits += (double)hits[i];
        s.mean_place += (double)n[i] * place_of(place, i);
    }
    s.mean_place = s.n > 0.0 ? s.mean_place / s.n : 0.0;
    for (size_t i = 0; i < groups; i++) {
        double off = n[i] > 0 ? place_of(place, i) - s.mean_place : 0.0;
        s.spread += (double)n[i] * off * off;
        s.joint += off * ((double)hits[i] - (double)n[i] * s.hits / s.n);
    }
    return s;
}

trend trend_of_shares(const size_t *hits, const size_t *n, const double *place, size_t groups)
{
    trend out = {0};
    share_sums s = sum_shares(hits, n, place, groups);
    if (!(s.hits > 0.0) || s.hits >= s.n || !(s.spread > 0.0)) {
        return out;
    }
    double share = s.hits / s.n;
    double variance = 0.0;
    for (size_t i = 0; i < groups; i++) {
        double off = n[i] > 0 ? place_of(place, i) - s.mean_place : 0.0;
        double p = ((double)hits[i] + 1.0) / ((double)n[i] + 2.0);
        variance += (double)n[i] * off * off * p * (1.0 - p);
    }
    double half = STATS_Z95 * sqrt(variance) / s.spread;
    out.slope = s.joint / s.spread;
    out.slope_95 = (interval){out.slope - half, out.slope + half};
    out.test.defined = true;
    out.test.statistic = s.joint * s.joint / (share * (1.0 - share) * s.spread);
    out.test.df = 1.0;
    out.test.p = chi_square_sf(out.test.statistic, 1.0);
    out.test.effect = out.slope;
    return out;
}

/* Chance that |S| of n values in random order is at least `score`: the number of inversions of a
 * permutation of k + 1 is that of one of k plus 0 .. k, each as likely. */
static double exact_p(size_t n, double score)
{
    double chance[SCORES_MAX + 1] = {1.0};
    double before[SCORES_MAX + 1];
    size_t most = 0;
    for (size_t k = 1; k < n; k++) {
        double window = 0.0;
        for (size_t i = 0; i <= most; i++) {
            before[i] = chance[i];
        }
        for (size_t i = 0; i <= most + k; i++) {
            window += i <= most ? before[i] : 0.0;
            window -= i > k ? before[i - k - 1] : 0.0;
            chance[i] = window / (double)(k + 1);
        }
        most += k;
    }
    double tail = 0.0;
    for (size_t i = 0; i <= most && (double)most - 2.0 * (double)i >= fabs(score); i++) {
        tail += chance[i];
    }
    return fmin(1.0, 2.0 * tail);
}

/* What equal values among n sorted ones take from the variance of S (times 18) and from the pairs.
 */
static void count_ties(const double *sorted, size_t n, double *variance, double *pairs)
{
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && sorted[end] <= sorted[i]) {
            end++;
        }
        double t = (double)(end - i);
        *variance += t * (t - 1.0) * (2.0 * t + 5.0);
        *pairs += t * (t - 1.0) / 2.0;
        i = end;
    }
}

static strata_status check_values(const double *y, const double *x, size_t n, strata_error *err)
{
    if (n > TREND_VALUES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "a trend is sought in at most %d values, not %zu",
                           TREND_VALUES_MAX, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(y[i]) || !isfinite(place_of(x, i))) {
            return strata_fail(err, STRATA_E_USAGE, "value %zu of a trend is not a finite number",
                               i);
        }
        if (i > 0 && !(place_of(x, i) > place_of(x, i - 1))) {
            return strata_fail(err, STRATA_E_USAGE, "places of a trend must rise; place %zu is %g",
                               i, place_of(x, i));
        }
    }
    return STRATA_OK;
}

/* All slopes between pairs, sorted; *score is S. */
static void compare_pairs(const double *y, const double *x, size_t n, double *slopes, double *score)
{
    size_t at = 0;
    *score = 0.0;
    for (size_t j = 1; j < n; j++) {
        for (size_t i = 0; i < j; i++) {
            *score += (double)((y[j] > y[i]) - (y[j] < y[i]));
            slopes[at++] = (y[j] - y[i]) / (place_of(x, j) - place_of(x, i));
        }
    }
    sort_values(slopes, at);
}

/* Sen's interval: the pairs' slopes as far from the median as S may be by chance. */
static interval sen_interval(const double *slopes, double pairs, double deviation)
{
    double low = fmax(nearbyint((pairs - STATS_Z95 * deviation) / 2.0) - 1.0, 0.0);
    double high = fmin(nearbyint((pairs + STATS_Z95 * deviation) / 2.0), pairs - 1.0);
    return (interval){slopes[(size_t)low], slopes[(size_t)high]};
}

strata_status trend_of_values(const double *y, const double *x, size_t n, trend *out,
                              strata_error *err)
{
    trend found = {0};
    STRATA_TRY(check_values(y, x, n, err));
    if (n < 3) {
        *out = found;
        return STRATA_OK;
    }
    double pairs = (double)n * (double)(n - 1) / 2.0;
    STRATA_AUTO_FREE double *slopes = STRATA_NEW_ARRAY(n * (n - 1) / 2, double);
    STRATA_AUTO_FREE double *sorted = STRATA_NEW_ARRAY(n, double);
    if (slopes == NULL || sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory looking for a trend");
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = y[i];
    }
    sort_values(sorted, n);
    double score;
    double tied_variance = 0.0;
    double tied_pairs = 0.0;
    count_ties(sorted, n, &tied_variance, &tied_pairs);
    if (tied_pairs >= pairs) {
        *out = found;
        return STRATA_OK;
    }
    compare_pairs(y, x, n, slopes, &score);
    double m = (double)n;
    double deviation = sqrt((m * (m - 1.0) * (2.0 * m + 5.0) - tied_variance) / 18.0);
    bool exact = n <= EXACT_MAX && !(tied_pairs > 0.0);
    double z = fmax(fabs(score) - 1.0, 0.0) / deviation;
    found.test = (stat_test){.defined = true,
                             .statistic = score,
                             .p = exact ? exact_p(n, score) : fmin(1.0, 2.0 * normal_sf(z)),
                             .effect = score / sqrt(pairs * (pairs - tied_pairs))};
    found.slope = quantile_sorted(slopes, (size_t)pairs, 0.5);
    found.slope_95 = sen_interval(slopes, pairs, deviation);
    *out = found;
    return STRATA_OK;
}
