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

static size_t kind_field(const table_spec *t, field_kind kind)
{
    size_t f = 0;
    while (f < t->n_fields && t->fields[f].kind != kind) {
        f++;
    }
    return f;
}

/* What one unit of the row's currency is worth; NaN when there is no rate for it. */
static double rate_of_row(const plan *p, const lookups *l, parsed *r, size_t row)
{
    const table_spec *t = p->table;
    size_t f = kind_field(t, FIELD_CURRENCY);
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
    size_t period = kind_field(t, FIELD_PERIOD);
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

static const char *check_survey(const lookups *l, parsed *r, size_t row, const table_spec *t,
                                size_t *field)
{
    size_t kind = table_field(t, "kind");
    size_t score = table_field(t, "score");
    double *k = &((double *)r->columns[kind])[row];
    double s = number_at(r, score, row);
    if (isnan(*k)) {
        *k = l->survey_kind < 0 ? (double)SURVEY_NPS : (double)l->survey_kind;
    }
    *field = score;
    if ((int)*k == SURVEY_NPS && (s < 0 || s > 10)) {
        return "NPS answers are 0 to 10";
    }
    return s < 0 || s > 100 ? "score is out of range" : NULL;
}

static const char *check_order(const parsed *r, size_t row, size_t from, size_t to, size_t *field)
{
    day a = day_at(r, from, row);
    day b = day_at(r, to, row);
    *field = to;
    return a != DAY_MISSING && b != DAY_MISSING && b < a ? "ends before it begins" : NULL;
}

const char *check_row(const plan *p, const lookups *l, parsed *r, size_t row, size_t *field)
{
    const table_spec *t = p->table;
    bool gathering = t->fields[0].kind == FIELD_ACCOUNT && l->accounts->number == NULL;
    const char *why = gathering ? NULL : convert_money(p, l, r, row, field);
    if (why != NULL) {
        return why;
    }
    switch (table_of(p->source)) {
    case TABLE_SUBSCRIPTIONS:
        *field = table_field(t, "amount");
        if (number_at(r, *field, row) < 0) {
            return "negative ARR";
        }
        return check_order(r, row, table_field(t, "start"), table_field(t, "end"), field);
    case TABLE_SNAPSHOTS:
        *field = table_field(t, "arr");
        return number_at(r, *field, row) < 0 ? "negative ARR" : NULL;
    case TABLE_TICKETS:
        return check_order(r, row, table_field(t, "opened_at"), table_field(t, "closed_at"), field);
    case TABLE_SURVEYS:
        return check_survey(l, r, row, t, field);
    case TABLE_HEALTH:
        *field = table_field(t, "score");
        return number_at(r, *field, row) < 0 || number_at(r, *field, row) > 100
                   ? "health is 0 to 100"
                   : NULL;
    case TABLE_USAGE:
        *field = table_field(t, "count");
        return number_at(r, *field, row) < 0 || number_at(r, *field, row) > INT32_MAX
                   ? "count is out of range"
                   : NULL;
    case TABLE_ACCOUNTS:
    case TABLE_MOVEMENTS:
    case TABLE_ORDERS:
    case TABLE_CONTACTS:
    case TABLE_TOUCHPOINTS:
    case TABLE_OPPORTUNITIES:
    case TABLE_CSMS:
    case TABLE_INTERVENTIONS:
    case TABLE_COUNT:
        break;
    }
    return NULL;
}
