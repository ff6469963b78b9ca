/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_TEXTFILE_H
#define STRATA_SOURCE_TEXT_TEXTFILE_H

/* A text file, plain or gzipped, read in large pieces. Memory stays bounded
 * whatever the file holds. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"

enum {
    TEXTFILE_PIECE = 4 << 20,      /* bytes asked for at a time */
    TEXTFILE_MAX_RECORD = 16 << 20 /* a longer record is an error */
};

typedef struct textfile textfile;

/* STRATA_E_IO for a folder, a missing or an unreadable file; STRATA_E_DATA for UTF-16 and UTF-32,
 * with a mark or without, which must be converted first. A UTF-8 byte order mark is skipped. */
STRATA_MUST_CHECK strata_status textfile_open(const char *path, textfile **out, strata_error *err);
void textfile_close(textfile *f); /* NULL is fine */
STRATA_DEFINE_AUTO(textfile, textfile_close)

/* What lies ahead: at least TEXTFILE_PIECE bytes, or all that is left (*last). Valid until
 * the next call but two. STRATA_E_DATA when the gzip stream is damaged. */
STRATA_MUST_CHECK strata_status textfile_peek(textfile *f, const char **text, size_t *len,
                                              bool *last, strata_error *err);
/* Reads what the next peek will offer. Beside it, what was peeked may be looked at by others.
 * As textfile_peek. */
STRATA_MUST_CHECK strata_status textfile_ahead(textfile *f, strata_error *err);
/* Makes the next peek reach at least `len` bytes. STRATA_E_DATA beyond TEXTFILE_MAX_RECORD. */
STRATA_MUST_CHECK strata_status textfile_reach(textfile *f, size_t len, int64_t line,
                                               strata_error *err);
/* The first n bytes of what was peeked are done with. */
void textfile_skip(textfile *f, size_t n);
/* Bytes of the file on disk read so far, for progress. */
uint64_t textfile_position(const textfile *f);

#endif
