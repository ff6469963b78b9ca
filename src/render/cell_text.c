/* SPDX-License-Identifier: Apache-2.0 */
#include "render/cell_text.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

bool cell_type_is_number(cell_type type)
{
    return type != CELL_EMPTY && type != CELL_TEXT && type != CELL_BOOL && type != CELL_SPARK &&
           type != CELL_DATE;
}

const char *cell_type_name(cell_type type)
{
    static const char *const names[] = {
        [CELL_EMPTY] = "empty",   [CELL_TEXT] = "text",   [CELL_COUNT] = "count",
        [CELL_NUMBER] = "number", [CELL_SHARE] = "share", [CELL_MONEY] = "money",
        [CELL_DAYS] = "days",     [CELL_DATE] = "date",   [CELL_CHANGE] = "change",
        [CELL_SPARK] = "series",  [CELL_BOOL] = "boolean"};
    return names[type];
}

bool column_says_percent(const doc_column *column)
{
    return column->type == CELL_SHARE && strchr(column->label, '%') != NULL;
}

money_style column_money_style(const doc_table *t, size_t column)
{
    enum { MINOR_PER_MAJOR = 100, LARGE = 10000 * MINOR_PER_MAJOR };
    const doc_row_node *const lists[] = {t->rows, t->totals};
    bool cents = false;
    for (size_t i = 0; i < 2; i++) {
        for (const doc_row_node *row = lists[i]; row != NULL; row = row->next) {
            const doc_cell *cell = &row->cells[column];
            if (cell->type == CELL_MONEY && (cell->minor >= LARGE || cell->minor <= -LARGE)) {
                return MONEY_WHOLE;
            }
            cents = cents || (cell->type == CELL_MONEY && cell->minor % MINOR_PER_MAJOR != 0);
        }
    }
    return cents ? MONEY_EXACT : MONEY_WHOLE;
}

void put_sparkline(strbuf *out, const double *series, size_t n, bool ascii)
{
    static const char *const blocks[2][8] = {{"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
                                              "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
                                              "\xe2\x96\x87", "\xe2\x96\x88"},
                                             {"_", ".", "-", "~", "=", "+", "*", "#"}};
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, isfinite(series[i]) ? series[i] : low);
        high = fmax(high, isfinite(series[i]) ? series[i] : high);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(series[i])) {
            strbuf_add_char(out, ' ');
            continue;
        }
        /* A flat series sits in the middle: neither high nor low. */
        double at = high > low ? (series[i] - low) / (high - low) * 7.0 : 3.0;
        int step = (int)lround(at);
        strbuf_add(out, blocks[ascii][step < 0 ? 0 : step > 7 ? 7 : step]);
    }
}

void put_number(strbuf *out, double x)
{
    char text[NUMBER_TEXT];
    if (x >= -9007199254740992.0 && x <= 9007199254740992.0 && !(floor(x) < x)) {
        strbuf_printf(out, "%lld", (long long)x); /* not "1e+15" */
        return;
    }
    number_format_exact(x, text);
    strbuf_add(out, text);
}

void put_money_decimal(strbuf *out, int64_t minor)
{
    uint64_t size = minor < 0 ? 0U - (uint64_t)minor : (uint64_t)minor;
    strbuf_printf(out, "%s%llu.%02llu", minor < 0 ? "-" : "", (unsigned long long)(size / 100),
                  (unsigned long long)(size % 100));
}

/* To the nearest whole unit, halves away from zero; amounts of money are far from the ends of the
 * type. */
static int64_t round_to_major(int64_t minor)
{
    return minor / 100 * 100 + (minor % 100 >= 50 ? 100 : minor % 100 <= -50 ? -100 : 0);
}

static void put_money(strbuf *out, int64_t minor, const cell_style *style)
{
    char text[NUMBER_TEXT];
    /* Most currency signs are beyond ASCII: "18.9M EUR" then. */
    bool spell = style->ascii && style->currency != NULL && strcmp(style->currency, "USD") != 0;
    const char *currency = spell ? NULL : style->currency;
    if (style->money == MONEY_SHORT) {
        number_format_money_short(minor, currency, text);
    } else {
        number_format_money_full(style->money == MONEY_WHOLE ? round_to_major(minor) : minor,
                                 currency, text);
        char *cents = style->money == MONEY_WHOLE ? strstr(text, ".00") : NULL;
        if (cents != NULL) {
            memmove(cents, cents + 3, strlen(cents + 3) + 1);
        }
    }
    strbuf_add(out, text[0] == '-' ? style->minus : "");
    strbuf_add(out, text + (text[0] == '-'));
    if (spell) {
        strbuf_add_char(out, ' ');
        strbuf_add(out, style->currency);
    }
}

static void put_decimal(strbuf *out, double x, int decimals, const cell_style *style)
{
    char text[NUMBER_TEXT];
    number_format(x, decimals, text);
    strbuf_add(out, text[0] == '-' ? style->minus : "");
    strbuf_add(out, text + (text[0] == '-'));
}

/* A number, its space and its unit. */
static void put_with_unit(strbuf *out, double x, int decimals, const char *unit,
                          const cell_style *style)
{
    put_decimal(out, x, decimals, style);
    if (unit[0] != '\0') {
        strbuf_add(out, style->space);
        strbuf_add(out, unit);
    }
}

void cell_put_text(strbuf *out, const doc_cell *cell, const cell_style *style)
{
    char date[DAY_TEXT];
    switch (cell->type) {
    case CELL_EMPTY:
        strbuf_add(out, style->ascii ? "-" : "\xe2\x80\x93");
        break;
    case CELL_TEXT:
        strbuf_add(out, cell->text);
        break;
    case CELL_COUNT:
        put_decimal(out, cell->number, 0, style);
        break;
    case CELL_NUMBER:
        put_decimal(out, cell->number, style->decimals, style);
        break;
    case CELL_SHARE:
        put_with_unit(out, cell->number * 100.0, 1, style->bare_share ? "" : "%", style);
        break;
    case CELL_MONEY:
        put_money(out, cell->minor, style);
        break;
    case CELL_DAYS:
        put_with_unit(out, cell->number, 0, "d", style);
        break;
    case CELL_DATE:
        day_format(cell->date, date);
        strbuf_add(out, date);
        break;
    case CELL_CHANGE:
        strbuf_add(out, cell->number > 0 ? "+" : "");
        put_decimal(out, cell->number, 0, style);
        break;
    case CELL_SPARK:
        put_sparkline(out, cell->series, cell->n_series, style->ascii);
        break;
    case CELL_BOOL:
        strbuf_add(out, cell->number > 0 ? "yes" : "no");
        break;
    }
}

void cell_put_raw(strbuf *out, const doc_cell *cell)
{
    char date[DAY_TEXT];
    switch (cell->type) {
    case CELL_EMPTY:
        break;
    case CELL_TEXT:
        strbuf_add(out, cell->text);
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
    case CELL_SHARE:
    case CELL_DAYS:
    case CELL_CHANGE:
        put_number(out, cell->number);
        break;
    case CELL_MONEY:
        put_money_decimal(out, cell->minor);
        break;
    case CELL_DATE:
        day_format(cell->date, date);
        strbuf_add(out, date);
        break;
    case CELL_SPARK:
        for (size_t i = 0; i < cell->n_series; i++) {
            strbuf_add(out, i > 0 ? ";" : "");
            if (isfinite(cell->series[i])) {
                put_number(out, cell->series[i]);
            }
        }
        break;
    case CELL_BOOL:
        strbuf_add(out, cell->number > 0 ? "true" : "false");
        break;
    }
}
