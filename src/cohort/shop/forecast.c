/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/shop/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "cohort/calendar.h"
#include "stats/buyers/lifetime_value.h"

double shop_weeks(day as_of, int months)
{
    return (calendar_step(as_of, months) - as_of) / DAYS_PER_WEEK;
}

/* --- customers --- */

/* What all customers with one history share. */
typedef struct cell_outlook {
    double alive, expected, discounted;
} cell_outlook;

static cell_outlook look_ahead(const shop_fits *f, const shop_request *q, buyer b)
{
    double cumulative[SHOP_VALUE_MONTHS];
    double monthly = pow(1.0 + q->discount, 1.0 / SHOP_VALUE_MONTHS) - 1.0;
    for (int m = 1; m <= SHOP_VALUE_MONTHS; m++) {
        cumulative[m - 1] = shop_expected(f, q->model, b, shop_weeks(f->buyers.as_of, m));
    }
    return (cell_outlook){shop_alive(f, q->model, b),
                          shop_expected(f, q->model, b, shop_weeks(f->buyers.as_of, q->horizon)),
                          discounted_purchases(cumulative, SHOP_VALUE_MONTHS, monthly)};
}

static strata_status set_customers(const context *cx, const shop_fits *f, const shop_request *q,
                                   arena *a, shop_forecast *out, strata_error *err)
{
    const buyer_cells *cells = f->buyers.cells;
    cell_outlook *cell = ARENA_NEW(a, cells->n + 1, cell_outlook);
    out->outlook = ARENA_NEW(a, f->buyers.n + 1, shop_outlook);
    if (cell == NULL || out->outlook == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu customers", f->buyers.n);
    }
    STRATA_TRY(context_check(cx, err));
    for (size_t c = 0; c < cells->n; c++) {
        cell[c] = look_ahead(f, q, cells->cell[c]);
    }
    for (size_t i = 0; i < f->buyers.n; i++) {
        const cell_outlook *c = &cell[cells->cell_of[i]];
        double spend = f->why_spend == NULL ? shop_spend(f, &f->buyers.customer[i]) : 0.0;
        out->outlook[i] = (shop_outlook){c->alive, c->expected, spend,
                                         lifetime_value(q->margin, c->discounted, spend)};
        out->alive += c->alive;
        out->value += out->outlook[i].value;
    }
    return STRATA_OK;
}

typedef struct ranked {
    double value, expected;
    uint32_t at;
} ranked;

static int descending(double x, double y)
{
    return x > y ? -1 : x < y;
}

static int compare_worth(const void *a, const void *b)
{
    const ranked *x = a;
    const ranked *y = b;
    int by_value = descending(x->value, y->value);
    int by_expected = descending(x->expected, y->expected);
    if (by_value != 0) {
        return by_value;
    }
    return by_expected != 0 ? by_expected : x->at < y->at ? -1 : x->at > y->at;
}

static strata_status set_order(size_t n, arena *a, shop_forecast *out, strata_error *err)
{
    ranked *rows = ARENA_NEW(a, n + 1, ranked);
    out->order = ARENA_NEW(a, n + 1, uint32_t);
    if (rows == NULL || out->order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu customers", n);
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = (ranked){out->outlook[i].value, out->outlook[i].expected, (uint32_t)i};
    }
    qsort(rows, n, sizeof *rows, compare_worth);
    for (size_t i = 0; i < n; i++) {
        out->order[i] = rows[i].at;
    }
    return STRATA_OK;
}

/* --- months --- */

static strata_status set_months(const context *cx, const shop_fits *f, const shop_request *q,
                                arena *a, shop_forecast *out, strata_error *err)
{
    out->purchases = ARENA_NEW(a, (size_t)q->horizon + 1, shop_range);
    out->spend = ARENA_NEW(a, (size_t)q->horizon + 1, shop_range);
    if (out->purchases == NULL || out->spend == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a forecast of %d months",
                           q->horizon);
    }
    for (int m = 1; m <= q->horizon; m++) {
        STRATA_TRY(context_check(cx, err));
        shop_expectation purchases;
        shop_expectation spend;
        if (!shop_expect(f, q->model, shop_weeks(f->buyers.as_of, m), &purchases, &spend)) {
            out->why = "the model's expectations are not finite";
            break;
        }
        out->purchases[m] = shop_range_of(&purchases, &q->purchases_drift);
        out->spend[m] = f->has_spend_range ? shop_range_of(&spend, &q->spend_drift)
                                           : (shop_range){spend.mid, spend.mid, spend.mid};
    }
    return STRATA_OK;
}

strata_status shop_forecast_make(const context *cx, const shop_fits *fits,
                                 const shop_request *request, arena *a, shop_forecast *out,
                                 strata_error *err)
{
    shop_forecast f = {.model = request->model,
                       .why_spend = fits->why_spend,
                       .has_spend_range = fits->has_spend_range && fits->why_spend == NULL,
                       .horizon = request->horizon};
    const fit_result *fit = &fits->purchases[request->model];
    if (!fit->converged) {
        f.why = fit->reason;
        *out = f;
        return STRATA_OK;
    }
    f.customers = fits->buyers.n;
    f.repeaters = fits->buyers.repeaters;
    STRATA_TRY(set_months(cx, fits, request, a, &f, err));
    STRATA_TRY(set_customers(cx, fits, request, a, &f, err));
    STRATA_TRY(set_order(fits->buyers.n, a, &f, err));
    if (f.why == NULL && (!isfinite(f.value) || !isfinite(f.alive))) {
        f.why = "the model's expectations are not finite";
    }
    *out = f;
    return STRATA_OK;
}
