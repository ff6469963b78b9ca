/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_TERMINAL_LAYOUT_H
#define STRATA_RENDER_TERMINAL_LAYOUT_H

#include "render/terminal/terminal.h"

enum { COLUMN_GAP = 2 };

/* How wide each column of a table is on this screen. */
typedef struct table_layout {
    const doc_table *table;
    size_t n;
    int *natural; /* what the widest cell and the head want */
    int *least;   /* what a column can be squeezed to: text wraps, numbers do not */
    int *width;   /* as laid out */
    bool *shown;
    cell_style *styles;
    size_t n_left_out;
    bool fits; /* false: print records instead */
} table_layout;

/* Measures the table and lays it out: text columns are squeezed first, then the
 * columns of highest priority number leave, the last of equals first. Frees with
 * table_layout_done(). false when memory ran out. */
bool table_layout_init(table_layout *l, const terminal *t, const doc_table *table);
void table_layout_done(table_layout *l);
#define TABLE_LAYOUT_AUTO STRATA_CLEANUP(table_layout_done)

/* Columns of screen all shown columns take together. */
int table_layout_total(const table_layout *l);

#endif
