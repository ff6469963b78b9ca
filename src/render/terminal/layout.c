/* SPDX-License-Identifier: Apache-2.0 */
#include "render/terminal/layout.h"

#include <stdlib.h>
#include <string.h>

#include "render/terminal/screen.h"

/* Text columns keep this much before others are left out, and this much at the very least. */
enum { TEXT_COMFORT = 24, TEXT_LEAST = 8, HEAD_LEAST = 10 };

static int longest_word(const char *text)
{
    int longest = 0;
    while (*text != '\0') {
        text += strspn(text, " ");
        size_t len = strcspn(text, " ");
        int width = screen_width(text, len);
        longest = width > longest ? width : longest;
        text += len;
    }
    return longest;
}

/* Heads wider than their figures break between words. */
static int head_width(const doc_column *c, int cells)
{
    int whole = screen_width(c->label, strlen(c->label));
    int word = longest_word(c->label);
    int room = cells > HEAD_LEAST ? cells : HEAD_LEAST;
    return whole <= room ? whole : word > room ? word : room;
}

static void measure_rows(table_layout *l, const terminal *t, const doc_row_node *rows)
{
    strbuf text STRBUF_AUTO;
    strbuf_init(&text, 0);
    for (const doc_row_node *row = rows; row != NULL; row = row->next) {
        for (size_t i = 0; i < l->n; i++) {
            strbuf_clear(&text);
            terminal_put_cell(&text, &row->cells[i], &l->styles[i]);
            strbuf_pass_failure(t->out, &text);
            int width = screen_width(strbuf_text(&text), text.len);
            l->natural[i] = width > l->natural[i] ? width : l->natural[i];
        }
    }
}

static void measure(table_layout *l, const terminal *t)
{
    const doc_table *table = l->table;
    for (size_t i = 0; i < l->n; i++) {
        l->styles[i] = terminal_style(t);
        l->styles[i].decimals = table->columns[i].decimals;
        l->styles[i].bare_share = column_says_percent(&table->columns[i]);
    }
    measure_rows(l, t, table->rows);
    measure_rows(l, t, table->totals);
    for (size_t i = 0; i < l->n; i++) {
        const doc_column *c = &table->columns[i];
        int head = head_width(c, l->natural[i]);
        bool text = c->type == CELL_TEXT;
        l->natural[i] = head > l->natural[i] ? head : l->natural[i];
        l->least[i] = text && l->natural[i] > TEXT_LEAST ? TEXT_LEAST : l->natural[i];
    }
}

int table_layout_total(const table_layout *l)
{
    int total = 0;
    bool first = true;
    for (size_t i = 0; i < l->n; i++) {
        if (l->shown[i]) {
            total += l->width[i] + (first ? 0 : COLUMN_GAP);
            first = false;
        }
    }
    return total;
}

/* Takes from the widest text column, a column of screen at a time, down to `floor`. */
static bool squeeze(table_layout *l, int limit, int floor)
{
    for (int over = table_layout_total(l) - limit; over > 0; over--) {
        size_t widest = l->n;
        for (size_t i = 0; i < l->n; i++) {
            int least = l->least[i] > floor ? l->least[i] : floor;
            if (l->shown[i] && l->table->columns[i].type == CELL_TEXT && l->width[i] > least &&
                (widest == l->n || l->width[i] > l->width[widest])) {
                widest = i;
            }
        }
        if (widest == l->n) {
            return false;
        }
        l->width[widest]--;
    }
    return true;
}

static bool leave_one_out(table_layout *l)
{
    size_t least = l->n;
    int priority = 1;
    for (size_t i = 0; i < l->n; i++) {
        if (l->shown[i] && l->table->columns[i].priority >= priority) {
            priority = l->table->columns[i].priority;
            least = i;
        }
    }
    if (least == l->n) {
        return false;
    }
    l->shown[least] = false;
    l->n_left_out++;
    return true;
}

static void lay_out(table_layout *l, const terminal *t)
{
    for (size_t i = 0; i < l->n; i++) {
        l->shown[i] = true;
    }
    l->fits = true;
    int floor = TEXT_COMFORT;
    for (;;) {
        memcpy(l->width, l->natural, l->n * sizeof *l->width);
        if (t->width <= 0 || t->wide || squeeze(l, t->width, floor)) {
            return;
        }
        if (!leave_one_out(l)) {
            if (floor == 0) {
                l->fits = false;
                return;
            }
            floor = 0;
        }
    }
}

bool table_layout_init(table_layout *l, const terminal *t, const doc_table *table)
{
    size_t n = table->n_shown;
    *l = (table_layout){.table = table,
                        .n = n,
                        .natural = STRATA_NEW_ARRAY(n, int),
                        .least = STRATA_NEW_ARRAY(n, int),
                        .width = STRATA_NEW_ARRAY(n, int),
                        .shown = STRATA_NEW_ARRAY(n, bool),
                        .styles = STRATA_NEW_ARRAY(n, cell_style)};
    if (l->natural == NULL || l->least == NULL || l->width == NULL || l->shown == NULL ||
        l->styles == NULL) {
        return false;
    }
    measure(l, t);
    lay_out(l, t);
    return true;
}

void table_layout_done(table_layout *l)
{
    free(l->natural);
    free(l->least);
    free(l->width);
    free(l->shown);
    free(l->styles);
}
