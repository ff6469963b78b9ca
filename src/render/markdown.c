/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/number.h"
#include "render/cell_text.h"
#include "render/driver.h"
#include "render/inline.h"
#include "render/terminal/screen.h"

/* Characters that GitHub's Markdown would read as marks, as text. "&" and "<"
 * become entities, since a backslash does not stop raw HTML everywhere. */
static void put_escaped(strbuf *out, const char *text, size_t len)
{
    strbuf clean STRBUF_AUTO;
    strbuf_init(&clean, 0);
    screen_put_clean(&clean, text, len, false);
    for (const char *c = strbuf_text(&clean); *c != '\0'; c++) {
        if (*c == '&') {
            strbuf_add(out, "&amp;");
        } else if (*c == '<') {
            strbuf_add(out, "&lt;");
        } else if (*c == '>') {
            strbuf_add(out, "&gt;");
        } else {
            strbuf_add(out, strchr("\\`*_[]|~#$", *c) != NULL ? "\\" : "");
            strbuf_add_char(out, *c);
        }
    }
    strbuf_pass_failure(out, &clean);
}

/* A word at the start of a line that would open a list or a quote ("1.", "-", "+"). */
static void put_line_start(strbuf *out, const char *text, size_t *used)
{
    size_t digits = strspn(text, "0123456789");
    *used = 0;
    if (digits > 0 && (text[digits] == '.' || text[digits] == ')')) {
        strbuf_add_n(out, text, digits);
        strbuf_add_char(out, '\\');
        strbuf_add_char(out, text[digits]);
        *used = digits + 1;
    } else if (text[0] == '-' || text[0] == '+' || text[0] == '=') {
        strbuf_add_char(out, '\\');
        strbuf_add_char(out, text[0]);
        *used = 1;
    }
}

/* The text of a code span; a table cell ends at a bare pipe even in code. */
static void put_code(strbuf *out, const char *text, size_t len)
{
    strbuf clean STRBUF_AUTO;
    strbuf_init(&clean, 0);
    screen_put_clean(&clean, text, len, false);
    for (const char *c = strbuf_text(&clean); *c != '\0'; c++) {
        strbuf_add(out, *c == '|' ? "\\" : "");
        strbuf_add_n(out, *c == '`' ? "'" : c, 1);
    }
    strbuf_pass_failure(out, &clean);
}

/* Closes and opens marks where the style changes from one piece to the next. */
static void put_marks(strbuf *out, const inline_piece *was, const inline_piece *now)
{
    bool link = was->href != now->href;
    bool outer = link || was->bold != now->bold || was->emphasis != now->emphasis;
    bool code = outer || was->code != now->code;
    strbuf_add(out, code && was->code ? "`" : "");
    strbuf_add(out, outer && was->emphasis ? "*" : "");
    strbuf_add(out, outer && was->bold ? "**" : "");
    if (link && was->href != NULL) {
        strbuf_add(out, "](");
        strbuf_add_n(out, was->href, was->href_len);
        strbuf_add_char(out, ')');
    }
    strbuf_add(out, link && now->href != NULL ? "[" : "");
    strbuf_add(out, outer && now->bold ? "**" : "");
    strbuf_add(out, outer && now->emphasis ? "*" : "");
    strbuf_add(out, code && now->code ? "`" : "");
}

static void put_inline(strbuf *out, const char *text)
{
    inline_reader reader = {.at = text};
    inline_piece was = {0};
    inline_piece p = {0};
    for (bool first = true; inline_next(&reader, &p); first = false, was = p) {
        size_t used = 0;
        put_marks(out, &was, &p);
        if (p.code) {
            put_code(out, p.text, p.len);
            continue;
        }
        if (first) {
            put_line_start(out, p.text, &used);
            used = used > p.len ? p.len : used;
        }
        put_escaped(out, p.text + used, p.len - used);
    }
    put_marks(out, &was, &(inline_piece){0});
}

static void put_plain(strbuf *out, const char *text)
{
    size_t used;
    put_line_start(out, text, &used);
    put_escaped(out, text + used, strlen(text) - used);
}

static cell_style style_of(const document *d, const doc_table *t, size_t column)
{
    return (cell_style){.currency = d->head.currency,
                        .money = column_money_style(t, column),
                        .decimals = t->columns[column].decimals,
                        .bare_share = column_says_percent(&t->columns[column]),
                        .space = " ",
                        .minus = "-"};
}

static void put_cell(strbuf *out, const doc_cell *cell, const cell_style *style, bool bold)
{
    strbuf_add(out, bold ? "**" : "");
    if (cell->type == CELL_TEXT) {
        put_escaped(out, cell->text, strlen(cell->text));
    } else {
        cell_put_text(out, cell, style);
    }
    strbuf_add(out, bold ? "**" : "");
}

static void put_rows(strbuf *out, const doc_table *t, const cell_style *styles,
                     const doc_row_node *rows, bool bold, size_t most)
{
    size_t n = 0;
    for (const doc_row_node *row = rows; row != NULL && (most == 0 || n < most);
         row = row->next, n++) {
        strbuf_add_char(out, '|');
        for (size_t i = 0; i < t->n_shown; i++) {
            const doc_cell *cell = &row->cells[i];
            bool blank = cell->type == CELL_TEXT && cell->text[strspn(cell->text, " ")] == '\0';
            strbuf_add_char(out, ' ');
            put_cell(out, cell, &styles[i], bold && !blank);
            strbuf_add(out, " |");
        }
        strbuf_add_char(out, '\n');
    }
}

/* Says how many rows were left out. */
static void put_rest(strbuf *out, const doc_table *t, size_t most)
{
    if (most > 0 && t->n_rows > most) {
        char number[NUMBER_TEXT];
        number_format((double)(t->n_rows - most), 0, number);
        strbuf_printf(out, "\n%s more row%s in table ", number, t->n_rows - most == 1 ? "" : "s");
        put_escaped(out, t->id, strlen(t->id));
        strbuf_add(out, ".\n");
    }
}

static void put_table(strbuf *out, const document *d, const doc_table *t, size_t most)
{
    STRATA_AUTO_FREE cell_style *styles = STRATA_NEW_ARRAY(t->n_shown, cell_style);
    if (styles == NULL) {
        out->failed = STRATA_E_NOMEM;
        return;
    }
    if (t->caption != NULL) {
        put_inline(out, t->caption);
        strbuf_add(out, "\n\n");
    }
    strbuf_add_char(out, '|');
    for (size_t i = 0; i < t->n_shown; i++) {
        styles[i] = style_of(d, t, i);
        strbuf_add_char(out, ' ');
        put_escaped(out, t->columns[i].label, strlen(t->columns[i].label));
        strbuf_add(out, " |");
    }
    strbuf_add(out, "\n|");
    for (size_t i = 0; i < t->n_shown; i++) {
        strbuf_add(out, cell_type_is_number(t->columns[i].type) ? " ---: |" : " :--- |");
    }
    strbuf_add_char(out, '\n');
    put_rows(out, t, styles, t->rows, false, most);
    put_rows(out, t, styles, t->totals, true, 0);
    put_rest(out, t, most);
    for (const doc_text *f = t->footnotes; f != NULL; f = f->next) {
        strbuf_add_char(out, '\n');
        put_inline(out, f->text);
        strbuf_add_char(out, '\n');
    }
}

static void put_figure(strbuf *out, const document *d, const doc_figure_node *f)
{
    cell_style style = {.currency = d->head.currency,
                        .money = MONEY_SHORT,
                        .decimals = 1,
                        .space = " ",
                        .minus = "-"};
    strbuf_add(out, "- ");
    put_plain(out, f->label);
    strbuf_add(out, ": ");
    if (f->value.type == CELL_EMPTY && f->value.text != NULL) {
        put_escaped(out, f->value.text, strlen(f->value.text));
    } else {
        put_cell(out, &f->value, &style, true);
    }
    if (f->below != NULL) {
        strbuf_add(out, " (");
        put_escaped(out, f->below, strlen(f->below));
        strbuf_add(out, ")");
    }
    strbuf_add_char(out, '\n');
}

static void put_note(strbuf *out, const doc_node *n)
{
    const char *label = strcmp(n->note_kind, "warning") == 0   ? "Warning: "
                        : strcmp(n->note_kind, "missing") == 0 ? "Not shown: "
                                                               : "Note: ";
    strbuf_add(out, "> ");
    strbuf_add(out, label);
    put_inline(out, n->text);
    strbuf_add_char(out, '\n');
}

static void put_title(strbuf *out, const char *title, int depth)
{
    if (title == NULL || title[0] == '\0') {
        return;
    }
    strbuf_repeat(out, '#', (size_t)(depth < 6 ? depth : 6));
    strbuf_add_char(out, ' ');
    put_escaped(out, title, strlen(title));
    strbuf_add(out, "\n");
}

static void put_section(strbuf *out, const document *d, const doc_section *s, size_t most)
{
    const doc_node *before = NULL;
    for (const doc_node *n = s->first; n != NULL; before = n, n = n->next) {
        /* Bullets and figures are lists: no blank line within. */
        bool joins = before != NULL && before->kind == n->kind &&
                     (n->kind == NODE_BULLET || n->kind == NODE_FIGURE);
        strbuf_add(out, joins || n->kind == NODE_CHART ? "" : "\n");
        switch (n->kind) {
        case NODE_SECTION:
            put_title(out, n->as.section->title, n->as.section->depth + 1);
            put_section(out, d, n->as.section, most);
            break;
        case NODE_PARAGRAPH:
            put_inline(out, n->text);
            strbuf_add_char(out, '\n');
            break;
        case NODE_BULLET:
            strbuf_add(out, "- ");
            put_inline(out, n->text);
            strbuf_add_char(out, '\n');
            break;
        case NODE_NOTE:
            put_note(out, n);
            break;
        case NODE_FIGURE:
            put_figure(out, d, n->as.figure);
            break;
        case NODE_TABLE:
            put_table(out, d, n->as.table, most);
            break;
        case NODE_CHART:
            break;
        }
    }
}

static void put_head_item(strbuf *out, const char *label, const char *value, bool *first)
{
    if (value != NULL && value[0] != '\0') {
        strbuf_add(out, *first ? "" : " \xc2\xb7 ");
        strbuf_add(out, label);
        put_escaped(out, value, strlen(value));
        *first = false;
    }
}

static void put_head(strbuf *out, const document_head *h)
{
    char text[NUMBER_TEXT + 16];
    char date[DAY_TEXT] = "";
    bool first = true;
    put_title(out, h->title, 1);
    strbuf_add(out, h->title != NULL && h->title[0] != '\0' ? "\n" : "");
    put_head_item(out, "", h->portfolio, &first);
    if (h->as_of >= DAY_MIN && h->as_of <= DAY_MAX) {
        day_format(h->as_of, date);
        put_head_item(out, "as of ", date, &first);
    }
    if (h->n_accounts >= 0) {
        char number[NUMBER_TEXT];
        number_format((double)h->n_accounts, 0, number);
        (void)snprintf(text, sizeof text, "%s account%s", number, h->n_accounts == 1 ? "" : "s");
        put_head_item(out, "", text, &first);
    }
    if (h->arr_minor >= 0) {
        char money[NUMBER_TEXT];
        number_format_money_short(h->arr_minor, h->currency, money);
        (void)snprintf(text, sizeof text, "%s ARR", money);
        put_head_item(out, "", text, &first);
    }
    put_head_item(out, "model ", h->model_name, &first);
    if (h->model_digest != NULL && h->model_name != NULL) {
        strbuf_add(out, " @ ");
        put_escaped(out, h->model_digest, strlen(h->model_digest));
    }
    strbuf_add_char(out, '\n');
}

void render_markdown(const document *d, const render_options *options, strbuf *out)
{
    put_head(out, &d->head);
    put_section(out, d, &d->root, options->rows);
    if (d->steps != NULL) {
        strbuf_add(out, "\nNext:\n\n");
    }
    for (const doc_text *s = d->steps; s != NULL; s = s->next) {
        strbuf_add(out, "- `");
        put_code(out, s->text, strlen(s->text));
        strbuf_add(out, "`\n");
    }
}
