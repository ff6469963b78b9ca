/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_CSV_H
#define STRATA_SYNTH_CSV_H

/* A CSV file being written, field by field. A failure sticks: write freely,
 * ask csv_status() now and then. A file that is not wanted takes the same calls
 * and writes nothing. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"

typedef struct csv_file {
    char name[32];
    char *buffer; /* NULL: not wanted */
    size_t len;
    int fd;
    int failed; /* errno of the first failure */
    bool in_row;
    uint64_t rows, bytes; /* rows with the header */
} csv_file;

/* Makes `name` in the folder open as `dir_fd`, which must not exist yet. */
STRATA_MUST_CHECK strata_status csv_open(csv_file *f, int dir_fd, const char *name,
                                         strata_error *err);
/* Forgets what is not written and closes; harmless on a zeroed or closed file. */
void csv_drop(csv_file *f);
/* Writes the rest, to the disk, and closes. */
STRATA_MUST_CHECK strata_status csv_finish(csv_file *f, strata_error *err);
STRATA_MUST_CHECK strata_status csv_status(const csv_file *f, strata_error *err);

void csv_text(csv_file *f, const char *text); /* quoted where needed; NULL: an empty field */
void csv_int(csv_file *f, int64_t x);
void csv_cents(csv_file *f, int64_t cents);                                   /* 1250 -> 12.50 */
void csv_real(csv_file *f, double x, int decimals);                           /* up to 9 decimals */
void csv_id(csv_file *f, char prefix, uint64_t n);                            /* "A000012" */
void csv_sub_id(csv_file *f, char prefix, uint64_t n, char part, uint64_t i); /* "A000012-U03" */
void csv_day(csv_file *f, day d);                   /* DAY_MISSING: an empty field */
void csv_time(csv_file *f, day d, unsigned second); /* "2026-06-30 14:05:09" */
void csv_end_row(csv_file *f);
void csv_raw_row(csv_file *f, const char *line); /* the header */

#endif
