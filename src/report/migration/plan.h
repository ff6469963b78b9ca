/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_MIGRATION_PLAN_H
#define STRATA_REPORT_MIGRATION_PLAN_H

#include "plan/migration/tier_change.h"
#include "report/migration/migration.h"

/* The document "Migration plan": everything of report/migration/migration.h, then the candidates
 * that are held back with reasons, then the papers of the candidates that are free to be spoken to
 * and worth most, in->most of them, half of them up. */
STRATA_MUST_CHECK strata_status report_migration_plan(document *d, const migration_input *in,
                                                      const tier_change_request *r,
                                                      strata_error *err);

#endif
