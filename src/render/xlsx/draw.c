/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/chart.h"
#include "render/xlsx/block.h"

enum {
    CHART_WIDTH = 660,
    CHART_HEIGHT = 360,
    CHART_TALLEST = 1600,
    BAR_PIXELS = 24,
    DEFAULT_WIDTH = 480, /* of the library, which takes scales */
    DEFAULT_HEIGHT = 288,
    INK = 0x1b2430,
    ACCENT = 0x0b63a5,
    GRID = 0xd8dde3
};

/* --- series --- */

static lxw_chart_series *add_series(const xlsx_block *b, lxw_chart *chart, size_t column,
                                    bool scatter)
{
    lxw_chart_series *s = chart_add_series(chart, NULL, NULL);
    lxw_col_t at = b->first_column + (lxw_col_t)column;
    lxw_col_t names = scatter ? b->first_column : b->first_column - 1;
    if (s == NULL) {
        xlsx_check(b->x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    chart_series_set_categories(s, XLSX_CHARTS, b->first, names, b->last, names);
    chart_series_set_values(s, XLSX_CHARTS, b->first, at, b->last, at);
    chart_series_set_name_range(s, XLSX_CHARTS, b->head, at);
    return s;
}

/* The colour of a column; one from the palette where another column has the same, as those have
 * that are no segments. */
static unsigned color_of(const xlsx_block *b, size_t column)
{
    static const char *const places[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    enum { PLACES = sizeof places / sizeof *places };
    const chart_theme palette = {.names = places, .n_names = PLACES};
    const plot_column *columns = b->p->columns;
    for (size_t i = 0; i < b->p->n_columns; i++) {
        if (columns[i].color == columns[column].color &&
            strcmp(columns[i].name, columns[column].name) != 0) {
            size_t each = b->p->n_columns > 1 && columns[1].role == PLOT_BOUND ? 3 : 1;
            const char *color = chart_color(&palette, places[column / each % PLACES]);
            return (unsigned)strtoul(color + 1, NULL, 16);
        }
    }
    return columns[column].color;
}

static void fill_series(lxw_chart_series *s, unsigned color)
{
    lxw_chart_fill fill = {.color = color};
    chart_series_set_fill(s, &fill);
}

/* The colours of single bars; the library copies them. */
static void color_points(const xlsx_block *b, lxw_chart_series *s)
{
    size_t n = b->p->n_rows;
    STRATA_AUTO_FREE lxw_chart_fill *fills = STRATA_NEW_ARRAY(n, lxw_chart_fill);
    STRATA_AUTO_FREE lxw_chart_point *points = STRATA_NEW_ARRAY(n, lxw_chart_point);
    STRATA_AUTO_FREE lxw_chart_point **list = STRATA_NEW_ARRAY(n + 1, lxw_chart_point *);
    if (fills == NULL || points == NULL || list == NULL) {
        b->x->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        fills[i].color = b->p->row_colors[i];
        points[i].fill = &fills[i];
        list[i] = &points[i];
    }
    xlsx_check(b->x, chart_series_set_points(s, list));
}

/* A forecast is dashed. */
static void dash_points(const xlsx_block *b, lxw_chart_series *s, unsigned color)
{
    size_t n = b->p->n_rows;
    lxw_chart_line dashed = {.color = color, .width = 2, .dash_type = LXW_CHART_LINE_DASH_DASH};
    lxw_chart_point ahead = {.line = &dashed};
    lxw_chart_point plain = {0};
    STRATA_AUTO_FREE lxw_chart_point **list = STRATA_NEW_ARRAY(n + 1, lxw_chart_point *);
    bool any = false;
    if (list == NULL) {
        b->x->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        /* The first that is marked is the last known period, where the forecast begins. */
        bool dash = i > 0 && b->p->ahead[i] && b->p->ahead[i - 1];
        list[i] = dash ? &ahead : &plain;
        any = any || dash;
    }
    if (any) {
        xlsx_check(b->x, chart_series_set_points(s, list));
    }
}

static void no_line(lxw_chart_series *s)
{
    lxw_chart_line none = {.none = LXW_TRUE};
    chart_series_set_line(s, &none);
    chart_series_set_marker_type(s, LXW_CHART_MARKER_NONE);
}

/* --- the common frame --- */

static lxw_chart *new_chart(const xlsx_block *b, uint8_t type)
{
    lxw_chart *chart = workbook_add_chart(b->x->book, type);
    if (chart == NULL) {
        xlsx_check(b->x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    lxw_chart_line grid = {.color = GRID, .width = 0.75F};
    lxw_chart_line none = {.none = LXW_TRUE};
    lxw_chart_font font = {.size = 11, .bold = LXW_TRUE, .color = INK};
    chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
    chart_axis_set_line(chart->y_axis, &none);
    chart_chartarea_set_line(chart, &none);
    chart_title_set_name_font(chart, &font);
    if (type != LXW_CHART_BAR) {
        chart_title_off(
            chart); /* it stands above the chart, where links lead; bars say a measure */
    }
    return chart;
}

static void format_axis(const xlsx_block *b, lxw_chart_axis *axis, xlsx_look look)
{
    char format[XLSX_NUMBER_FORMAT];
    xlsx_number_format(b->x, look, format);
    if (format[0] != '\0') {
        chart_axis_set_num_format(axis, look == LOOK_SHARE ? "0%" : format);
    }
}

/* Shares that make up a whole end at 100 %, not at the 120 % that Excel would choose. */
static void end_at_whole(const xlsx_block *b, lxw_chart_axis *axis, double most)
{
    if (block_look(b->p, b->p->n_columns - 1) == LOOK_SHARE && most > 0.5 && most < 1.0001) {
        chart_axis_set_max(axis, 1);
    }
}

/* The highest pile of a row. */
static double most_of_rows(const plot *p)
{
    double most = 0;
    for (size_t r = 0; r < p->n_rows; r++) {
        double sum = 0;
        for (size_t c = 0; c < p->n_columns; c++) {
            double v = p->values[r * p->n_columns + c];
            sum += isfinite(v) && p->columns[c].role != PLOT_X ? v : 0;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

static double most_of_values(const plot *p)
{
    double most = 0;
    for (size_t i = 0; i < p->n_rows * p->n_columns; i++) {
        most = p->values[i] > most ? p->values[i] : most;
    }
    return most;
}

/* Names of several series stand below; bounds need none. */
static void set_legend(const xlsx_block *b, lxw_chart *chart, size_t first, size_t n)
{
    if (n < 2) {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
        return;
    }
    STRATA_AUTO_FREE int16_t *hidden = STRATA_NEW_ARRAY(n + 1, int16_t);
    if (hidden == NULL) {
        b->x->no_memory = true;
        return;
    }
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (b->p->columns[first + i].role == PLOT_BOUND) {
            hidden[k++] = (int16_t)i;
        }
    }
    hidden[k] = -1;
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    if (n - k < 2) {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    } else if (k > 0) {
        xlsx_check(b->x, chart_legend_delete_series(chart, hidden));
    }
}

/* Puts it down, the i'th of n side by side. */
static void insert(const xlsx_block *b, lxw_chart *chart, int height, size_t i, size_t n,
                   const char *alt)
{
    char description[512];
    (void)snprintf(description, sizeof description, "%.500s", alt != NULL ? alt : "");
    lxw_chart_options o = {.x_offset = (int32_t)(CHART_WIDTH / n * i),
                           .x_scale = (double)CHART_WIDTH / DEFAULT_WIDTH / (double)n,
                           .y_scale = (double)height / DEFAULT_HEIGHT,
                           .description = description};
    xlsx_check(b->x, worksheet_insert_chart_opt(b->x->charts, b->head, 0, chart, &o));
}

static int height_of(const plot *p)
{
    bool rows = p->kind == PLOT_BARS || p->kind == PLOT_BRIDGE;
    size_t wanted = rows ? p->n_rows * BAR_PIXELS + 90 : CHART_HEIGHT;
    return wanted < CHART_HEIGHT    ? CHART_HEIGHT
           : wanted > CHART_TALLEST ? CHART_TALLEST
                                    : (int)wanted;
}

/* --- forms --- */

static void label_bars(const xlsx_block *b, lxw_chart *chart, lxw_chart_series *s, xlsx_look look)
{
    char format[XLSX_NUMBER_FORMAT];
    xlsx_number_format(b->x, look, format);
    chart_series_set_labels(s);
    if (format[0] != '\0') {
        chart_series_set_labels_num_format(s, format);
    }
    /* The library's y axis stands upright: the labels' here. */
    chart_axis_set_reverse(chart->y_axis);
    chart_axis_off(chart->x_axis);
    chart_axis_major_gridlines_set_visible(chart->y_axis, LXW_FALSE);
    chart_axis_major_gridlines_set_visible(chart->x_axis, LXW_FALSE);
    chart_set_series_gap(chart, 40);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
}

static void draw_bars(const xlsx_block *b, const char *alt)
{
    for (size_t i = 0; i < b->p->n_columns; i++) {
        lxw_chart *chart = new_chart(b, LXW_CHART_BAR);
        lxw_chart_series *s = chart != NULL ? add_series(b, chart, i, false) : NULL;
        if (s == NULL) {
            return;
        }
        color_points(b, s);
        label_bars(b, chart, s, block_look(b->p, i));
        chart_title_set_name_range(chart, XLSX_CHARTS, b->head, b->first_column + (lxw_col_t)i);
        insert(b, chart, height_of(b->p), i, b->p->n_columns, alt);
    }
}

static void draw_bridge(const xlsx_block *b, const char *alt)
{
    lxw_chart *chart = new_chart(b, LXW_CHART_BAR_STACKED);
    lxw_chart_series *under = chart != NULL ? add_series(b, chart, 0, false) : NULL;
    lxw_chart_series *step = under != NULL ? add_series(b, chart, 1, false) : NULL;
    if (step == NULL) {
        return;
    }
    lxw_chart_fill none = {.none = LXW_TRUE};
    chart_series_set_fill(under, &none);
    color_points(b, step);
    label_bars(b, chart, step, block_look(b->p, 1));
    insert(b, chart, height_of(b->p), 0, 1, alt);
}

static void draw_lines(const xlsx_block *b, const char *alt)
{
    lxw_chart *chart = new_chart(b, LXW_CHART_LINE);
    for (size_t i = 0; chart != NULL && i < b->p->n_columns; i++) {
        const plot_column *c = &b->p->columns[i];
        lxw_chart_series *s = add_series(b, chart, i, false);
        if (s == NULL) {
            return;
        }
        bool bound = c->role == PLOT_BOUND;
        unsigned color = color_of(b, i);
        lxw_chart_line line = {.color = color,
                               .width = bound ? 0.75F : 2,
                               .dash_type = bound ? LXW_CHART_LINE_DASH_ROUND_DOT
                                                  : LXW_CHART_LINE_DASH_SOLID};
        chart_series_set_line(s, &line);
        if (!bound) {
            dash_points(b, s, color);
        }
    }
    if (chart != NULL) {
        format_axis(b, chart->y_axis, block_look(b->p, 0));
        set_legend(b, chart, 0, b->p->n_columns);
        insert(b, chart, height_of(b->p), 0, 1, alt);
    }
}

static void draw_stack(const xlsx_block *b, const char *alt)
{
    lxw_chart *chart = new_chart(b, LXW_CHART_COLUMN_STACKED);
    for (size_t i = 0; chart != NULL && i < b->p->n_columns; i++) {
        lxw_chart_series *s = add_series(b, chart, i, false);
        if (s == NULL) {
            return;
        }
        fill_series(s, color_of(b, i));
    }
    if (chart != NULL) {
        format_axis(b, chart->y_axis, block_look(b->p, 0));
        end_at_whole(b, chart->y_axis, most_of_rows(b->p));
        chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
        chart_set_series_gap(chart, 40);
        set_legend(b, chart, 0, b->p->n_columns);
        insert(b, chart, height_of(b->p), 0, 1, alt);
    }
}

/* A marker at the value, a line from the low to the high bound. */
static void draw_dots(const xlsx_block *b, const char *alt)
{
    lxw_chart *chart = new_chart(b, LXW_CHART_LINE);
    for (size_t i = 0; chart != NULL && i < b->p->n_columns; i++) {
        lxw_chart_series *s = add_series(b, chart, i, false);
        if (s == NULL) {
            return;
        }
        no_line(s);
        if (b->p->columns[i].role == PLOT_VALUE) {
            lxw_chart_fill fill = {.color = ACCENT};
            lxw_chart_line edge = {.color = ACCENT};
            chart_series_set_marker_type(s, LXW_CHART_MARKER_CIRCLE);
            chart_series_set_marker_size(s, 8);
            chart_series_set_marker_fill(s, &fill);
            chart_series_set_marker_line(s, &edge);
        }
    }
    if (chart != NULL) {
        lxw_chart_line range = {.color = ACCENT, .width = 1.5F};
        chart_set_high_low_lines(chart, &range);
        format_axis(b, chart->y_axis, block_look(b->p, 0));
        end_at_whole(b, chart->y_axis, most_of_values(b->p));
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
        insert(b, chart, height_of(b->p), 0, 1, alt);
    }
}

static void draw_points(const xlsx_block *b, const char *alt)
{
    bool curve = b->p->kind == PLOT_CURVE;
    lxw_chart *chart = new_chart(b, curve ? LXW_CHART_SCATTER_STRAIGHT : LXW_CHART_SCATTER);
    for (size_t i = 1; chart != NULL && i < b->p->n_columns; i++) {
        lxw_chart_series *s = add_series(b, chart, i, true);
        if (s == NULL) {
            return;
        }
        lxw_chart_line line = {.color = b->p->columns[i].color, .width = 2, .none = !curve};
        lxw_chart_fill fill = {.color = b->p->columns[i].color};
        chart_series_set_line(s, &line);
        if (!curve) {
            chart_series_set_marker_type(s, LXW_CHART_MARKER_CIRCLE);
            chart_series_set_marker_size(s, 4);
            chart_series_set_marker_fill(s, &fill);
            chart_series_set_marker_line(s, &line);
        }
    }
    if (chart != NULL) {
        format_axis(b, chart->y_axis, block_look(b->p, 1));
        format_axis(b, chart->x_axis, block_look(b->p, 0));
        chart_axis_set_name_range(chart->x_axis, XLSX_CHARTS, b->head, b->first_column);
        if (curve) {
            end_at_whole(b, chart->x_axis, 1);
            end_at_whole(b, chart->y_axis, most_of_rows(b->p));
        }
        set_legend(b, chart, 1, b->p->n_columns - 1);
        insert(b, chart, height_of(b->p), 0, 1, alt);
    }
}

int xlsx_draw(const xlsx_block *b, const char *alt)
{
    switch (b->p->kind) {
    case PLOT_BARS:
        draw_bars(b, alt);
        break;
    case PLOT_LINES:
        draw_lines(b, alt);
        break;
    case PLOT_STACK:
        draw_stack(b, alt);
        break;
    case PLOT_DOTS:
        draw_dots(b, alt);
        break;
    case PLOT_BRIDGE:
        draw_bridge(b, alt);
        break;
    case PLOT_CURVE:
    case PLOT_CLOUD:
        draw_points(b, alt);
        break;
    case PLOT_NONE:
    case PLOT_MATRIX:
        return 0;
    }
    return height_of(b->p);
}
