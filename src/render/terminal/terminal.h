/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_TERMINAL_TERMINAL_H
#define STRATA_RENDER_TERMINAL_TERMINAL_H

#include "render/cell_text.h"

/* Inside the terminal renderer. */
typedef struct terminal {
    strbuf *out;
    const document *doc;
    int width; /* 0: no limit */
    bool wide, color, ascii;
} terminal;

cell_style terminal_style(const terminal *t);
/* Appends the cell as one clean line. */
void terminal_put_cell(strbuf *out, const doc_cell *cell, const cell_style *style);
/* Escape sequences, only where colour was asked for. */
void terminal_switch(const terminal *t, const char *sequence);
/* A line of `n` hyphens or box-drawing dashes. */
void terminal_rule(const terminal *t, int n);
/* A wrapped line of inline Markdown after `mark`, later lines indented to it. */
void terminal_line(const terminal *t, const char *mark, const char *text);

void terminal_table(const terminal *t, const doc_table *table);
/* Adjacent figures from `first` on, side by side; returns the node after them. */
const doc_node *terminal_figures(const terminal *t, const doc_node *first);

#define TERMINAL_BOLD "\x1b[1m"
#define TERMINAL_DIM "\x1b[2m"
#define TERMINAL_PLAIN "\x1b[0m"

#endif
