/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_COLUMN_H
#define STRATA_STORE_COLUMN_H

/* Types of columns, both of results and of tables appended to. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum column_type {
    COLUMN_OTHER,     /* a type the store does not read; cast it in SQL */
    COLUMN_BOOL,      /* BOOLEAN: uint8_t 0 or 1 */
    COLUMN_INT8,      /* TINYINT */
    COLUMN_UINT8,     /* UTINYINT */
    COLUMN_INT32,     /* INTEGER */
    COLUMN_INT64,     /* BIGINT */
    COLUMN_UINT64,    /* UBIGINT */
    COLUMN_DOUBLE,    /* DOUBLE */
    COLUMN_DAY,       /* DATE: int32_t days since 1970-01-01 */
    COLUMN_TIMESTAMP, /* TIMESTAMP: int64_t microseconds since 1970-01-01, UTC */
    COLUMN_TEXT,      /* VARCHAR */
    COLUMN_BLOB       /* BLOB: bytes, as text_view */
} column_type;

/* As SQL writes it: "INTEGER"; "?" for COLUMN_OTHER. */
const char *column_type_name(column_type type);

/* Text (UTF-8) or bytes somewhere in a chunk or an array: not NUL-terminated. ptr NULL: missing. */
typedef struct text_view {
    const char *ptr;
    size_t len;
} text_view;

/* Validity masks are one bit per row, 1 valid; NULL: all rows are. */
static inline bool valid_row(const uint64_t *validity, size_t row)
{
    return validity == NULL || (validity[row / 64] >> (row % 64) & 1) != 0;
}

#endif
