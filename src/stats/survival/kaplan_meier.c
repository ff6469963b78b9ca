/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/survival/kaplan_meier.h"

#include <math.h>

#include "stats/inference/rank.h"
#include "stats/numeric/special.h"

/* Survival closer than this to one half is one half: it is a product of rounded factors (R has the
 * same). */
#define HALF_TOLERANCE 1.4901161193847656e-8

km_share km_share_of(double survival, double variance)
{
    km_share s = {.survival = survival, .variance = variance, .within = {0.0, 1.0}};
    if (survival > 0.0 && survival < 1.0) {
        double log_s = log(survival);
        double width = STATS_Z95 * sqrt(variance) / fabs(log_s);
        double centre = log(-log_s);
        s.bounded = true;
        s.within.low = exp(-exp(centre + width));
        s.within.high = exp(-exp(centre - width));
    }
    return s;
}

static size_t count_distinct(const double *x, const uint32_t *order, size_t n)
{
    size_t distinct = n > 0;
    for (size_t i = 1; i < n; i++) {
        distinct += x[order[i]] > x[order[i - 1]];
    }
    return distinct;
}

/* One step after another; `entering` (NULL: all are in sight from the start) by entry. */
static void fill_steps(km_curve *c, const follow_up *life, const uint32_t *leaving,
                       const uint32_t *entering)
{
    size_t in_sight = entering == NULL ? life->n : 0;
    double survival = 1.0;
    double variance = 0.0;
    for (size_t i = 0; i < life->n;) {
        km_step *step = &c->steps[c->n_steps++];
        *step = (km_step){.time = life->time[leaving[i]]};
        while (entering != NULL && in_sight < life->n &&
               life->entry[entering[in_sight]] < step->time) {
            in_sight++;
        }
        step->at_risk = (uint32_t)(in_sight - i);
        while (i < life->n && !(life->time[leaving[i]] > step->time)) {
            bool ended = life->event[leaving[i]] != 0;
            step->events += ended;
            step->censored += !ended;
            i++;
        }
        if (step->events > 0) {
            double risk = step->at_risk;
            double left = risk - step->events;
            survival *= left / risk;
            variance = left > 0.0 ? variance + step->events / (risk * left) : 0.0;
        }
        step->share = km_share_of(survival, survival > 0.0 ? variance : 0.0);
        c->n_events += step->events;
    }
}

strata_status km_curve_new(const follow_up *life, km_curve **out, strata_error *err)
{
    STRATA_TRY(follow_up_check(life, err));
    STRATA_AUTO_FREE uint32_t *leaving = NULL;
    STRATA_AUTO_FREE uint32_t *entering = NULL;
    STRATA_TRY(order_new(life->n, &leaving, err));
    STRATA_TRY(sort_order(life->time, life->n, leaving, err));
    if (life->entry != NULL) {
        STRATA_TRY(order_new(life->n, &entering, err));
        STRATA_TRY(sort_order(life->entry, life->n, entering, err));
    }
    STRATA_AUTO(km_curve_free) km_curve *c = STRATA_NEW_ARRAY(1, km_curve);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a survival curve");
    }
    size_t distinct = count_distinct(life->time, leaving, life->n);
    c->steps = STRATA_NEW_ARRAY(distinct, km_step);
    if (c->steps == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a survival curve of %zu steps",
                           distinct);
    }
    c->n = life->n;
    fill_steps(c, life, leaving, entering);
    *out = strata_steal(&c);
    return STRATA_OK;
}

void km_curve_free(km_curve *c)
{
    if (c != NULL) {
        free(c->steps);
        free(c);
    }
}

double km_last_time(const km_curve *c)
{
    return c->n_steps > 0 ? c->steps[c->n_steps - 1].time : 0.0;
}

/* How many steps are at t or before. */
static size_t steps_until(const km_curve *c, double t)
{
    size_t low = 0;
    size_t high = c->n_steps;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->steps[mid].time > t) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return low;
}

km_at km_survival_at(const km_curve *c, double t)
{
    size_t k = steps_until(c, t);
    km_at at = {.share = k > 0 ? c->steps[k - 1].share : km_share_of(1.0, 0.0)};
    if (k < c->n_steps) {
        at.at_risk = c->steps[k].at_risk;
    }
    at.known = c->n_steps > 0 && (t <= km_last_time(c) || !(at.share.survival > 0.0));
    return at;
}

typedef enum km_line { LINE_SURVIVAL, LINE_LOW, LINE_HIGH } km_line;

/* false: the line does not exist at this step. */
static bool line_at(const km_step *s, km_line line, double *y)
{
    const km_share *h = &s->share;
    *y = line == LINE_SURVIVAL ? h->survival : line == LINE_LOW ? h->within.low : h->within.high;
    return line == LINE_SURVIVAL || h->bounded;
}

/* Where the line first comes down to a half; when it stays at exactly a half, the middle between
 * there and where it falls on. */
static bool crossing(const km_curve *c, km_line line, double *age)
{
    bool found = false;
    double first = 0.0;
    double first_y = 0.0;
    for (size_t i = 0; i < c->n_steps; i++) {
        double y = 0.0;
        if (!line_at(&c->steps[i], line, &y) || !(y < 0.5 + HALF_TOLERANCE)) {
            continue;
        }
        if (!found) {
            found = true;
            first = c->steps[i].time;
            first_y = y;
            *age = first;
            if (!(fabs(y - 0.5) < HALF_TOLERANCE)) {
                return true;
            }
        } else if (y < first_y) {
            *age = (first + c->steps[i].time) / 2.0;
            return true;
        }
    }
    return found;
}

km_median km_median_of(const km_curve *c)
{
    km_median m = {0};
    m.reached = crossing(c, LINE_SURVIVAL, &m.age);
    m.low_reached = crossing(c, LINE_LOW, &m.low);
    m.high_reached = crossing(c, LINE_HIGH, &m.high);
    return m;
}

strata_status km_restricted_mean(const km_curve *c, double horizon, km_mean *out, strata_error *err)
{
    size_t k = steps_until(c, horizon);
    if (!(horizon > 0.0) || !isfinite(horizon)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a horizon of %g is no length of time; give one "
                           "above 0",
                           horizon);
    }
    if (c->n_steps == 0 ||
        (horizon > km_last_time(c) && c->steps[c->n_steps - 1].share.survival > 0.0)) {
        return strata_fail(err, STRATA_E_DATA,
                           "survival is known up to age %g only, not to %g; take a nearer horizon",
                           km_last_time(c), horizon);
    }
    /* From the horizon back: the area under what is left, which each earlier end puts at stake. */
    double area = 0.0;
    double variance = 0.0;
    double until = horizon;
    for (size_t i = k; i-- > 0;) {
        const km_step *s = &c->steps[i];
        area += (until - s->time) * s->share.survival;
        until = s->time;
        double left = (double)s->at_risk - s->events;
        if (left > 0.0) {
            variance += area * area * s->events / (s->at_risk * left);
        }
    }
    *out = (km_mean){.mean = area + until, .se = sqrt(variance)};
    return STRATA_OK;
}
