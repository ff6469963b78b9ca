/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_SPEC_H
#define STRATA_SOURCE_LEDGER_SPEC_H

/* The columns of each ledger as a sweep reads them, and arrays of a block's rows. */

#include <strata/error.h>

#include "panel/ledger.h"
#include "store/column.h"

enum { LEDGER_COLUMNS = 5 };

/* What a missing value becomes. */
typedef enum missing { NEVER, AS_DAY, AS_CODE, AS_NAN, AS_DAY_MIN, AS_ZERO } missing;

/* `least` and `most`, once missing ones are replaced, only of what is packed. */
typedef struct ledger_column {
    column_type type; /* COLUMN_UINT8, INT8, INT32, INT64 or DOUBLE */
    missing missing;
    int64_t least, most;
} ledger_column;

/* Columns behind the account. */
typedef struct ledger_spec {
    entity entity;
    const char *sql;         /* yields the account and these columns for accounts $first .. $last */
    const char *pages;       /* the same of the packed ledger; NULL: it is not packed */
    const char *page_table;  /* what `pages` reads */
    const char *clear_pages; /* empties it */
    size_t n_columns;
    ledger_column columns[LEDGER_COLUMNS];
} ledger_spec;

enum { LEDGER_SPECS = 11 };
extern const ledger_spec ledger_specs[LEDGER_SPECS];

/* Rows of consecutive accounts: those of the first + i are start[i] .. start[i + 1] - 1. */
typedef struct ledger_arrays {
    uint32_t *start;
    void *columns[LEDGER_COLUMNS];
    size_t n_rows, cap_rows, cap_start;
} ledger_arrays;

/* Bytes of a value. */
size_t ledger_value_size(column_type type);
/* Makes room for so many rows of so many accounts; what is there stays. */
STRATA_MUST_CHECK strata_status ledger_reserve(const ledger_spec *spec, ledger_arrays *a,
                                               size_t rows, size_t accounts, strata_error *err);
void ledger_arrays_free(ledger_arrays *a);

#endif
