/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_XLSX_PLOT_H
#define STRATA_RENDER_XLSX_PLOT_H

/* The numbers of a chart as a table: what document/chart.h made, read back from the
 * specification's data, so that a program with charts of its own can draw them. */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

typedef enum plot_kind {
    PLOT_NONE, /* nothing that could be drawn, or no data */
    PLOT_BARS, /* a row per bar, a column per measure, each with its own scale */
    PLOT_LINES,
    PLOT_STACK,
    PLOT_DOTS,   /* value, low, high */
    PLOT_BRIDGE, /* what carries the step (not to be seen), its size */
    PLOT_CURVE,  /* x, y */
    PLOT_CLOUD,  /* x, then y in the column of the point's group */
    PLOT_MATRIX
} plot_kind;

typedef enum plot_role { PLOT_VALUE, PLOT_BOUND, PLOT_X } plot_role;

typedef struct plot_column {
    const char *name;
    unsigned color; /* 0xrrggbb */
    plot_role role;
    const char *sample; /* a value as the chart writes it: tells the unit; may be NULL */
} plot_column;

/* Texts belong to the specification. Missing values are NaN. */
typedef struct plot {
    plot_kind kind;
    size_t n_rows, n_columns;
    const char **rows;    /* names; NULL where rows have none */
    unsigned *row_colors; /* BARS, DOTS and BRIDGE; else NULL */
    bool *ahead;          /* LINES: rows that are a forecast; else NULL */
    plot_column *columns;
    double *values;     /* n_rows * n_columns by rows */
    const char **texts; /* MATRIX: what a cell says where it has no value; else NULL */
} plot;

plot_kind plot_kind_of(const json_t *spec);
/* Fills `out`; false when memory ran out, kind is PLOT_NONE where nothing can be drawn. Free with
 * plot_done(). */
bool plot_read(const json_t *spec, plot *out);
void plot_done(plot *p);
#define PLOT_AUTO STRATA_CLEANUP(plot_done)

#endif
