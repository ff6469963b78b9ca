/* SPDX-License-Identifier: Apache-2.0 */
#include "render/html/html.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "render/driver.h"

static const char *title_of(const document *d)
{
    const document_head *h = &d->head;
    return h->title != NULL && h->title[0] != '\0' ? h->title
           : h->kind != NULL && h->kind[0] != '\0' ? h->kind
                                                   : "Strata";
}

static void put_fact(strbuf *out, const char *before, const char *text, const char *after)
{
    strbuf_add(out, "<li>");
    strbuf_add(out, before);
    html_text(out, text);
    strbuf_add(out, after);
    strbuf_add(out, "</li>");
}

static void put_facts(strbuf *out, const document_head *h)
{
    char text[NUMBER_TEXT];
    strbuf_add(out, "<ul class=\"facts\">");
    if (h->as_of >= DAY_MIN && h->as_of <= DAY_MAX) {
        day_format_long(h->as_of, text, sizeof text);
        put_fact(out, "as of ", text, "");
    }
    if (h->n_accounts >= 0) {
        number_format((double)h->n_accounts, 0, text);
        put_fact(out, "", text, h->n_accounts == 1 ? " account" : " accounts");
    }
    if (h->arr_minor >= 0) {
        number_format_money_short(h->arr_minor, h->currency, text);
        put_fact(out, "", text, " ARR");
    }
    if (h->model_name != NULL && h->model_name[0] != '\0') {
        put_fact(out, "model ", h->model_name, "");
    }
    strbuf_add(out, "</ul>");
}

static void put_head(strbuf *out, const document *d)
{
    strbuf_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html_text(out, title_of(d));
    if (d->head.portfolio != NULL) {
        strbuf_add(out, " \xc2\xb7 ");
        html_text(out, d->head.portfolio);
    }
    strbuf_add(out, "</title>\n");
    html_put_style(out);
    strbuf_add(out, "</head>\n<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n"
                    "<header class=\"top\">");
    if (d->head.portfolio != NULL && d->head.portfolio[0] != '\0') {
        strbuf_add(out, "<p class=\"portfolio\">");
        html_text(out, d->head.portfolio);
        strbuf_add(out, "</p>");
    }
    strbuf_add(out, "<h1>");
    html_text(out, title_of(d));
    strbuf_add(out, "</h1>\n");
    put_facts(out, &d->head);
    strbuf_add(out, "</header>\n");
}

static bool has_title(const doc_section *s)
{
    return s->title != NULL && s->title[0] != '\0';
}

static void put_contents_of(strbuf *out, const doc_section *s)
{
    bool open = false;
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind != NODE_SECTION || !has_title(n->as.section)) {
            continue;
        }
        strbuf_add(out, open ? "" : "<ol>");
        open = true;
        strbuf_add(out, "<li><a href=\"#");
        html_text(out, n->as.section->id);
        strbuf_add(out, "\">");
        html_text(out, n->as.section->title);
        strbuf_add(out, "</a>");
        if (n->as.section->depth < 2) {
            put_contents_of(out, n->as.section);
        }
        strbuf_add(out, "</li>");
    }
    strbuf_add(out, open ? "</ol>" : "");
}

static size_t count_top_sections(const document *d)
{
    size_t n = 0;
    for (const doc_node *s = d->root.first; s != NULL; s = s->next) {
        n += s->kind == NODE_SECTION && has_title(s->as.section);
    }
    return n;
}

static void put_note(strbuf *out, const doc_node *n)
{
    bool warning = strcmp(n->note_kind, "warning") == 0;
    bool missing = strcmp(n->note_kind, "missing") == 0;
    strbuf_printf(out, "<div class=\"note%s\" role=\"note\"><p><strong>%s</strong> ",
                  warning   ? " warning"
                  : missing ? " missing"
                            : "",
                  warning   ? "Warning"
                  : missing ? "Not shown"
                            : "Note");
    html_inline(out, n->text);
    strbuf_add(out, "</p></div>\n");
}

static const doc_node *put_bullets(strbuf *out, const doc_node *n)
{
    strbuf_add(out, "<ul class=\"points\">\n");
    for (; n != NULL && n->kind == NODE_BULLET; n = n->next) {
        strbuf_add(out, "<li>");
        html_inline(out, n->text);
        strbuf_add(out, "</li>\n");
    }
    strbuf_add(out, "</ul>\n");
    return n;
}

static void put_section(html *h, const doc_section *s);

/* Writes a node, or a run of nodes that stand together; returns the one after. */
static const doc_node *put_node(html *h, const doc_node *n)
{
    switch (n->kind) {
    case NODE_SECTION:
        put_section(h, n->as.section);
        break;
    case NODE_PARAGRAPH:
        strbuf_add(h->out, "<p>");
        html_inline(h->out, n->text);
        strbuf_add(h->out, "</p>\n");
        break;
    case NODE_BULLET:
        return put_bullets(h->out, n);
    case NODE_NOTE:
        put_note(h->out, n);
        break;
    case NODE_FIGURE:
        return html_figures(h, n);
    case NODE_TABLE:
        html_table(h, n->as.table);
        break;
    case NODE_CHART:
        html_chart(h, n->as.chart);
        break;
    }
    return n->next;
}

static void put_section(html *h, const doc_section *s)
{
    int level = s->depth < 5 ? s->depth + 1 : 6;
    strbuf_printf(h->out, "<section class=\"depth-%d\" id=\"", s->depth);
    html_text(h->out, s->id);
    if (has_title(s)) {
        strbuf_add(h->out, "\" aria-labelledby=\"title-");
        html_text(h->out, s->id);
        strbuf_printf(h->out, "\">\n<h%d id=\"title-", level);
        html_text(h->out, s->id);
        strbuf_add(h->out, "\">");
        html_text(h->out, s->title);
        strbuf_printf(h->out, "</h%d>\n", level);
    } else {
        strbuf_add(h->out, "\">\n");
    }
    for (const doc_node *n = s->first; n != NULL;) {
        n = put_node(h, n);
    }
    strbuf_add(h->out, "</section>\n");
}

const doc_node *html_figures(html *h, const doc_node *first)
{
    cell_style style = html_style(h->doc);
    const doc_node *n = first;
    strbuf_add(h->out, "<dl class=\"figures\">\n");
    for (; n != NULL && n->kind == NODE_FIGURE; n = n->next) {
        const doc_figure_node *f = n->as.figure;
        strbuf_add(h->out, "<div><dt>");
        html_text(h->out, f->label);
        strbuf_add(h->out, f->value.type == CELL_EMPTY ? "</dt><dd class=\"value unknown\">"
                                                       : "</dt><dd class=\"value\">");
        html_open_origin(h->out, h->doc, f->value.provenance);
        if (f->value.type == CELL_EMPTY && f->value.text != NULL) {
            html_text(h->out, f->value.text);
        } else {
            html_cell(h->out, &f->value, &style);
        }
        html_close_origin(h->out, h->doc, f->value.provenance);
        strbuf_add(h->out, "</dd>");
        if (f->below != NULL) {
            strbuf_add(h->out, "<dd class=\"below\">");
            html_text(h->out, f->below);
            strbuf_add(h->out, "</dd>");
        }
        strbuf_add(h->out, "</div>\n");
    }
    strbuf_add(h->out, "</dl>\n");
    return n;
}

static void put_steps(strbuf *out, const document *d)
{
    if (d->steps == NULL) {
        return;
    }
    strbuf_add(out, "<section class=\"steps\" aria-labelledby=\"steps-title\">"
                    "<h2 id=\"steps-title\">Next</h2><ul>");
    for (const doc_text *s = d->steps; s != NULL; s = s->next) {
        strbuf_add(out, "<li><code>");
        html_text(out, s->text);
        strbuf_add(out, "</code></li>");
    }
    strbuf_add(out, "</ul></section>\n");
}

static void put_made_from(strbuf *out, const char *label, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        strbuf_printf(out, "<div><dt>%s</dt><dd>", label);
        html_text(out, text);
        strbuf_add(out, "</dd></div>");
    }
}

static void put_foot(strbuf *out, const document_head *h)
{
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, h->seed);
    strbuf_add(out, "<footer class=\"made\"><h2>How this was made</h2><dl>");
    put_made_from(out, "Model", h->model_name);
    put_made_from(out, "Model digest", h->model_digest);
    put_made_from(out, "Data digest", h->data_digest);
    put_made_from(out, "Seed", seed);
    put_made_from(out, "Strata", h->version);
    strbuf_add(out, "</dl></footer>\n");
}

void render_html(const document *d, const render_options *options, strbuf *out)
{
    (void)options;
    html h = {.out = out, .doc = d};
    bool contents = count_top_sections(d) > 1;
    put_head(out, d);
    strbuf_add(out, contents ? "<div class=\"page\">\n<nav class=\"contents\" "
                               "aria-label=\"Contents\">"
                             : "<div class=\"page alone\">\n");
    if (contents) {
        put_contents_of(out, &d->root);
        strbuf_add(out, "</nav>\n");
    }
    strbuf_add(out, "<main id=\"content\">\n");
    for (const doc_node *n = d->root.first; n != NULL;) {
        n = put_node(&h, n);
    }
    put_steps(out, d);
    html_origins(out, d);
    strbuf_add(out, "</main>\n</div>\n");
    put_foot(out, &d->head);
    html_put_scripts(out, document_has_charts(d));
    strbuf_add(out, "</body>\n</html>\n");
}
