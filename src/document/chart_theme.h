/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_CHART_THEME_H
#define STRATA_DOCUMENT_CHART_THEME_H

/* Inside the chart builders. The colours are tokens: assets/report.js turns each
 * into the CSS variable of the same meaning, so that a page in dark or print
 * needs no second specification. */

#include "base/number.h"
#include "document/chart.h"

#define CHART_INK "#1b2430"
#define CHART_MUTED "#5d6875"
#define CHART_GRID "#d8dde3"
#define CHART_GREY "#8a94a0"
#define CHART_ACCENT "#0b63a5"
#define CHART_ON_LIGHT "#10233a"
#define CHART_ON_DARK "#fdfdfe"
/* Two of the palette that say "look here", told apart by lightness too. */
#define CHART_WARN "#e69f00"
#define CHART_FAIL "#d55e00"

/* Labels of an axis: one that is too long for its room goes on in a second line. */
enum { CHART_LABEL_LINE = 22 };
#define CHART_LABEL_LINES                                                                          \
    "length(datum.label) > 22 ? split(replace(datum.label, "                                       \
    "regexp('^(.{1,22}) (.+)$'), '$1\\n$2'), '\\n') : datum.label"

enum { CHART_STEPS = 9 };

/* Lightness falls evenly from the first to the last of CHART_STEPS shades. */
const char *chart_step_color(int step);
/* The shade of a value between 0 and max. */
int chart_step(double value, double max);
/* Ink that is readable on it. */
const char *chart_step_ink(int step);

/* The vertical places of such labels, in the order of their rows; `padding`: between the rows, as a
 * share of one. */
json_t *chart_label_y(double padding);
/* Lifts such labels so that their two lines stand around the mark. */
json_t *chart_label_offset(void);
/* Height of one row of marks: `step`, or more where a label takes two lines. */
int chart_row_height(const char *label, int step);

/* A JSON number; null for what is not finite. */
json_t *chart_number(double x);
/* A JSON string; bytes that are not UTF-8 become U+FFFD; "" for NULL. */
json_t *chart_string(const char *s);
void chart_value_text(const chart_theme *theme, chart_format format, double x,
                      char out[NUMBER_TEXT]);
/* A d3 expression for axis labels, and for tick steps that suit it. */
const char *chart_axis_label(chart_format format);

/* A specification: data, layers, the height of the plot in pixels, the pixels of
 * axes and titles around it (reserved, so that nothing jumps when the chart is
 * drawn) and the theme's settings. Takes both references; NULL when one of them is. */
json_t *chart_spec(json_t *values, json_t *layers, int height, int around);
/* Appends and takes the reference; false (and the list is of no more use) when item is NULL. */
bool chart_append(json_t *list, json_t *item);
/* The settings every specification carries. */
json_t *chart_config(void);

/* Moves label positions apart until they are `gap` apart, keeping their order
 * and staying within low..high where there is room. y is changed in place. */
void chart_spread_labels(double *y, size_t n, double gap, double low, double high);

#endif
