/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_CHART_TIME_H
#define STRATA_DOCUMENT_CHART_TIME_H

#include "document/chart_theme.h"

enum { TIME_HEIGHT = 250, TIME_LABEL_GAP = 16 };

/* Where names stand: after or before a point, or after a bar. */
typedef enum time_side { TIME_AFTER, TIME_BEFORE, TIME_AFTER_BAR } time_side;

typedef struct time_range {
    double low, high;
} time_range;

/* The last period up to `period` in which the series is known; `period` when it is in none. */
size_t time_last_known(const chart_series *s, size_t period);
/* The values and bands of all series, a twentieth of it to spare; from zero when asked. */
time_range time_range_of(const chart_time *t);
/* A row per series and period: period, place, series, value, low, high, color, ahead. */
json_t *time_values(const chart_theme *theme, const chart_time *t);
/* x of all time charts: periods in order, labels thinned out. */
json_t *time_x(const chart_time *t);
json_t *time_y(const chart_time *t, const char *field, time_range range);
/* The same without an axis, for charts whose values stand at the marks. */
json_t *time_y_bare(const char *field, time_range range);
/* Names beside the marks at `period` (or where the series was last known), y spread so that they do
 * not cover each other. Takes the reference of y_places, time_y() or time_y_bare() of "y". */
json_t *time_labels(const chart_theme *theme, const chart_time *t, const double *y, size_t period,
                    time_range range, time_side side, json_t *y_places);
/* chart_spec() of the common height with `side` pixels to spare left and right. */
json_t *time_spec(json_t *values, json_t *layers, int side);

#endif
