/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_TABLE_FILE_H
#define STRATA_STORE_TABLE_FILE_H

/* A table with typed columns, filled from C arrays and written to one file: CSV, JSON or Parquet.
 * It is kept in a store of its own in memory, which spills to disk when it has to. */

#include "store/append.h"

typedef enum table_file_type {
    TABLE_FILE_CSV,    /* texts that a spreadsheet would run as formulas get an apostrophe */
    TABLE_FILE_JSON,   /* a list of objects */
    TABLE_FILE_NDJSON, /* an object a line */
    TABLE_FILE_PARQUET,
    TABLE_FILE_TYPE_COUNT
} table_file_type;

const char *table_file_ending(table_file_type type); /* "csv" */
/* By the ending of a file's name; TABLE_FILE_TYPE_COUNT for others. */
table_file_type table_file_type_of(const char *path);

typedef struct table_file_column {
    const char *name; /* whatever it holds; names differ */
    column_type type; /* not COLUMN_OTHER */
} table_file_column;

typedef struct table_file table_file;

/* An empty table; names are copied. `cx` must outlive it. */
STRATA_MUST_CHECK strata_status table_file_new(const context *cx, const table_file_column *columns,
                                               size_t n_columns, table_file **out,
                                               strata_error *err);
void table_file_free(table_file *t); /* NULL is fine */
STRATA_DEFINE_AUTO(table_file, table_file_free)

/* Rows to the end; one entry per column. Missing values as append.h says. */
STRATA_MUST_CHECK strata_status table_file_append(table_file *t, const append_column *columns,
                                                  size_t n_rows, strata_error *err);
/* Writes all rows whole or not at all: beside `path`, then renamed. Devices are written as they
 * are. Once only. STRATA_E_IO, also for a full disk. */
STRATA_MUST_CHECK strata_status table_file_write(table_file *t, const char *path,
                                                 table_file_type type, strata_error *err);

#endif
