/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_APPEND_H
#define STRATA_STORE_APPEND_H

/* Fast writing of many rows, column by column from C arrays. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "store/column.h"
#include "store/store.h"

/* n values of one column. Missing: a 0 bit in `validity`; also NaN in a DOUBLE,
 * DAY_MISSING in a COLUMN_DAY (whose table column may be DATE or INTEGER) and a
 * NULL ptr in a COLUMN_TEXT or COLUMN_BLOB. Text must be UTF-8 (checked). */
typedef struct append_column {
    column_type type;
    const void *data;         /* n values of the C type of `type`; text_view for texts, blobs */
    const uint64_t *validity; /* NULL: see above */
} append_column;

typedef struct appender appender;

/* Rows go to `table` within the connection's transaction, if one is open. */
STRATA_MUST_CHECK strata_status appender_new(store_conn *c, const char *table, appender **out,
                                             strata_error *err);
/* Appends n rows; one entry per column of the table, in its order.
 * STRATA_E_INTERNAL when number or types of columns do not match the table,
 * STRATA_E_DATA for text that is not UTF-8, STRATA_E_CANCELLED when asked to stop. */
STRATA_MUST_CHECK strata_status append_rows(appender *a, const append_column *columns,
                                            size_t n_columns, size_t n_rows, strata_error *err);
/* Hands over what is still buffered; only then is everything in the table.
 * Broken constraints (a NULL where none may be) are reported here or by append_rows. */
STRATA_MUST_CHECK strata_status appender_finish(appender *a, strata_error *err);
/* Drops what was not handed over. NULL is fine. */
void appender_free(appender *a);
STRATA_DEFINE_AUTO(appender, appender_free)

#endif
