/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_EXPORT_OUT_H
#define STRATA_COMMAND_EXPORT_OUT_H

/* A long table on its way into a file: a workbook of Excel, or what the store writes (CSV, JSON,
 * NDJSON, Parquet). */

#include "command/command.h"
#include "store/table_file.h"

typedef enum export_type {
    EXPORT_CSV = TABLE_FILE_CSV,
    EXPORT_JSON = TABLE_FILE_JSON,
    EXPORT_NDJSON = TABLE_FILE_NDJSON,
    EXPORT_PARQUET = TABLE_FILE_PARQUET,
    EXPORT_XLSX = TABLE_FILE_TYPE_COUNT,
    EXPORT_TYPES
} export_type;

const char *export_ending(export_type type); /* "csv" */
/* By the ending of a file's name; EXPORT_TYPES for others. */
export_type export_type_of(const char *path);

typedef struct export_out export_out;

/* An empty table that goes to `path`; `title` is the name of a workbook's sheet. */
STRATA_MUST_CHECK strata_status export_out_new(const call *c, const char *path, export_type type,
                                               const char *title, export_out **out,
                                               strata_error *err);
void export_out_free(export_out *x); /* NULL is fine */
STRATA_DEFINE_AUTO(export_out, export_out_free)
/* Columns first, once; names are copied. */
STRATA_MUST_CHECK strata_status export_out_head(export_out *x, const table_file_column *columns,
                                                size_t n, strata_error *err);
/* Rows to the end, as table_file_append() takes them. */
STRATA_MUST_CHECK strata_status export_out_add(export_out *x, const append_column *columns,
                                               size_t n_rows, strata_error *err);
size_t export_out_rows(const export_out *x);
/* Writes the file whole or not at all. Once only. STRATA_E_IO, also for a full disk. */
STRATA_MUST_CHECK strata_status export_out_write(export_out *x, strata_error *err);

#endif
