/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_SCRATCH_H
#define STRATA_BASE_SCRATCH_H

/* A folder for one file on its way: nobody else may look into it, whatever the umask, so what is
 * written there need not mind who may read it, nor whether its name is taken. */

#include <stdint.h>
#include <stdio.h>

#include <strata/error.h>

typedef struct scratch_folder {
    char path[512];
} scratch_folder;

/* Makes one in `parent` (NULL: /tmp). STRATA_E_IO. */
STRATA_MUST_CHECK strata_status scratch_folder_new(const char *parent, scratch_folder *out,
                                                   strata_error *err);
/* Removes the folder, which is to be empty; one that was never made is fine. */
void scratch_folder_done(scratch_folder *s);

/* For libraries that do not look whether what they wrote to a temporary file of theirs arrived.
 * STRATA_E_IO when `folder` (NULL: /tmp) has no room for so many bytes, or when something that was
 * written to the stream, which is in there, did not arrive. */
STRATA_MUST_CHECK strata_status scratch_check_room(const char *folder, uint64_t bytes,
                                                   strata_error *err);
STRATA_MUST_CHECK strata_status scratch_check_stream(const char *folder, FILE *f,
                                                     strata_error *err);

#endif
