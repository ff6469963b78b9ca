/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "document/chart_theme.h"

enum { CURVE_POINTS = 200 };

/* At most CURVE_POINTS of the curve, its ends among them. */
static json_t *curve_values(const double *x, const double *y, size_t n)
{
    json_t *values = json_array();
    size_t take = n < CURVE_POINTS ? n : CURVE_POINTS;
    for (size_t i = 0; i < take; i++) {
        size_t at = take > 1 ? i * (n - 1) / (take - 1) : 0;
        json_t *point = json_pack("{s:o, s:o}", "x", chart_number(x[at]), "y", chart_number(y[at]));
        if (!chart_append(values, point)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static json_t *mark_values(const chart_mark *marks, size_t n)
{
    json_t *values = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *point = json_pack("{s:o, s:o, s:o}", "x", chart_number(marks[i].x), "y",
                                  chart_number(marks[i].y), "text", chart_string(marks[i].text));
        if (!chart_append(values, point)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static json_t *share_axis(const char *field, const char *title, bool grid)
{
    return json_pack("{s:s, s:s, s:{s:[i,i]}, s:{s:s, s:s, s:b, s:i, s:s}}", "field", field, "type",
                     "quantitative", "scale", "domain", 0, 1, "axis", "title", title, "labelExpr",
                     chart_axis_label(CHART_SHARE), "grid", grid, "tickCount", 5, "labelOverlap",
                     "parity");
}

json_t *chart_lorenz(const chart_theme *theme, const double *x, const double *y, size_t n,
                     const chart_mark *marks, size_t n_marks)
{
    (void)theme;
    json_t *points =
        json_pack("{s:{s:o}, s:[{s:{s:s, s:b, s:i, s:s, s:i}}, {s:{s:s, s:s, s:s, s:i, s:i, s:i}, "
                  "s:{s:{s:s, s:s}}}]}",
                  "data", "values", mark_values(marks, n_marks), "layer", "mark", "type", "point",
                  "filled", 1, "size", 60, "color", CHART_ACCENT, "opacity", 1, "mark", "type",
                  "text", "align", "left", "baseline", "middle", "dx", 9, "dy", 7, "fontSize", 12,
                  "encoding", "text", "field", "text", "type", "nominal");
    json_t *layers =
        json_pack("[{s:{s:[{s:i,s:i},{s:i,s:i}]}, s:{s:s, s:s, s:[i,i]}}, {s:{s:s, s:s, s:i}}, o]",
                  "data", "values", "x", 0, "y", 0, "x", 1, "y", 1, "mark", "type", "line", "color",
                  CHART_GREY, "strokeDash", 4, 4, "mark", "type", "line", "color", CHART_ACCENT,
                  "strokeWidth", 2, points);
    json_t *spec = chart_spec(curve_values(x, y, n), layers, 300, 48);
    json_t *places =
        json_pack("{s:o, s:o}", "x", share_axis("x", "Share of accounts, largest first", false),
                  "y", share_axis("y", "Share of value", true));
    if (spec == NULL || places == NULL || json_object_set_new(spec, "encoding", places) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
