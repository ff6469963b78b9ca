/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/auto.h"
#include "document/chart_time.h"

static bool has_band(const chart_time *t)
{
    for (size_t s = 0; s < t->n_series; s++) {
        if (t->series[s].low != NULL && t->series[s].high != NULL) {
            return true;
        }
    }
    return false;
}

/* NULL: straight lines. */
static const char *interpolation(const chart_time *t)
{
    return t->steps ? "step-after" : NULL;
}

static json_t *raw_color(void)
{
    return json_pack("{s:s, s:s, s:n}", "field", "color", "type", "nominal", "scale");
}

static json_t *band_layer(const chart_time *t, time_range range)
{
    return json_pack("{s:{s:s, s:s*, s:f}, s:{s:o, s:o, s:{s:s}, s:o, s:{s:s, s:s}}}", "mark",
                     "type", "area", "interpolate", interpolation(t), "opacity", 0.18, "encoding",
                     "x", time_x(t), "y", time_y(t, "low", range), "y2", "field", "high", "color",
                     raw_color(), "detail", "field", "series", "type", "nominal");
}

static json_t *line_layer(const chart_time *t, json_t *y)
{
    return json_pack("{s:{s:s, s:s*, s:i, s:{s:i,s:i}}, s:{s:o, s:o, s:o, s:{s:s, s:s}, s:{s:s, "
                     "s:s, s:{s:[b,b], "
                     "s:[[i,i],[i,i]]}, s:n}, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}",
                     "mark", "type", "line", "interpolate", interpolation(t), "strokeWidth", 2,
                     "point", "size", 14, "filled", 1, "encoding", "x", time_x(t), "y", y, "color",
                     raw_color(), "detail", "field", "series", "type", "nominal", "strokeDash",
                     "field", "ahead", "type", "nominal", "scale", "domain", 0, 1, "range", 1, 0, 5,
                     4, "legend", "tooltip", "field", "series", "type", "nominal", "title", " ",
                     "field", "period", "type", "nominal", "title", "period", "field", "text",
                     "type", "nominal", "title", "value");
}

/* Where each line ends: its last known value. */
static double *line_ends(const chart_time *t)
{
    double *y = STRATA_NEW_ARRAY(t->n_series, double);
    for (size_t s = 0; y != NULL && s < t->n_series; s++) {
        y[s] = t->n_periods > 0
                   ? t->series[s].values[time_last_known(&t->series[s], t->n_periods - 1)]
                   : (double)NAN;
    }
    return y;
}

json_t *chart_lines(const chart_theme *theme, const chart_time *t)
{
    time_range range = time_range_of(t);
    STRATA_AUTO_FREE double *ends = line_ends(t);
    json_t *layers = json_array();
    bool ok = ends != NULL && layers != NULL;
    ok = ok && (!has_band(t) || chart_append(layers, band_layer(t, range)));
    ok = ok && chart_append(layers, line_layer(t, time_y(t, "value", range)));
    ok = ok && (t->n_periods == 0 ||
                chart_append(layers, time_labels(theme, t, ends, t->n_periods - 1, range,
                                                 TIME_AFTER, time_y(t, "y", range))));
    if (!ok) {
        json_decref(layers);
        return NULL;
    }
    return time_spec(time_values(theme, t), layers, 14);
}

json_t *chart_slope(const chart_theme *theme, const chart_time *t)
{
    time_range range = time_range_of(t);
    STRATA_AUTO_FREE double *ends = line_ends(t);
    STRATA_AUTO_FREE double *starts = STRATA_NEW_ARRAY(t->n_series, double);
    json_t *layers = json_array();
    bool ok = ends != NULL && starts != NULL && layers != NULL && t->n_periods == 2;
    for (size_t s = 0; ok && s < t->n_series; s++) {
        starts[s] = t->series[s].values[0];
    }
    ok = ok && chart_append(layers, line_layer(t, time_y_bare("value", range))) &&
         chart_append(layers, time_labels(theme, t, starts, 0, range, TIME_BEFORE,
                                          time_y_bare("y", range))) &&
         chart_append(layers,
                      time_labels(theme, t, ends, 1, range, TIME_AFTER, time_y_bare("y", range)));
    if (!ok) {
        json_decref(layers);
        return NULL;
    }
    return time_spec(time_values(theme, t), layers, 30);
}

/* A panel's place follows the order of the series. */
static json_t *panel_order(const chart_time *t)
{
    json_t *names = json_array();
    for (size_t s = 0; s < t->n_series; s++) {
        if (!chart_append(names, chart_string(t->series[s].name))) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

json_t *chart_multiples(const chart_theme *theme, const chart_time *t)
{
    time_range range = time_range_of(t);
    json_t *y = time_y(t, "value", range);
    json_t *axis = json_object_get(y, "axis");
    if (axis == NULL || json_object_set_new(axis, "tickCount", json_integer(3)) != 0 ||
        json_object_set_new(axis, "title", json_null()) != 0) {
        json_decref(y);
        return NULL;
    }
    /* assets/report.js sets columns and panel widths from the page's width. */
    int rows = (int)((t->n_series + 2) / 3);
    return json_pack(
        "{s:s, s:{s:o}, s:{s:s, s:s, s:{s:n}, s:o}, s:i, s:i, s:{s:i, s:i, s:{s:s, s:i}, s:{s:o, "
        "s:o, s:o, s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]}}, s:o, s:{s:{s:i}}}",
        "$schema", "https://vega.github.io/schema/vega-lite/v5.json", "data", "values",
        time_values(theme, t), "facet", "field", "series", "type", "nominal", "header", "title",
        "sort", panel_order(t), "columns", 3, "spacing", 24, "spec", "width", 220, "height", 90,
        "mark", "type", "line", "strokeWidth", 2, "encoding", "x", time_x(t), "y", y, "color",
        raw_color(), "tooltip", "field", "period", "type", "nominal", "title", "period", "field",
        "text", "type", "nominal", "title", "value", "config", chart_config(), "usermeta", "strata",
        "height", rows * 142 + 24);
}
