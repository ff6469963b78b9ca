/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/auto.h"
#include "document/chart_theme.h"

/* Each measure has a lane of the width: the longest bar ends where its text still fits at 360 px.
 */
enum { BAR_STEP = 30 };
static const double PADDING = 0.25;

typedef struct lane {
    const chart_measure *measure;
    double from, room; /* where bars begin, how long the longest is; of 0..1 */
    double max;
} lane;

static lane lane_of(const chart_measure *m, size_t n, size_t at, size_t n_lanes)
{
    double width = 1.0 / (double)n_lanes;
    /* Texts run longer than figures. */
    double part = n_lanes > 1 ? 0.48 : m->texts != NULL ? 0.54 : 0.76;
    lane l = {.measure = m, .from = width * (double)at, .room = width * part};
    l.max = m->full;
    for (size_t i = 0; i < n; i++) {
        l.max = m->values[i] > l.max ? m->values[i] : l.max;
    }
    return l;
}

static const char *bar_color(const chart_theme *theme, const char *label, const chart_measure *m,
                             size_t i)
{
    static const char *const tones[] = {[CHART_TONE_NONE] = CHART_GREY,
                                        [CHART_TONE_WARN] = CHART_WARN,
                                        [CHART_TONE_FAIL] = CHART_FAIL};
    return m->tones != NULL ? tones[m->tones[i]] : chart_color(theme, label);
}

static json_t *bar_row(const chart_theme *theme, const char *label, const lane *l, size_t i)
{
    char text[NUMBER_TEXT];
    double value = l->measure->values[i];
    chart_value_text(theme, l->measure->format, value, text);
    const char *said = l->measure->texts != NULL ? l->measure->texts[i] : text;
    double length = value > 0 && l->max > 0 ? value / l->max * l->room : 0.0;
    return json_pack("{s:o, s:i, s:o, s:f, s:f, s:o, s:s, s:o}", "label", chart_string(label),
                     "place", (int)i, "measure", chart_string(l->measure->title), "x", l->from,
                     "x2", l->from + length, "value", chart_number(value), "color",
                     bar_color(theme, label, l->measure, i), "text",
                     chart_string(isfinite(value) ? said : "not known"));
}

static json_t *bar_values(const chart_theme *theme, const char *const *labels, size_t n,
                          const chart_measure *measures, size_t n_measures)
{
    json_t *values = json_array();
    for (size_t m = 0; m < n_measures; m++) {
        lane l = lane_of(&measures[m], n, m, n_measures);
        for (size_t i = 0; i < n; i++) {
            if (!chart_append(values, bar_row(theme, labels[i], &l, i))) {
                json_decref(values);
                return NULL;
            }
        }
    }
    return values;
}

static json_t *x_of(const char *field)
{
    return json_pack("{s:s, s:s, s:n, s:{s:[f,f], s:b}}", "field", field, "type", "quantitative",
                     "axis", "scale", "domain", 0.0, 1.0, "nice", 0);
}

static json_t *bar_layers(void)
{
    return json_pack(
        "[{s:{s:s, s:i}, s:{s:o, s:o, s:{s:s}, s:{s:s, s:s, s:n}, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},"
        "{s:s,s:s,s:s}]}},"
        " {s:{s:s, s:s, s:i}, s:{s:o, s:o, s:{s:s, s:s}}}]",
        "mark", "type", "bar", "cornerRadiusEnd", 2, "encoding", "y", chart_label_y(PADDING), "x",
        x_of("x"), "x2", "field", "x2", "color", "field", "color", "type", "nominal", "scale",
        "tooltip", "field", "label", "type", "nominal", "title", " ", "field", "measure", "type",
        "nominal", "title", "measure", "field", "text", "type", "nominal", "title", "value", "mark",
        "type", "text", "align", "left", "dx", 6, "encoding", "y", chart_label_y(PADDING), "x",
        x_of("x2"), "text", "field", "text", "type", "nominal");
}

/* The measures' names stand above their lanes. */
static bool add_lane_titles(json_t *layers, const chart_measure *measures, size_t n)
{
    for (size_t m = 0; m < n; m++) {
        json_t *title = json_pack(
            "{s:{s:[{s:f, s:o}]}, s:{s:s, s:s, s:s, s:s, s:s}, s:{s:o, s:{s:i}, s:{s:s, s:s}}}",
            "data", "values", "x", (double)m / (double)n, "text", chart_string(measures[m].title),
            "mark", "type", "text", "align", "left", "baseline", "bottom", "fill", CHART_MUTED,
            "fontWeight", "normal", "encoding", "x", x_of("x"), "y", "value", -4, "text", "field",
            "text", "type", "nominal");
        if (!chart_append(layers, title)) {
            return false;
        }
    }
    return true;
}

json_t *chart_bars(const chart_theme *theme, const char *const *labels, size_t n,
                   const chart_measure *measures, size_t n_measures)
{
    json_t *layers = bar_layers();
    if (!add_lane_titles(layers, measures, n_measures)) {
        json_decref(layers);
        return NULL;
    }
    int step = BAR_STEP;
    for (size_t i = 0; i < n; i++) {
        step = chart_row_height(labels[i], step);
    }
    json_t *values = bar_values(theme, labels, n, measures, n_measures);
    return chart_spec(values, layers, (int)(n < 200 ? n : 200) * step + 8, 28);
}
