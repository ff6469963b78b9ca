/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "document/chart_theme.h"

/* Shades run from zero; from the least value when that is over half the greatest,
 * else retention of 86 to 100 % would be one dark field. */
typedef struct shade_range {
    double low, high;
} shade_range;

static shade_range shades_of(const chart_grid *g)
{
    shade_range range = {INFINITY, 0};
    for (size_t r = 0; r < g->n_rows; r++) {
        for (size_t c = 0; c < g->n_columns; c++) {
            double v = g->values[r * g->n_columns + c];
            if (isfinite(v) && !(g->unshaded_diagonal && r == c)) {
                range.low = fmin(range.low, v);
                range.high = fmax(range.high, v);
            }
        }
    }
    range.low = range.low > range.high / 2 && range.low < range.high ? range.low : 0;
    return range;
}

static json_t *grid_cell(const chart_theme *theme, const chart_grid *g, size_t r, size_t c,
                         shade_range shades)
{
    size_t i = r * g->n_columns + c;
    char text[NUMBER_TEXT];
    bool plain = (g->unshaded_diagonal && r == c) || isnan(g->values[i]);
    int step = plain ? 0 : chart_step(g->values[i] - shades.low, shades.high - shades.low);
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
    shade_range shades = shades_of(g);
    for (size_t r = 0; r < g->n_rows; r++) {
        for (size_t c = 0; c < g->n_columns; c++) {
            size_t i = r * g->n_columns + c;
            bool said = g->texts != NULL && g->texts[i] != NULL;
            if (isnan(g->values[i]) && !said) {
                continue;
            }
            if (!chart_append(values, grid_cell(theme, g, r, c, shades))) {
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

/* Grids of many columns have no room for every text on a narrow page. */
enum {
    GRID_MANY = 12,
    GRID_TEXT_ROOM = 22,
    GRID_BELOW_ROOM = 36,
    GRID_FIGURE_ROOM = 46,
    GRID_WORD_ROOM = 74
};

/* Labels of columns are cut to the width of their cells; of many, some are left out. */
static json_t *axis_of(const char *title, bool top, bool many)
{
    json_t *limit = top ? json_pack("{s:s}", "expr", "max(24, bandwidth('x'))") : json_integer(180);
    return json_pack("{s:o, s:s, s:o, s:i, s:b}", "title",
                     title != NULL ? chart_string(title) : json_null(), "orient",
                     top ? "top" : "left", "labelLimit", limit, "labelAngle", 0, "labelOverlap",
                     many ? 1 : 0);
}

/* Where cells stand: in the order of the labels, also of those that have no cell. */
static json_t *grid_places(const chart_grid *g)
{
    return json_pack("{s:{s:s, s:s, s:o, s:{s:o, s:f}}, s:{s:s, s:s, s:o, s:{s:o, s:f}}}", "x",
                     "field", "column", "type", "nominal", "axis",
                     axis_of(g->column_title, true, g->n_columns > GRID_MANY), "scale", "domain",
                     labels_of(g->columns, g->n_columns), "padding", 0.03, "y", "field", "row",
                     "type", "nominal", "axis", axis_of(g->row_title, false, false), "scale",
                     "domain", labels_of(g->rows, g->n_rows), "padding", 0.03);
}

/* In narrow cells figures are smaller and stand without the word "accounts"; what still has no room
 * is left to the tooltip and the table. */
static json_t *text_layer(const char *field, int size, int dy, bool bold)
{
    char said[160];
    char height[64];
    (void)snprintf(said, sizeof said,
                   "bandwidth('x') < %d ? replace(datum.%s, regexp(' accounts?$'), '') : datum.%s",
                   GRID_WORD_ROOM, field, field);
    (void)snprintf(height, sizeof height, "bandwidth('x') < %d ? 9 : %d", GRID_FIGURE_ROOM, size);
    return json_pack("{s:{s:s, s:{s:s}, s:{s:s}, s:i, s:s}, s:{s:{s:s, s:s, s:n}}}", "mark", "type",
                     "text", "text", "expr", said, "fontSize", "expr", height, "dy", dy,
                     "fontWeight", bold ? "bold" : "normal", "encoding", "color", "field", "ink",
                     "type", "nominal", "scale");
}

static bool hide_when_under(json_t *layer, int room)
{
    char text[64];
    (void)snprintf(text, sizeof text, "bandwidth('x') < %d ? 0 : 1", room);
    json_t *mark = json_object_get(layer, "mark");
    json_t *opacity = json_pack("{s:s}", "expr", text);
    return mark != NULL && opacity != NULL && json_object_set_new(mark, "opacity", opacity) == 0;
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
        "value", text_layer("text", g->n_columns > 4 ? 11 : 13, two ? -8 : 0, two));
    if (two && (!chart_append(layers, text_layer("below", 11, 10, false)) ||
                !hide_when_under(json_array_get(layers, 2), GRID_BELOW_ROOM))) {
        json_decref(layers);
        return NULL;
    }
    if (g->n_columns > GRID_MANY && !hide_when_under(json_array_get(layers, 1), GRID_TEXT_ROOM)) {
        json_decref(layers);
        return NULL;
    }
    json_t *spec = chart_spec(grid_values(theme, g), layers, (int)g->n_rows * step, 48);
    json_t *places = grid_places(g);
    if (spec == NULL || places == NULL || json_object_set_new(spec, "encoding", places) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
