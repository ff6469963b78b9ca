/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/models.h"

#include <math.h>
#include <string.h>

#include "cohort/shop/periods.h"
#include "stats/buyers/bg_bb.h"
#include "stats/buyers/bg_nbd.h"
#include "stats/buyers/nbd.h"
#include "stats/buyers/pareto_nbd.h"

enum { PURCHASE_PARAMETERS = 4, T_KNOWN = 8 };
static const double minor_units = 100.0;
static const double relative_step = 1e-4;
static const double normal_90 = 1.2815515655446004; /* 90 % point */
/* The same of Student's t with 1, 2, ... degrees of freedom. */
static const double t_90[T_KNOWN] = {3.0777, 1.8856, 1.6377, 1.5332,
                                     1.4759, 1.4398, 1.4149, 1.3968};

static const struct {
    const char *key, *label;
} names[SHOP_MODELS] = {[SHOP_BG_NBD] = {"bg-nbd", "BG/NBD"},
                        [SHOP_MBG_NBD] = {"mbg-nbd", "MBG/NBD"},
                        [SHOP_PARETO_NBD] = {"pareto-nbd", "Pareto/NBD"},
                        [SHOP_NBD] = {"nbd", "NBD"},
                        [SHOP_BG_BB] = {"bg-bb", "BG/BB"}};

const char *shop_model_label(shop_model m)
{
    return names[m].label;
}

bool shop_model_parse(const char *key, shop_model *out)
{
    for (int m = 0; m < SHOP_MODELS; m++) {
        if (strcmp(key, names[m].key) == 0) {
            *out = (shop_model)m;
            return true;
        }
    }
    return false;
}

/* --- one history --- */

static bg_nbd bg_of(shop_model m, const double *x)
{
    return (bg_nbd){m == SHOP_BG_NBD ? BG_NBD : MBG_NBD, x[0], x[1], x[2], x[3]};
}

static bg_bb bg_bb_of(const double *x)
{
    return (bg_bb){x[0], x[1], x[2], x[3]};
}

/* Opportunities in the next `weeks`: periods that end in them. */
static size_t opportunities(const shop_fits *f, double weeks)
{
    day then = f->buyers.as_of + (day)lround(weeks * DAYS_PER_WEEK);
    int n = shop_periods_over(*f->periods, then) - shop_periods_over(*f->periods, f->buyers.as_of);
    return n > 0 ? (size_t)n : 0;
}

static buyer in_periods(const shop_fits *f, buyer b)
{
    return shop_in_periods(*f->periods, f->buyers.as_of, b);
}

static double expected_at(const shop_fits *f, shop_model m, const double *x, buyer b, double weeks)
{
    if (m == SHOP_BG_BB) {
        bg_bb p = bg_bb_of(x);
        return bg_bb_expected(&p, in_periods(f, b), opportunities(f, weeks));
    }
    if (m == SHOP_PARETO_NBD) {
        pareto_nbd p = {x[0], x[1], x[2], x[3]};
        return pareto_nbd_expected(&p, b, weeks);
    }
    if (m == SHOP_NBD) {
        return nbd_expected(&(nbd){x[0], x[1]}, b, weeks);
    }
    bg_nbd p = bg_of(m, x);
    return bg_nbd_expected(&p, b, weeks);
}

double shop_alive(const shop_fits *f, shop_model m, buyer b)
{
    if (m == SHOP_PARETO_NBD) {
        pareto_nbd p = pareto_nbd_of(&f->purchases[m]);
        return pareto_nbd_alive(&p, b);
    }
    if (m == SHOP_NBD) {
        return 1.0;
    }
    if (m == SHOP_BG_BB) { /* at the next opportunity, as the literature has it */
        bg_bb p = bg_bb_of(f->purchases[m].x);
        return bg_bb_alive(&p, in_periods(f, b), 1);
    }
    bg_nbd p = bg_of(m, f->purchases[m].x);
    return bg_nbd_alive(&p, b);
}

double shop_expected(const shop_fits *f, shop_model m, buyer b, double weeks)
{
    return expected_at(f, m, f->purchases[m].x, b, weeks);
}

static spender in_major(const shop_customer *c)
{
    return (spender){c->repeat.x, c->repeat.mean / minor_units};
}

double shop_spend(const shop_fits *f, const shop_customer *c)
{
    gamma_gamma m = gamma_gamma_of(&f->spend);
    double spend = 0.0;
    return gamma_gamma_expected(&m, in_major(c), &spend) ? spend * minor_units : 0.0;
}

/* --- fits --- */

static strata_status fit_bg_bb(const context *cx, const shop_fits *f, fit_result *out,
                               strata_error *err)
{
    const buyer_cells *cells = f->buyers.cells;
    if (f->periods == NULL) {
        *out = fit_no_data(0, "it is for customers with one opportunity per period, and no period "
                              "is stated (--opportunities)");
        return STRATA_OK;
    }
    STRATA_AUTO_FREE buyer *rows = STRATA_NEW_ARRAY(cells->n, buyer);
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu histories", cells->n);
    }
    for (size_t c = 0; c < cells->n; c++) {
        rows[c] = in_periods(f, cells->cell[c]);
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *counted = NULL;
    STRATA_TRY(buyer_cells_new(rows, cells->weight, cells->n, &counted, err));
    return bg_bb_fit(counted, cx, out, err);
}

static strata_status fit_one(const context *cx, shop_model m, const shop_fits *f, fit_result *out,
                             strata_error *err)
{
    const buyer_cells *cells = f->buyers.cells;
    switch (m) {
    case SHOP_BG_NBD:
        return bg_nbd_fit(BG_NBD, cells, cx, out, err);
    case SHOP_MBG_NBD:
        return bg_nbd_fit(MBG_NBD, cells, cx, out, err);
    case SHOP_PARETO_NBD:
        return pareto_nbd_fit(cells, cx, out, err);
    case SHOP_BG_BB:
        return fit_bg_bb(cx, f, out, err);
    case SHOP_NBD:
    case SHOP_MODELS:
        break;
    }
    return nbd_fit(cells, cx, out, err);
}

static strata_status fit_purchases(const context *cx, unsigned models, shop_fits *f,
                                   strata_error *err)
{
    for (int m = 0; m < SHOP_MODELS; m++) {
        if ((models & (1U << m)) == 0) {
            f->purchases[m] = fit_no_data(0, "it was not asked for");
            continue;
        }
        STRATA_TRY(fit_one(cx, (shop_model)m, f, &f->purchases[m], err));
    }
    return STRATA_OK;
}

static double correlation_of(const shop_buyers *b)
{
    double n = 0.0;
    double mean_x = 0.0;
    double mean_y = 0.0;
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    for (size_t i = 0; i < b->n; i++) {
        spender s = b->customer[i].repeat;
        if (s.x > 0.0) {
            n += 1.0;
            double dx = s.x - mean_x;
            double dy = s.mean - mean_y;
            mean_x += dx / n;
            mean_y += dy / n;
            xx += dx * (s.x - mean_x);
            yy += dy * (s.mean - mean_y);
            xy += dx * (s.mean - mean_y);
        }
    }
    return xx > 0.0 && yy > 0.0 ? xy / sqrt(xx * yy) : 0.0;
}

/* What one customer adds to the sums of their cell; false where a moment is infinite. Given what
 * they spent, v is gamma(A, rate B) with A = p x + q and B = gamma + x mean in the terms of
 * stats/buyers/gamma_gamma.h, where their mean is p / v and a purchase varies by p / v^2. */
static bool add_spender(const gamma_gamma *m, spender s, cell_spend *sum)
{
    double a = m->p * s.x + m->q;
    double b = m->gamma + s.x * s.mean;
    double mean = 0.0;
    if (!gamma_gamma_expected(m, s, &mean)) {
        return false;
    }
    double inverse_square = a > 2.0 ? b * b / ((a - 1.0) * (a - 2.0)) : 0.0;
    mean *= minor_units;
    inverse_square *= minor_units * minor_units;
    sum->mean += mean;
    sum->square += mean * mean;
    sum->between += m->p * m->p * inverse_square;
    sum->within += m->p * inverse_square;
    return true;
}

static bool sum_spend(shop_fits *f, const gamma_gamma *m, cell_spend *out)
{
    for (size_t i = 0; i < f->buyers.n; i++) {
        cell_spend *sum = &out[f->buyers.cells->cell_of[i]];
        if (!add_spender(m, in_major(&f->buyers.customer[i]), sum)) {
            return false;
        }
    }
    return true;
}

static strata_status add_settings(shop_fits *f, arena *a, strata_error *err)
{
    for (int k = 0; k < SPEND_SETTINGS; k++) {
        double x[SPEND_PARAMETERS];
        memcpy(x, f->spend.x, sizeof x);
        if (k > 0) {
            int p = (k - 1) / 2;
            f->step[p] = relative_step * f->spend.x[p];
            x[p] += k % 2 == 1 ? f->step[p] : -f->step[p];
        }
        f->cell[k] = ARENA_NEW(a, f->buyers.cells->n + 1, cell_spend);
        if (f->cell[k] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for the spend of customers");
        }
        if (!sum_spend(f, &(gamma_gamma){x[0], x[1], x[2]}, f->cell[k])) {
            f->why_spend = "some spend so differently that no mean is expected of those who bought "
                           "once (Gamma-Gamma, q at most 1)";
            return STRATA_OK;
        }
    }
    return STRATA_OK;
}

static strata_status fit_spend(const context *cx, shop_fits *f, arena *a, strata_error *err)
{
    spender *rows = ARENA_NEW(a, f->buyers.n + 1, spender);
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the spend of customers");
    }
    for (size_t i = 0; i < f->buyers.n; i++) {
        rows[i] = in_major(&f->buyers.customer[i]);
    }
    STRATA_TRY(gamma_gamma_fit(rows, f->buyers.n, cx, &f->spend, err));
    if (!f->spend.converged) {
        f->why_spend = arena_strdup(a, f->spend.reason);
        return f->why_spend != NULL ? STRATA_OK
                                    : strata_fail(err, STRATA_E_NOMEM, "out of memory for a text");
    }
    f->correlation = correlation_of(&f->buyers);
    f->has_spend_range = f->spend.x[1] > 2.0;
    return add_settings(f, a, err);
}

strata_status shop_fits_make(const context *cx, const shop_sample *sample, day as_of, arena *a,
                             shop_fits *out, strata_error *err)
{
    STRATA_CLEANUP(shop_fits_done) shop_fits f = {.periods = sample->periods};
    STRATA_TRY(shop_buyers_make(sample->book, as_of, a, &f.buyers, err));
    STRATA_TRY(fit_purchases(cx, sample->models, &f, err));
    STRATA_TRY(fit_spend(cx, &f, a, err));
    *out = f;
    f.buyers.cells = NULL;
    return STRATA_OK;
}

void shop_fits_done(shop_fits *f)
{
    shop_buyers_done(&f->buyers);
}

/* --- all customers --- */

/* Mean and variance of chance. */
typedef struct moments {
    double purchases, purchases_variance;
    double spend[SPEND_SETTINGS], spend_variance;
} moments;

/* Of the BG/BB, see shop_expect(). */
static double chance_of_opportunities(const bg_bb *p, buyer b, double alive, double e)
{
    double n = p->alpha + p->beta + b.T;
    double once = (p->alpha + b.x) / n;
    double twice = once * (p->alpha + b.x + 1.0) / (n + 1.0);
    double there = alive > 0.0 ? e / (alive * once) : 0.0;
    return alive * (there * (once - twice) + there * there * twice) - e * e;
}

static double chance_of(const shop_fits *f, shop_model m, buyer b, double e)
{
    double alive = shop_alive(f, m, b);
    if (m == SHOP_BG_BB) {
        bg_bb p = bg_bb_of(f->purchases[m].x);
        return fmax(chance_of_opportunities(&p, in_periods(f, b), alive, e), 0.0);
    }
    double r = f->purchases[m].x[0];
    return alive > 0.0 ? e + e * e / (alive * (r + b.x)) + e * e * (1.0 - alive) / alive : e;
}

static moments moments_at_estimates(const shop_fits *f, shop_model m, double weeks)
{
    const buyer_cells *cells = f->buyers.cells;
    moments sum = {0};
    for (size_t c = 0; c < cells->n; c++) {
        double e = shop_expected(f, m, cells->cell[c], weeks);
        double variance = chance_of(f, m, cells->cell[c], e);
        sum.purchases += cells->weight[c] * e;
        sum.purchases_variance += cells->weight[c] * variance;
        if (f->why_spend == NULL) {
            const cell_spend *s = &f->cell[0][c];
            sum.spend_variance +=
                e * s->within + (variance + e * e) * s->between - e * e * s->square;
            for (int k = 0; k < SPEND_SETTINGS; k++) {
                sum.spend[k] += e * f->cell[k][c].mean;
            }
        }
    }
    return sum;
}

/* Purchases and spend at other parameters. */
static shop_sums sums_at(const shop_fits *f, shop_model m, const double *x, double weeks)
{
    const buyer_cells *cells = f->buyers.cells;
    shop_sums sum = {0};
    for (size_t c = 0; c < cells->n; c++) {
        double e = expected_at(f, m, x, cells->cell[c], weeks);
        sum.purchases += cells->weight[c] * e;
        sum.spend += f->why_spend == NULL ? e * f->cell[0][c].mean : 0.0;
    }
    return sum;
}

shop_range shop_range_of(const shop_expectation *e, const shop_drift *drift)
{
    double off = normal_90 * sqrt(fmax(e->variance, 0.0));
    if (drift->n > 0) {
        double t = t_90[drift->n < T_KNOWN ? drift->n - 1 : T_KNOWN - 1];
        off = hypot(off, t * sqrt(drift->square) * e->mid);
    }
    return (shop_range){e->mid, fmax(e->mid - off, 0.0), e->mid + off};
}

bool shop_expect(const shop_fits *f, shop_model m, double weeks, shop_expectation *purchases,
                 shop_expectation *spend)
{
    const fit_result *fit = &f->purchases[m];
    moments sum = moments_at_estimates(f, m, weeks);
    double by_count[PURCHASE_PARAMETERS];
    double by_money[PURCHASE_PARAMETERS];
    for (size_t p = 0; p < fit->n_parameters; p++) {
        double x[PURCHASE_PARAMETERS];
        double step = relative_step * fit->x[p];
        memcpy(x, fit->x, sizeof x);
        x[p] = fit->x[p] + step;
        shop_sums above = sums_at(f, m, x, weeks);
        x[p] = fit->x[p] - step;
        shop_sums below = sums_at(f, m, x, weeks);
        by_count[p] = (above.purchases - below.purchases) / (2.0 * step);
        by_money[p] = (above.spend - below.spend) / (2.0 * step);
    }
    double by_spender[SPEND_PARAMETERS] = {0};
    for (int p = 0; p < SPEND_PARAMETERS && f->why_spend == NULL; p++) {
        by_spender[p] = (sum.spend[1 + 2 * p] - sum.spend[2 + 2 * p]) / (2.0 * f->step[p]);
    }
    double count_error = fit_delta_error(fit, by_count);
    double money_error =
        hypot(fit_delta_error(fit, by_money), fit_delta_error(&f->spend, by_spender));
    shop_expectation n = {sum.purchases, sum.purchases_variance + count_error * count_error};
    shop_expectation s = {sum.spend[0], sum.spend_variance + money_error * money_error};
    s.variance = f->has_spend_range ? s.variance : 0.0;
    if (!isfinite(n.mid) || !isfinite(n.variance) || !isfinite(s.mid) || !isfinite(s.variance)) {
        return false;
    }
    *purchases = n;
    *spend = s;
    return true;
}
