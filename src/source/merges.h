/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_MERGES_H
#define STRATA_SOURCE_MERGES_H

/* Account ids that were merged into others (ingest.merges: a CSV with columns from and to). */

#include "source/job.h"

typedef struct merges merges;

/* Reads the model's merges; ids get codes in j->accounts.ids. Without a file nothing is merged.
 * STRATA_E_DATA when an id is merged twice, STRATA_E_MODEL without the two columns. */
STRATA_MUST_CHECK strata_status merges_read(ingest_job *j, merges **out, strata_error *err);
/* By code: the code it was merged into, DICT_NONE for most. As many as j->accounts.ids had codes
 * after merges_read. */
const int32_t *merges_of(const merges *m);
void merges_free(merges *m); /* NULL is fine */
STRATA_DEFINE_AUTO(merges, merges_free)

#endif
