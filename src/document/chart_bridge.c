/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/auto.h"
#include "document/chart_time.h"

/* Blue adds, vermillion takes away: safe for readers who confuse red and green, and the direction
 * says the same. */
#define GAIN "#0072b2"
#define LOSS "#d55e00"

enum { STEP_HEIGHT = 30 };
static const double room = 0.76; /* of the width; the rest is for the longest bar's text */

static double place(double value, time_range range)
{
    return (value - range.low) / (range.high - range.low) * room;
}

static json_t *step_row(const chart_theme *theme, const chart_bridge_step *step, size_t i,
                        const double ends[2], time_range range, chart_format format)
{
    char text[NUMBER_TEXT];
    double x = place(fmin(ends[0], ends[1]), range);
    double x2 = place(fmax(ends[0], ends[1]), range);
    chart_value_text(theme, format, step->value, text);
    return json_pack("{s:o, s:i, s:f, s:f, s:o, s:s, s:s}", "label", chart_string(step->label),
                     "place", (int)i, "x", x, "x2", x2, "value", chart_number(step->value), "color",
                     step->total       ? CHART_GREY
                     : step->value < 0 ? LOSS
                                       : GAIN,
                     "text", text);
}

/* Where a step ends, having begun at `at`. */
static double end_of(const chart_bridge_step *step, double at)
{
    return step->total ? step->value : at + step->value;
}

/* Of all ends, zero included. */
static time_range range_of(const chart_bridge_step *steps, size_t n)
{
    time_range range = {0, 0};
    double at = 0;
    for (size_t i = 0; i < n; i++) {
        at = end_of(&steps[i], at);
        range.high = fmax(range.high, at);
        range.low = fmin(range.low, at);
    }
    range.high = range.high > range.low ? range.high : range.low + 1;
    return range;
}

static json_t *step_values(const chart_theme *theme, const chart_bridge_step *steps, size_t n,
                           chart_format format)
{
    time_range range = range_of(steps, n);
    json_t *values = json_array();
    double at = 0;
    for (size_t i = 0; i < n; i++) {
        double to = end_of(&steps[i], at);
        const double ends[2] = {steps[i].total ? 0 : at, to};
        if (!chart_append(values, step_row(theme, &steps[i], i, ends, range, format))) {
            json_decref(values);
            return NULL;
        }
        at = to;
    }
    return values;
}

static json_t *step_y(void)
{
    return json_pack("{s:s, s:s, s:{s:s}, s:{s:n, s:i}, s:{s:f}}", "field", "label", "type",
                     "nominal", "sort", "field", "place", "axis", "title", "labelLimit", 150,
                     "scale", "padding", 0.25);
}

static json_t *step_x(const char *field)
{
    return json_pack("{s:s, s:s, s:n, s:{s:[f,f], s:b}}", "field", field, "type", "quantitative",
                     "axis", "scale", "domain", 0.0, 1.0, "nice", 0);
}

json_t *chart_bridge(const chart_theme *theme, const chart_bridge_step *steps, size_t n,
                     chart_format format)
{
    json_t *layers = json_pack(
        "[{s:{s:s, s:i}, s:{s:o, s:o, s:{s:s}, s:{s:s, s:s, s:n},"
        " s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]}},"
        " {s:{s:s, s:s, s:i}, s:{s:o, s:o, s:{s:s, s:s}}}]",
        "mark", "type", "bar", "minBandSize", 2, "encoding", "y", step_y(), "x", step_x("x"), "x2",
        "field", "x2", "color", "field", "color", "type", "nominal", "scale", "tooltip", "field",
        "label", "type", "nominal", "title", " ", "field", "text", "type", "nominal", "title",
        "value", "mark", "type", "text", "align", "left", "dx", 6, "encoding", "y", step_y(), "x",
        step_x("x2"), "text", "field", "text", "type", "nominal");
    json_t *values = step_values(theme, steps, n, format);
    return chart_spec(values, layers, (int)(n < 200 ? n : 200) * STEP_HEIGHT + 8, 8);
}

/* --- flows --- */

typedef struct pile {
    double up, down;
} pile;

/* Piles one value on; returns where its bar begins. */
static double pile_on(pile *p, double value)
{
    double *at = signbit(value) ? &p->down : &p->up; /* -0: nothing was lost */
    double from = *at;
    *at += value;
    return from;
}

static double value_at(const chart_time *t, size_t s, size_t p)
{
    double v = t->series[s].values[p];
    return isfinite(v) ? v : 0;
}

static json_t *flow_row(const chart_theme *theme, const chart_time *t, size_t s, size_t p,
                        double from)
{
    char text[NUMBER_TEXT];
    double v = value_at(t, s, p);
    chart_value_text(theme, t->format, v, text);
    return json_pack("{s:o, s:o, s:o, s:f, s:f, s:s, s:s}", "period", chart_string(t->periods[p]),
                     "series", chart_string(t->series[s].name), "value", chart_number(v), "y", from,
                     "y2", from + v, "color", chart_color(theme, t->series[s].name), "text", text);
}

/* All rows; the range of the piles, and the middle of each series' bar in the last period. */
static json_t *flow_values(const chart_theme *theme, const chart_time *t, time_range *range,
                           double *middles)
{
    json_t *values = json_array();
    for (size_t p = 0; p < t->n_periods; p++) {
        pile at = {0};
        for (size_t s = 0; s < t->n_series; s++) {
            double from = pile_on(&at, value_at(t, s, p));
            middles[s] = from + value_at(t, s, p) / 2;
            if (!chart_append(values, flow_row(theme, t, s, p, from))) {
                json_decref(values);
                return NULL;
            }
        }
        range->high = fmax(range->high, at.up);
        range->low = fmin(range->low, at.down);
    }
    return values;
}

json_t *chart_flows(const chart_theme *theme, const chart_time *t)
{
    STRATA_AUTO_FREE double *middles = STRATA_NEW_ARRAY(t->n_series + 1, double);
    time_range range = {0, 0};
    if (middles == NULL) {
        return NULL;
    }
    json_t *values = flow_values(theme, t, &range, middles);
    range.high = range.high > range.low ? range.high : range.low + 1;
    json_t *layers = json_pack(
        "[{s:{s:s}, s:{s:o, s:o, s:{s:s}, s:{s:s, s:s, s:n}, "
        "s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}]",
        "mark", "type", "bar", "encoding", "x", time_x(t), "y", time_y(t, "y", range), "y2",
        "field", "y2", "color", "field", "color", "type", "nominal", "scale", "tooltip", "field",
        "series", "type", "nominal", "title", " ", "field", "period", "type", "nominal", "title",
        "period", "field", "text", "type", "nominal", "title", "value");
    if (t->n_periods > 0 &&
        !chart_append(layers, time_labels(theme, t, middles, t->n_periods - 1, range,
                                          TIME_AFTER_BAR, time_y(t, "y", range)))) {
        json_decref(layers);
        json_decref(values);
        return NULL;
    }
    return time_spec(values, layers, 14);
}
