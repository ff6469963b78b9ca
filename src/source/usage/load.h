/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_USAGE_LOAD_H
#define STRATA_SOURCE_USAGE_LOAD_H

/* The usage ledger and its dictionaries, from the rows that were gathered and staged. */

#include "source/job.h"
#include "source/plan.h"
#include "source/text/parse.h"

/* Gets ready to gather rows: j->usage. */
STRATA_MUST_CHECK strata_status usage_begin(ingest_job *j, strata_error *err);
/* Can the rows of this file be gathered as they are parsed? Not when they have ids: then they
 * are staged in the store, which finds out what came twice. */
bool usage_is_gathered(const plan *p);
/* Gathers the rows of a parsed piece. */
STRATA_MUST_CHECK strata_status usage_gather(ingest_job *j, int32_t file_no, const parsed *r,
                                             strata_error *err);
/* Gathers what was staged too, and writes all in order of account, day, feature and user:
 * one row for each, with the events of all its rows (at least one; rounded). Then the
 * dictionaries of features and users, and a finding about months without any row. */
STRATA_MUST_CHECK strata_status usage_load(ingest_job *j, strata_error *err);

#endif
