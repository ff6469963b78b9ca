/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_ROWS_CHOOSE_H
#define STRATA_RENDER_JSON_ROWS_CHOOSE_H

/* Some of the rows of a table, in another order; and how many have which value. */

#include "render/json/rows.h"

enum { ROWS_ONLY_MAX = 4 };

typedef struct rows_choice {
    const char *order; /* key of a column, "-" before it: from the greatest; NULL: as they come */
    const char *find;  /* text that one of its cells has; NULL: all rows */
    struct {
        const char *column, *value;
    } only[ROWS_ONLY_MAX]; /* rows whose cell is exactly that: text, or a number as it is written */
    size_t n_only;
} rows_choice;

typedef VEC(size_t) row_places;

/* The places of the rows that have the values and the text, whatever its case and accents, in the
 * order asked for: numbers by their value, texts by their letters and the numbers in them, missing
 * values last in either direction, equal ones as they come. `out` is empty before; freed with
 * vec_free(). STRATA_E_USAGE for a column that is not there. */
STRATA_MUST_CHECK strata_status json_rows_choose(const json_rows *r, const rows_choice *c,
                                                 row_places *out, strata_error *err);

/* Appends [[value, rows], ...] of a column, the most frequent first, at most `most` of them, and
 * stores in `n` how many values there are. STRATA_E_USAGE for a column that is not there. */
STRATA_MUST_CHECK strata_status json_rows_count(const json_rows *r, const char *column, size_t most,
                                                size_t *n, strbuf *out, strata_error *err);

#endif
