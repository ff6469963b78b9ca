/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_CELL_TEXT_H
#define STRATA_RENDER_CELL_TEXT_H

/* One way to write a value for people, one for programs. */

#include "document/tree.h"
#include "render/render.h"

/* How money is written: short ("$18.9M"), rounded to whole units, or with its minor units. */
typedef enum money_style { MONEY_SHORT, MONEY_WHOLE, MONEY_EXACT } money_style;

typedef struct cell_style {
    const char *currency;
    money_style money;
    int decimals;    /* CELL_NUMBER */
    bool bare_share; /* the head says "%" already */
    bool ascii;
    const char *space; /* between number and unit: " " or a narrow no-break space */
    const char *minus; /* "-" or U+2212 */
} cell_style;

/* Appends the value as people read it; CELL_EMPTY as a dash. Text is appended as it is. */
void cell_put_text(strbuf *out, const doc_cell *cell, const cell_style *style);

/* Appends the raw value: money in major units, shares as fractions, dates ISO,
 * yes/no as true/false, a series joined by `;`. Nothing for CELL_EMPTY. */
void cell_put_raw(strbuf *out, const doc_cell *cell);

/* 123450 -> "1234.50". */
void put_money_decimal(strbuf *out, int64_t minor);
/* Shortest decimal that reads back the same; whole numbers without a point. */
void put_number(strbuf *out, double x);
/* ▁▂▃▄▅▆▇█ scaled between the least and the greatest value; a gap for NaN. */
void put_sparkline(strbuf *out, const double *series, size_t n, bool ascii);

bool cell_type_is_number(cell_type type); /* right-aligned */
const char *cell_type_name(cell_type type);
/* Whether a column's label names the unit of a share ("%"), so that cells need not. */
bool column_says_percent(const doc_column *column);
/* MONEY_WHOLE for a column with amounts from 10,000 on, where cents are noise, or without any
 * minor units; else MONEY_EXACT. */
money_style column_money_style(const doc_table *t, size_t column);

#endif
