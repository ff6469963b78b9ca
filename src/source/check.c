/* SPDX-License-Identifier: Apache-2.0 */
#include "source/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_MINOR_EXPONENT = 53 }; /* doubles count cents exactly up to 2^53 */

static double number_at(const parsed *r, size_t field, size_t row)
{
    return ((const double *)r->columns[field])[row];
}

static day day_at(const parsed *r, size_t field, size_t row)
{
    return ((const day *)r->columns[field])[row];
}

/* What one unit of the row's currency is worth; NaN when there is no rate for it. */
static double rate_of_row(const plan *p, const lookups *l, parsed *r, size_t row)
{
    const table_spec *t = p->table;
    size_t f = p->currency;
    if (f < t->n_fields) {
        text_view c = ((const text_view *)r->columns[f])[row];
        for (size_t i = 0; c.ptr != NULL && i < l->n_rates; i++) {
            if (strlen(l->rates[i].currency) == c.len &&
                memcmp(l->rates[i].currency, c.ptr, c.len) == 0) {
                return l->rates[i].value;
            }
        }
        if (c.ptr != NULL) {
            (void)snprintf(r->currency, sizeof r->currency, "%.*s", (int)(c.len < 15 ? c.len : 15),
                           c.ptr);
            return NAN;
        }
    }
    if (t->fields[0].kind == FIELD_ACCOUNT && l->accounts->rate != NULL) {
        return l->accounts->rate[day_at(r, 0, row)];
    }
    return 1;
}

static const char *convert_money(const plan *p, const lookups *l, parsed *r, size_t row,
                                 size_t *field)
{
    const table_spec *t = p->table;
    size_t period = p->period;
    double worth = NAN;
    for (size_t f = 0; f < t->n_fields; f++) {
        double *x = t->fields[f].kind == FIELD_MONEY ? &((double *)r->columns[f])[row] : NULL;
        if (x == NULL || isnan(*x)) {
            continue;
        }
        worth = isnan(worth) ? rate_of_row(p, l, r, row) : worth;
        double months = period < t->n_fields ? number_at(r, period, row) : 12;
        months = isnan(months) ? l->months : months;
        double minor = *x * worth * (12 / months) * 100;
        *field = f;
        if (isnan(worth)) {
            return "no rate for the currency";
        }
        if (fabs(minor) >= ldexp(1, MAX_MINOR_EXPONENT)) {
            return "amount is too large";
        }
        *x = round(minor);
    }
    return NULL;
}

static const char *check_survey(const plan *p, const lookups *l, parsed *r, size_t row, size_t *bad)
{
    double *kind = &((double *)r->columns[p->first])[row];
    double score = number_at(r, p->second, row);
    if (isnan(*kind)) {
        *kind = l->kind < 0 ? (double)SURVEY_NPS : (double)l->kind;
    }
    *bad = p->second;
    if ((int)*kind == SURVEY_NPS && (score < 0 || score > 10)) {
        return "NPS answers are 0 to 10";
    }
    return score < 0 || score > 100 ? "score is out of range" : NULL;
}

static const char *check_days(const parsed *r, size_t row, size_t from, size_t to, size_t *bad)
{
    day a = day_at(r, from, row);
    day b = day_at(r, to, row);
    *bad = to;
    return a != DAY_MISSING && b != DAY_MISSING && b < a ? "ends before it begins" : NULL;
}

static const char *check_deal(const plan *p, const lookups *l, parsed *r, size_t row, size_t *bad)
{
    double *kind = &((double *)r->columns[p->first])[row];
    if (isnan(*kind) && l->kind >= 0) {
        *kind = l->kind;
    }
    return check_days(r, row, table_field(p->table, "opened_at"), p->second, bad);
}

static const char *check_range(const parsed *r, size_t row, size_t f, double most, const char *why,
                               size_t *bad)
{
    double x = number_at(r, f, row);
    *bad = f;
    return x < 0 || x > most ? why : NULL;
}

static const char *check_manager(const plan *p, const parsed *r, size_t row, size_t *bad)
{
    static const double hours_of_a_month = 744;
    const char *why = check_range(r, row, table_field(p->table, "capacity_hours"), hours_of_a_month,
                                  "is not 0 to 744 hours a month", bad);
    return why != NULL ? why
                       : check_range(r, row, table_field(p->table, "cost_per_hour"), HUGE_VAL,
                                     "is below 0", bad);
}

const char *check_row(const plan *p, const lookups *l, parsed *r, size_t row, size_t *bad)
{
    const table_spec *t = p->table;
    bool gathering = t->fields[0].kind == FIELD_ACCOUNT && l->accounts->number == NULL;
    const char *why = gathering ? NULL : convert_money(p, l, r, row, bad);
    if (why != NULL) {
        return why;
    }
    switch (t->table) {
    case TABLE_SUBSCRIPTIONS:
        *bad = table_field(t, "amount");
        return number_at(r, *bad, row) < 0 ? "negative ARR"
                                           : check_days(r, row, p->first, p->second, bad);
    case TABLE_SNAPSHOTS:
        return check_range(r, row, p->first, HUGE_VAL, "negative ARR", bad);
    case TABLE_TICKETS:
        return check_days(r, row, p->first, p->second, bad);
    case TABLE_SURVEYS:
        return check_survey(p, l, r, row, bad);
    case TABLE_OPPORTUNITIES:
        return check_deal(p, l, r, row, bad);
    case TABLE_HEALTH:
        return check_range(r, row, p->first, 100, "health is 0 to 100", bad);
    case TABLE_USAGE:
        return check_range(r, row, p->first, INT32_MAX, "count is out of range", bad);
    case TABLE_CSMS:
        return check_manager(p, r, row, bad);
    case TABLE_ACCOUNTS:
    case TABLE_MOVEMENTS:
    case TABLE_ORDERS:
    case TABLE_CONTACTS:
    case TABLE_TOUCHPOINTS:
    case TABLE_INTERVENTIONS:
    case TABLE_COUNT:
        break;
    }
    return NULL;
}
