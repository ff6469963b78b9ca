/* SPDX-License-Identifier: Apache-2.0 */
#include "render/terminal/terminal.h"

#include <string.h>

#include "base/number.h"
#include "render/driver.h"
#include "render/terminal/screen.h"

cell_style terminal_style(const terminal *t)
{
    return (cell_style){.currency = t->doc->head.currency,
                        .money = MONEY_SHORT,
                        .ascii = t->ascii,
                        .space = " ",
                        .minus = "-"};
}

void terminal_put_cell(strbuf *out, const doc_cell *cell, const cell_style *style)
{
    if (cell->type == CELL_TEXT) {
        screen_put_clean(out, cell->text, strlen(cell->text), style->ascii);
        return;
    }
    if (!style->ascii) {
        cell_put_text(out, cell, style);
        return;
    }
    strbuf text STRBUF_AUTO; /* a currency sign may be beyond ASCII */
    strbuf_init(&text, 0);
    cell_put_text(&text, cell, style);
    screen_put_clean(out, strbuf_text(&text), text.len, true);
    strbuf_pass_failure(out, &text);
}

void terminal_switch(const terminal *t, const char *sequence)
{
    strbuf_add(t->out, t->color ? sequence : "");
}

void terminal_rule(const terminal *t, int n)
{
    for (int i = 0; i < n; i++) {
        strbuf_add(t->out, t->ascii ? "-" : "\xe2\x94\x80");
    }
    strbuf_add_char(t->out, '\n');
}

void terminal_line(const terminal *t, const char *mark, const char *text)
{
    screen_wrap w SCREEN_WRAP_AUTO;
    int indent = screen_width(mark, strlen(mark));
    strbuf_add(t->out, mark);
    screen_wrap_init(&w, t->out, t->width, indent, indent);
    w.ascii = t->ascii;
    w.color = t->color;
    screen_wrap_inline(&w, text);
    screen_wrap_end(&w);
}

/* Plain words of our own or from the head, wrapped. */
static void put_wrapped(const terminal *t, const char *text, int column)
{
    screen_wrap w SCREEN_WRAP_AUTO;
    screen_wrap_init(&w, t->out, t->width, column, 0);
    w.ascii = t->ascii;
    screen_wrap_text(&w, text, strlen(text));
    screen_wrap_end(&w);
}

/* "acme · as of 2026-06-30 · 5,000 accounts · $61.4M ARR" */
static void head_left(const terminal *t, strbuf *line)
{
    const document_head *h = &t->doc->head;
    const char *dot = t->ascii ? " - " : " \xc2\xb7 ";
    char text[NUMBER_TEXT];
    if (h->portfolio != NULL) {
        screen_put_clean(line, h->portfolio, strlen(h->portfolio), t->ascii);
    }
    if (h->as_of >= DAY_MIN && h->as_of <= DAY_MAX) {
        char date[DAY_TEXT];
        day_format(h->as_of, date);
        strbuf_printf(line, "%sas of %s", line->len > 0 ? dot : "", date);
    }
    if (h->n_accounts >= 0) {
        number_format((double)h->n_accounts, 0, text);
        strbuf_printf(line, "%s%s account%s", line->len > 0 ? dot : "", text,
                      h->n_accounts == 1 ? "" : "s");
    }
    if (h->arr_minor >= 0) {
        doc_cell arr = cell_money(h->arr_minor);
        cell_style style = terminal_style(t);
        strbuf_add(line, line->len > 0 ? dot : "");
        terminal_put_cell(line, &arr, &style);
        strbuf_add(line, " ARR");
    }
}

static void head_right(const terminal *t, strbuf *line)
{
    const document_head *h = &t->doc->head;
    if (h->model_name == NULL || h->model_name[0] == '\0') {
        return;
    }
    strbuf_add(line, "model ");
    screen_put_clean(line, h->model_name, strlen(h->model_name), t->ascii);
    if (h->model_digest != NULL && h->model_digest[0] != '\0') {
        strbuf_add(line, " @ ");
        size_t len = strlen(h->model_digest);
        screen_put_clean(line, h->model_digest, len < 6 ? len : 6, t->ascii);
    }
}

static void put_head(const terminal *t)
{
    strbuf left STRBUF_AUTO;
    strbuf right STRBUF_AUTO;
    strbuf_init(&left, 0);
    strbuf_init(&right, 0);
    head_left(t, &left);
    head_right(t, &right);
    if (left.failed != STRATA_OK || right.failed != STRATA_OK) {
        t->out->failed = STRATA_E_NOMEM;
        return;
    }
    int left_width = screen_width(strbuf_text(&left), left.len);
    int right_width = screen_width(strbuf_text(&right), right.len);
    int room = (t->width > 0 ? t->width : 100) - left_width - right_width;
    terminal_switch(t, TERMINAL_DIM);
    if (right_width > 0 && room >= 3) {
        strbuf_add(t->out, strbuf_text(&left));
        strbuf_repeat(t->out, ' ', (size_t)room);
        strbuf_add(t->out, strbuf_text(&right));
        strbuf_add_char(t->out, '\n');
    } else {
        put_wrapped(t, strbuf_text(&left), 0);
        if (right_width > 0) {
            put_wrapped(t, strbuf_text(&right), 0);
        }
    }
    terminal_switch(t, TERMINAL_PLAIN);
}

static void put_title(const terminal *t, const char *title, bool ruled)
{
    if (title == NULL || title[0] == '\0') {
        return;
    }
    strbuf_add_char(t->out, '\n');
    terminal_switch(t, TERMINAL_BOLD);
    put_wrapped(t, title, 0);
    terminal_switch(t, TERMINAL_PLAIN);
    if (ruled) {
        int n = screen_width(title, strlen(title));
        terminal_rule(t, t->width > 0 && n > t->width ? t->width : n);
    }
}

static void put_note(const terminal *t, const doc_node *n)
{
    bool warning = strcmp(n->note_kind, "warning") == 0;
    terminal_switch(t, warning ? "\x1b[33m" : TERMINAL_DIM);
    strbuf_add(t->out, warning                                ? "warning: "
                       : strcmp(n->note_kind, "missing") == 0 ? "not shown: "
                                                              : "note: ");
    terminal_switch(t, TERMINAL_PLAIN);
    screen_wrap w SCREEN_WRAP_AUTO;
    int column = warning ? 9 : strcmp(n->note_kind, "missing") == 0 ? 11 : 6;
    screen_wrap_init(&w, t->out, t->width, column, 2);
    w.ascii = t->ascii;
    w.color = t->color;
    screen_wrap_inline(&w, n->text);
    screen_wrap_end(&w);
}

static void put_section(const terminal *t, const doc_section *s);

/* Writes a node, or a run of nodes that stand together; returns the one after. */
static const doc_node *put_node(const terminal *t, const doc_node *n)
{
    switch (n->kind) {
    case NODE_SECTION:
        put_section(t, n->as.section);
        break;
    case NODE_PARAGRAPH:
        strbuf_add_char(t->out, '\n');
        terminal_line(t, "", n->text);
        break;
    case NODE_BULLET:
        strbuf_add_char(t->out, '\n');
        for (;; n = n->next) {
            terminal_line(t, t->ascii ? "- " : "\xe2\x80\xa2 ", n->text);
            if (n->next == NULL || n->next->kind != NODE_BULLET) {
                break;
            }
        }
        break;
    case NODE_NOTE:
        strbuf_add_char(t->out, '\n');
        put_note(t, n);
        break;
    case NODE_FIGURE:
        return terminal_figures(t, n);
    case NODE_TABLE:
        strbuf_add_char(t->out, '\n');
        terminal_table(t, n->as.table);
        break;
    case NODE_CHART:
        break;
    }
    return n->next;
}

static void put_section(const terminal *t, const doc_section *s)
{
    put_title(t, s->title, s->depth == 1);
    for (const doc_node *n = s->first; n != NULL;) {
        n = put_node(t, n);
    }
}

static void put_steps(const terminal *t)
{
    if (t->doc->steps == NULL) {
        return;
    }
    strbuf_add(t->out, "\nnext: ");
    screen_wrap w SCREEN_WRAP_AUTO;
    screen_wrap_init(&w, t->out, t->width, 6, 6);
    w.ascii = t->ascii;
    for (const doc_text *s = t->doc->steps; s != NULL; s = s->next) {
        if (s != t->doc->steps) {
            const char *dot = t->ascii ? " - " : " \xc2\xb7 ";
            screen_wrap_text(&w, dot, strlen(dot));
        }
        screen_wrap_text(&w, s->text, strlen(s->text));
    }
    screen_wrap_end(&w);
}

void render_terminal(const document *d, const render_options *options, strbuf *out)
{
    terminal t = {.out = out,
                  .doc = d,
                  .width = options->width,
                  .wide = options->wide,
                  .color = options->color,
                  .ascii = options->ascii};
    put_head(&t);
    put_title(&t, d->head.title, false);
    put_section(&t, &d->root);
    put_steps(&t);
}
