/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_CSV_H
#define STRATA_SOURCE_TEXT_CSV_H

/* Delimited text to cells: quotes as in RFC 4180 (a quote counts where a field
 * begins; doubled inside), line ends LF, CRLF or CR, and tables aligned with spaces. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/vec.h"
#include "source/text/value.h"
#include "store/column.h"

typedef struct csv_dialect {
    char delimiter; /* ' ': any run of spaces and tabs, also before the first field */
    char quote;     /* 0: none */
    char newline;   /* '\n' (also for CRLF) or '\r' */
} csv_dialect;

/* Finds the delimiter of , ; tab | that gives the first lines the same number of
 * fields, most of all; `delimiter` and `quote` not 0 are taken as given. */
csv_dialect csv_sniff(const char *text, size_t len, char delimiter, char quote);

/* The end of the first record, line end included; SIZE_MAX when it does not end within `len`
 * (with `last`, the end of the text ends it too, unless a quote is open). */
size_t csv_record_end(const csv_dialect *d, const char *text, size_t len, bool last);

/* Cuts text into pieces of whole records of about `step` bytes: ends[i] is where piece i ends.
 * What is behind the last cut is not a whole record. At most `max` pieces. */
size_t csv_cut(const csv_dialect *d, const char *text, size_t len, bool last, size_t step,
               size_t *ends, size_t max);

/* A row that has not as many cells as the heading. */
typedef struct csv_fault {
    int64_t line;
    size_t n_fields; /* SIZE_MAX: a quote is not closed */
} csv_fault;

/* Rows of one piece: cells[row * n_columns + column]; ptr NULL for "". */
typedef struct row_block {
    size_t n_columns, n_rows, cap_rows;
    text_view *cells;
    int64_t *lines; /* of the row's first character; the piece's first line is 0 */
    VEC(csv_fault) faults;
    int64_t n_lines; /* line ends in the piece */
    size_t bytes;    /* of the piece */
    bool ascii;      /* no byte above 127 and no NUL */
    char *unescaped; /* cells that held doubled quotes */
    size_t n_unescaped, cap_unescaped;
} row_block;

void row_block_done(row_block *b);

/* May there be something to trim? Blanks, control characters and no-break spaces (C2 A0). */
static inline bool text_has_blanks(text_view v)
{
    unsigned char first = (unsigned char)v.ptr[0];
    unsigned char last = (unsigned char)v.ptr[v.len - 1];
    return first <= ' ' || last <= ' ' || first == 0xC2 || last == 0xA0;
}

/* A cell without the blanks around it; ptr NULL when nothing is left, or when `cell` is -1. */
static inline text_view row_cell(const row_block *b, size_t row, int cell)
{
    text_view v = {NULL, 0};
    if (cell >= 0) {
        v = b->cells[row * b->n_columns + (size_t)cell];
    }
    if (v.len > 0 && v.ptr != NULL && text_has_blanks(v)) {
        value_trim(&v.ptr, &v.len);
    }
    return v.len == 0 ? (text_view){NULL, 0} : v;
}

/* Splits whole records. `wanted` says per field of the file into which column it goes, -1 for none;
 * rows must have n_fields fields, further ones only when empty. Cells point into `text`
 * or into the block. Empty lines are passed over. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status csv_split(const csv_dialect *d, const char *text, size_t len,
                                          const int *wanted, size_t n_fields, row_block *out,
                                          strata_error *err);
/* The cells of one record, allocated in `a`, trimmed. */
STRATA_MUST_CHECK strata_status csv_fields(const csv_dialect *d, const char *text, size_t len,
                                           arena *a, const char *const **out, size_t *n,
                                           strata_error *err);

#endif
