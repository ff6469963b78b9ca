/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "render/terminal/layout.h"
#include "render/terminal/screen.h"

/* One row of texts about to be printed: a head or the cells of a row. */
typedef struct line_set {
    const table_layout *l;
    strbuf text;   /* all texts, each ended by a NUL */
    size_t *start; /* what is left of each text */
    size_t *end;
} line_set;

static void line_set_done(line_set *s)
{
    strbuf_done(&s->text);
    free(s->start);
    free(s->end);
}
#define LINE_SET_AUTO STRATA_CLEANUP(line_set_done)

static bool line_set_init(line_set *s, const table_layout *l)
{
    *s = (line_set){
        .l = l, .start = STRATA_NEW_ARRAY(l->n, size_t), .end = STRATA_NEW_ARRAY(l->n, size_t)};
    strbuf_init(&s->text, 0);
    return s->start != NULL && s->end != NULL;
}

static bool is_right(const table_layout *l, size_t i)
{
    return cell_type_is_number(l->table->columns[i].type);
}

static size_t last_shown(const table_layout *l)
{
    size_t last = 0;
    for (size_t i = 0; i < l->n; i++) {
        last = l->shown[i] ? i : last;
    }
    return last;
}

/* Prints the next piece of every text, padded; false when nothing was left. */
static bool put_line(const terminal *t, line_set *s, bool keep_blank)
{
    const table_layout *l = s->l;
    const char *all = strbuf_text(&s->text);
    size_t last = last_shown(l);
    size_t began = t->out->len;
    bool any = false;
    int due = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (!l->shown[i]) {
            continue;
        }
        size_t skip = 0;
        size_t left = s->end[i] - s->start[i];
        size_t len = left > 0 ? screen_line(all + s->start[i], left, l->width[i], &skip) : 0;
        int pad = l->width[i] - screen_width(all + s->start[i], len);
        pad = pad > 0 ? pad : 0;
        if (len > 0) {
            due += is_right(l, i) ? pad : 0;
            strbuf_repeat(t->out, ' ', (size_t)due);
            strbuf_add_n(t->out, all + s->start[i], len);
            due = is_right(l, i) ? 0 : pad;
            any = true;
        } else {
            due += l->width[i];
        }
        due += i < last ? COLUMN_GAP : 0;
        s->start[i] += len + skip;
    }
    if (t->out->len > began || keep_blank) {
        strbuf_add_char(t->out, '\n');
    }
    return any;
}

static bool anything_left(const line_set *s)
{
    for (size_t i = 0; i < s->l->n; i++) {
        if (s->l->shown[i] && s->start[i] < s->end[i]) {
            return true;
        }
    }
    return false;
}

static void put_lines(const terminal *t, line_set *s)
{
    strbuf_pass_failure(t->out, &s->text);
    if (s->text.failed != STRATA_OK) {
        return; /* the positions point past what there is */
    }
    bool first = true;
    while (first || anything_left(s)) {
        if (!put_line(t, s, first)) {
            return;
        }
        first = false;
    }
}

static void put_heads(const terminal *t, line_set *s)
{
    const table_layout *l = s->l;
    strbuf clean STRBUF_AUTO;
    strbuf_init(&clean, 0);
    strbuf_clear(&s->text);
    for (size_t i = 0; i < l->n; i++) {
        const char *label = l->table->columns[i].label;
        strbuf_clear(&clean);
        screen_put_clean(&clean, label, strlen(label), t->ascii);
        s->start[i] = s->text.len;
        strbuf_pass_failure(t->out, &clean);
        screen_put_upper(&s->text, strbuf_text(&clean));
        s->end[i] = s->text.len;
    }
    terminal_switch(t, TERMINAL_BOLD);
    put_lines(t, s);
    terminal_switch(t, TERMINAL_PLAIN);
}

static void put_rows(const terminal *t, line_set *s, const doc_row_node *rows)
{
    for (const doc_row_node *row = rows; row != NULL; row = row->next) {
        strbuf_clear(&s->text);
        for (size_t i = 0; i < s->l->n; i++) {
            s->start[i] = s->text.len;
            terminal_put_cell(&s->text, &row->cells[i], &s->l->styles[i]);
            s->end[i] = s->text.len;
        }
        put_lines(t, s);
    }
}

/* "Label  value" lines, one block per row: for screens too narrow for the table. */
static void put_records(const terminal *t, const table_layout *l, const doc_row_node *rows)
{
    for (const doc_row_node *row = rows; row != NULL; row = row->next) {
        for (size_t i = 0; i < l->n; i++) {
            if (!l->shown[i]) {
                continue;
            }
            screen_wrap w SCREEN_WRAP_AUTO;
            strbuf value STRBUF_AUTO;
            screen_wrap_init(&w, t->out, t->width, 0, 2);
            w.ascii = t->ascii;
            strbuf_init(&value, 0);
            terminal_put_cell(&value, &row->cells[i], &l->styles[i]);
            strbuf_pass_failure(t->out, &value);
            const char *label = l->table->columns[i].label;
            screen_wrap_text(&w, label, strlen(label));
            screen_wrap_text(&w, ": ", 2);
            screen_wrap_text(&w, strbuf_text(&value), value.len);
            screen_wrap_end(&w);
        }
        strbuf_add(t->out, row->next != NULL ? "\n" : "");
    }
}

static void put_reasons(const terminal *t, const doc_table *table)
{
    const char *reasons[DOC_REASONS];
    size_t n = doc_table_reasons(table, table->n_shown, reasons);
    for (size_t i = 0; i < n; i++) {
        terminal_line(t, t->ascii ? "- : " : "\xe2\x80\x93 : ", reasons[i]);
    }
}

static void put_below(const terminal *t, const table_layout *l)
{
    terminal_switch(t, TERMINAL_DIM);
    put_reasons(t, l->table);
    if (l->n_left_out > 0) {
        char text[80];
        (void)snprintf(text, sizeof text, "%zu column%s left out, --wide shows %s", l->n_left_out,
                       l->n_left_out == 1 ? "" : "s", l->n_left_out == 1 ? "it" : "them");
        terminal_line(t, "", text);
    }
    for (const doc_text *f = l->table->footnotes; f != NULL; f = f->next) {
        terminal_line(t, "", f->text);
    }
    terminal_switch(t, TERMINAL_PLAIN);
}

void terminal_table(const terminal *t, const doc_table *table)
{
    table_layout l TABLE_LAYOUT_AUTO;
    line_set s LINE_SET_AUTO;
    bool ready = table_layout_init(&l, t, table);
    ready = line_set_init(&s, &l) && ready;
    if (!ready) {
        t->out->failed = STRATA_E_NOMEM;
        return;
    }
    if (table->caption != NULL) {
        terminal_line(t, "", table->caption);
    }
    if (!l.fits) {
        put_records(t, &l, table->rows);
        strbuf_add(t->out, table->totals != NULL ? "\n" : "");
        put_records(t, &l, table->totals);
    } else {
        put_heads(t, &s);
        put_rows(t, &s, table->rows);
        if (table->totals != NULL) {
            terminal_rule(t, table_layout_total(&l));
            put_rows(t, &s, table->totals);
        }
    }
    put_below(t, &l);
}
