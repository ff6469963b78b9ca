/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_MEASUREMENT_H
#define STRATA_REPORT_PLAN_MEASUREMENT_H

/* Measurement plan and scoreboard: is it working? */

#include "plan/review_rhythm.h"
#include "report/migration/migration.h"
#include "report/plan/interventions.h"
#include "report/plan/targets.h"

typedef struct measurement_input {
    const targets_input *targets;
    const interventions_input *interventions;
    const migration_input *migration; /* its parts are shown; NULL: `migration_why` says why not */
    const char *migration_why;
    const review_rhythm *rhythm; /* NULL without migration */
} measurement_input;

/* The page to read first, the scoreboard with charts, moves and time in segment, what interventions
 * brought, the calendar of reviews, how it was computed. */
STRATA_MUST_CHECK strata_status report_measurement(document *d, const measurement_input *in,
                                                   strata_error *err);

#endif
