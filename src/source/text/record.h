/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_RECORD_H
#define STRATA_SOURCE_TEXT_RECORD_H

/* What the store keeps about an ingest: files, refused rows, findings, facts about the whole. */

#include "source/job.h"

/* Notes the files of a table's sources (rows, days, rejects) and findings about its days,
 * instead of what was known of the entity. Its stage table must still be full; usage must
 * have been loaded. */
STRATA_MUST_CHECK strata_status record_files(ingest_job *j, source_table table, strata_error *err);
/* A finding about n calendar months without any row, the first of them written as `first`;
 * nothing for none. */
STRATA_MUST_CHECK strata_status record_missing_months(ingest_job *j, entity e, int64_t n,
                                                      const char *first, strata_error *err);
STRATA_MUST_CHECK strata_status record_finding(ingest_job *j, const char *entity_text,
                                               const char *kind, int64_t n, const char *example,
                                               strata_error *err);
/* Writes j->rejects of the files that were read into the store. */
STRATA_MUST_CHECK strata_status record_rejects(ingest_job *j, strata_error *err);
/* The CSV of all refused rows in the store; removed when there are none. */
STRATA_MUST_CHECK strata_status record_rejects_csv(ingest_job *j, const char *path,
                                                   strata_error *err);
/* Facts about the whole store; *out NULL when it has none of this key, else allocated in j->a. */
STRATA_MUST_CHECK strata_status meta_get(store_conn *c, arena *a, const char *key, const char **out,
                                         strata_error *err);
STRATA_MUST_CHECK strata_status meta_set(store_conn *c, const char *key, const char *value,
                                         strata_error *err);

#endif
