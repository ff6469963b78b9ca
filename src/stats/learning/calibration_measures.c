/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <math.h>

#include "base/auto.h"
#include "stats/inference/rank.h"
#include "stats/learning/calibration.h"
#include "stats/learning/calibration_line.h"
#include "stats/numeric/special.h"
#include "stats/survival/follow_up.h"

/* A probability of exactly 0 or 1 has no finite logarithm. */
static const double log_odds_most = 36.0;

/* Checked rows by probability; those of equal probability by outcome, so that sums over the order
 * do not depend on how the rows stood. The caller frees. */
static strata_status probability_order(const scored *s, uint32_t **out, strata_error *err)
{
    STRATA_TRY(scored_check_probability(s, err));
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(order_new(s->n, &order, err));
    size_t k = 0;
    for (unsigned outcome = 0; outcome < 2; outcome++) {
        for (size_t i = 0; i < s->n; i++) {
            if (s->outcome[i] == outcome) {
                order[k++] = (uint32_t)i;
            }
        }
    }
    STRATA_TRY(sort_order(s->score, s->n, order, err));
    *out = strata_steal(&order);
    return STRATA_OK;
}

static strata_status check_some(const scored *s, strata_error *err)
{
    if (s->n == 0) {
        return strata_fail(err, STRATA_E_DATA, "there are no probabilities to measure");
    }
    return STRATA_OK;
}

/* The mean over the rows of a loss. */
typedef double loss_fn(double probability, bool happened);

static strata_status mean_loss(const scored *s, loss_fn *loss, double *out, strata_error *err)
{
    STRATA_TRY(check_some(s, err));
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(probability_order(s, &order, err));
    double sum = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        sum += loss(s->score[order[i]], s->outcome[order[i]] == 1);
    }
    *out = sum / (double)s->n;
    return STRATA_OK;
}

static double squared_loss(double probability, bool happened)
{
    double off = happened ? 1.0 - probability : probability;
    return off * off;
}

static double logarithmic_loss(double probability, bool happened)
{
    double p = fmin(fmax(probability, DBL_EPSILON), 1.0 - DBL_EPSILON);
    return happened ? -log(p) : -log1p(-p);
}

strata_status brier_score(const scored *s, double *out, strata_error *err)
{
    return mean_loss(s, squared_loss, out, err);
}

strata_status log_loss(const scored *s, double *out, strata_error *err)
{
    return mean_loss(s, logarithmic_loss, out, err);
}

static reliability_bin bin_of(const scored *s, const uint32_t *order, size_t from, size_t to)
{
    reliability_bin b = {
        .n = to - from, .low = s->score[order[from]], .high = s->score[order[to - 1]]};
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        b.hits += s->outcome[order[i]];
        sum += s->score[order[i]];
    }
    /* Rounding must not carry a mean of equal values away from them. */
    b.mean_predicted = fmin(fmax(sum / (double)b.n, b.low), b.high);
    b.share = (double)b.hits / (double)b.n;
    b.share_95 = wilson_interval(b.hits, b.n);
    return b;
}

strata_status reliability_bins(const scored *s, size_t n_bins, reliability_bin *bins, size_t *used,
                               strata_error *err)
{
    if (n_bins == 0) {
        return strata_fail(err, STRATA_E_USAGE, "0 bins; at least 1 is needed");
    }
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(probability_order(s, &order, err));
    size_t made = 0;
    for (size_t from = 0; from < s->n;) {
        /* An equal part of what is left, in as many bins of the size meant as it has room for. */
        double room = (double)(s->n - from) / (double)s->n * (double)n_bins;
        size_t left = room < 1.5 ? 1 : (size_t)(room + 0.5);
        left = left > n_bins - made ? n_bins - made : left;
        left = left > 0 ? left : 1;
        size_t to = from + (s->n - from + left - 1) / left;
        /* And the rest of a run of equal probabilities. */
        while (to < s->n && !(s->score[order[to]] > s->score[order[to - 1]])) {
            to++;
        }
        bins[made++] = bin_of(s, order, from, to);
        from = to;
    }
    *used = made;
    return STRATA_OK;
}

strata_status brier_split(const scored *s, size_t n_bins, brier_parts *out, strata_error *err)
{
    if (n_bins == 0) {
        return strata_fail(err, STRATA_E_USAGE, "0 bins; at least 1 is needed");
    }
    brier_parts p = {0};
    STRATA_TRY(brier_score(s, &p.brier, err));
    size_t most = n_bins < s->n ? n_bins : s->n;
    STRATA_AUTO_FREE reliability_bin *bins = STRATA_NEW_ARRAY(most, reliability_bin);
    if (bins == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu bins", most);
    }
    size_t used = 0;
    STRATA_TRY(reliability_bins(s, most, bins, &used, err));
    double n = (double)s->n;
    size_t positives = scored_positives(s);
    double base = (double)positives / n;
    for (size_t b = 0; b < used; b++) {
        double weight = (double)bins[b].n / n;
        double off = bins[b].mean_predicted - bins[b].share;
        p.reliability += weight * off * off;
        p.resolution += weight * (bins[b].share - base) * (bins[b].share - base);
    }
    p.uncertainty = base * (1.0 - base);
    p.within = p.brier - (p.reliability - p.resolution + p.uncertainty);
    p.skill = p.uncertainty > 0.0 ? 1.0 - p.brier / p.uncertainty : 0.0;
    *out = p;
    return STRATA_OK;
}

static double log_odds(double p)
{
    double l = log(p) - log1p(-p);
    return fmin(fmax(l, -log_odds_most), log_odds_most);
}

strata_status calibration_check_run(const scored *s, calibration_check *out, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(probability_order(s, &order, err));
    STRATA_AUTO_FREE double *odds = STRATA_NEW_ARRAY(s->n, double);
    STRATA_AUTO_FREE double *target = STRATA_NEW_ARRAY(s->n, double);
    if (odds == NULL || target == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory checking %zu probabilities", s->n);
    }
    calibration_check c = {.n = s->n, .n_positive = scored_positives(s)};
    for (size_t i = 0; i < s->n; i++) {
        odds[i] = log_odds(s->score[order[i]]);
        target[i] = s->outcome[order[i]];
        c.expected += s->score[order[i]];
    }
    line_data data = {.n = s->n, .x = odds, .target = target, .unit_slope = true};
    line_fit large = line_run(&data);
    data.unit_slope = false;
    line_fit line = line_run(&data);
    if (large.converged) {
        c.defined = true;
        c.in_the_large = large.intercept;
        c.in_the_large_se = large.intercept_se;
    }
    if (large.converged && line.converged) {
        double ratio = fmax(2.0 * (line.loglik - line_loglik(&data, 0.0, 1.0)), 0.0);
        c.sloped = true;
        c.slope = line.slope;
        c.slope_se = line.slope_se;
        c.intercept = line.intercept;
        c.test = (stat_test){.defined = true,
                             .statistic = ratio,
                             .df = 2.0,
                             .p = chi_square_sf(ratio, 2.0),
                             .effect = line.slope};
    }
    *out = c;
    return STRATA_OK;
}
