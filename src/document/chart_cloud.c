/* SPDX-License-Identifier: Apache-2.0 */
#include "base/auto.h"
#include "document/chart_theme.h"

enum { CLOUD_HEIGHT = 420, NAME_GAP_PARTS = 18 };

static json_t *point_values(const chart_theme *theme, const chart_plane *p)
{
    json_t *values = json_array();
    for (size_t i = 0; i < p->n; i++) {
        const chart_point *at = &p->points[i];
        json_t *row =
            json_pack("{s:o, s:o, s:s, s:o}", "x", chart_number(at->x), "y", chart_number(at->y),
                      "color", chart_color(theme, at->name), "name", chart_string(at->name));
        if (!chart_append(values, row)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

/* Names, moved apart upwards and downwards where two would overlap. */
static json_t *mark_values(const chart_theme *theme, const chart_plane *p)
{
    STRATA_AUTO_FREE double *y = STRATA_NEW_ARRAY(p->n_marks, double);
    double low = p->n > 0 ? p->points[0].y : 0.0;
    double high = low;
    json_t *values = y != NULL ? json_array() : NULL;
    for (size_t i = 0; i < p->n; i++) {
        low = p->points[i].y < low ? p->points[i].y : low;
        high = p->points[i].y > high ? p->points[i].y : high;
    }
    for (size_t i = 0; y != NULL && i < p->n_marks; i++) {
        y[i] = p->marks[i].y;
    }
    if (y != NULL) {
        chart_spread_labels(y, p->n_marks, (high - low) / NAME_GAP_PARTS, low, high);
    }
    for (size_t i = 0; values != NULL && i < p->n_marks; i++) {
        json_t *row = json_pack("{s:o, s:o, s:s, s:o}", "x", chart_number(p->marks[i].x), "y",
                                chart_number(y[i]), "color", chart_color(theme, p->marks[i].text),
                                "text", chart_string(p->marks[i].text));
        if (!chart_append(values, row)) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static json_t *plane_axis(const char *field, const char *title)
{
    return json_pack("{s:s, s:s, s:{s:b, s:b}, s:{s:o, s:b, s:b, s:b}}", "field", field, "type",
                     "quantitative", "scale", "zero", 0, "nice", 0, "axis", "title",
                     chart_string(title), "labels", 0, "ticks", 0, "grid", 0);
}

json_t *chart_cloud(const chart_theme *theme, const chart_plane *p)
{
    json_t *names = json_pack(
        "{s:{s:o}, s:[{s:{s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:s}, s:{s:{s:s, s:s}}}, {s:{s:s, "
        "s:s, s:i, s:s, s:s}, s:{s:{s:s, s:s}, s:{s:s, s:s, s:n}}}]}",
        "data", "values", mark_values(theme, p), "layer", "mark", "type", "text", "align", "center",
        "fontSize", 12, "fontWeight", "bold", "fill", CHART_ON_DARK, "stroke", CHART_ON_DARK,
        "strokeWidth", 5, "strokeJoin", "round", "encoding", "text", "field", "text", "type",
        "nominal", "mark", "type", "text", "align", "center", "fontSize", 12, "fontWeight", "bold",
        "fill", CHART_INK, "encoding", "text", "field", "text", "type", "nominal", "detail",
        "field", "color", "type", "nominal", "scale");
    json_t *layers =
        json_pack("[{s:{s:s, s:b, s:i, s:f}, s:{s:{s:s, s:s, s:n}, s:[{s:s,s:s,s:s}]}}, o]", "mark",
                  "type", "point", "filled", 1, "size", 16, "opacity", 0.55, "encoding", "color",
                  "field", "color", "type", "nominal", "scale", "tooltip", "field", "name", "type",
                  "nominal", "title", " ", names);
    json_t *spec = chart_spec(point_values(theme, p), layers, CLOUD_HEIGHT, 48);
    json_t *places =
        json_pack("{s:o, s:o}", "x", plane_axis("x", p->x_title), "y", plane_axis("y", p->y_title));
    if (spec == NULL || places == NULL) {
        json_decref(spec);
        json_decref(places);
        return NULL;
    }
    if (json_object_set_new(spec, "encoding", places) != 0) { /* takes `places` all the same */
        json_decref(spec);
        return NULL;
    }
    return spec;
}
