/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "cohort/seats.h"
#include "cohort/shop/order_units.h"
#include "report/cohorts/cohorts_parts.h"

static const char *const labels[MEASURE_COUNT] = {"Logo retention",
                                                  "NRR",
                                                  "GRR",
                                                  "Revenue per account",
                                                  "Order retention",
                                                  "Orders",
                                                  "Units",
                                                  "Usage retention",
                                                  "Net seat retention",
                                                  "Gross seat retention"};

const char *cohorts_measure_label(const cohorts_report *c)
{
    return labels[c->r->request.measure];
}

const char *cohorts_unit(const cohorts_report *c)
{
    return c->r->in->clock.by_days ? "month" : age_unit(&c->r->in->clock);
}

bool cohorts_is_money(const cohorts_report *c)
{
    measure m = c->r->request.measure;
    return c->show == SHOW_VALUE && !measure_is_quantity(m) && !measure_is_share(m) &&
           !measure_is_seats(m);
}

chart_format cohorts_format(const cohorts_report *c)
{
    measure m = c->r->request.measure;
    bool quantity = c->show == SHOW_VALUE && (measure_is_quantity(m) || measure_is_seats(m));
    return c->show == SHOW_PERCENT ? CHART_SHARE
           : cohorts_is_money(c)   ? CHART_MONEY
           : quantity              ? CHART_NUMBER
                                   : CHART_COUNT;
}

/* By measure and what is shown; "%s" is the unit of age. */
static const char *const shown[MEASURE_COUNT][3] = {
    [MEASURE_LOGO] = {"% of accounts with ARR at the end of the", NULL,
                      "accounts with ARR at the end of the"},
    [MEASURE_NRR] = {"ARR at the end, % of new-business ARR, of the", "ARR at the end of the",
                     "accounts with ARR at the end of the"},
    [MEASURE_GRR] = {"ARR at the end, at most that of the start, % of new-business ARR, of the",
                     "ARR kept at the end of the", "accounts with ARR at the end of the"},
    [MEASURE_REVENUE] = {NULL, "revenue per account since the start, up to the end of the", NULL},
    [MEASURE_ORDERS] = {"% of accounts that ordered in the", NULL, "accounts that ordered in the"},
    [MEASURE_QUANTITY] = {"orders, % of those at age 0, in the", "orders per account in the",
                          "orders in the"},
    [MEASURE_UNITS] = {"units ordered, % of those at age 0, in the", "units per account in the",
                       "units ordered in the"},
    [MEASURE_USAGE] = {"% of accounts that used the product in the", NULL,
                       "accounts that used the product in the"},
    [MEASURE_SEATS] = {"seats at the end, % of those of the first day, of the",
                       "seats at the end of the", "accounts with seats at the end of the"},
    [MEASURE_SEATS_GROSS] = {"seats at the end, at most those of the first day, % of these, of the",
                             "seats kept at the end of the",
                             "accounts with seats at the end of the"},
};

const char *cohorts_shown_words(const cohorts_report *c)
{
    return shown[c->r->request.measure][c->show];
}

/* --- cells --- */

double cohorts_rate(const cohorts_report *c, const cohort_cell *cell, double x)
{
    (void)cell;
    return c->r->request.measure == MEASURE_REVENUE ? x / 100.0 : x;
}

double cohorts_amount(const cohorts_report *c, const cohort_cell *cell)
{
    measure m = c->r->request.measure;
    bool money = m == MEASURE_NRR || m == MEASURE_GRR || m == MEASURE_REVENUE;
    double scale = money                 ? 100.0
                   : m == MEASURE_UNITS  ? ORDER_UNITS_SCALE
                   : measure_is_seats(m) ? SEATS_SCALE
                                         : 1.0;
    return (double)cell->value / scale;
}

double cohorts_cell_number(const cohorts_report *c, const cohort_cell *cell)
{
    measure m = c->r->request.measure;
    if (cell->kind == COHORT_CENSORED) {
        return NAN;
    }
    if (c->show == SHOW_COUNT) {
        return measure_is_quantity(m) ? cohorts_amount(c, cell) : (double)cell->active;
    }
    if (c->show == SHOW_VALUE && (m == MEASURE_NRR || m == MEASURE_GRR || measure_is_seats(m))) {
        return cohorts_amount(c, cell);
    }
    if (!cell->stated) {
        return NAN;
    }
    if (c->show == SHOW_VALUE && measure_is_quantity(m)) {
        return cohorts_amount(c, cell) / (double)cell->accounts;
    }
    return cohorts_rate(c, cell, cell->rate);
}

static cohort_text few_text(const cohorts_report *c, const cohort_cell *cell)
{
    cohort_text t;
    if (measure_is_share(c->r->request.measure)) {
        (void)snprintf(t.s, COHORT_TEXT, "%zu of %zu%s", cell->active, cell->accounts,
                       cell->over ? "" : "*");
    } else {
        (void)snprintf(t.s, COHORT_TEXT, "n %zu%s", cell->accounts, cell->over ? "" : "*");
    }
    return t;
}

cohort_text cohorts_cell_text(const cohorts_report *c, const cohort_cell *cell)
{
    double x = cohorts_cell_number(c, cell);
    char number[NUMBER_TEXT];
    cohort_text t = {""};
    if (cell->kind == COHORT_CENSORED) {
        return t;
    }
    if (isnan(x)) {
        return few_text(c, cell);
    }
    if (cohorts_is_money(c)) {
        number_format_money_short((int64_t)llround(x * 100.0), c->currency, number);
    } else {
        bool whole = measure_is_seats(c->r->request.measure) && cell->value % SEATS_SCALE == 0;
        bool parts = c->show == SHOW_VALUE && !whole;
        number_format(c->show == SHOW_PERCENT ? x * 100.0 : x, parts ? 2 : 0, number);
    }
    (void)snprintf(t.s, COHORT_TEXT, "%.*s%s", COHORT_TEXT - 2, number, cell->over ? "" : "*");
    return t;
}

/* --- the finding --- */

static const size_t months[] = {12, 6, 3, 1};
static const size_t quarters[] = {4, 2, 1};
static const size_t years[] = {1};

/* Ages worth a headline, best first. */
static const size_t *headlines(const cohorts_report *c, size_t *n)
{
    period_unit unit = c->r->in->clock.by_days ? PERIOD_MONTH : c->r->in->clock.calendar.unit;
    *n = unit == PERIOD_MONTH ? 4 : unit == PERIOD_QUARTER ? 3 : 1;
    return unit == PERIOD_MONTH ? months : unit == PERIOD_QUARTER ? quarters : years;
}

size_t cohorts_headline(const cohorts_report *c)
{
    const retention *r = c->r;
    size_t n = 0;
    const size_t *ages = headlines(c, &n);
    if (r->in->kind == RETENTION_BRACKET) {
        for (size_t k = r->n_ages; k-- > 0;) {
            if (r->all[k].stated && r->all[k].accounts * 3 >= r->accounts) {
                return k;
            }
        }
        return SIZE_MAX;
    }
    size_t fallback = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t k = ages[i];
        if (k < r->n_ages && r->all[k].stated) {
            fallback = fallback == SIZE_MAX ? k : fallback;
            if (r->all[k].accounts * 3 >= r->accounts) {
                return k;
            }
        }
    }
    return fallback;
}

/* The cohorts that completed the age: "that started from 2024-01 to 2025-06". */
static void put_who(strbuf *out, const cohorts_report *c, size_t age)
{
    const retention *r = c->r;
    const char *first = NULL;
    const char *last = NULL;
    if (!c->by_start) {
        return;
    }
    for (size_t g = 0; g < r->n_groups; g++) {
        const cohort_cell *cell = retention_cell(r, g, age);
        if (cell->over && cell->accounts > 0) {
            last = r->in->groups->labels[r->first + g];
            first = first == NULL ? last : first;
        }
    }
    if (first != NULL && first == last) {
        strbuf_printf(out, " that started in %s", first);
    } else if (first != NULL) {
        strbuf_printf(out, " that started from %s to %s", first, last);
    }
}

static void put_share(strbuf *out, const cohorts_report *c, size_t age)
{
    static const char *const did[MEASURE_COUNT] = {
        [MEASURE_ORDERS] = "ordered in", [MEASURE_USAGE] = "used the product in"};
    const cohort_cell *cell = &c->r->all[age];
    measure m = c->r->request.measure;
    bool exact_logo = m == MEASURE_LOGO && c->r->in->kind == RETENTION_EXACTLY;
    strbuf_printf(out, "Of %s", words_things((int64_t)cell->accounts, "account").text);
    put_who(out, c, age);
    if (c->r->request.previous) {
        strbuf_printf(out, "%s active in %s %s", c->by_start ? " and were" : "", cohorts_unit(c),
                      age > 0 ? c->r->ages[age - 1] : "0");
    }
    const char *verb = m == MEASURE_LOGO
                           ? exact_logo ? "are customers at the end of" : "had ARR at the end of"
                           : did[m];
    bool later = c->r->in->kind == RETENTION_OR_LATER;
    strbuf_printf(out, ", %s %s %s ", words_share(cell->rate).text, verb, cohorts_unit(c));
    if (later) {
        strbuf_printf(out, "%zu or later", age);
    } else {
        strbuf_add(out, c->r->ages[age]);
    }
}

static void put_ratio(strbuf *out, const cohorts_report *c, size_t age)
{
    const retention *r = c->r;
    const cohort_cell *cell = &r->all[age];
    strbuf_printf(out, "%s", words_things((int64_t)cell->accounts, "account").text);
    put_who(out, c, age);
    if (r->request.measure == MEASURE_REVENUE) {
        strbuf_printf(out, " brought %s each by the end of %s %s",
                      words_money((int64_t)llround(cell->rate), c->currency).text, cohorts_unit(c),
                      r->ages[age]);
    } else if (measure_is_quantity(r->request.measure)) {
        bool units = r->request.measure == MEASURE_UNITS;
        strbuf_printf(out, " %s %s of the %s of %s %s in %s %s", units ? "ordered" : "placed",
                      words_share(cell->rate).text, units ? "units" : "orders", cohorts_unit(c),
                      r->request.previous && age > 0 ? r->ages[age - 1] : "0", cohorts_unit(c),
                      r->ages[age]);
    } else {
        measure m = r->request.measure;
        bool net = m == MEASURE_NRR || m == MEASURE_SEATS;
        strbuf_printf(out, " keep %s of the %s %s at the end of %s %s%s",
                      words_share(cell->rate).text, measure_is_seats(m) ? "seats" : "ARR",
                      r->request.previous ? "of the age before" : "they started with",
                      cohorts_unit(c), r->ages[age],
                      !net                  ? ""
                      : measure_is_seats(m) ? ", added ones counted"
                                            : ", expansion counted");
    }
}

void report_cohorts_title(strbuf *out, const cohorts_report *c)
{
    size_t age = cohorts_headline(c);
    if (c->r->accounts == 0) {
        strbuf_add(out, "No account has started by this date");
    } else if (age == SIZE_MAX) {
        strbuf_printf(out, "%s in %s, too few or too young for a rate",
                      words_things((int64_t)c->r->accounts, "account").text,
                      words_things((int64_t)c->r->n_groups, "cohort").text);
    } else if (measure_is_share(c->r->request.measure)) {
        put_share(out, c, age);
    } else {
        put_ratio(out, c, age);
    }
}
