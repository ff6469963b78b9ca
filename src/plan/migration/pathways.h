/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_MIGRATION_PATHWAYS_H
#define STRATA_PLAN_MIGRATION_PATHWAYS_H

/* The model's ways from one segment to another: whom each is for now, what it took, what came of it
 * against accounts like those that had none, and what came back for what was put in. */

#include "plan/effect/intervention_effect.h"
#include "plan/migration/migration.h"
#include "plan/work/csms.h"

typedef struct migration_pathway {
    const model_pathway *path;
    size_t from, to;          /* SIZE_MAX: the data have no segment of that name */
    const char *lacks;        /* why its trigger cannot be judged; NULL: it can */
    size_t n_now;             /* accounts in `from` for which the trigger holds */
    int64_t value_minor;      /* of these */
    size_t n_12m;             /* accounts that had the intervention while in `from`, in 12 months */
    size_t n_measured, n_met; /* of these, those whose measure can be judged now, and holds */
    /* Of the intervention where it was done for accounts in `from`; NULL: never. */
    const intervention_effect *effect;
    const intervention_effects *effects; /* of all interventions in `from`; NULL: not looked for */
    size_t horizon; /* of effect->after: the longest that is stated; EFFECT_HORIZONS: none */
    double minutes; /* for each account: by the model, else the mean recorded; NaN: unknown */
    double cost;    /* for each account, minor units; NaN: unknown */
    double back;    /* ARR that it kept over what it cost, of the matched; NaN: unknown */
    double back_low, back_high;
} migration_pathway;

typedef struct pathway_request {
    const view *v;
    const migration_paths *paths;
    const migration_candidates *candidates; /* of the same view */
    const intervention_log *log;
    const arr_book *book; /* NULL: there is no ARR */
    const csm_list *csms;
} pathway_request;

/* What an hour of a CSM costs, minor units: by the model, else the mean of the data; NaN: unknown.
 */
double migration_hour_cost(const model *m, const csm_list *csms);

/* By model->migration.pathways, in `a`. */
STRATA_MUST_CHECK strata_status migration_pathways_measure(const context *cx,
                                                           const pathway_request *r, arena *a,
                                                           const migration_pathway **out,
                                                           strata_error *err);

#endif
