/* SPDX-License-Identifier: Apache-2.0 */
#include "document/chart_theme.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "document/text.h"

/* Okabe and Ito, Color Universal Design (2008), without black and the yellow that
 * vanishes on white, then four of Paul Tol's "muted" set (technical note SRON/EPS/TN/09-002). */
static const char *const palette[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00",
                                      "#56b4e9", "#332288", "#999933", "#882255", "#44aa99"};

enum { COLORS = sizeof palette / sizeof *palette };

/* Where in the palette a name that is itself a colour stands; COLORS for other names. A band called
 * "Red" that is drawn green would be read wrongly. */
static size_t named_color(const char *name)
{
    static const struct {
        const char *name;
        size_t color;
    } named[] = {{"Blue", 0}, {"Yellow", 1}, {"Amber", 1}, {"Green", 2}, {"Red", 4}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strcmp(named[i].name, name) == 0) {
            return named[i].color;
        }
    }
    return COLORS;
}

/* The palette in the order of the theme's names: each at its place, but a name that is a colour
 * changes places with the one that has it. */
static void order_colors(const chart_theme *theme, size_t order[COLORS])
{
    for (size_t i = 0; i < COLORS; i++) {
        order[i] = i;
    }
    for (size_t i = 0; i < theme->n_names && i < COLORS; i++) {
        size_t wanted = named_color(theme->names[i]);
        for (size_t k = 0; wanted < COLORS && k < COLORS; k++) {
            if (order[k] == wanted) {
                order[k] = order[i];
                order[i] = wanted;
                break;
            }
        }
    }
}

const char *chart_color(const chart_theme *theme, const char *name)
{
    size_t order[COLORS];
    order_colors(theme, order);
    for (size_t i = 0; name != NULL && i < theme->n_names; i++) {
        if (strcmp(theme->names[i], name) == 0) {
            return palette[order[i % COLORS]];
        }
    }
    return CHART_GREY;
}

/* Single hue, equal steps of CIE lightness from 96 to 24. */
static const char *const steps[CHART_STEPS] = {"#eef5fb", "#d3e5f3", "#b4d3ea",
                                               "#92bfe0", "#6fa9d4", "#4c92c6",
                                               "#2f7ab2", "#176097", "#064676"};

const char *chart_step_color(int step)
{
    return steps[step];
}

int chart_step(double value, double max)
{
    if (!(max > 0) || !(value > 0)) {
        return 0;
    }
    int step = (int)lround(value / max * (CHART_STEPS - 1));
    return step >= CHART_STEPS ? CHART_STEPS - 1 : step;
}

const char *chart_step_ink(int step)
{
    return step >= 6 ? CHART_ON_DARK : CHART_ON_LIGHT;
}

json_t *chart_label_offset(void)
{
    return json_pack("{s:{s:s, s:i}, s:i}", "condition", "test", "length(datum.label) > 22",
                     "value", -7, "value", 0);
}

json_t *chart_label_y(double padding)
{
    return json_pack("{s:s, s:s, s:{s:s}, s:{s:n, s:i, s:s, s:o}, s:{s:f}}", "field", "label",
                     "type", "nominal", "sort", "field", "place", "axis", "title", "labelLimit",
                     150, "labelExpr", CHART_LABEL_LINES, "labelOffset", chart_label_offset(),
                     "scale", "padding", padding);
}

int chart_row_height(const char *label, int step)
{
    enum { TWO_LINES = 38 };
    bool is_long = label != NULL && strlen(label) > CHART_LABEL_LINE;
    return is_long && step < TWO_LINES ? TWO_LINES : step;
}

json_t *chart_number(double x)
{
    if (!isfinite(x)) {
        return json_null();
    }
    return !(floor(x) < x) && fabs(x) < 9007199254740992.0 ? json_integer((json_int_t)x)
                                                           : json_real(x);
}

json_t *chart_string(const char *s)
{
    if (s == NULL) {
        return json_string("");
    }
    json_t *whole = json_string(s);
    if (whole != NULL) {
        return whole;
    }
    strbuf clean STRBUF_AUTO;
    strbuf_init(&clean, 0);
    while (*s != '\0') {
        size_t len = utf8_sequence(s);
        strbuf_add_n(&clean, len > 0 ? s : "\xef\xbf\xbd", len > 0 ? len : 3);
        s += len > 0 ? len : 1;
    }
    return clean.failed == STRATA_OK ? json_string(strbuf_text(&clean)) : NULL;
}

void chart_value_text(const chart_theme *theme, chart_format format, double x,
                      char out[NUMBER_TEXT])
{
    out[0] = '\0';
    if (!isfinite(x)) {
        return;
    }
    switch (format) {
    case CHART_COUNT:
        number_format(x, 0, out);
        break;
    case CHART_NUMBER:
        number_format(x, 1, out);
        break;
    case CHART_SHARE:
        number_format_share(x, out);
        (void)strncat(out, " %", NUMBER_TEXT - strlen(out) - 1);
        break;
    case CHART_MONEY:
        if (fabs(x) < 9e16) {
            number_format_money_short((int64_t)llround(x * 100.0), theme->currency, out);
        }
        break;
    }
}

const char *chart_axis_label(chart_format format)
{
    switch (format) {
    case CHART_SHARE:
        return "format(datum.value * 100, '~g') + ' %'";
    case CHART_MONEY:
        return "replace(format(datum.value, '~s'), 'G', 'B')";
    case CHART_COUNT:
    case CHART_NUMBER:
        break;
    }
    return "format(datum.value, ',~r')";
}

bool chart_append(json_t *list, json_t *item)
{
    return json_array_append_new(list, item) == 0;
}

json_t *chart_config(void)
{
    return json_pack("{s:s, s:s, s:{s:n}, s:{s:s, s:s, s:s, s:b, s:i, s:i, s:i, s:s, s:s, s:i},"
                     " s:{s:s, s:s, s:i}, s:{s:b}, s:{s:s, s:i, s:i, s:i}}",
                     "background", "transparent", "font",
                     "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
                     "view", "stroke", "axis", "labelColor", CHART_INK, "titleColor", CHART_MUTED,
                     "gridColor", CHART_GRID, "domain", 0, "tickSize", 0, "labelFontSize", 12,
                     "titleFontSize", 12, "titleFontWeight", "normal", "domainColor", CHART_GRID,
                     "labelPadding", 6, "text", "fill", CHART_INK, "font",
                     "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
                     "fontSize", 12, "scale", "zero", 0, "header", "labelColor", CHART_INK,
                     "labelFontSize", 12, "labelPadding", 4, "titleFontSize", 12);
}

json_t *chart_spec(json_t *values, json_t *layers, int height, int around)
{
    return json_pack("{s:s, s:s, s:i, s:{s:s, s:s}, s:i, s:{s:o}, s:o, s:o, s:{s:{s:i}}}",
                     "$schema", "https://vega.github.io/schema/vega-lite/v5.json", "width",
                     "container", "height", height, "autosize", "type", "fit-x", "contains",
                     "padding", "padding", 4, "data", "values", values, "layer", layers, "config",
                     chart_config(), "usermeta", "strata", "height", height + around);
}

/* Pushes two labels that are too close apart by half of what lacks each; equal
 * ones in the order given. */
static bool push_apart(double *first, double *second, double gap)
{
    double apart = *second - *first;
    double lack = gap - fabs(apart);
    if (lack <= gap * 1e-6) {
        return false;
    }
    double half = apart < 0 ? -lack / 2 : lack / 2;
    *second += half;
    *first -= half;
    return true;
}

void chart_spread_labels(double *y, size_t n, double gap, double low, double high)
{
    /* Few labels: a hundred rounds of pushing neighbours apart settle them. */
    bool moved = true;
    for (int round = 0; moved && round < 100; round++) {
        moved = false;
        for (size_t i = 0; i < n; i++) {
            for (size_t k = i + 1; k < n; k++) {
                moved = push_apart(&y[i], &y[k], gap) || moved;
            }
        }
        for (size_t i = 0; i < n; i++) {
            y[i] = y[i] < low ? low : y[i] > high ? high : y[i];
        }
    }
}
