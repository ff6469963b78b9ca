/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are some table or a refusal: cutting a text into pieces and splitting the pieces gives
 * the rows of the whole, and every cell is a value, empty or bad. What reads as a date or a number
 * is one. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/fields.h"
#include "source/text/csv.h"
#include "source/text/encoding.h"
#include "source/text/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { COLUMNS = 3, MAX_PIECES = 64 };

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_value(text_view v)
{
    const value_style styles[] = {{0},
                                  {.order = DATE_DAY_FIRST, .decimal = DECIMAL_COMMA},
                                  {.order = DATE_MONTH_FIRST, .decimal = DECIMAL_MIXED}};
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        unsigned evidence = 0;
        const char *why = NULL;
        day d = DAY_MISSING;
        double x = NAN;
        bool yes;
        value_style settled;
        cell_status st = value_day(v.ptr, v.len, &styles[i], &evidence, &d, &why);
        check(st != CELL_OK || (d >= DAY_MIN && d <= DAY_MAX));
        check(st != CELL_BAD || why != NULL);
        st = value_number(v.ptr, v.len, &styles[i], &evidence, &x, &why);
        check(st != CELL_OK || isfinite(x));
        check(st != CELL_BAD || why != NULL);
        (void)value_bool(v.ptr, v.len, &yes, &why);
        (void)value_settle(evidence, &styles[i], &settled);
    }
    check(encoding_cut(v, 10) <= 10);
    for (int kind = FIELD_PERIOD; kind <= FIELD_STAGE; kind++) {
        (void)field_word((field_kind)kind, v);
    }
}

static size_t rows_in(const csv_dialect *d, const char *text, size_t len, bool look)
{
    static const int wanted[COLUMNS] = {2, 1, 0};
    row_block b = {.n_columns = COLUMNS};
    strata_error err;
    check(csv_split(d, text, len, wanted, COLUMNS, &b, &err) == STRATA_OK);
    for (size_t i = 0; look && i < b.n_rows * COLUMNS; i++) {
        if (b.cells[i].ptr != NULL) {
            check_value(b.cells[i]);
        }
    }
    size_t rows = b.n_rows + b.faults.n;
    row_block_done(&b);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len == 0) {
        return 0;
    }
    /* A copy of its own, so that the address sanitizer sees every step beyond the end. */
    char *text = malloc(len);
    check(text != NULL);
    memcpy(text, bytes, len);
    csv_dialect d = csv_sniff(text, len, 0, 0);
    size_t ends[MAX_PIECES];
    size_t whole = csv_cut(&d, text, len, true, len + 1, ends, MAX_PIECES);
    size_t until = whole == 0 ? 0 : ends[whole - 1];
    size_t rows = rows_in(&d, text, until, true);
    size_t n = csv_cut(&d, text, until, true, 1 + until / 7, ends, MAX_PIECES);
    size_t in_pieces = 0;
    size_t begin = 0;
    for (size_t i = 0; i < n; i++) {
        in_pieces += rows_in(&d, text + begin, ends[i] - begin, false);
        begin = ends[i];
    }
    check(begin == until && in_pieces == rows);
    check_value((text_view){text, len});
    free(text);
    return 0;
}
