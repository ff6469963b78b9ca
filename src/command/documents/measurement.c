/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/measurement.h"
#include "command/ask/effects.h"
#include "command/ask/migration.h"
#include "command/ask/targets.h"
#include "command/documents/kinds.h"

/* A model without an order of segments has no moves to track: that is said, not an error. */
static strata_status ask_migration(look *l, size_t most, migration_ask *m, measurement_input *in,
                                   review_rhythm *rhythm, strata_error *err)
{
    strata_error why = {0};
    strata_status st = migration_ask_open(
        l, MIGRATION_PART_MOVES | MIGRATION_PART_GOALS | MIGRATION_PART_STAYS, m, &why);
    if (st == STRATA_E_MODEL || st == STRATA_E_DATA) {
        in->migration_why = arena_strdup(l->c->arena, why.message);
        return in->migration_why != NULL ? look_view(l, NULL, 0, err)
                                         : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (st != STRATA_OK) {
        *err = why;
        return st;
    }
    m->in.most = most;
    *rhythm = review_rhythm_of(&m->paths);
    in->migration = &m->in;
    in->rhythm = rhythm;
    return STRATA_OK;
}

strata_status tell_measurement(look *l, size_t most, document **out, strata_error *err)
{
    MIGRATION_ASK_AUTO migration_ask moves = {0};
    EFFECTS_ASK_AUTO effects_ask effects = {0};
    TARGETS_ASK_AUTO targets_ask targets = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    measurement_input in = {0};
    review_rhythm rhythm = {0};
    STRATA_TRY(ask_migration(l, most, &moves, &in, &rhythm, err));
    STRATA_TRY(targets_ask_find(l, &targets, err));
    STRATA_TRY(effects_ask_find(l, &effects, err));
    in.targets = &targets.input;
    in.interventions = &effects.input;
    STRATA_TRY(look_document(l, "measurement", "Measurement plan and scoreboard", &d, err));
    STRATA_TRY(report_measurement(d, &in, err));
    doc_next_step(d, "strata targets");
    *out = strata_steal(&d);
    return STRATA_OK;
}
