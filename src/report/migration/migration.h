/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_MIGRATION_MIGRATION_H
#define STRATA_REPORT_MIGRATION_MIGRATION_H

/* Who changes segment: candidates, moves, where the mix is heading, goals, time in a segment,
 * pathways. `strata migration` and the migration plan. */

#include "analysis/movement.h"
#include "base/strbuf.h"
#include "document/document.h"
#include "plan/migration/migration.h"
#include "plan/migration/pathways.h"
#include "segment/changes.h"

/* Parts that can be left out. */
enum {
    MIGRATION_PART_CANDIDATES = 1U << 0U,
    MIGRATION_PART_MOVES = 1U << 1U,
    MIGRATION_PART_FORECAST = 1U << 2U,
    MIGRATION_PART_GOALS = 1U << 3U,
    MIGRATION_PART_STAYS = 1U << 4U,
    MIGRATION_PART_PATHWAYS = 1U << 5U,
    MIGRATION_PARTS_ALL = (1U << 6U) - 1U
};

typedef struct migration_input {
    const view *v;
    arena *a;
    const migration_paths *paths;
    const migration_candidates *candidates;
    const migration_hits *hits;
    const movement *moves;
    change_list changes; /* of the dimension, between the view's `since` and its as-of date */
    const migration_mix *mix;
    const migration_goal *goals;       /* by model->migration.goals */
    const migration_stay *stays;       /* by segment */
    const migration_pathway *pathways; /* by model->migration.pathways */
    unsigned parts;
    size_t most; /* accounts in each list */
} migration_input;

/* The finding: how many accounts call for another segment. */
void report_migration_title(strbuf *out, const migration_input *in);
STRATA_MUST_CHECK strata_status report_migration(document *d, doc_section *parent,
                                                 const migration_input *in, strata_error *err);

#endif
