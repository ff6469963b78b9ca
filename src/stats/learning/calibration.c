/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/calibration.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/inference/rank.h"
#include "stats/learning/calibration_line.h"
#include "stats/survival/follow_up.h"

static double logistic(double margin)
{
    double small = exp(-fabs(margin));
    return margin >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
}

static strata_status check_both(const scored *s, size_t *positives, strata_error *err)
{
    STRATA_TRY(scored_check(s, err));
    *positives = scored_positives(s);
    if (*positives == 0 || *positives == s->n) {
        return strata_fail(err, STRATA_E_DATA,
                           "all %zu outcomes are %d; rows of both outcomes are needed", s->n,
                           *positives > 0);
    }
    return STRATA_OK;
}

/* ---- Platt ---- */

strata_status calibration_platt(const scored *s, calibration *out, strata_error *err)
{
    size_t positives = 0;
    STRATA_TRY(check_both(s, &positives, err));
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(order_new(s->n, &order, err));
    STRATA_TRY(sort_order(s->score, s->n, order, err));
    STRATA_AUTO_FREE double *score = STRATA_NEW_ARRAY(s->n, double);
    STRATA_AUTO_FREE double *target = STRATA_NEW_ARRAY(s->n, double);
    if (score == NULL || target == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory calibrating %zu scores", s->n);
    }
    double p = (double)positives;
    double q = (double)(s->n - positives);
    /* All of one outcome, then all of the other, each by score: sums that do not depend on the
     * order of the rows. */
    size_t k = 0;
    for (unsigned outcome = 0; outcome < 2; outcome++) {
        for (size_t i = 0; i < s->n; i++) {
            if (s->outcome[order[i]] == outcome) {
                score[k] = s->score[order[i]];
                target[k++] = outcome ? (p + 1.0) / (p + 2.0) : 1.0 / (q + 2.0);
            }
        }
    }
    calibration c = {.kind = CALIBRATION_PLATT, .n = s->n, .n_positive = positives};
    bool varies = s->score[order[0]] < s->score[order[s->n - 1]];
    line_fit f = {0};
    if (varies) {
        f = line_run(&(line_data){.n = s->n, .x = score, .target = target});
        if (!f.converged) {
            return strata_fail(err, STRATA_E_NUMERIC,
                               "the curve through %zu scores did not converge", s->n);
        }
    }
    c.flat = !(f.slope > 0.0);
    c.slope = c.flat ? 0.0 : f.slope;
    double mean = (p * (p + 1.0) / (p + 2.0) + q / (q + 2.0)) / (p + q);
    c.intercept = c.flat ? log(mean / (1.0 - mean)) : f.intercept;
    *out = c;
    return STRATA_OK;
}

/* ---- Isotonic ---- */

/* Neighbouring scores that share a level. */
typedef struct level {
    double low, high; /* scores */
    double n, hits;
} level;

/* Distinct scores, ascending; yields how many. */
static size_t distinct_scores(const scored *s, const uint32_t *order, level *levels)
{
    size_t used = 0;
    for (size_t i = 0; i < s->n; i++) {
        double score = s->score[order[i]];
        if (used == 0 || score > levels[used - 1].high) {
            levels[used++] = (level){score, score, 0.0, 0.0};
        }
        levels[used - 1].n += 1.0;
        levels[used - 1].hits += s->outcome[order[i]];
    }
    return used;
}

/* Pools neighbours until shares rise from each to the next; yields how many are left. Counts are
 * whole, so comparing products is exact. */
static size_t pool_violators(level *levels, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        level now = levels[i];
        while (used > 0 && levels[used - 1].hits * now.n >= now.hits * levels[used - 1].n) {
            used--;
            now.low = levels[used].low;
            now.n += levels[used].n;
            now.hits += levels[used].hits;
        }
        levels[used++] = now;
    }
    return used;
}

/* Both ends of every level. */
static strata_status knots_of(const level *levels, size_t n, arena *a, calibration *c,
                              strata_error *err)
{
    double *score = ARENA_NEW(a, 2 * n, double);
    double *share = ARENA_NEW(a, 2 * n, double);
    if (score == NULL || share == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory keeping %zu levels", n);
    }
    for (size_t i = 0; i < n; i++) {
        for (int end = 0; end < (levels[i].low < levels[i].high ? 2 : 1); end++) {
            score[c->n_knots] = end == 0 ? levels[i].low : levels[i].high;
            share[c->n_knots++] = levels[i].hits / levels[i].n;
        }
    }
    c->knot_score = score;
    c->knot_share = share;
    return STRATA_OK;
}

strata_status calibration_isotonic(const scored *s, arena *a, calibration *out, strata_error *err)
{
    size_t positives = 0;
    STRATA_TRY(check_both(s, &positives, err));
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(order_new(s->n, &order, err));
    STRATA_TRY(sort_order(s->score, s->n, order, err));
    STRATA_AUTO_FREE level *levels = STRATA_NEW_ARRAY(s->n, level);
    if (levels == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory calibrating %zu scores", s->n);
    }
    size_t n = pool_violators(levels, distinct_scores(s, order, levels));
    calibration c = {.kind = CALIBRATION_ISOTONIC,
                     .n = s->n,
                     .n_positive = positives,
                     .flat = n == 1,
                     .margin = 0.5 / ((double)s->n + 1.0)};
    STRATA_TRY(knots_of(levels, n, a, &c, err));
    *out = c;
    return STRATA_OK;
}

/* The straight line between the knots around `score`. */
static double between_knots(const calibration *c, double score)
{
    size_t low = 0; /* the last knot at or below the score, once the search ends */
    size_t high = c->n_knots;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (c->knot_score[middle] <= score) {
            low = middle;
        } else {
            high = middle;
        }
    }
    if (score <= c->knot_score[low] || low + 1 == c->n_knots) {
        return c->knot_share[low];
    }
    double part = (score - c->knot_score[low]) / (c->knot_score[low + 1] - c->knot_score[low]);
    double rise = c->knot_share[low + 1] - c->knot_share[low];
    return fmin(c->knot_share[low] + part * rise, c->knot_share[low + 1]);
}

double calibration_apply(const calibration *c, double score)
{
    if (isnan(score)) {
        return NAN;
    }
    if (c->kind == CALIBRATION_PLATT) {
        double p =
            c->slope > 0.0 ? logistic(c->intercept + c->slope * score) : logistic(c->intercept);
        return fmin(fmax(p, DBL_MIN), 1.0 - DBL_EPSILON / 2.0);
    }
    return fmin(fmax(between_knots(c, score), c->margin), 1.0 - c->margin);
}
