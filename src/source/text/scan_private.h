/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_SCAN_PRIVATE_H
#define STRATA_SOURCE_TEXT_SCAN_PRIVATE_H

#include "source/job.h"
#include "source/plan.h"

/* One pass over the files of a source. */
typedef struct scan {
    ingest_job *job;
    size_t source_no;
    const model_source *source;
    const table_spec *table;
    bool gather; /* only ids of accounts */
    lookups look;
    value_style *styles;          /* by field */
    unsigned *evidence;           /* by field, of all rows */
    appender *stage, *attributes; /* NULL: nothing is staged */
} scan;

/* The delimiter the model gives, 0 when it is to be found out. */
char scan_delimiter(const model_source *s);
/* Takes over what a piece gave: dictionaries, refused rows, staged rows. `line` is that of
 * the piece's first. */
STRATA_MUST_CHECK strata_status scan_settle(scan *s, int32_t file_no, int64_t line, parsed *r,
                                            strata_error *err);
/* Stages the rows of a settled piece; may run beside the parsing of others. */
STRATA_MUST_CHECK strata_status scan_stage(const scan *s, const plan *p, int32_t file_no,
                                           int64_t line, parsed *r, strata_error *err);
/* Both. */
STRATA_MUST_CHECK strata_status scan_take(scan *s, const plan *p, int32_t file_no, int64_t line,
                                          parsed *r, strata_error *err);
/* Between pieces, when no thread is at work: gives memory back. */
STRATA_MUST_CHECK strata_status scan_rest(const scan *s, strata_error *err);
/* The last part of a path. */
const char *scan_base_name(const char *path);
/* What reads a file that is no delimited text, by the model's format or the file's ending:
 * "read_parquet", "read_json"; NULL for delimited text. */
const char *scan_reader(const model_source *s, const char *path);
/* Reads a file through one of these. A row's line is its number in the file. */
STRATA_MUST_CHECK strata_status scan_query(scan *s, int32_t file_no, const char *reader,
                                           strata_error *err);
/* Reads a delimited file. */
STRATA_MUST_CHECK strata_status scan_csv(scan *s, int32_t file_no, strata_error *err);

#endif
