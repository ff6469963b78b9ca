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

static json_t *raw_color(void)
{
    return json_pack("{s:s, s:s, s:n}", "field", "color", "type", "nominal", "scale");
}

static json_t *band_layer(const chart_time *t, time_range range)
{
    return json_pack("{s:{s:s, s:f}, s:{s:o, s:o, s:{s:s}, s:o, s:{s:s, s:s}}}", "mark", "type",
                     "area", "opacity", 0.18, "encoding", "x", time_x(t), "y",
                     time_y(t, "low", range), "y2", "field", "high", "color", raw_color(), "detail",
                     "field", "series", "type", "nominal");
}

static json_t *line_layer(const chart_time *t, time_range range)
{
    return json_pack(
        "{s:{s:s, s:i, s:{s:i,s:i}}, s:{s:o, s:o, s:o, s:{s:s, s:s}, s:{s:s, s:s, s:{s:[b,b], "
        "s:[[i,i],[i,i]]}, s:n}, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}",
        "mark", "type", "line", "strokeWidth", 2, "point", "size", 14, "filled", 1, "encoding", "x",
        time_x(t), "y", time_y(t, "value", range), "color", raw_color(), "detail", "field",
        "series", "type", "nominal", "strokeDash", "field", "ahead", "type", "nominal", "scale",
        "domain", 0, 1, "range", 1, 0, 5, 4, "legend", "tooltip", "field", "series", "type",
        "nominal", "title", " ", "field", "period", "type", "nominal", "title", "period", "field",
        "text", "type", "nominal", "title", "value");
}

/* Where each line ends: its last known value, at the last period. */
static double *line_ends(const chart_time *t)
{
    double *y = STRATA_NEW_ARRAY(t->n_series, double);
    for (size_t s = 0; y != NULL && s < t->n_series; s++) {
        y[s] = t->n_periods > 0 ? t->series[s].values[t->n_periods - 1] : NAN;
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
    ok = ok && chart_append(layers, line_layer(t, range));
    ok = ok && (t->n_periods == 0 ||
                chart_append(layers, time_labels(theme, t, ends, t->n_periods - 1, range, false)));
    if (!ok) {
        json_decref(layers);
        return NULL;
    }
    return time_spec(time_values(theme, t), layers, false);
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
    ok = ok && chart_append(layers, line_layer(t, range)) &&
         chart_append(layers, time_labels(theme, t, starts, 0, range, true)) &&
         chart_append(layers, time_labels(theme, t, ends, 1, range, false));
    json_t *spec = ok ? time_spec(time_values(theme, t), layers, true) : NULL;
    if (!ok) {
        json_decref(layers);
        return NULL;
    }
    return spec;
}

/* Share of the whole a series has in a period, or its value. */
static double stack_part(const chart_time *t, size_t s, size_t p, bool shares)
{
    double total = 0;
    for (size_t k = 0; k < t->n_series; k++) {
        total += isfinite(t->series[k].values[p]) ? t->series[k].values[p] : 0;
    }
    double v = t->series[s].values[p];
    if (!isfinite(v)) {
        return 0;
    }
    return !shares ? v : total > 0 ? v / total : 0;
}

/* Middle of each part in the last bar; the first series stands at the bottom. */
static double *stack_middles(const chart_time *t, bool shares, time_range *range)
{
    double *y = STRATA_NEW_ARRAY(t->n_series, double);
    *range = (time_range){0, 0};
    for (size_t p = 0; y != NULL && p < t->n_periods; p++) {
        double top = 0;
        for (size_t s = 0; s < t->n_series; s++) {
            double part = stack_part(t, s, p, shares);
            y[s] = top + part / 2;
            top += part;
        }
        range->high = fmax(range->high, top);
    }
    range->high = shares || !(range->high > 0) ? 1 : range->high;
    return y;
}

static json_t *stack_values(const chart_theme *theme, const chart_time *t, bool shares)
{
    json_t *values = json_array();
    for (size_t p = 0; p < t->n_periods; p++) {
        double top = 0;
        for (size_t s = 0; s < t->n_series; s++) {
            char text[NUMBER_TEXT];
            double part = stack_part(t, s, p, shares);
            chart_value_text(theme, t->format, t->series[s].values[p], text);
            json_t *row =
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "period",
                          chart_string(t->periods[p]), "series", chart_string(t->series[s].name),
                          "value", chart_number(t->series[s].values[p]), "y", chart_number(top),
                          "y2", chart_number(top + part), "color",
                          chart_color(theme, t->series[s].name), "text", text);
            top += part;
            if (!chart_append(values, row)) {
                json_decref(values);
                return NULL;
            }
        }
    }
    return values;
}

json_t *chart_stack(const chart_theme *theme, const chart_time *t, bool shares)
{
    time_range range;
    STRATA_AUTO_FREE double *middles = stack_middles(t, shares, &range);
    chart_time shown = *t;
    shown.format = shares ? CHART_SHARE : t->format;
    json_t *layers = json_pack(
        "[{s:{s:s}, s:{s:o, s:o, s:{s:s}, s:o, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}]",
        "mark", "type", "bar", "encoding", "x", time_x(t), "y", time_y(&shown, "y", range), "y2",
        "field", "y2", "color", raw_color(), "tooltip", "field", "series", "type", "nominal",
        "title", " ", "field", "period", "type", "nominal", "title", "period", "field", "text",
        "type", "nominal", "title", "value");
    bool ok = middles != NULL && layers != NULL;
    ok = ok &&
         (t->n_periods == 0 ||
          chart_append(layers, time_labels(theme, t, middles, t->n_periods - 1, range, false)));
    if (!ok) {
        json_decref(layers);
        return NULL;
    }
    return time_spec(stack_values(theme, t, shares), layers, false);
}

json_t *chart_multiples(const chart_theme *theme, const chart_time *t)
{
    time_range range = time_range_of(t);
    json_t *values = time_values(theme, t);
    /* assets/report.js sets columns and panel widths from the page's width. */
    int rows = (int)((t->n_series + 2) / 3);
    return json_pack(
        "{s:s, s:{s:o}, s:{s:s, s:s, s:{s:n}, s:n}, s:i, s:i, s:{s:i, s:i, s:{s:s, s:i}, s:{s:o, "
        "s:o, s:o, s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]}}, s:o, s:{s:{s:i}}}",
        "$schema", "https://vega.github.io/schema/vega-lite/v5.json", "data", "values", values,
        "facet", "field", "series", "type", "nominal", "header", "title", "sort", "columns", 3,
        "spacing", 24, "spec", "width", 220, "height", 90, "mark", "type", "line", "strokeWidth", 2,
        "encoding", "x", time_x(t), "y", time_y(t, "value", range), "color", raw_color(), "tooltip",
        "field", "period", "type", "nominal", "title", "period", "field", "text", "type", "nominal",
        "title", "value", "config", chart_config(), "usermeta", "strata", "height", rows * 150);
}
