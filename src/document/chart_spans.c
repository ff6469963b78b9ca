/* SPDX-License-Identifier: Apache-2.0 */
#include "document/chart_theme.h"

enum { SPAN_STEP = 24 };
static const double PADDING = 0.3;

/* A day as a point on an axis of years: a date would be read in the reader's time zone. */
static double year_of(day d)
{
    civil c = day_to_civil(d);
    day first = day_from_civil(c.year, 1, 1);
    day next = day_from_civil(c.year + 1, 1, 1);
    return c.year + (double)(d - first) / (double)(next - first);
}

static json_t *span_values(const chart_span *spans, size_t n)
{
    static const char *const tones[] = {[CHART_TONE_NONE] = CHART_GREY,
                                        [CHART_TONE_WARN] = CHART_WARN,
                                        [CHART_TONE_FAIL] = CHART_FAIL};
    json_t *values = json_array();
    for (size_t i = 0; i < n; i++) {
        char from[DAY_TEXT];
        char to[DAY_TEXT];
        day_format(spans[i].from, from);
        day_format(spans[i].to, to);
        /* A source of one day is a bar that can be seen. */
        json_t *row = json_pack("{s:o, s:i, s:f, s:f, s:s, s:s, s:s}", "label",
                                chart_string(spans[i].label), "place", (int)i, "begins",
                                year_of(spans[i].from), "ends", year_of(spans[i].to + 1), "from",
                                from, "to", to, "color", tones[spans[i].tone]);
        if (!chart_append(values, row)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static json_t *span_x(const char *field)
{
    return json_pack("{s:s, s:s, s:{s:b, s:b}, s:{s:n, s:s, s:i, s:i, s:b}}", "field", field,
                     "type", "quantitative", "scale", "zero", 0, "nice", 0, "axis", "title",
                     "format", "d", "tickMinStep", 1, "tickCount", 6, "grid", 1);
}

static json_t *now_layer(day now)
{
    return json_pack("{s:{s:[{s:f}]}, s:{s:s, s:s, s:[i,i]}, s:{s:o}}", "data", "values", "now",
                     year_of(now + 1), "mark", "type", "rule", "color", CHART_MUTED, "strokeDash",
                     3, 3, "encoding", "x", span_x("now"));
}

static json_t *span_layers(void)
{
    return json_pack(
        "[{s:{s:s, s:i}, s:{s:o, s:o, s:{s:s}, s:{s:s, s:s, s:n}, s:[{s:s,s:s,s:s},{s:s,s:s,s:s},"
        "{s:s,s:s,s:s}]}},"
        " {s:{s:s, s:s, s:s, s:i}, s:{s:o, s:{s:s}, s:{s:s, s:s}}}]",
        "mark", "type", "bar", "cornerRadius", 2, "encoding", "y", chart_label_y(PADDING), "x",
        span_x("begins"), "x2", "field", "ends", "color", "field", "color", "type", "nominal",
        "scale", "tooltip", "field", "label", "type", "nominal", "title", " ", "field", "from",
        "type", "nominal", "title", "from", "field", "to", "type", "nominal", "title", "to", "mark",
        "type", "text", "align", "left", "fill", CHART_MUTED, "dx", 8, "encoding", "y",
        chart_label_y(PADDING), "x", "value", "width", "text", "field", "to", "type", "nominal");
}

json_t *chart_spans(const chart_span *spans, size_t n, day now)
{
    json_t *layers = span_layers();
    if (!chart_append(layers, now_layer(now))) {
        json_decref(layers);
        return NULL;
    }
    json_t *values = span_values(spans, n);
    json_t *spec = chart_spec(values, layers, (int)(n < 200 ? n : 200) * SPAN_STEP + 8, 32);
    json_t *room = json_pack("{s:i, s:i, s:i, s:i}", "left", 4, "top", 4, "right", 84, "bottom", 4);
    if (spec == NULL || json_object_set_new(spec, "padding", room) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
