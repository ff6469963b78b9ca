/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_HTML_HTML_H
#define STRATA_RENDER_HTML_HTML_H

/* Inside the HTML renderer. */

#include "render/cell_text.h"

typedef struct html {
    strbuf *out;
    const document *doc;
    int n_tables, n_charts; /* written so far; they number elements */
} html;

/* Text as text: marks of HTML become entities, control characters U+FFFD. */
void html_text(strbuf *out, const char *text);
void html_text_n(strbuf *out, const char *text, size_t len);
/* Inline Markdown. */
void html_inline(strbuf *out, const char *text);
/* A value as people read it, escaped; a series as a small drawing. */
void html_cell(strbuf *out, const doc_cell *cell, const cell_style *style);
cell_style html_style(const document *d);
/* Opens what makes a figure a door to its definition, when it has one; close with the same id. */
void html_open_origin(strbuf *out, const document *d, int provenance);
void html_close_origin(strbuf *out, const document *d, int provenance);

void html_table(html *h, const doc_table *t);
/* Adjacent figures from `first` on as one row; returns the node after them. */
const doc_node *html_figures(html *h, const doc_node *first);
void html_chart(html *h, const doc_chart_node *c);
/* Where figures come from: opened from the figures, printed as a list. */
void html_origins(strbuf *out, const document *d);

/* Style and scripts of the page, from the files built in; `charts` adds the chart runtime. */
void html_put_style(strbuf *out);
void html_put_scripts(strbuf *out, bool charts);

#endif
