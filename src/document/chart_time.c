/* SPDX-License-Identifier: Apache-2.0 */
#include "document/chart_time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/strbuf.h"

static void widen(time_range *range, const double *values, size_t n)
{
    for (size_t i = 0; values != NULL && i < n; i++) {
        if (isfinite(values[i])) {
            range->low = fmin(range->low, values[i]);
            range->high = fmax(range->high, values[i]);
        }
    }
}

time_range time_range_of(const chart_time *t)
{
    time_range range = {INFINITY, -INFINITY};
    for (size_t s = 0; s < t->n_series; s++) {
        widen(&range, t->series[s].values, t->n_periods);
        widen(&range, t->series[s].low, t->n_periods);
        widen(&range, t->series[s].high, t->n_periods);
    }
    if (!(range.low <= range.high)) {
        return (time_range){0, 1};
    }
    double spare = (range.high - range.low) * 0.05;
    spare = spare > 0 ? spare : fmax(fabs(range.high) * 0.05, 0.5);
    range.low = t->from_zero ? fmin(0, range.low) : range.low - spare;
    range.high += spare;
    return range;
}

static json_t *time_row(const chart_theme *theme, const chart_time *t, const chart_series *s,
                        size_t p, bool ahead)
{
    char text[NUMBER_TEXT];
    chart_value_text(theme, t->format, s->values[p], text);
    return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:s, s:b, s:s}", "period",
                     chart_string(t->periods[p]), "place", (int)p, "series", chart_string(s->name),
                     "value", chart_number(s->values[p]), "low",
                     chart_number(s->low != NULL ? s->low[p] : NAN), "high",
                     chart_number(s->high != NULL ? s->high[p] : NAN), "color",
                     chart_color(theme, s->name), "ahead", ahead, "text", text);
}

json_t *time_values(const chart_theme *theme, const chart_time *t)
{
    json_t *values = json_array();
    for (size_t s = 0; s < t->n_series; s++) {
        for (size_t p = 0; p < t->n_periods; p++) {
            bool ahead = t->forecast > 0 && p >= t->forecast;
            /* The dashed part begins at the last known value, so that the line has no gap. */
            bool joint = t->forecast > 0 && p + 1 == t->forecast;
            if (!chart_append(values, time_row(theme, t, &t->series[s], p, ahead)) ||
                (joint && !chart_append(values, time_row(theme, t, &t->series[s], p, true)))) {
                json_decref(values);
                return NULL;
            }
        }
    }
    return values;
}

/* Pixels between the names of periods: without, they run into one another. */
enum { LABELS_APART = 8 };

json_t *time_x(const chart_time *t)
{
    json_t *domain = json_array();
    for (size_t p = 0; p < t->n_periods; p++) {
        if (!chart_append(domain, chart_string(t->periods[p]))) {
            json_decref(domain);
            return NULL;
        }
    }
    return json_pack("{s:s, s:s, s:{s:o}, s:{s:n, s:i, s:s, s:i, s:b}}", "field", "period", "type",
                     "ordinal", "scale", "domain", domain, "axis", "title", "labelAngle", 0,
                     "labelOverlap", "parity", "labelSeparation", LABELS_APART, "grid", 0);
}

json_t *time_y(const chart_time *t, const char *field, time_range range)
{
    return json_pack("{s:s, s:s, s:{s:[o,o], s:b, s:b}, s:{s:o, s:s, s:i, s:s, s:i, s:i, s:s, "
                     "s:s}}",
                     "field", field, "type", "quantitative", "scale", "domain",
                     chart_number(range.low), chart_number(range.high), "nice", 0, "zero", 0,
                     "axis", "title", t->title != NULL ? chart_string(t->title) : json_null(),
                     "labelExpr", chart_axis_label(t->format), "tickCount", 5, "titleAnchor",
                     "start", "titleAngle", 0, "titleY", -10, "titleAlign", "left", "titleBaseline",
                     "bottom");
}

size_t time_last_known(const chart_series *s, size_t period)
{
    for (size_t p = period + 1; p-- > 0;) {
        if (isfinite(s->values[p])) {
            return p;
        }
    }
    return period;
}

static json_t *label_row(const chart_theme *theme, const chart_time *t, const chart_series *s,
                         size_t period, double y)
{
    char value[NUMBER_TEXT];
    strbuf text STRBUF_AUTO;
    chart_value_text(theme, t->format, s->values[period], value);
    strbuf_init(&text, 0);
    strbuf_printf(&text, "%s %s", s->name != NULL ? s->name : "", value);
    if (text.failed != STRATA_OK) {
        return NULL;
    }
    return json_pack("{s:o, s:o, s:o, s:s}", "period", chart_string(t->periods[period]), "y",
                     chart_number(y), "text", chart_string(strbuf_text(&text)), "color",
                     chart_color(theme, s->name));
}

static json_t *label_values(const chart_theme *theme, const chart_time *t, const double *y,
                            size_t period, time_range range)
{
    STRATA_AUTO_FREE double *at = STRATA_NEW_ARRAY(t->n_series, double);
    json_t *values = json_array();
    bool ok = at != NULL;
    size_t n = 0;
    for (size_t s = 0; ok && s < t->n_series; s++) {
        if (isfinite(y[s])) {
            at[n++] = y[s];
        }
    }
    double gap = (range.high - range.low) * TIME_LABEL_GAP / TIME_HEIGHT;
    if (ok) {
        chart_spread_labels(at, n, gap, range.low, range.high);
    }
    n = 0;
    for (size_t s = 0; ok && s < t->n_series; s++) {
        if (isfinite(y[s])) {
            size_t known = time_last_known(&t->series[s], period);
            ok = chart_append(values, label_row(theme, t, &t->series[s], known, at[n++]));
        }
    }
    if (!ok) {
        json_decref(values);
        return NULL;
    }
    return values;
}

/* Pixels for the longest name with its value, at some 7 a character. */
static int label_room(const chart_time *t)
{
    size_t longest = 0;
    for (size_t s = 0; s < t->n_series; s++) {
        size_t len = t->series[s].name != NULL ? strlen(t->series[s].name) : 0;
        longest = len > longest ? len : longest;
    }
    size_t room = (longest + 10) * 7;
    return room < 70 ? 70 : room > 180 ? 180 : (int)room;
}

json_t *time_y_bare(const char *field, time_range range)
{
    return json_pack("{s:s, s:s, s:{s:[o,o], s:b, s:b}, s:n}", "field", field, "type",
                     "quantitative", "scale", "domain", chart_number(range.low),
                     chart_number(range.high), "nice", 0, "zero", 0, "axis");
}

json_t *time_labels(const chart_theme *theme, const chart_time *t, const double *y, size_t period,
                    time_range range, time_side side, json_t *y_places)
{
    bool before = side == TIME_BEFORE;
    json_t *x = time_x(t);
    double at = side == TIME_AFTER_BAR ? 1.0 : 0.5;
    if (x == NULL || json_object_set_new(x, "bandPosition", json_real(at)) != 0) {
        json_decref(x);
        json_decref(y_places);
        return NULL;
    }
    return json_pack("{s:{s:o}, s:{s:s, s:s, s:s, s:i, s:i, s:s}, s:{s:o, s:o, s:{s:s, s:s}}}",
                     "data", "values", label_values(theme, t, y, period, range), "mark", "type",
                     "text", "align", before ? "right" : "left", "baseline", "middle", "dx",
                     before ? -8 : 8, "limit", label_room(t), "fill", CHART_INK, "encoding", "x", x,
                     "y", y_places, "text", "field", "text", "type", "nominal");
}

json_t *time_spec(json_t *values, json_t *layers, int side)
{
    json_t *spec = chart_spec(values, layers, TIME_HEIGHT, 50);
    /* Names beside the marks count as marks: the plot shrinks until they nearly fit. Above, the
     * title of y. */
    json_t *room =
        json_pack("{s:i, s:i, s:i, s:i}", "left", side, "top", 22, "right", side, "bottom", 4);
    if (spec == NULL || json_object_set_new(spec, "padding", room) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}
