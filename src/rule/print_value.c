/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "rule/print.h"

static bool is_whole(double x)
{
    return !(floor(x) < x) && fabs(x) < 1e15;
}

static void print_amount(double x, strbuf *b)
{
    char text[NUMBER_TEXT];
    if (is_whole(x)) {
        number_format(x, 0, text);
        strbuf_add(b, text);
    } else {
        strbuf_printf(b, "%.6g", x);
    }
}

/* "$25,000", with cents only where there are some. */
static void print_money(double x, const char *currency, strbuf *b)
{
    char text[NUMBER_TEXT];
    if (fabs(x) > 9e15) {
        strbuf_printf(b, "%.6g", x);
        return;
    }
    int64_t cents = llround(x * 100.0);
    number_format_money_full(cents, currency, text);
    char *point = cents % 100 == 0 ? strstr(text, ".00") : NULL;
    if (point != NULL) { /* a code may follow: "25,000.00 SEK" */
        memmove(point, point + 3, strlen(point + 3) + 1);
    }
    strbuf_add(b, text);
}

static void print_count(double n, const char *what, strbuf *b)
{
    print_amount(n, b);
    strbuf_printf(b, " %s%s", what, is_whole(n) && fabs(n) > 0.5 && fabs(n) < 1.5 ? "" : "s");
}

/* Days; a part of a day tells that somebody wrote months or years. */
static void print_duration(double days, strbuf *b)
{
    const double years = days / unit_days(UNIT_YEARS);
    const double months = days / unit_days(UNIT_MONTHS);
    if (!is_whole(days) && is_whole(years)) {
        print_count(years, "year", b);
    } else if (!is_whole(days) && is_whole(months)) {
        print_count(months, "month", b);
    } else {
        print_count(days, "day", b);
    }
}

static void print_date(double x, strbuf *b)
{
    char text[32] = "";
    if (x >= DAY_MIN && x <= DAY_MAX) {
        day_format_long((day)x, text, sizeof text);
    }
    strbuf_add(b, text[0] != '\0' ? text : "a day outside the calendar");
}

void print_value(value_type type, double x, const char *currency, strbuf *b)
{
    if (isnan(x)) {
        strbuf_add(b, "missing");
        return;
    }
    switch (type) {
    case VALUE_MONEY:
        print_money(x, currency, b);
        break;
    case VALUE_SHARE:
        print_amount(x * 100.0, b);
        strbuf_add_char(b, '%');
        break;
    case VALUE_DURATION:
        print_duration(x, b);
        break;
    case VALUE_DATE:
        print_date(x, b);
        break;
    case VALUE_BOOL:
        strbuf_add(b, x > 0 || x < 0 ? "yes" : "no");
        break;
    case VALUE_NUMBER:
    case VALUE_TEXT:
    case VALUE_TYPE_COUNT:
        print_amount(x, b);
        break;
    }
}

void print_rounded(value_type type, double x, const char *currency, strbuf *b)
{
    char text[NUMBER_TEXT];
    if (type != VALUE_SHARE || isnan(x)) {
        print_value(type, x, currency, b);
        return;
    }
    number_format_share(x, text);
    strbuf_printf(b, "%s %%", text);
}

void print_constant(const node *n, value_type type, const char *currency, strbuf *b)
{
    if (n->kind == NODE_NUMBER && unit_days(n->unit) > 0) {
        print_node(n, b);
    } else {
        print_value(n->type == VALUE_NUMBER ? type : n->type, n->number, currency, b);
    }
}

const char *print_label(const symbol *sym)
{
    return sym->label != NULL ? sym->label : sym->name;
}
