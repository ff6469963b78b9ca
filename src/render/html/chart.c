/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "render/html/html.h"
#include "render/json/text.h"

enum { CHART_HEIGHT = 320, CHART_ROWS = 60 };

/* Pixels to keep free until the chart is drawn, so that nothing jumps. */
static int reserved_height(const json_t *spec)
{
    const json_t *meta = json_object_get(json_object_get(spec, "usermeta"), "strata");
    json_int_t height = json_integer_value(json_object_get(meta, "height"));
    return height > 0 && height < 20000 ? (int)height : CHART_HEIGHT;
}

/* Columns of the data that only place or colour a mark. */
static bool is_drawing_key(const char *key)
{
    static const char *const keys[] = {"x",     "x2",   "y",   "y2",    "r",    "c",
                                       "place", "fill", "ink", "color", "ahead"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static void put_value(strbuf *out, const json_t *value)
{
    if (json_is_string(value)) {
        html_text(out, json_string_value(value));
    } else if (json_is_number(value)) {
        put_number(out, json_number_value(value));
    }
}

/* The chart's data as a table, for readers whose browser runs no script. */
static void put_data(strbuf *out, const json_t *values)
{
    json_t *first = json_array_get(values, 0);
    if (!json_is_object(first)) {
        return;
    }
    strbuf_add(out, "<table><thead><tr>");
    const char *key;
    json_t *value;
    json_object_foreach(first, key, value)
    {
        if (!is_drawing_key(key)) {
            strbuf_add(out, "<th scope=\"col\">");
            html_text(out, key);
            strbuf_add(out, "</th>");
        }
    }
    strbuf_add(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < json_array_size(values) && i < CHART_ROWS; i++) {
        json_t *row = json_array_get(values, i);
        strbuf_add(out, "<tr>");
        json_object_foreach(first, key, value)
        {
            if (!is_drawing_key(key)) {
                strbuf_add(out, "<td>");
                put_value(out, json_object_get(row, key));
                strbuf_add(out, "</td>");
            }
        }
        strbuf_add(out, "</tr>\n");
    }
    strbuf_add(out, "</tbody></table>");
}

void html_chart(html *h, const doc_chart_node *c)
{
    strbuf *out = h->out;
    int number = ++h->n_charts;
    strbuf_add(out, "<figure class=\"chart\"><figcaption>");
    html_inline(out, c->title);
    strbuf_printf(out,
                  "</figcaption>\n<div class=\"plot\" role=\"img\" data-spec=\"spec-%d\" "
                  "style=\"min-height:%dpx\" aria-label=\"",
                  number, reserved_height(c->spec));
    html_text(out, c->alt[0] != '\0' ? c->alt : c->title);
    strbuf_add(out, "\"></div>\n<noscript><p>");
    html_text(out, c->alt);
    strbuf_add(out, "</p>");
    put_data(out, json_object_get(json_object_get(c->spec, "data"), "values"));
    strbuf_printf(out, "</noscript>\n<script type=\"application/json\" id=\"spec-%d\">", number);
    json_put_value(out, c->spec);
    strbuf_add(out, "</script>\n</figure>\n");
}
