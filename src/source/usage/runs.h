/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_USAGE_RUNS_H
#define STRATA_SOURCE_USAGE_RUNS_H

/* Sorted runs of usage rows in a temporary file, and all of them merged into one. */

#include <sys/types.h>

#include "source/usage/rows.h"

typedef struct usage_runs {
    int file;        /* -1: none yet */
    VEC(off_t) ends; /* of each run; it begins where the one before ends */
} usage_runs;

void usage_runs_done(usage_runs *r);
/* Adds a run; the file is made in `folder`. STRATA_E_IO, STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status usage_runs_write(const context *cx, usage_runs *r,
                                                 const char *folder, const usage_row *rows,
                                                 size_t n, strata_error *err);
/* Reads all runs, in order of account and day, gives rows their final codes and sorts those of each
 * account and day by them: so rows come in order of usage_compare, though runs were sorted before
 * the codes were known. STRATA_E_IO, STRATA_E_NOMEM, STRATA_E_CANCELLED, what the sink returns. */
STRATA_MUST_CHECK strata_status usage_runs_merge(const context *cx, const usage_runs *r,
                                                 const usage_codes *codes, usage_sink *sink,
                                                 void *to, strata_error *err);

#endif
