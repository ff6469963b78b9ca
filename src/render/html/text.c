/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "render/html/html.h"
#include "render/inline.h"

/* What stands for a character that cannot stand for itself; NULL: it can. */
static const char *instead_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\n':
    case '\t':
    case '\r':
        return " ";
    default:
        return c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

void html_text_n(strbuf *out, const char *text, size_t len)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        const char *instead = instead_of((unsigned char)text[i]);
        if (instead != NULL) {
            strbuf_add_n(out, text + from, i - from);
            strbuf_add(out, instead);
            from = i + 1;
        }
    }
    strbuf_add_n(out, text + from, len - from);
}

void html_text(strbuf *out, const char *text)
{
    html_text_n(out, text, strlen(text));
}

/* Text to be read: a number and its per cent sign stay on one line. */
static void put_prose(strbuf *out, const char *text, size_t len)
{
    size_t from = 0;
    for (size_t i = 1; i + 1 < len; i++) {
        if (text[i] == ' ' && text[i + 1] == '%' && text[i - 1] >= '0' && text[i - 1] <= '9') {
            html_text_n(out, text + from, i - from);
            strbuf_add(out, "&#8239;");
            from = i + 1;
        }
    }
    html_text_n(out, text + from, len - from);
}

/* Closes and opens elements where the style changes from one piece to the next. */
static void put_marks(strbuf *out, const inline_piece *was, const inline_piece *now)
{
    bool link = was->href != now->href;
    bool outer = link || was->bold != now->bold || was->emphasis != now->emphasis;
    bool code = outer || was->code != now->code;
    strbuf_add(out, code && was->code ? "</code>" : "");
    strbuf_add(out, outer && was->emphasis ? "</em>" : "");
    strbuf_add(out, outer && was->bold ? "</strong>" : "");
    strbuf_add(out, link && was->href != NULL ? "</a>" : "");
    if (link && now->href != NULL) {
        strbuf_add(out, "<a href=\"");
        html_text_n(out, now->href, now->href_len);
        strbuf_add(out, "\">");
    }
    strbuf_add(out, outer && now->bold ? "<strong>" : "");
    strbuf_add(out, outer && now->emphasis ? "<em>" : "");
    strbuf_add(out, code && now->code ? "<code>" : "");
}

void html_inline(strbuf *out, const char *text)
{
    inline_reader reader = {.at = text};
    inline_piece was = {0};
    inline_piece p = {0};
    while (inline_next(&reader, &p)) {
        put_marks(out, &was, &p);
        (p.code ? html_text_n : put_prose)(out, p.text, p.len);
        was = p;
    }
    put_marks(out, &was, &(inline_piece){0});
}

cell_style html_style(const document *d)
{
    return (cell_style){.currency = d->head.currency,
                        .money = MONEY_SHORT,
                        .decimals = 1,
                        .space = "\xe2\x80\xaf",  /* narrow no-break space */
                        .minus = "\xe2\x88\x92"}; /* U+2212 */
}

enum { SPARK_WIDTH = 84, SPARK_HEIGHT = 20 };

/* A line with a dot at its last value; broken where values are missing. */
static void put_spark(strbuf *out, const double *series, size_t n, const cell_style *style)
{
    double low = INFINITY;
    double high = -INFINITY;
    double last = NAN;
    double last_x = 0;
    for (size_t i = 0; i < n; i++) {
        low = isfinite(series[i]) ? fmin(low, series[i]) : low;
        high = isfinite(series[i]) ? fmax(high, series[i]) : high;
    }
    double step = n > 1 ? (SPARK_WIDTH - 6.0) / (double)(n - 1) : 0;
    strbuf_printf(out,
                  "<svg class=\"spark\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                  "role=\"img\" aria-label=\"",
                  SPARK_WIDTH, SPARK_HEIGHT, SPARK_WIDTH, SPARK_HEIGHT);
    strbuf_printf(out, "%zu values", n);
    if (low <= high) {
        doc_cell bounds[2] = {cell_number(low), cell_number(high)};
        strbuf_add(out, " from ");
        cell_put_text(out, &bounds[0], style);
        strbuf_add(out, " to ");
        cell_put_text(out, &bounds[1], style);
    }
    strbuf_add(out, "\"><path d=\"");
    bool pen_down = false;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(series[i])) {
            pen_down = false;
            continue;
        }
        double at = high > low ? (series[i] - low) / (high - low) : 0.5;
        last_x = 3 + step * (double)i;
        last = SPARK_HEIGHT - 3 - at * (SPARK_HEIGHT - 6);
        strbuf_printf(out, "%s%.1f %.1f", pen_down ? "L" : "M", last_x, last);
        pen_down = true;
    }
    strbuf_add(out, "\"/>");
    if (isfinite(last)) {
        strbuf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>", last_x, last);
    }
    strbuf_add(out, "</svg>");
}

void html_cell(strbuf *out, const doc_cell *cell, const cell_style *style)
{
    if (cell->type == CELL_SPARK) {
        put_spark(out, cell->series, cell->n_series, style);
    } else if (cell->type == CELL_TEXT) {
        strbuf_add(out, "<bdi>");
        put_prose(out, cell->text, strlen(cell->text));
        strbuf_add(out, "</bdi>");
    } else if (cell->type == CELL_EMPTY) {
        strbuf_add(out, "<span class=\"none\"");
        if (cell->text != NULL) {
            strbuf_add(out, " title=\"");
            html_text(out, cell->text);
            strbuf_add(out, "\"");
        }
        strbuf_add(out, ">\xe2\x80\x93</span><span class=\"vh\">");
        html_text(out, cell->text != NULL ? cell->text : "no value");
        strbuf_add(out, "</span>");
    } else {
        cell_put_text(out, cell, style); /* digits, signs and currency only */
    }
}

void html_open_origin(strbuf *out, const document *d, int provenance)
{
    if (provenance > 0 && document_find_provenance(d, provenance) != NULL) {
        strbuf_printf(out, "<button type=\"button\" class=\"door\" popovertarget=\"origin-%d\">",
                      provenance);
    }
}

void html_close_origin(strbuf *out, const document *d, int provenance)
{
    if (provenance > 0 && document_find_provenance(d, provenance) != NULL) {
        strbuf_add(out, "<span class=\"vh\"> - where this figure comes from</span></button>");
    }
}

static void put_origin_row(strbuf *out, const char *label, const char *text, bool code)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    strbuf_printf(out, "<dt>%s</dt><dd>%s", label, code ? "<code>" : "");
    html_text(out, text);
    strbuf_add(out, code ? "</code></dd>" : "</dd>");
}

void html_origins(strbuf *out, const document *d)
{
    if (d->provenance == NULL) {
        return;
    }
    char date[24] = "";
    day_format_long(d->head.as_of, date, sizeof date);
    strbuf_add(out, "<section class=\"origins\" aria-labelledby=\"origins-title\">"
                    "<h2 id=\"origins-title\">Where figures come from</h2>\n");
    for (const doc_provenance *p = d->provenance; p != NULL; p = p->next) {
        strbuf_printf(out, "<div popover id=\"origin-%d\" class=\"origin\"><dl>", p->id);
        put_origin_row(out, "Definition", p->definition, false);
        put_origin_row(out, "Inputs", p->inputs, false);
        put_origin_row(out, "As of", date, false);
        put_origin_row(out, "Rows behind it", p->rows_where, true);
        strbuf_add(out, "</dl></div>\n");
    }
    strbuf_add(out, "</section>\n");
}
