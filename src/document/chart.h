/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_CHART_H
#define STRATA_DOCUMENT_CHART_H

/* Vega-Lite v5 specifications for doc_chart(), all from one theme: grey unless a
 * colour says something, a segment's colour fixed by its name, bars from zero,
 * labels at the marks instead of legends and axes, texts written by the same
 * routines as in tables.
 *
 * Plain arrays in, a new reference out; NULL when memory ran out (doc_chart()
 * takes that for an answer). Nothing of the caller's is kept. NaN is "not known":
 * it leaves a gap. Money is in major units here. Width follows the page. */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/day.h"

typedef enum chart_format {
    CHART_COUNT,  /* 1,234 */
    CHART_NUMBER, /* one decimal */
    CHART_SHARE,  /* fraction: 0.308 -> 30.8 % */
    CHART_MONEY   /* major units: $18.9M */
} chart_format;

/* One for all charts of a document. */
typedef struct chart_theme {
    const char *currency;     /* ISO code; may be NULL */
    const char *const *names; /* the document's segments: place in this list fixes the colour */
    size_t n_names;
} chart_theme;

/* "#rrggbb" of a segment; grey for a name that is not in the theme. Safe for
 * readers who confuse red and green; repeats after ten. */
const char *chart_color(const chart_theme *theme, const char *name);

/* What a bar asks of the reader; it stands in words beside the bar too. */
typedef enum chart_tone { CHART_TONE_NONE, CHART_TONE_WARN, CHART_TONE_FAIL } chart_tone;

typedef struct chart_measure {
    const char *title;
    chart_format format;
    const double *values;     /* n, none below zero */
    const char *const *texts; /* n, instead of the formatted value; may be NULL */
    const chart_tone *tones;  /* n, instead of the segments' colours; may be NULL */
    double full;              /* what fills the lane; 0: the largest value */
} chart_measure;

/* Horizontal bars in the order given, one or two measures side by side, each
 * with its own zero. Coloured when the label is a segment's name. */
json_t *chart_bars(const chart_theme *theme, const char *const *labels, size_t n,
                   const chart_measure *measures, size_t n_measures);

/* A matrix whose cells are shaded by value: dimensions, RFM, cohort triangles
 * (NaN where the future is), moves from row to column. */
typedef struct chart_grid {
    const char *row_title, *column_title; /* may be NULL */
    const char *const *rows, *const *columns;
    size_t n_rows, n_columns;
    const double *values; /* n_rows * n_columns by rows */
    chart_format format;
    const char *const *texts; /* the same shape; first line in a cell, NULL: the value. A text
                                 without a value stands unshaded */
    const char *const *below; /* second line, smaller; may be NULL */
    bool unshaded_diagonal;   /* moves: who stayed would drown the rest */
} chart_grid;

json_t *chart_matrix(const chart_theme *theme, const chart_grid *g);

typedef struct chart_mark {
    double x, y;
    const char *text;
} chart_mark;

/* Concentration: cumulative share of accounts (x, largest first) against that of
 * value (y), both 0..1, from (0,0) to (1,1), with marked points. */
json_t *chart_lorenz(const chart_theme *theme, const double *x, const double *y, size_t n,
                     const chart_mark *marks, size_t n_marks);

typedef struct chart_series {
    const char *name;
    const double *values;     /* one per period */
    const double *low, *high; /* a band around it; NULL: none */
} chart_series;

typedef struct chart_time {
    const char *const *periods; /* "2026-06", evenly spaced, in order */
    size_t n_periods;
    const chart_series *series;
    size_t n_series;
    chart_format format;
    const char *title; /* what is measured: "Accounts", "NRR, 12 months" */
    bool from_zero;    /* lines: the axis begins at zero */
    size_t forecast;   /* lines: periods from this one on are dashed; 0: none */
    bool steps;        /* lines: a value holds until the next period (survival curves) */
} chart_time;

/* Lines labelled at their ends. */
json_t *chart_lines(const chart_theme *theme, const chart_time *t);
/* Stacked bars per period, labelled at the last; with `shares` each bar is 100 %. */
json_t *chart_stack(const chart_theme *theme, const chart_time *t, bool shares);
/* One small panel per series on a common scale. */
json_t *chart_multiples(const chart_theme *theme, const chart_time *t);

/* From one date to another, one line per series of two values, named at both ends. */
json_t *chart_slope(const chart_theme *theme, const chart_time *t);

typedef struct chart_dot {
    const char *label;
    double value, low, high; /* low and high NaN: no interval */
    const char *note;        /* "n = 412"; may be NULL */
} chart_dot;

/* Dots with intervals on one scale; `reference` draws a line (a target), NaN: none. */
json_t *chart_dots(const chart_theme *theme, const chart_dot *dots, size_t n, chart_format format,
                   double reference, const char *reference_text);

/* From when until when there is something. */
typedef struct chart_span {
    const char *label;
    day from, to;
    chart_tone tone;
} chart_span;

/* Bars over the years, one below the other, each with the day it ends on; a line at `now`. */
json_t *chart_spans(const chart_span *spans, size_t n, day now);

/* A point of a cloud and the segment it belongs to. */
typedef struct chart_point {
    double x, y;
    const char *name;
} chart_point;

/* Where things lie in a plane whose units mean nothing by themselves: dots in the colours of their
 * segments, whose names stand at `marks`. The titles say what each direction is. */
typedef struct chart_plane {
    const chart_point *points;
    size_t n;
    const chart_mark *marks;
    size_t n_marks;
    const char *x_title, *y_title;
} chart_plane;

json_t *chart_cloud(const chart_theme *theme, const chart_plane *plane);

typedef struct chart_bridge_step {
    const char *label;
    double value; /* of a total, its size; else what is added, or below 0 taken away */
    bool total;   /* stands on zero */
} chart_bridge_step;

/* A bridge (waterfall) in rows: totals stand on zero, what adds and takes away hangs between. A
 * total's value is drawn as given: steps that do not lead there show as a gap. Zero is where it
 * must be for steps below it. */
json_t *chart_bridge(const chart_theme *theme, const chart_bridge_step *steps, size_t n,
                     chart_format format);
/* Bars per period, series above 0 piled up from zero, those below 0 down from it. */
json_t *chart_flows(const chart_theme *theme, const chart_time *t);

#endif
