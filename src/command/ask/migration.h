/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_MIGRATION_H
#define STRATA_COMMAND_ASK_MIGRATION_H

/* All that is told of moves between segments: what `migration` and the migration plan share. */

#include "command/look.h"
#include "plan/migration/tier_change.h"
#include "report/migration/migration.h"

typedef struct migration_ask {
    segmentation *between; /* with the changes between the two dates */
    migration_paths paths;
    migration_candidates candidates;
    migration_hits hits;
    migration_mix mix;
    arr_book *book; /* owned; NULL: there is no ARR, or no pathway */
    bool has_read;  /* log and csms are there */
    intervention_log log;
    csm_list csms;
    engagement engagement;
    migration_input in;
} migration_ask;

void migration_ask_done(migration_ask *m);
#define MIGRATION_ASK_AUTO STRATA_CLEANUP(migration_ask_done)

/* `parts` of report/migration/migration.h; `l` is open. Reads --as-of and --since (default: the
 * recorded review before, else the end of the review period before). */
STRATA_MUST_CHECK strata_status migration_ask_open(look *l, unsigned parts, migration_ask *m,
                                                   strata_error *err);

/* What the papers of tier changes are made from; *out borrows from `m`. Call after
 * migration_ask_open(). */
STRATA_MUST_CHECK strata_status migration_ask_tiers(look *l, migration_ask *m,
                                                    tier_change_request *out, strata_error *err);

#endif
