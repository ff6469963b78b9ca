/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/auto.h"
#include "document/chart_time.h"

/* The chart's numbers as drawn: parts of one bar per period, missing ones left
 * out; shares of the period's total when asked. Owns its arrays. */
typedef struct stack {
    chart_time shown; /* series point into `parts` */
    chart_series *series;
    double *parts;   /* n_series * n_periods */
    double *middles; /* of each part of the last bar */
    double top;      /* of the highest bar */
} stack;

static void stack_done(stack *s)
{
    free(s->series);
    free(s->parts);
    free(s->middles);
}
#define STACK_AUTO STRATA_CLEANUP(stack_done)

static double total_of(const chart_time *t, size_t p)
{
    double total = 0;
    for (size_t s = 0; s < t->n_series; s++) {
        double v = t->series[s].values[p];
        total += isfinite(v) ? v : 0;
    }
    return total;
}

static bool stack_init(stack *k, const chart_time *t, bool shares)
{
    *k = (stack){.shown = *t,
                 .series = STRATA_NEW_ARRAY(t->n_series, chart_series),
                 .parts = STRATA_NEW_ARRAY(t->n_series * t->n_periods, double),
                 .middles = STRATA_NEW_ARRAY(t->n_series, double)};
    if (k->series == NULL || k->parts == NULL || k->middles == NULL) {
        return false;
    }
    for (size_t p = 0; p < t->n_periods; p++) {
        double total = total_of(t, p);
        double below = 0;
        for (size_t s = 0; s < t->n_series; s++) {
            double v = isfinite(t->series[s].values[p]) ? t->series[s].values[p] : 0;
            double part = !shares ? v : total > 0 ? v / total : 0;
            k->parts[s * t->n_periods + p] = part;
            k->middles[s] = below + part / 2;
            below += part;
        }
        k->top = fmax(k->top, below);
    }
    for (size_t s = 0; s < t->n_series; s++) {
        k->series[s] =
            (chart_series){.name = t->series[s].name, .values = &k->parts[s * t->n_periods]};
    }
    k->shown.series = k->series;
    k->shown.format = shares ? CHART_SHARE : t->format;
    k->top = shares || !(k->top > 0) ? 1 : k->top;
    return true;
}

static json_t *stack_part(const chart_theme *theme, const chart_time *t, size_t s, size_t p,
                          double from)
{
    char text[NUMBER_TEXT];
    double part = t->series[s].values[p];
    chart_value_text(theme, t->format, part, text);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "period", chart_string(t->periods[p]),
                     "series", chart_string(t->series[s].name), "value", chart_number(part), "y",
                     chart_number(from), "y2", chart_number(from + part), "color",
                     chart_color(theme, t->series[s].name), "text", text);
}

static json_t *stack_values(const chart_theme *theme, const chart_time *t)
{
    json_t *values = json_array();
    for (size_t p = 0; p < t->n_periods; p++) {
        double from = 0;
        for (size_t s = 0; s < t->n_series; s++) {
            if (!chart_append(values, stack_part(theme, t, s, p, from))) {
                json_decref(values);
                return NULL;
            }
            from += t->series[s].values[p];
        }
    }
    return values;
}

json_t *chart_stack(const chart_theme *theme, const chart_time *t, bool shares)
{
    stack k STACK_AUTO;
    if (!stack_init(&k, t, shares)) {
        return NULL;
    }
    time_range range = {0, k.top};
    json_t *layers = json_pack(
        "[{s:{s:s}, s:{s:o, s:o, s:{s:s}, s:{s:s, s:s, s:n}, "
        "s:[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}}]",
        "mark", "type", "bar", "encoding", "x", time_x(t), "y", time_y(&k.shown, "y", range), "y2",
        "field", "y2", "color", "field", "color", "type", "nominal", "scale", "tooltip", "field",
        "series", "type", "nominal", "title", " ", "field", "period", "type", "nominal", "title",
        "period", "field", "text", "type", "nominal", "title", "value");
    if (t->n_periods > 0 &&
        !chart_append(layers, time_labels(theme, &k.shown, k.middles, t->n_periods - 1, range,
                                          TIME_AFTER_BAR, time_y(&k.shown, "y", range)))) {
        json_decref(layers);
        return NULL;
    }
    return time_spec(stack_values(theme, &k.shown), layers, 14);
}
