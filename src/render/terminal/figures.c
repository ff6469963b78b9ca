/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "render/terminal/screen.h"
#include "render/terminal/terminal.h"

enum { FIGURE_LINES = 3, FIGURE_GAP = 4 };

/* A line of a figure: its label, its value or the small text below; never wider than the screen. */
static void figure_line(const terminal *t, const doc_figure_node *f, int line, strbuf *out)
{
    cell_style style = terminal_style(t);
    style.decimals = 1;
    const char *text = line == 0 ? f->label : line == 2 ? f->below : NULL;
    if (line == 1 && f->value.type == CELL_EMPTY && f->value.text != NULL) {
        text = f->value.text;
    }
    if (text != NULL) {
        screen_put_clean(out, text, strlen(text), t->ascii);
    } else if (line == 1) {
        terminal_put_cell(out, &f->value, &style);
    }
    size_t skip;
    if (t->width > 0 && screen_width(strbuf_text(out), out->len) > t->width) {
        out->len = screen_line(strbuf_text(out), out->len, t->width, &skip);
        out->text[out->len] = '\0';
    }
    strbuf_pass_failure(t->out, out);
}

static int figure_width(const terminal *t, const doc_figure_node *f)
{
    int widest = 0;
    for (int line = 0; line < FIGURE_LINES; line++) {
        strbuf text STRBUF_AUTO;
        strbuf_init(&text, 0);
        figure_line(t, f, line, &text);
        int width = screen_width(strbuf_text(&text), text.len);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The figures from `first` up to `end` in three lines. */
static void put_row(const terminal *t, const doc_node *first, const doc_node *end)
{
    for (int line = 0; line < FIGURE_LINES; line++) {
        size_t start = t->out->len;
        int due = 0;
        for (const doc_node *n = first; n != end; n = n->next) {
            strbuf text STRBUF_AUTO;
            strbuf_init(&text, 0);
            figure_line(t, n->as.figure, line, &text);
            if (text.len > 0) {
                strbuf_repeat(t->out, ' ', (size_t)due);
                terminal_switch(t, line == 1 ? TERMINAL_BOLD : TERMINAL_DIM);
                strbuf_add(t->out, strbuf_text(&text));
                terminal_switch(t, TERMINAL_PLAIN);
                due = 0;
            }
            due += figure_width(t, n->as.figure) + FIGURE_GAP -
                   screen_width(strbuf_text(&text), text.len);
        }
        if (t->out->len > start || line < FIGURE_LINES - 1) {
            strbuf_add_char(t->out, '\n');
        }
    }
}

const doc_node *terminal_figures(const terminal *t, const doc_node *first)
{
    const doc_node *n = first;
    while (n != NULL && n->kind == NODE_FIGURE) {
        const doc_node *start = n;
        int used = 0;
        while (n != NULL && n->kind == NODE_FIGURE) {
            int width = figure_width(t, n->as.figure);
            if (n != start && t->width > 0 && used + FIGURE_GAP + width > t->width) {
                break;
            }
            used += width + (n != start ? FIGURE_GAP : 0);
            n = n->next;
        }
        strbuf_add_char(t->out, '\n');
        put_row(t, start, n);
    }
    return n;
}
