/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/backtest.h"

#include <math.h>

#include "cohort/calendar.h"
#include "cohort/shop/forecast.h"
#include "cohort/shop/periods.h"

enum { QUARTER = 3 };
static const int months_back[SHOP_ORIGINS] = {3, 6, 12};

/* --- cases --- */

static day first_order(const order_book *b, day as_of)
{
    day first = DAY_MISSING;
    for (size_t i = 0; i < b->n_accounts; i++) {
        bool known = b->first[i] != DAY_MISSING && b->first[i] <= as_of;
        first = known && (first == DAY_MISSING || b->first[i] < first) ? b->first[i] : first;
    }
    return first;
}

/* The time ahead of an origin and that behind it, as long where there was as much. */
typedef struct naive_span {
    day from; /* the time behind begins after it */
    double ahead, behind;
} naive_span;

/* In periods where customers have one opportunity each: their last days do not come evenly. */
static naive_span span_of(const shop_fits *f, day then)
{
    day origin = f->buyers.as_of;
    if (f->periods == NULL) {
        int ahead = then - origin;
        int behind = origin - f->buyers.begins;
        behind = behind < ahead ? behind : ahead;
        return (naive_span){origin - behind, ahead, behind};
    }
    int now = shop_periods_over(*f->periods, origin);
    int ahead = shop_periods_over(*f->periods, then) - now;
    int behind = now - shop_periods_over(*f->periods, f->buyers.begins);
    behind = behind < ahead ? behind : ahead;
    return (naive_span){calendar_end(*f->periods, now - behind - 1), ahead, behind};
}

static void set_naive(const order_book *book, const shop_fits *f, day then, shop_case *c)
{
    naive_span span = span_of(f, then);
    if (span.ahead > 0.0 && span.behind <= 0.0) {
        return; /* nobody could have bought again yet */
    }
    double times = span.ahead > 0.0 ? span.ahead / span.behind : 0.0;
    shop_sums past = shop_repeat_sums(book, c->origin, span.from, c->origin);
    double n = past.purchases * times;
    double spend = past.spend * times;
    c->known[SHOP_NAIVE] = c->has_spend[SHOP_NAIVE] = true;
    c->purchases[SHOP_NAIVE] = (shop_range){n, n, n};
    c->spend[SHOP_NAIVE] = (shop_range){spend, spend, spend};
}

/* --- ranges that learn --- */

/* A forecast of the next three months and what came, as shares of the forecast. */
typedef struct quarter {
    bool known, has_spend;
    double purchases_square, spend_square; /* of the difference, less the forecast's variance */
} quarter;

/* [quarters back - 1][model]; quarters back of `now` and earlier are known there. */
typedef struct track {
    bool tried[SHOP_QUARTERS];
    quarter at[SHOP_QUARTERS][SHOP_MODELS];
} track;

static double beyond_chance(const shop_expectation *e, double actual)
{
    double off = actual - e->mid;
    return (off * off - e->variance) / (e->mid * e->mid);
}

static void add_quarter(const shop_fits *f, double weeks, const shop_sums *actual,
                        quarter out[SHOP_MODELS])
{
    for (int m = 0; m < SHOP_MODELS; m++) {
        shop_expectation n = {0};
        shop_expectation s = {0};
        bool known = f->purchases[m].converged && shop_expect(f, (shop_model)m, weeks, &n, &s);
        if (!known || !(n.mid > 0.0)) {
            continue;
        }
        out[m].known = true;
        out[m].purchases_square = beyond_chance(&n, actual->purchases);
        out[m].has_spend = f->has_spend_range && f->why_spend == NULL && s.mid > 0.0;
        if (out[m].has_spend) {
            out[m].spend_square = beyond_chance(&s, actual->spend);
        }
    }
}

static void add_known(const quarter *at, shop_drift *purchases, shop_drift *spend)
{
    purchases->n += at->known;
    purchases->square += at->purchases_square;
    spend->n += at->has_spend;
    spend->square += at->spend_square;
}

/* What is known `quarters_back` quarters before the as-of date, where `half` is known besides. */
static void learn(const track *t, size_t quarters_back, const quarter half[SHOP_MODELS],
                  shop_drift purchases[SHOP_MODELS], shop_drift spend[SHOP_MODELS])
{
    for (int m = 0; m < SHOP_MODELS; m++) {
        shop_drift n = {.halfway = half[m].known};
        shop_drift s = {.halfway = half[m].has_spend};
        add_known(&half[m], &n, &s);
        for (size_t q = quarters_back; q < SHOP_QUARTERS; q++) {
            add_known(&t->at[q][m], &n, &s);
        }
        n.square = n.n > 0 ? fmax(n.square, 0.0) / (double)n.n : 0.0;
        s.square = s.n > 0 ? fmax(s.square, 0.0) / (double)s.n : 0.0;
        purchases[m] = n;
        spend[m] = s;
    }
}

/* --- origins --- */

typedef struct origin_draft {
    const shop_sample *sample;
    day as_of;
    arena *a;
    track track;
    shop_backtest *out;
} origin_draft;

static void set_models(const shop_fits *f, double weeks, const shop_drift *purchases,
                       const shop_drift *spend, shop_case *c)
{
    c->has_spend_range = f->has_spend_range;
    for (int m = 0; m < SHOP_MODELS; m++) {
        shop_expectation n;
        shop_expectation s;
        c->known[m] = f->purchases[m].converged && shop_expect(f, (shop_model)m, weeks, &n, &s);
        c->has_spend[m] = c->known[m] && f->why_spend == NULL;
        if (c->known[m]) {
            c->purchases[m] = shop_range_of(&n, &purchases[m]);
            c->spend[m] = f->has_spend_range ? shop_range_of(&s, &spend[m])
                                             : (shop_range){s.mid, s.mid, s.mid};
        }
    }
}

static strata_status keep_reasons(const shop_fits *f, arena *a, shop_backtest *out,
                                  strata_error *err)
{
    for (int m = 0; m < SHOP_MODELS; m++) {
        if (!f->purchases[m].converged) {
            out->why_not[m] = arena_strdup(a, f->purchases[m].reason);
            if (out->why_not[m] == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for a text");
            }
        }
    }
    return STRATA_OK;
}

/* A model that could not be fitted is taken to have been off as the one that fitted best. */
static void stand_in(const shop_fits *f, quarter at[SHOP_MODELS])
{
    int best = -1;
    for (int m = 0; m < SHOP_MODELS; m++) {
        bool better = best < 0 || fit_aic(&f->purchases[m]) < fit_aic(&f->purchases[best]);
        best = at[m].known && better ? m : best;
    }
    for (int m = 0; m < SHOP_MODELS && best >= 0; m++) {
        at[m] = at[m].known ? at[m] : at[best];
    }
}

/* Where no quarter before the origin could be forecast: the forecast from halfway between the first
 * order and there. Not by the Pareto/NBD where there are others: on a few weeks it seldom
 * converges, and takes long to find out. */
static strata_status try_halfway(const context *cx, const origin_draft *d, size_t quarters_back,
                                 quarter out[SHOP_MODELS], strata_error *err)
{
    day origin = calendar_step(d->as_of, -(int)quarters_back * QUARTER);
    day first = first_order(d->sample->book, origin);
    for (size_t q = quarters_back; q < SHOP_QUARTERS; q++) {
        if (d->track.tried[q]) {
            return STRATA_OK;
        }
    }
    if (first == DAY_MISSING || origin - first < SHOP_LEARN_DAYS) {
        return STRATA_OK;
    }
    STRATA_CLEANUP(shop_fits_done) shop_fits f = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    day half = origin - (origin - first) / 2;
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(arena_new(&a, err));
    shop_sample sample = *d->sample;
    unsigned quick = sample.models & ~(1U << SHOP_PARETO_NBD);
    sample.models = quick != 0 ? quick : sample.models;
    STRATA_TRY(shop_fits_make(cx, &sample, half, a, &f, err));
    shop_sums came = shop_repeat_sums(d->sample->book, half, half, origin);
    add_quarter(&f, (origin - half) / DAYS_PER_WEEK, &came, out);
    stand_in(&f, out);
    return STRATA_OK;
}

static strata_status add_cases(const context *cx, origin_draft *d, const shop_fits *f, int back,
                               shop_case *cases, strata_error *err)
{
    quarter half[SHOP_MODELS] = {0};
    shop_drift purchases[SHOP_MODELS];
    shop_drift spend[SHOP_MODELS];
    day origin = f->buyers.as_of;
    STRATA_TRY(try_halfway(cx, d, (size_t)(back / QUARTER), half, err));
    learn(&d->track, (size_t)(back / QUARTER), half, purchases, spend);
    for (size_t k = 0; k < SHOP_ORIGINS && months_back[k] <= back; k++) {
        shop_case c = {.origin = origin, .ahead = months_back[k]};
        day then = months_back[k] == back ? d->as_of : calendar_step(origin, months_back[k]);
        c.actual = shop_repeat_sums(d->sample->book, origin, origin, then);
        set_models(f, (then - origin) / DAYS_PER_WEEK, purchases, spend, &c);
        set_naive(d->sample->book, f, then, &c);
        *cases++ = c;
        d->out->n++;
    }
    return STRATA_OK;
}

static strata_status try_origin(const context *cx, origin_draft *d, size_t quarters_back,
                                strata_error *err)
{
    STRATA_CLEANUP(shop_fits_done) shop_fits f = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    int back = (int)quarters_back * QUARTER;
    day origin = calendar_step(d->as_of, -back);
    day then = calendar_step(d->as_of, QUARTER - back);
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(shop_fits_make(cx, d->sample, origin, a, &f, err));
    size_t first = 0; /* latest origin first: the k-th has k + 1 cases */
    for (size_t k = 0; k < SHOP_ORIGINS; k++) {
        if (months_back[k] == back) {
            STRATA_TRY(keep_reasons(&f, d->a, d->out, err));
            STRATA_TRY(add_cases(cx, d, &f, back, &d->out->cases[first], err));
        }
        first += k + 1;
    }
    shop_sums came = shop_repeat_sums(d->sample->book, origin, origin, then);
    add_quarter(&f, (then - origin) / DAYS_PER_WEEK, &came, d->track.at[quarters_back - 1]);
    d->track.tried[quarters_back - 1] = true;
    return STRATA_OK;
}

/* --- scores --- */

static void add_score(shop_score *s, shop_range r, double actual, bool ranged)
{
    double off = (r.mid - actual) / actual;
    s->n++;
    s->error += fabs(off);
    s->bias += off;
    s->ranged += ranged;
    s->held += ranged && r.low <= actual && actual <= r.high;
}

static void finish_score(shop_score *s)
{
    if (s->n > 0) {
        s->error /= (double)s->n;
        s->bias /= (double)s->n;
    }
}

static void score(shop_backtest *b)
{
    for (int m = 0; m < SHOP_RIVALS; m++) {
        for (size_t i = 0; i < b->n; i++) {
            const shop_case *c = &b->cases[i];
            bool ranged = m != SHOP_NAIVE;
            if (c->known[m] && c->actual.purchases > 0.0) {
                add_score(&b->purchases[m], c->purchases[m], c->actual.purchases, ranged);
            }
            if (c->known[m] && c->has_spend[m] && c->actual.spend > 0.0) {
                add_score(&b->spend[m], c->spend[m], c->actual.spend, ranged && c->has_spend_range);
            }
        }
        finish_score(&b->purchases[m]);
        finish_score(&b->spend[m]);
    }
}

strata_status shop_backtest_run(const context *cx, const shop_sample *sample, day as_of, arena *a,
                                shop_backtest *out, strata_error *err)
{
    shop_backtest b = {0};
    origin_draft d = {.sample = sample, .as_of = as_of, .a = a, .out = &b};
    quarter half[SHOP_MODELS] = {0};
    day first = first_order(sample->book, as_of);
    for (size_t q = SHOP_QUARTERS; q > 0 && first != DAY_MISSING; q--) {
        if (calendar_step(as_of, -(int)q * QUARTER) - first >= SHOP_LEARN_DAYS) {
            STRATA_TRY(try_origin(cx, &d, q, err));
        }
    }
    STRATA_TRY(try_halfway(cx, &d, 0, half, err));
    learn(&d.track, 0, half, b.purchases_drift, b.spend_drift);
    if (b.n == 0) {
        b.why = "needs 6 months of orders: 3 to learn from, and 3 to compare with";
    }
    score(&b);
    *out = b;
    return STRATA_OK;
}

/* --- the best --- */

static bool is_better(const shop_backtest *b, const shop_fits *now, int m, int than)
{
    const shop_score *x = &b->purchases[m];
    const shop_score *y = &b->purchases[than];
    if (x->n != y->n) {
        return x->n > y->n;
    }
    if (x->n > 0) {
        return x->error < y->error;
    }
    return fit_aic(&now->purchases[m]) < fit_aic(&now->purchases[than]);
}

shop_model shop_backtest_best(const shop_backtest *b, const shop_fits *now)
{
    int best = -1;
    for (int m = 0; m < SHOP_MODELS; m++) {
        if (now->purchases[m].converged && (best < 0 || is_better(b, now, m, best))) {
            best = m;
        }
    }
    return best < 0 ? SHOP_BG_NBD : (shop_model)best;
}
