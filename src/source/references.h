/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_REFERENCES_H
#define STRATA_SOURCE_REFERENCES_H

/* What was loaded and leads nowhere, as findings with file and line. Internal to this folder. */

#include "source/job.h"

/* Parents that are no accounts. Needs source/stage_accounts.sql filled. */
STRATA_MUST_CHECK strata_status references_note_parents(ingest_job *j, strata_error *err);
/* Managers of accounts that the source 'csms' does not have. Needs source/stage_accounts.sql filled
 * and the managers loaded. */
STRATA_MUST_CHECK strata_status references_note_managers(ingest_job *j, strata_error *err);
/* Managers with 0 hours. Needs source/stage_csms.sql filled. */
STRATA_MUST_CHECK strata_status references_note_hours(ingest_job *j, strata_error *err);

#endif
