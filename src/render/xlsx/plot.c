/* SPDX-License-Identifier: Apache-2.0 */
#include "render/xlsx/plot.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

enum { GREY = 0x8a94a0 }; /* of what is no segment: CHART_GREY */

void plot_done(plot *p)
{
    free(p->rows);
    free(p->row_colors);
    free(p->ahead);
    free(p->columns);
    free(p->values);
    free(p->texts);
}

/* --- reading rows of data --- */

static const json_t *values_of(const json_t *spec)
{
    return json_object_get(json_object_get(spec, "data"), "values");
}

static const char *text_at(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text != NULL ? text : "";
}

static double number_at(const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static size_t place_at(const json_t *row, const char *key)
{
    json_int_t place = json_integer_value(json_object_get(row, key));
    return place > 0 ? (size_t)place : 0;
}

static unsigned color_at(const json_t *row)
{
    const char *text = text_at(row, "color");
    return text[0] == '#' && strlen(text) == 7 ? (unsigned)strtoul(text + 1, NULL, 16) : GREY;
}

static bool has(const json_t *row, const char *key)
{
    return json_object_get(row, key) != NULL;
}

/* The row keys of document/chart.h that tell a form of chart; the first that has both is it. */
plot_kind plot_kind_of(const json_t *spec)
{
    static const struct {
        const char *one, *other;
        plot_kind kind;
    } kinds[] = {{"measure", "label", PLOT_BARS}, {"period", "ahead", PLOT_LINES},
                 {"period", "y2", PLOT_STACK},    {"row", "column", PLOT_MATRIX},
                 {"label", "low", PLOT_DOTS},     {"label", "x2", PLOT_BRIDGE},
                 {"x", "name", PLOT_CLOUD},       {"x", "y", PLOT_CURVE}};
    const json_t *row = json_array_get(values_of(spec), 0);
    for (size_t i = 0; row != NULL && i < sizeof kinds / sizeof *kinds; i++) {
        if (has(row, kinds[i].one) && has(row, kinds[i].other)) {
            return kinds[i].kind;
        }
    }
    return PLOT_NONE;
}

/* --- names of rows and columns --- */

/* Names in the order in which they first come up; `last` is where the search begins. */
typedef struct name_list {
    const char **names;
    size_t n, last;
} name_list;

static size_t find_name(name_list *l, const char *name)
{
    for (size_t k = 0; k < l->n; k++) {
        size_t i = (l->last + k) % l->n;
        if (strcmp(l->names[i], name) == 0) {
            l->last = i;
            return i;
        }
    }
    return SIZE_MAX;
}

/* Adds to a list that has room. */
static size_t add_name(name_list *l, const char *name)
{
    size_t i = find_name(l, name);
    if (i == SIZE_MAX) {
        i = l->n++;
        l->names[i] = name;
        l->last = i;
    }
    return i;
}

/* Every different text of a field. NULL when memory ran out. */
static const char **names_of(const json_t *values, const char *key, size_t *n)
{
    name_list list = {.names = STRATA_NEW_ARRAY(json_array_size(values), const char *)};
    for (size_t i = 0; list.names != NULL && i < json_array_size(values); i++) {
        (void)add_name(&list, text_at(json_array_get(values, i), key));
    }
    *n = list.n;
    return list.names;
}

static bool make_room(plot *p)
{
    size_t n = p->n_rows * p->n_columns;
    p->values = STRATA_NEW_ARRAY(n, double);
    for (size_t i = 0; p->values != NULL && i < n; i++) {
        p->values[i] = NAN;
    }
    return p->values != NULL;
}

static void put(plot *p, size_t row, size_t column, double value)
{
    if (row < p->n_rows && column < p->n_columns) {
        p->values[row * p->n_columns + column] = value;
    }
}

/* What a value looks like, from the first row that says one. */
static void take_sample(plot_column *column, const json_t *row)
{
    const char *text = text_at(row, "text");
    if (column->sample == NULL && text[0] != '\0' && isfinite(number_at(row, "value"))) {
        column->sample = text;
    }
}

static void name_column(plot *p, size_t column, const char *name, const json_t *row, plot_role role)
{
    p->columns[column].name = name;
    p->columns[column].color = color_at(row);
    p->columns[column].role = role;
}

/* --- forms of charts --- */

/* A row per label, a column per measure. */
static bool read_bars(const json_t *values, plot *p)
{
    size_t n = json_array_size(values);
    STRATA_AUTO_FREE const char **measures = names_of(values, "measure", &p->n_columns);
    p->n_rows = measures != NULL ? n / p->n_columns : 0;
    p->rows = STRATA_NEW_ARRAY(p->n_rows, const char *);
    p->row_colors = STRATA_NEW_ARRAY(p->n_rows, unsigned);
    p->columns = STRATA_NEW_ARRAY(p->n_columns, plot_column);
    if (measures == NULL || p->rows == NULL || p->row_colors == NULL || p->columns == NULL ||
        !make_room(p)) {
        return false;
    }
    name_list list = {.names = measures, .n = p->n_columns};
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(values, i);
        size_t place = place_at(row, "place");
        size_t column = find_name(&list, text_at(row, "measure"));
        if (place < p->n_rows) {
            p->rows[place] = text_at(row, "label");
            p->row_colors[place] = color_at(row);
        }
        name_column(p, column, measures[column], row, PLOT_VALUE);
        take_sample(&p->columns[column], row);
        put(p, place, column, number_at(row, "value"));
    }
    return true;
}

static bool has_bounds(const json_t *values)
{
    bool found = false;
    for (size_t i = 0; !found && i < json_array_size(values); i++) {
        const json_t *row = json_array_get(values, i);
        found = isfinite(number_at(row, "low")) && isfinite(number_at(row, "high"));
    }
    return found;
}

/* A row per period; per series its value, and its bounds when there are any. */
static bool read_series(const json_t *values, plot *p)
{
    size_t n_series = 0;
    size_t each = p->kind == PLOT_LINES && has_bounds(values) ? 3 : 1;
    STRATA_AUTO_FREE const char **series = names_of(values, "series", &n_series);
    p->rows = names_of(values, "period", &p->n_rows);
    p->n_columns = n_series * each;
    p->columns = STRATA_NEW_ARRAY(p->n_columns, plot_column);
    p->ahead = STRATA_NEW_ARRAY(p->n_rows, bool);
    if (series == NULL || p->rows == NULL || p->columns == NULL || p->ahead == NULL ||
        !make_room(p)) {
        return false;
    }
    name_list names = {.names = series, .n = n_series};
    name_list periods = {.names = p->rows, .n = p->n_rows};
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *row = json_array_get(values, i);
        size_t at = find_name(&periods, text_at(row, "period"));
        size_t column = find_name(&names, text_at(row, "series")) * each;
        const char *const keys[] = {"value", "low", "high"};
        for (size_t k = 0; k < each; k++) {
            name_column(p, column + k, series[column / each], row, k > 0 ? PLOT_BOUND : PLOT_VALUE);
            put(p, at, column + k, number_at(row, keys[k]));
            take_sample(&p->columns[column + k], row);
        }
        p->ahead[at] = json_is_true(json_object_get(row, "ahead"));
    }
    return true;
}

/* Rows that stand in the order given, with columns of these names. */
static bool read_labels(const json_t *values, const plot_column *columns, size_t n, plot *p)
{
    p->n_rows = json_array_size(values);
    p->n_columns = n;
    p->rows = STRATA_NEW_ARRAY(p->n_rows, const char *);
    p->row_colors = STRATA_NEW_ARRAY(p->n_rows, unsigned);
    p->columns = STRATA_NEW_ARRAY(n, plot_column);
    if (p->rows == NULL || p->row_colors == NULL || p->columns == NULL || !make_room(p)) {
        return false;
    }
    memcpy(p->columns, columns, n * sizeof *columns);
    for (size_t i = 0; i < p->n_rows; i++) {
        const json_t *row = json_array_get(values, i);
        p->rows[i] = text_at(row, "label");
        p->row_colors[i] = color_at(row);
        for (size_t k = 0; k < n; k++) {
            take_sample(&p->columns[k], row);
        }
    }
    return true;
}

static bool read_dots(const json_t *values, plot *p)
{
    static const plot_column columns[] = {{.name = "Value"},
                                          {.name = "Low", .role = PLOT_BOUND},
                                          {.name = "High", .role = PLOT_BOUND}};
    if (!read_labels(values, columns, 3, p)) {
        return false;
    }
    for (size_t i = 0; i < p->n_rows; i++) {
        const json_t *row = json_array_get(values, i);
        put(p, i, 0, number_at(row, "value"));
        put(p, i, 1, number_at(row, "low"));
        put(p, i, 2, number_at(row, "high"));
    }
    return true;
}

/* Steps hang where those before them end; totals stand on zero. */
static bool read_bridge(const json_t *values, plot *p)
{
    static const plot_column columns[] = {{.name = "From", .role = PLOT_BOUND}, {.name = "Step"}};
    if (!read_labels(values, columns, 2, p)) {
        return false;
    }
    double at = 0;
    for (size_t i = 0; i < p->n_rows; i++) {
        const json_t *row = json_array_get(values, i);
        double step = number_at(row, "value");
        double to = p->row_colors[i] == GREY ? step : at + step; /* totals are grey */
        put(p, i, 0, p->row_colors[i] == GREY ? 0 : fmin(at, to));
        put(p, i, 1, fabs(step));
        if (!(to >= 0)) { /* below zero the carrier would have to change sides */
            p->kind = PLOT_NONE;
            return true;
        }
        at = to;
    }
    return true;
}

static bool read_curve(const json_t *values, plot *p)
{
    p->n_rows = json_array_size(values);
    p->n_columns = 2;
    p->columns = STRATA_NEW_ARRAY(2, plot_column);
    if (p->columns == NULL || !make_room(p)) {
        return false;
    }
    p->columns[0] =
        (plot_column){.name = "Share of accounts, largest first", .role = PLOT_X, .sample = "1 %"};
    p->columns[1] = (plot_column){.name = "Share of value", .color = 0x0b63a5, .sample = "1 %"};
    for (size_t i = 0; i < p->n_rows; i++) {
        put(p, i, 0, number_at(json_array_get(values, i), "x"));
        put(p, i, 1, number_at(json_array_get(values, i), "y"));
    }
    return true;
}

static bool read_cloud(const json_t *values, plot *p)
{
    size_t n_groups = 0;
    STRATA_AUTO_FREE const char **groups = names_of(values, "name", &n_groups);
    p->n_rows = json_array_size(values);
    p->n_columns = n_groups + 1;
    p->columns = STRATA_NEW_ARRAY(p->n_columns, plot_column);
    if (groups == NULL || p->columns == NULL || !make_room(p)) {
        return false;
    }
    name_list names = {.names = groups, .n = n_groups};
    p->columns[0] = (plot_column){.name = "x", .role = PLOT_X};
    for (size_t i = 0; i < p->n_rows; i++) {
        const json_t *row = json_array_get(values, i);
        size_t group = find_name(&names, text_at(row, "name"));
        name_column(p, group + 1, groups[group], row, PLOT_VALUE);
        put(p, i, 0, number_at(row, "x"));
        put(p, i, group + 1, number_at(row, "y"));
    }
    return true;
}

static const json_t *domain_of(const json_t *spec, const char *axis)
{
    const json_t *place = json_object_get(json_object_get(spec, "encoding"), axis);
    return json_object_get(json_object_get(place, "scale"), "domain");
}

static bool read_matrix(const json_t *spec, const json_t *values, plot *p)
{
    const json_t *rows = domain_of(spec, "y");
    const json_t *columns = domain_of(spec, "x");
    p->n_rows = json_array_size(rows);
    p->n_columns = json_array_size(columns);
    p->rows = STRATA_NEW_ARRAY(p->n_rows, const char *);
    p->columns = STRATA_NEW_ARRAY(p->n_columns, plot_column);
    p->texts = STRATA_NEW_ARRAY(p->n_rows * p->n_columns, const char *);
    if (p->rows == NULL || p->columns == NULL || p->texts == NULL || !make_room(p)) {
        return false;
    }
    for (size_t r = 0; r < p->n_rows; r++) {
        p->rows[r] = json_string_value(json_array_get(rows, r));
    }
    for (size_t c = 0; c < p->n_columns; c++) {
        p->columns[c].name = json_string_value(json_array_get(columns, c));
    }
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *cell = json_array_get(values, i);
        size_t r = place_at(cell, "r");
        size_t c = place_at(cell, "c");
        put(p, r, c, number_at(cell, "value"));
        if (r < p->n_rows && c < p->n_columns) {
            p->texts[r * p->n_columns + c] = text_at(cell, "text");
        }
        if (c < p->n_columns) {
            /* Of two lines the shade is of the one with a unit: "$1.1M", "5 %", not "412". */
            const char *below = text_at(cell, "below");
            bool unit = below[0] != '\0' &&
                        (strchr("0123456789", below[0]) == NULL || below[strlen(below) - 1] == '%');
            take_sample(&p->columns[c], cell);
            p->columns[c].sample = unit ? below : p->columns[c].sample;
        }
    }
    return true;
}

bool plot_read(const json_t *spec, plot *out)
{
    const json_t *values = values_of(spec);
    *out = (plot){.kind = plot_kind_of(spec)};
    switch (out->kind) {
    case PLOT_NONE:
        return true;
    case PLOT_BARS:
        return read_bars(values, out);
    case PLOT_LINES:
    case PLOT_STACK:
        return read_series(values, out);
    case PLOT_DOTS:
        return read_dots(values, out);
    case PLOT_BRIDGE:
        return read_bridge(values, out);
    case PLOT_CURVE:
        return read_curve(values, out);
    case PLOT_CLOUD:
        return read_cloud(values, out);
    case PLOT_MATRIX:
        return read_matrix(spec, values, out);
    }
    return true;
}
