/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_PARSE_H
#define STRATA_SOURCE_TEXT_PARSE_H

/* Rows of text to typed rows of a table, or to a reason why not. Pieces are parsed
 * on several threads; only dictionaries are shared for writing. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/vec.h"
#include "source/dict.h"
#include "source/plan.h"
#include "source/text/csv.h"
#include "source/text/value.h"
#include "store/append.h"

enum {
    REJECT_VALUE = 80,     /* bytes kept of a refused value */
    REJECTS_PER_PIECE = 64 /* kept with their reasons; all are counted */
};

typedef struct reject {
    int64_t line;            /* from 1 */
    int32_t column;          /* of the file, from 1; 0: the row as a whole */
    const char *column_name; /* heading; NULL: the row as a whole */
    const char *reason;
    char value[REJECT_VALUE];
} reject;

/* Names of accounts and what they stand for, after merges and rolling up. */
typedef struct account_map {
    dict *ids;
    const int32_t *number; /* by code in ids; DICT_NONE: known, but not loaded */
    const double *rate;    /* by account number: what one unit of its currency is worth; NULL: 1 */
} account_map;

/* One unit of a currency in the reporting currency. */
typedef struct currency_rate {
    const char *currency;
    double value;
} currency_rate;

/* What a table's rows are looked up in. */
typedef struct lookups {
    const account_map *accounts; /* accounts->number NULL: ids are only gathered, and added */
    const account_map *via;      /* not NULL: account_id holds ids of another table */
    dict *features, *users;      /* new names are added */
    const currency_rate *rates;  /* the reporting currency among them */
    size_t n_rates;
    const value_style *styles; /* by field */
    double months;             /* that amounts cover, when the file does not say */
    int kind;                  /* of survey answers and opportunities that do not say; -1 */
} lookups;

typedef struct parsed {
    size_t n_rows, cap_rows, n_fields;
    int64_t *lines;    /* of the row; the piece's first line is 0 */
    void **columns;    /* by field: int32_t, double or text_view (parse_column_type) */
    text_view *extras; /* accounts: extras[row * n_extras + i] */
    size_t n_extras;
    text_view *
        *names;     /* by field: what becomes a code once the row is known to be kept, else NULL */
    text_view *ids; /* of accounts, by row of the block */
    int32_t *codes; /* of ids */
    VEC(reject) rejects; /* the first; lines count from 0 within the piece */
    size_t n_read, n_rejected, n_unknown_accounts, n_left_out;
    char currency[16];  /* one without a rate; "" none */
    unsigned *evidence; /* by field */
    arena *texts;       /* of converted cells */
} parsed;

/* COLUMN_DAY (int32_t, DAY_MISSING is missing), COLUMN_DOUBLE (NaN) or COLUMN_TEXT. */
column_type parse_column_type(field_kind kind);

STRATA_MUST_CHECK strata_status parsed_init(parsed *out, const plan *p, strata_error *err);
void parsed_done(parsed *r);

/* Parses a split piece; names that its rows bring are added to the dictionaries. STRATA_E_NOMEM,
 * STRATA_E_DATA when there are too many names. */
STRATA_MUST_CHECK strata_status parse_rows(const plan *p, const lookups *l, const row_block *rows,
                                           parsed *out, strata_error *err);

#endif
