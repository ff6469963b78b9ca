/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_XLSX_BLOCK_H
#define STRATA_RENDER_XLSX_BLOCK_H

#include "render/xlsx/plot.h"
#include "render/xlsx/xlsx.h"

/* One chart on the sheet of charts, the figures it draws to the right of it; rows and columns are
 * those of the sheet. */
typedef struct xlsx_block {
    xlsx *x;
    const plot *p;
    lxw_row_t title, head, first, last;
    lxw_col_t first_column; /* of the figures; names of rows stand before it where there are any */
} xlsx_block;

enum { BLOCK_FIGURES = 11 }; /* the column where figures begin */

/* How the figures of a column are written: read off the chart's own texts. */
xlsx_look block_look(const plot *p, size_t column);
/* Draws the chart from the figures; returns its height in pixels, 0 when there is no such chart. */
int xlsx_draw(const xlsx_block *b, const char *alt);

#endif
