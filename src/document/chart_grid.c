/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "document/chart_theme.h"

static double largest(const chart_grid *g)
{
    double max = 0;
    for (size_t r = 0; r < g->n_rows; r++) {
        for (size_t c = 0; c < g->n_columns; c++) {
            double v = g->values[r * g->n_columns + c];
            max = v > max && !(g->unshaded_diagonal && r == c) ? v : max;
        }
    }
    return max;
}

static json_t *grid_cell(const chart_theme *theme, const chart_grid *g, size_t r, size_t c,
                         double max)
{
    size_t i = r * g->n_columns + c;
    char text[NUMBER_TEXT];
    bool plain = g->unshaded_diagonal && r == c;
    int step = chart_step(g->values[i], max);
    chart_value_text(theme, g->format, g->values[i], text);
    const char *said = g->texts != NULL && g->texts[i] != NULL ? g->texts[i] : text;
    bool below = g->below != NULL && g->below[i] != NULL;
    return json_pack("{s:o, s:o, s:i, s:i, s:o, s:s, s:s, s:o, s:o}", "row",
                     chart_string(g->rows[r]), "column", chart_string(g->columns[c]), "r", (int)r,
                     "c", (int)c, "value", chart_number(g->values[i]), "fill",
                     plain ? CHART_GRID : chart_step_color(step), "ink",
                     plain ? CHART_INK : chart_step_ink(step), "text", chart_string(said), "below",
                     chart_string(below ? g->below[i] : ""));
}

static json_t *grid_values(const chart_theme *theme, const chart_grid *g)
{
    json_t *values = json_array();
    double max = largest(g);
    for (size_t r = 0; r < g->n_rows; r++) {
        for (size_t c = 0; c < g->n_columns; c++) {
            if (isnan(g->values[r * g->n_columns + c])) {
                continue;
            }
            if (!chart_append(values, grid_cell(theme, g, r, c, max))) {
                json_decref(values);
                return NULL;
            }
        }
    }
    return values;
}

static json_t *labels_of(const char *const *labels, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (!chart_append(list, chart_string(labels[i]))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *axis_of(const char *title, bool top)
{
    return json_pack("{s:o, s:s, s:i, s:i, s:b}", "title",
                     title != NULL ? chart_string(title) : json_null(), "orient",
                     top ? "top" : "left", "labelLimit", top ? 90 : 130, "labelAngle", 0,
                     "labelOverlap", 1);
}

/* Where cells stand: in the order of the labels, also of those that have no cell. */
static json_t *grid_places(const chart_grid *g)
{
    return json_pack("{s:{s:s, s:s, s:o, s:{s:o, s:f}}, s:{s:s, s:s, s:o, s:{s:o, s:f}}}", "x",
                     "field", "column", "type", "nominal", "axis", axis_of(g->column_title, true),
                     "scale", "domain", labels_of(g->columns, g->n_columns), "padding", 0.03, "y",
                     "field", "row", "type", "nominal", "axis", axis_of(g->row_title, false),
                     "scale", "domain", labels_of(g->rows, g->n_rows), "padding", 0.03);
}

static json_t *text_layer(const char *field, int size, int dy, bool bold)
{
    return json_pack("{s:{s:s, s:i, s:i, s:s}, s:{s:{s:s, s:s}, s:{s:s, s:s, s:n}}}", "mark",
                     "type", "text", "fontSize", size, "dy", dy, "fontWeight",
                     bold ? "bold" : "normal", "encoding", "text", "field", field, "type",
                     "nominal", "color", "field", "ink", "type", "nominal", "scale");
}

json_t *chart_matrix(const chart_theme *theme, const chart_grid *g)
{
    bool two = g->below != NULL;
    int step = two ? 52 : 34;
    json_t *layers = json_pack(
        "[{s:{s:s, s:i}, s:{s:{s:s, s:s, s:n}, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}, o]",
        "mark", "type", "rect", "cornerRadius", 2, "encoding", "color", "field", "fill", "type",
        "nominal", "scale", "tooltip", "field", "row", "type", "nominal", "title",
        g->row_title != NULL ? "row" : " ", "field", "column", "type", "nominal", "title",
        g->column_title != NULL ? "column" : "  ", "field", "text", "type", "nominal", "title",
        "value", text_layer("text", g->n_columns > 8 ? 11 : 13, two ? -8 : 0, two));
    if (two && !chart_append(layers, text_layer("below", 11, 10, false))) {
        json_decref(layers);
        return NULL;
    }
    json_t *spec = chart_spec(grid_values(theme, g), layers, (int)g->n_rows * step);
    json_t *places = grid_places(g);
    if (spec == NULL || places == NULL || json_object_set_new(spec, "encoding", places) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
