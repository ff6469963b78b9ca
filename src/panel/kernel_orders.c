/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/latest.h"
#include "panel/windows.h"

enum { ORDERS, SPEND, ORDER_DAYS };

static const window windows[] = {
    {FEATURE_ORDERS_30D, ORDERS, 0, 30},
    {FEATURE_ORDERS_90D, ORDERS, 0, 90},
    {FEATURE_ORDERS_365D, ORDERS, 0, 365},
    {FEATURE_ORDERS_TOTAL, ORDERS, 0, WINDOW_EVER},
    {FEATURE_SPEND_30D, SPEND, 0, 30},
    {FEATURE_SPEND_90D, SPEND, 0, 90},
    {FEATURE_SPEND_365D, SPEND, 0, 365},
    {FEATURE_SPEND_PREV_365D, SPEND, 365, 730},
    {FEATURE_SPEND_TOTAL, SPEND, 0, WINDOW_EVER},
    {FEATURE_ORDER_DAYS, ORDER_DAYS, 0, WINDOW_EVER},
};
static const derived made[] = {
    {FEATURE_AVERAGE_ORDER, FEATURE_SPEND_TOTAL, FEATURE_ORDERS_TOTAL, 100, 0},
    {FEATURE_IS_CUSTOMER, FEATURE_ORDERS_365D, WINDOW_NONE},
    {FEATURE_ORDERS_PER_MONTH, FEATURE_ORDERS_TOTAL, WINDOW_NONE},
    {FEATURE_DAYS_BETWEEN_ORDERS, FEATURE_ORDER_DAYS, WINDOW_NONE},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made};

typedef struct orders_kernel {
    const sweep *sweep;
    window_sums sums;
    latest last_order;
} orders_kernel;

static void orders_free(void *self)
{
    orders_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        latest_done(&k->last_order);
        free(k);
    }
}
STRATA_DEFINE_AUTO(orders_kernel, orders_free)

static strata_status orders_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(orders_free) orders_kernel *k = STRATA_NEW_ARRAY(1, orders_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the order features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    STRATA_TRY(latest_new(s, &k->last_order, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

/* The first day with an order; DAY_MISSING when there is none. Rows of nothing but returns are
 * spend, but no order. */
static day add_account(orders_kernel *k, size_t lane, const order_rows *o, size_t begin, size_t end)
{
    day first = DAY_MISSING;
    day counted = DAY_MISSING;
    for (size_t r = begin; r < end; r++) {
        day d = o->day[r];
        window_sums_add(&k->sums, SPEND, lane, d, o->amount[r]);
        if (o->orders[r] > 0) {
            window_sums_add(&k->sums, ORDERS, lane, d, o->orders[r]);
            if (d != counted) {
                window_sums_add(&k->sums, ORDER_DAYS, lane, d, 1);
                latest_note(&k->last_order, lane, d);
                counted = d;
            }
            first = first == DAY_MISSING ? d : first;
        }
    }
    return first;
}

static void put_rate(const orders_kernel *k, const sweep_out *out, size_t i, size_t lane, day first)
{
    double *cells = sweep_cells(out, FEATURE_ORDERS_PER_MONTH, i);
    const double *orders = window_sums_of(&k->sums, FEATURE_ORDERS_TOTAL, lane);
    const day *days = k->sweep->dates.tables[SHIFT_NONE].days;
    for (size_t j = 0; cells && j < k->sweep->n_dates; j++) {
        double n = orders[j * LANES];
        double months = ((double)days[j] - first + 1) / DAYS_PER_MONTH;
        cells[j * out->stride] = n > 0 ? n / months : (double)NAN;
    }
}

/* Days from the first to the last order, and their mean distance. */
static void put_gaps(const orders_kernel *k, const sweep_out *out, size_t i, size_t lane, day first)
{
    double *recency = sweep_cells(out, FEATURE_BUYER_RECENCY, i);
    double *gap = sweep_cells(out, FEATURE_DAYS_BETWEEN_ORDERS, i);
    const double *order_days = window_sums_of(&k->sums, FEATURE_ORDER_DAYS, lane);
    for (size_t j = 0; (recency || gap) && j < k->sweep->n_dates; j++) {
        day last = k->last_order.by_date[j * LANES + lane];
        bool ordered = last != DAY_MISSING;
        double span = ordered ? (double)(last - first) : 0;
        if (recency) {
            recency[j * out->stride] = ordered ? span : (double)NAN;
        }
        if (gap) {
            double n = order_days[j * LANES];
            gap[j * out->stride] = n > 1 ? span / (n - 1) : (double)NAN;
        }
    }
}

/* In a portfolio without ARR data. */
static void put_customer(const orders_kernel *k, const sweep_out *out, size_t i, size_t lane)
{
    double *cells = sweep_cells(out, FEATURE_IS_CUSTOMER, i);
    const double *orders = window_sums_of(&k->sums, FEATURE_ORDERS_365D, lane);
    bool here = !(k->sweep->info->entities & (1u << ENTITY_ARR));
    for (size_t j = 0; cells && here && j < k->sweep->n_dates; j++) {
        cells[j * out->stride] = orders[j * LANES] > 0 ? 1 : 0;
    }
}

static void run_group(orders_kernel *k, const ledger_block *block, const sweep_out *out,
                      lane_group *g)
{
    const order_rows *o = &block->orders;
    day first[LANES];
    latest_clear(&k->last_order);
    for (size_t lane = 0; lane < g->n; lane++) {
        size_t i = g->first + lane;
        size_t begin = o->start[i];
        size_t end = o->start[i + 1];
        day first_row = begin < end ? o->day[begin] : DAY_MISSING;
        first[lane] = add_account(k, lane, o, begin, end);
        g->visible[lane] = lane_visible(k->sweep, block->started_on[i], first_row);
    }
    latest_settle(&k->last_order);
    window_sums_put(&k->sums, out, g);
    latest_put_age(&k->last_order, FEATURE_LAST_ORDER, out, g);
    for (size_t lane = 0; lane < g->n; lane++) {
        size_t i = g->first + lane;
        put_days_since(out, FEATURE_FIRST_ORDER_AGE, i, first[lane],
                       first_visible(k->sweep, DAY_MISSING, first[lane]));
        put_rate(k, out, i, lane, first[lane]);
        put_gaps(k, out, i, lane, first[lane]);
        put_customer(k, out, i, lane);
    }
}

static strata_status orders_run(void *self, const ledger_block *block, const sweep_out *out,
                                strata_error *err)
{
    (void)err;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        run_group(self, block, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_orders = {ENTITY_ORDERS, orders_new, orders_run, orders_free};
