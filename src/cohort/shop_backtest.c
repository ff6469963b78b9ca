/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop_backtest.h"

#include <math.h>

#include "cohort/calendar.h"
#include "cohort/shop_forecast.h"

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

static void set_naive(const order_book *book, day begins, day then, shop_case *c)
{
    double ahead = then - c->origin;
    double behind = fmin(ahead, c->origin - begins);
    shop_sums past = shop_repeat_sums(book, c->origin, c->origin - (day)behind, c->origin);
    double n = past.purchases * ahead / behind;
    double spend = past.spend * ahead / behind;
    c->known[SHOP_NAIVE] = c->has_spend[SHOP_NAIVE] = true;
    c->purchases[SHOP_NAIVE] = (shop_range){n, n, n};
    c->spend[SHOP_NAIVE] = (shop_range){spend, spend, spend};
}

static void set_models(const shop_fits *f, double weeks, shop_case *c)
{
    c->has_spend_range = f->has_spend_range;
    for (int m = 0; m < SHOP_MODELS; m++) {
        c->known[m] = f->purchases[m].converged &&
                      shop_expect(f, (shop_model)m, weeks, &c->purchases[m], &c->spend[m]);
        c->has_spend[m] = c->known[m] && f->why_spend == NULL;
    }
}

static strata_status try_origin(const context *cx, const order_book *book, day as_of, int back,
                                arena *a, shop_backtest *out, strata_error *err)
{
    STRATA_CLEANUP(shop_fits_done) shop_fits f = {0};
    day origin = calendar_step(as_of, -back);
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(shop_fits_make(cx, book, origin, a, &f, err));
    for (int m = 0; m < SHOP_MODELS; m++) {
        if (!f.purchases[m].converged && out->why_not[m] == NULL) {
            out->why_not[m] = arena_strdup(a, f.purchases[m].reason);
            if (out->why_not[m] == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory for a text");
            }
        }
    }
    for (size_t k = 0; k < SHOP_ORIGINS && months_back[k] <= back; k++) {
        shop_case c = {.origin = origin, .ahead = months_back[k]};
        day then = months_back[k] == back ? as_of : calendar_step(origin, months_back[k]);
        c.actual = shop_repeat_sums(book, origin, origin, then);
        set_models(&f, (then - origin) / DAYS_PER_WEEK, &c);
        set_naive(book, f.buyers.begins, then, &c);
        out->cases[out->n++] = c;
    }
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

strata_status shop_backtest_run(const context *cx, const order_book *book, day as_of, arena *a,
                                shop_backtest *out, strata_error *err)
{
    shop_backtest b = {0};
    day first = first_order(book, as_of);
    for (size_t k = 0; k < SHOP_ORIGINS && first != DAY_MISSING; k++) {
        if (calendar_step(as_of, -months_back[k]) - first >= SHOP_LEARN_DAYS) {
            STRATA_TRY(try_origin(cx, book, as_of, months_back[k], a, &b, err));
        }
    }
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
    return now->purchases[m].log_likelihood > now->purchases[than].log_likelihood;
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
