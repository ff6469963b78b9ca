/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "document/chart_theme.h"

enum { DOT_STEP = 30 };

static json_t *dot_values(const chart_theme *theme, const chart_dot *dots, size_t n,
                          chart_format format)
{
    json_t *values = json_array();
    for (size_t i = 0; i < n; i++) {
        char text[NUMBER_TEXT];
        chart_value_text(theme, format, dots[i].value, text);
        json_t *row = json_pack(
            "{s:o, s:i, s:o, s:o, s:o, s:s, s:s, s:o}", "label", chart_string(dots[i].label),
            "place", (int)i, "value", chart_number(dots[i].value), "low", chart_number(dots[i].low),
            "high", chart_number(dots[i].high), "color", chart_color(theme, dots[i].label), "text",
            isfinite(dots[i].value) ? text : "not known", "note", chart_string(dots[i].note));
        if (!chart_append(values, row)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static json_t *dot_y(void)
{
    return json_pack("{s:s, s:s, s:{s:s}, s:{s:n, s:i, s:s, s:o, s:b, s:b}}", "field", "label",
                     "type", "nominal", "sort", "field", "place", "axis", "title", "labelLimit",
                     150, "labelExpr", CHART_LABEL_LINES, "labelOffset", chart_label_offset(),
                     "grid", 1, "ticks", 0);
}

static json_t *dot_x(const char *field, chart_format format)
{
    return json_pack("{s:s, s:s, s:{s:b}, s:{s:n, s:s, s:i, s:b}}", "field", field, "type",
                     "quantitative", "scale", "zero", 0, "axis", "title", "labelExpr",
                     chart_axis_label(format), "tickCount", 5, "grid", 0);
}

static json_t *raw_color(void)
{
    return json_pack("{s:s, s:s, s:n}", "field", "color", "type", "nominal", "scale");
}

static json_t *interval_layer(chart_format format)
{
    return json_pack("{s:{s:s, s:i}, s:{s:o, s:o, s:{s:s}, s:o}}", "mark", "type", "rule",
                     "strokeWidth", 2, "encoding", "y", dot_y(), "x", dot_x("low", format), "x2",
                     "field", "high", "color", raw_color());
}

static json_t *dot_layer(chart_format format)
{
    return json_pack("{s:{s:s, s:b, s:i, s:f}, s:{s:o, s:o, s:o, "
                     "s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}",
                     "mark", "type", "point", "filled", 1, "size", 80, "opacity", 1.0, "encoding",
                     "y", dot_y(), "x", dot_x("value", format), "color", raw_color(), "tooltip",
                     "field", "label", "type", "nominal", "title", " ", "field", "text", "type",
                     "nominal", "title", "value", "field", "note", "type", "nominal", "title",
                     "  ");
}

static json_t *text_layer(chart_format format)
{
    return json_pack("{s:{s:s, s:s, s:i, s:s}, s:{s:o, s:o, s:{s:s, s:s}}}", "mark", "type", "text",
                     "baseline", "bottom", "dy", -7, "align", "center", "encoding", "y", dot_y(),
                     "x", dot_x("value", format), "text", "field", "text", "type", "nominal");
}

static json_t *note_layer(void)
{
    return json_pack("{s:{s:s, s:s, s:s, s:i}, s:{s:o, s:{s:s}, s:{s:s, s:s}}}", "mark", "type",
                     "text", "align", "left", "fill", CHART_MUTED, "dx", 8, "encoding", "y",
                     dot_y(), "x", "value", "width", "text", "field", "note", "type", "nominal");
}

/* Without an interval there is no layer for them: a scale of nothing is a warning in the page. */
static json_t *dot_layers(const chart_dot *dots, size_t n, chart_format format)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        any = any || (isfinite(dots[i].low) && isfinite(dots[i].high));
    }
    json_t *layers = json_array();
    if ((any && !chart_append(layers, interval_layer(format))) ||
        !chart_append(layers, dot_layer(format)) || !chart_append(layers, text_layer(format)) ||
        !chart_append(layers, note_layer())) {
        json_decref(layers);
        return NULL;
    }
    return layers;
}

static json_t *reference_layer(double reference, const char *text, chart_format format)
{
    return json_pack(
        "{s:{s:[{s:f, s:o}]}, s:[{s:{s:s, s:s, s:[i,i]}, s:{s:o}}, {s:{s:s, s:s, s:s, s:i, s:s}, "
        "s:{s:o, s:{s:i}, s:{s:s, s:s}}}]}",
        "data", "values", "reference", reference, "text", chart_string(text), "layer", "mark",
        "type", "rule", "color", CHART_MUTED, "strokeDash", 3, 3, "encoding", "x",
        dot_x("reference", format), "mark", "type", "text", "align", "center", "baseline", "bottom",
        "dy", -6, "fill", CHART_MUTED, "encoding", "x", dot_x("reference", format), "y", "value", 0,
        "text", "field", "text", "type", "nominal");
}

json_t *chart_dots(const chart_theme *theme, const chart_dot *dots, size_t n, chart_format format,
                   double reference, const char *reference_text)
{
    json_t *layers = dot_layers(dots, n, format);
    if (layers != NULL && isfinite(reference) &&
        !chart_append(layers, reference_layer(reference, reference_text, format))) {
        json_decref(layers);
        return NULL;
    }
    json_t *values = dot_values(theme, dots, n, format);
    int step = DOT_STEP;
    for (size_t i = 0; i < n; i++) {
        step = chart_row_height(dots[i].label, step);
    }
    json_t *spec = chart_spec(values, layers, (int)(n < 200 ? n : 200) * step + 24, 52);
    json_t *room =
        json_pack("{s:i, s:i, s:i, s:i}", "left", 4, "top", 22, "right", 72, "bottom", 4);
    if (spec == NULL || json_object_set_new(spec, "padding", room) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
