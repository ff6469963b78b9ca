/* SPDX-License-Identifier: Apache-2.0 */
/* ARR and orders. */
#include "naive_parts.h"

static double arr_on(const question *q, day d)
{
    day last = DAY_MISSING;
    int64_t arr = 0;
    EACH(arr, {
        if (x.day <= d && x.day > last) {
            last = x.day;
            arr = x.arr_after;
        }
    });
    return (double)arr / 100;
}

static double moved(const question *q, int kind, bool count)
{
    double sum = 0;
    day since = months_ago(q->d, 12);
    EACH(arr, {
        if (x.day <= q->d && x.day > since && x.kind == kind) {
            sum += count ? 1 : fabs(arr_on(q, x.day) - arr_on(q, x.day - 1));
        }
    });
    return sum;
}

static double arr_history(const question *q)
{
    double peak = 0;
    double first = 0;
    double paid = 0;
    day expanded = DAY_MISSING;
    bool back = false;
    day gone = DAY_MISSING;
    for (day d = -10; d <= q->d; d++) { /* the random facts begin at day 0 */
        double arr = arr_on(q, d);
        double before = arr_on(q, d - 1);
        paid += arr > 0;
        back = back || (arr > 0 && !(before > 0) && first > 0);
        first = first > 0 ? first : arr;
        peak = fmax(peak, arr);
        expanded = before > 0 && arr > before ? d : expanded;
        gone = before > 0 && !(arr > 0) ? d : arr > 0 ? DAY_MISSING : gone;
    }
    bool had = first > 0;
    bool has = arr_on(q, q->d) > 0;
    if (is(q, "arr_peak")) {
        return missing_unless(had, peak);
    }
    if (is(q, "first_arr")) {
        return missing_unless(had, first);
    }
    if (is(q, "months_as_customer")) {
        return missing_unless(had, paid / 30.4375);
    }
    if (is(q, "days_since_expansion")) {
        return missing_unless(expanded != DAY_MISSING, (double)q->d - expanded);
    }
    if (is(q, "churned")) {
        return had && !has;
    }
    if (is(q, "days_since_churn")) {
        return missing_unless(had && !has, (double)q->d - gone);
    }
    if (is(q, "reactivated")) {
        return has && back;
    }
    return -1;
}

double naive_arr_feature(const question *q)
{
    double now = arr_on(q, q->d);
    double ago3 = arr_on(q, months_ago(q->d, 3));
    double ago12 = arr_on(q, months_ago(q->d, 12));
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"arr", now},
        {"is_customer", now > 0},
        {"arr_30d_ago", arr_on(q, q->d - 30)},
        {"arr_3m_ago", ago3},
        {"arr_12m_ago", ago12},
        {"arr_growth_3m", missing_unless(ago3 > 0, now / ago3 - 1)},
        {"arr_growth_12m", missing_unless(ago12 > 0, now / ago12 - 1)},
        {"arr_change_12m", now - ago12},
        {"expansion_12m", moved(q, ARR_EXPANSION, false)},
        {"contraction_12m", moved(q, ARR_CONTRACTION, false)},
        {"expansions_12m", moved(q, ARR_EXPANSION, true)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return arr_history(q);
}

/* Orders */

double naive_order_feature(const question *q)
{
    day first_row = DAY_MISSING;
    day first = DAY_MISSING;
    day last = DAY_MISSING;
    double n[4] = {0};
    double spent[4] = {0};
    double before = 0;
    bool on[4096] = {false};
    double days = 0;
    static const int lengths[4] = {30, 90, 365, 100000};
    EACH(orders, {
        for (int w = 0; w < 4; w++) {
            n[w] += within(q, x.day, lengths[w]) ? x.orders : 0;
            spent[w] += within(q, x.day, lengths[w]) ? (double)x.amount : 0;
        }
        before += x.day <= q->d - 365 && x.day > q->d - 730 ? (double)x.amount : 0;
        if (x.day <= q->d) {
            first_row = first_row == DAY_MISSING || x.day < first_row ? x.day : first_row;
        }
        if (x.day <= q->d && x.orders > 0) {
            first = first == DAY_MISSING || x.day < first ? x.day : first;
            last = x.day > last ? x.day : last;
            days += !on[x.day];
            on[x.day] = true;
        }
    });
    bool ordered = first != DAY_MISSING;
    bool here = started(q) || first_row != DAY_MISSING;
    double span = ordered ? (double)last - first : 0;
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"is_customer", n[2] > 0},
        {"last_order", missing_unless(ordered, (double)q->d - last)},
        {"first_order_age", missing_unless(ordered, (double)q->d - first)},
        {"orders_30d", missing_unless(here, n[0])},
        {"orders_90d", missing_unless(here, n[1])},
        {"orders_365d", missing_unless(here, n[2])},
        {"orders_total", missing_unless(here, n[3])},
        {"order_days", missing_unless(here, days)},
        {"spend_30d", missing_unless(here, spent[0] / 100)},
        {"spend_90d", missing_unless(here, spent[1] / 100)},
        {"spend_365d", missing_unless(here, spent[2] / 100)},
        {"spend_total", missing_unless(here, spent[3] / 100)},
        {"spend_prev_365d", missing_unless(here, before / 100)},
        {"average_order", missing_unless(ordered, spent[3] / 100 / n[3])},
        {"days_between_orders", missing_unless(days > 1, span / (days - 1))},
        {"orders_per_month",
         missing_unless(ordered, n[3] / (((double)q->d - first + 1) / 30.4375))},
        {"buyer_recency", missing_unless(ordered, span)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

/* Tickets, surveys, health */
