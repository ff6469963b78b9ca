/* SPDX-License-Identifier: Apache-2.0 */
/* How parents stand for the accounts below them. */
#include "model/load/load.h"

strata_status load_trees(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_trees {
        int roll_up, health, coverage;
    } raw_trees;
    static const char *const roll_ups[] = {"arr", "none", NULL};
    static const char *const healths[] = {"arr-weighted", "worst", NULL};
    static const char *const coverages[] = {"highest", "own", NULL};
    static const field fields[] = {
        CHOICE(raw_trees, roll_up, "roll_up", roll_ups),
        CHOICE(raw_trees, health, "health", healths),
        CHOICE(raw_trees, coverage, "coverage", coverages),
    };
    raw_trees raw = {(int)m->trees.roll_up, (int)m->trees.health, (int)m->trees.coverage};
    STRATA_TRY(read_fields(entry->value, "trees", fields, 3, &raw, err));
    m->trees = (model_trees){.roll_up = (tree_roll_up)raw.roll_up,
                             .health = (tree_health)raw.health,
                             .coverage = (tree_coverage)raw.coverage};
    return STRATA_OK;
}
