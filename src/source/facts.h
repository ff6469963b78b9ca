/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_FACTS_H
#define STRATA_SOURCE_FACTS_H

/* Facts: sources of one entity, read, checked and made into its ledger. */

#include "source/job.h"

/* Reads all sources of an entity (not of accounts) and replaces its tables.
 * STRATA_E_DATA when more rows are refused than the model allows. */
STRATA_MUST_CHECK strata_status facts_load(ingest_job *j, entity e, strata_error *err);
/* Fails when more rows of the source are refused than the model allows; the message has the first
 * reasons. */
STRATA_MUST_CHECK strata_status facts_check_rejects(const ingest_job *j, size_t source,
                                                    strata_error *err);
/* Turns staged ARR into arr_ledger (of subscriptions also arr_notice and seats_ledger): nets the
 * changes of a day, keeps ARR at 0 or more (what would have gone below is counted in *n_below), and
 * says of what kind each change is. */
STRATA_MUST_CHECK strata_status arr_load(ingest_job *j, source_table form, bool end_is_last_day,
                                         int64_t *n_below, strata_error *err);
/* Empties what is made of ARR sources beside arr_ledger. */
STRATA_MUST_CHECK strata_status arr_forget_rest(const ingest_job *j, strata_error *err);

#endif
