/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_SCAN_H
#define STRATA_SOURCE_TEXT_SCAN_H

/* All files of one source, read into its stage table. */

#include "source/job.h"

/* Reads source `s` of the model: rows into stage_<table> (accounts' own columns into
 * stage_attribute), refused rows to the job, new features and users into the job's
 * dictionaries. With `gather`, nothing is staged: only ids of accounts are added to job->accounts.
 * Dates and decimals are settled over all files of the source. */
STRATA_MUST_CHECK strata_status scan_source(ingest_job *j, size_t s, bool gather,
                                            strata_error *err);

#endif
