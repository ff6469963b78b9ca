/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_FILES_H
#define STRATA_SOURCE_FILES_H

/* Which files there are, and which of them changed. */

#include "source/job.h"

/* Lists the files of all sources in the model's order, those of a pattern by name, into j->files.
 * STRATA_E_IO for a path or a pattern that leads nowhere. */
STRATA_MUST_CHECK strata_status files_list(ingest_job *j, strata_error *err);
/* Reads a file for its digest alone. */
STRATA_MUST_CHECK strata_status files_digest(const ingest_job *j, input_file *f, strata_error *err);

#endif
