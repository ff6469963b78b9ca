/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_FILE_H
#define STRATA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

/* The whole file or pipe, a NUL behind it (not counted); *out is freed with free(). STRATA_E_IO for
 * folders and what cannot be read, STRATA_E_DATA for more than `limit` bytes, STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status file_read(const char *path, size_t limit, char **out, size_t *len,
                                          strata_error *err);
/* Whole or not at all: written beside the target, flushed to disk, then renamed over it; links are
 * followed, permissions stay those of the file before. Devices and pipes (/dev/stdout) are written
 * to as they are. STRATA_E_IO. */
STRATA_MUST_CHECK strata_status file_write(const char *path, const char *bytes, size_t len,
                                           strata_error *err);
/* Puts a finished file in the place of another, or where there is none: flushed to disk first,
 * since a rename may come before the content. STRATA_E_IO naming `path`. */
STRATA_MUST_CHECK strata_status file_replace(const char *beside, const char *path,
                                             strata_error *err);
/* The folder and those above it, as far as they are missing. STRATA_E_IO. */
STRATA_MUST_CHECK strata_status file_make_dirs(const char *path, strata_error *err);
/* Appends the bytes of the file `from` to what is at `to`: a pipe, a device, standard output.
 * STRATA_E_IO, naming `to`; errno says why (EPIPE: nobody reads any more). */
STRATA_MUST_CHECK strata_status file_pour(const char *from, const char *to, strata_error *err);
bool file_exists(const char *path);
/* The same place from the root, without links and dots; freed with free(). NULL when it is not
 * there, with errno. */
char *file_absolute(const char *path);

#endif
