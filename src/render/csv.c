/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/csv_text.h"
#include "render/cell_text.h"
#include "render/driver.h"

static void put_cell(strbuf *out, const doc_cell *cell)
{
    if (cell->type == CELL_TEXT) {
        csv_put_text(out, cell->text, strlen(cell->text), CSV_FOR_PEOPLE);
    } else {
        cell_put_raw(out, cell);
    }
}

static void put_table(strbuf *out, const doc_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_add(out, i > 0 ? "," : "");
        csv_put_text(out, t->columns[i].key, strlen(t->columns[i].key), CSV_FOR_PEOPLE);
    }
    strbuf_add(out, "\r\n");
    for (const doc_row_node *row = t->rows; row != NULL; row = row->next) {
        for (size_t i = 0; i < t->n_columns; i++) {
            strbuf_add(out, i > 0 ? "," : "");
            put_cell(out, &row->cells[i]);
        }
        strbuf_add(out, "\r\n");
    }
}

/* Which tables are wanted: all of them, or those with one id. */
typedef struct csv_choice {
    const char *table; /* NULL: all */
    bool first;        /* nothing was written yet */
} csv_choice;

static void put_section(strbuf *out, const doc_section *s, csv_choice *choice)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_SECTION) {
            put_section(out, n->as.section, choice);
        } else if (n->kind == NODE_TABLE &&
                   (choice->table == NULL || strcmp(choice->table, n->as.table->id) == 0)) {
            strbuf_add(out, choice->first ? "" : "\r\n");
            choice->first = false;
            put_table(out, n->as.table);
        }
    }
}

void render_csv(const document *d, const render_options *options, strbuf *out)
{
    csv_choice choice = {.table = options->table, .first = true};
    put_section(out, &d->root, &choice);
}
