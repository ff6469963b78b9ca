/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv_text.h"
#include "base/number.h"
#include "document/chart_theme.h"
#include "render/terminal/screen.h"
#include "render/xlsx/xlsx.h"

/* Day 0 of ours in Excel's count, and the first day on which both calendars agree (it takes 1900
 * for a leap year). */
enum { EXCEL_EPOCH = 25569, EXCEL_FIRST = -25508 };

enum { TEXT_FORMAT = 49 }; /* "@" among Excel's own formats */

enum {
    INK = 0x1b2430,
    MUTED = 0x5d6875,
    LINE = 0xd8dde3,
    HEAD_FILL = 0xeef2f6,
    LINK = 0x0b63a5,
    SHADE_LOW = 0xeef5fb,
    SHADE_HIGH = 0x6fa9d4
};

/* --- formats --- */

/* What stands before and after an amount of this currency, both quoted as formats want it. */
static void money_format(const char *currency, bool cents, char out[XLSX_NUMBER_FORMAT])
{
    char zero[NUMBER_TEXT];
    number_format_money_full(0, currency, zero);
    char *digits = strstr(zero, "0.00");
    const char *after = digits != NULL ? digits + strlen("0.00") : "";
    if (digits != NULL) {
        *digits = '\0';
    }
    bool plain = digits == NULL || strchr(zero, '"') != NULL || strchr(after, '"') != NULL;
    const char *number = cents ? "#,##0.00" : "#,##0";
    const char *before = plain ? "" : zero;
    after = plain ? "" : after;
    char unit[2][24] = {"", ""};
    (void)snprintf(unit[0], sizeof unit[0], before[0] != '\0' ? "\"%.16s\"" : "%.16s", before);
    (void)snprintf(unit[1], sizeof unit[1], after[0] != '\0' ? "\"%.16s\"" : "%.16s", after);
    (void)snprintf(out, XLSX_NUMBER_FORMAT, "%s%s%s;-%s%s%s", unit[0], number, unit[1], unit[0],
                   number, unit[1]);
}

void xlsx_number_format(const xlsx *x, xlsx_look look, char out[XLSX_NUMBER_FORMAT])
{
    static const char *const fixed[LOOK_DECIMAL] = {[LOOK_COUNT] = "#,##0",
                                                    [LOOK_SHARE] = "0.0%",
                                                    [LOOK_DAYS] = "#,##0\" d\"",
                                                    [LOOK_DATE] = "yyyy\\-mm\\-dd",
                                                    [LOOK_CHANGE] = "+#,##0;-#,##0;0"};
    out[0] = '\0';
    if (look == LOOK_MONEY_WHOLE || look == LOOK_MONEY_EXACT) {
        money_format(x->doc->head.currency, look == LOOK_MONEY_EXACT, out);
    } else if (look < LOOK_DECIMAL) {
        (void)snprintf(out, XLSX_NUMBER_FORMAT, "%s", fixed[look] != NULL ? fixed[look] : "");
    } else {
        int decimals = (int)look - LOOK_DECIMAL;
        (void)snprintf(out, XLSX_NUMBER_FORMAT, "#,##0%s%.*s", decimals > 0 ? "." : "", decimals,
                       "0000000000");
    }
}

static lxw_format *new_format(xlsx *x)
{
    lxw_format *f = workbook_add_format(x->book);
    if (f == NULL) {
        xlsx_check(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    format_set_font_color(f, INK);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

/* A number ends a little before its column does: the next one may begin with a text. */
static void stand_off(lxw_format *f)
{
    format_set_align(f, LXW_ALIGN_RIGHT);
    format_set_indent(f, 1);
}

static lxw_format *value_format(xlsx *x, xlsx_weight weight, xlsx_look look)
{
    char text[XLSX_NUMBER_FORMAT];
    lxw_format *f = new_format(x);
    if (f == NULL) {
        return NULL;
    }
    xlsx_number_format(x, look, text);
    if (text[0] != '\0') {
        format_set_num_format(f, text);
    }
    if (look == LOOK_LITERAL) {
        format_set_num_format_index(f, TEXT_FORMAT);
    }
    if (look == LOOK_WRAP) {
        format_set_text_wrap(f);
    }
    if (look == LOOK_BOOL) {
        format_set_align(f, LXW_ALIGN_LEFT);
    }
    if (text[0] != '\0' && weight != WEIGHT_FIGURE) {
        stand_off(f);
    }
    if (weight == WEIGHT_TOTAL) {
        format_set_bold(f);
        format_set_top(f, LXW_BORDER_THIN);
        format_set_top_color(f, MUTED);
    }
    if (weight == WEIGHT_FIGURE) {
        format_set_bold(f);
        format_set_font_size(f, 14);
        format_set_align(f, LXW_ALIGN_LEFT);
    }
    return f;
}

static lxw_format *part_format(xlsx *x, xlsx_part part)
{
    static const double sizes[PART_COUNT] = {
        [PART_TITLE] = 18, [PART_HEADING] = 14, [PART_SUBHEADING] = 12};
    lxw_format *f = new_format(x);
    if (f == NULL) {
        return NULL;
    }
    bool head = part == PART_HEAD || part == PART_HEAD_NUMBER;
    if (sizes[part] > 0) {
        format_set_font_size(f, sizes[part]);
    }
    if (sizes[part] > 0 || head) {
        format_set_bold(f);
    }
    if (part == PART_MUTED || part == PART_NOTE || part == PART_LINK) {
        format_set_font_color(f, part == PART_LINK ? LINK : MUTED);
    }
    if (part == PART_PARAGRAPH || part == PART_NOTE || head) {
        format_set_text_wrap(f);
    }
    if (head) {
        format_set_bg_color(f, HEAD_FILL);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_bottom_color(f, LINE);
        format_set_align(f, part == PART_HEAD ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
        format_set_align(f, LXW_ALIGN_VERTICAL_BOTTOM);
        format_set_indent(f, part == PART_HEAD ? 0 : 1);
    }
    return f;
}

void xlsx_make_formats(xlsx *x)
{
    for (int weight = 0; weight < WEIGHT_COUNT; weight++) {
        for (int look = 0; look < LOOK_COUNT_ALL; look++) {
            x->values[weight][look] = value_format(x, (xlsx_weight)weight, (xlsx_look)look);
        }
    }
    for (int part = 0; part < PART_COUNT; part++) {
        x->parts[part] = part_format(x, (xlsx_part)part);
    }
}

xlsx_look xlsx_look_of(const doc_cell *cell, int decimals, money_style money)
{
    enum { WRAP_FROM = XLSX_WIDEST };
    switch (cell->type) {
    case CELL_EMPTY:
    case CELL_SPARK:
        break;
    case CELL_TEXT:
        return csv_is_formula(cell->text, strlen(cell->text))             ? LOOK_LITERAL
               : screen_width(cell->text, strlen(cell->text)) > WRAP_FROM ? LOOK_WRAP
                                                                          : LOOK_TEXT;
    case CELL_COUNT:
        return LOOK_COUNT;
    case CELL_NUMBER:
        return (xlsx_look)(LOOK_DECIMAL + (decimals < 0                ? 0
                                           : decimals >= XLSX_DECIMALS ? XLSX_DECIMALS - 1
                                                                       : decimals));
    case CELL_SHARE:
        return LOOK_SHARE;
    case CELL_MONEY:
        return money == MONEY_EXACT ? LOOK_MONEY_EXACT : LOOK_MONEY_WHOLE;
    case CELL_DAYS:
        return LOOK_DAYS;
    case CELL_DATE:
        return LOOK_DATE;
    case CELL_CHANGE:
        return LOOK_CHANGE;
    case CELL_BOOL:
        return LOOK_BOOL;
    }
    return LOOK_TEXT;
}

/* --- cells --- */

/* Writes what stands in x->text. */
static void put_scratch(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                        lxw_format *format)
{
    if (x->text.failed == STRATA_OK) {
        xlsx_check(x, worksheet_write_string(page, row, column, strbuf_text(&x->text), format));
        strbuf_clear(&x->text);
    }
}

void xlsx_put_text(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column, const char *text,
                   lxw_format *format)
{
    if (text != NULL) {
        xlsx_put_clean(&x->text, text, strlen(text));
        put_scratch(x, page, row, column, format);
    }
}

void xlsx_put_markdown(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                       const char *text, lxw_format *format)
{
    if (text != NULL) {
        xlsx_put_plain(&x->text, text);
        put_scratch(x, page, row, column, format);
    }
}

void xlsx_put_number(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column, double value,
                     lxw_format *format)
{
    if (isfinite(value)) {
        xlsx_check(x, worksheet_write_number(page, row, column, value, format));
    } else if (!isnan(value)) { /* a number that Excel does not know */
        xlsx_put_text(x, page, row, column, value > 0 ? "infinite" : "-infinite", format);
    }
}

static void put_date(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column, day date,
                     lxw_format *format)
{
    char text[DAY_TEXT];
    if (date >= EXCEL_FIRST && date <= DAY_MAX) {
        xlsx_put_number(x, page, row, column, (double)date + EXCEL_EPOCH, format);
        return;
    }
    day_format(date, text);
    xlsx_put_text(x, page, row, column, text, format);
}

void xlsx_put_cell(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                   const doc_cell *cell, lxw_format *format)
{
    switch (cell->type) {
    case CELL_EMPTY:
        xlsx_check(x, worksheet_write_blank(page, row, column, format));
        break;
    case CELL_TEXT:
        xlsx_put_text(x, page, row, column, cell->text, format);
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
    case CELL_SHARE:
    case CELL_DAYS:
    case CELL_CHANGE:
        xlsx_put_number(x, page, row, column, cell->number, format);
        break;
    case CELL_MONEY:
        xlsx_put_number(x, page, row, column, (double)cell->minor / 100.0, format);
        break;
    case CELL_DATE:
        put_date(x, page, row, column, cell->date, format);
        break;
    case CELL_BOOL:
        xlsx_check(x, worksheet_write_boolean(page, row, column, cell->number > 0, format));
        break;
    case CELL_SPARK:
        put_sparkline(&x->text, cell->series, cell->n_series, false);
        put_scratch(x, page, row, column, format);
        break;
    }
}

void xlsx_put_link(xlsx *x, lxw_worksheet *page, lxw_row_t row, lxw_col_t column,
                   const xlsx_place *to, const char *text)
{
    char cell[LXW_MAX_CELL_NAME_LENGTH];
    STRBUF_AUTO strbuf target;
    strbuf_init(&target, 0);
    lxw_rowcol_to_cell(cell, to->row, to->column);
    strbuf_add(&target, "internal:'");
    for (const char *c = to->sheet; *c != '\0'; c++) {
        strbuf_add(&target, *c == '\'' ? "'" : "");
        strbuf_add_char(&target, *c);
    }
    strbuf_printf(&target, "'!%s", cell);
    xlsx_put_clean(&x->text, text, strlen(text));
    if (target.failed != STRATA_OK || x->text.failed != STRATA_OK) {
        x->no_memory = true;
        return;
    }
    xlsx_check(x, worksheet_write_url_opt(page, row, column, strbuf_text(&target),
                                          x->parts[PART_LINK], strbuf_text(&x->text), NULL));
    strbuf_clear(&x->text);
}

void xlsx_shade(xlsx *x, lxw_worksheet *page, const lxw_row_t rows[2], const lxw_col_t columns[2])
{
    lxw_conditional_format shades = {
        .type = LXW_CONDITIONAL_2_COLOR_SCALE, .min_color = SHADE_LOW, .max_color = SHADE_HIGH};
    xlsx_check(x, worksheet_conditional_format_range(page, rows[0], columns[0], rows[1], columns[1],
                                                     &shades));
}
