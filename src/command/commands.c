/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/command.h"

/* One a line, so that commands can be added without moving others. */
/* clang-format off */
const command_def *const portfolio_commands[] = {
    &command_accounts,
    &command_adoption,
    &command_backfill,
    &command_brief,
    &command_capacity,
    &command_churn,
    &command_cluster,
    &command_cohort,
    &command_cohorts,
    &command_compare,
    &command_coverage,
    &command_crm,
    &command_diff,
    &command_doctor,
    &command_effect_def,
    &command_evidence,
    &command_expansion,
    &command_explain,
    &command_export,
    &command_features,
    &command_forecast,
    &command_history,
    &command_ingest,
    &command_journey,
    &command_ltv,
    &command_metrics,
    &command_migration,
    &command_movements,
    &command_offer,
    &command_persona,
    &command_plan,
    &command_playbooks,
    &command_pmf,
    &command_predict,
    &command_profile,
    &command_quality,
    &command_readiness,
    &command_reconcile,
    &command_report,
    &command_run,
    &command_segments,
    &command_survival,
    &command_targets,
    &command_tasks,
    &command_territories,
    &command_trees,
    NULL,
};
/* clang-format on */

const command_option common_options[] = {
    {.name = "project",
     .use = OPTION_LOCAL,
     .letter = 'p',
     .arg = "DIR",
     .help = "folder with strata.yaml (default: here)"},
    {.name = "as-of",
     .arg = "DATE",
     .help = "use only facts up to this date (default: the last day with data)"},
    {.name = "format",
     .use = OPTION_LOCAL,
     .letter = 'f',
     .arg = "FORMAT",
     .help = "table, json, csv, markdown, html or xlsx (default table)"},
    {.name = "output",
     .use = OPTION_LOCAL,
     .letter = 'o',
     .arg = "FILE",
     .help = "write there instead of to standard output, which is also -"},
    {.name = "table",
     .use = OPTION_LOCAL,
     .arg = "ID",
     .help = "with csv: which table, by its id in json, or all"},
    {.name = "wide", .use = OPTION_LOCAL, .help = "all columns, however narrow the terminal"},
    {.name = "width",
     .use = OPTION_LOCAL,
     .arg = "N",
     .help = "columns of the terminal (default: asked of it; unlimited in a pipe)"},
    {.name = "no-color", .use = OPTION_LOCAL, .help = "no colour, as with NO_COLOR set"},
    {.name = "quiet", .use = OPTION_LOCAL, .letter = 'q', .help = "no progress and no notices"},
    {.name = "threads",
     .use = OPTION_LOCAL,
     .arg = "N",
     .help = "processors to use (default all); results do not depend on it"},
    {.name = "seed", .arg = "N", .help = "of everything random (default 1)"},
    {.name = "today",
     .use = OPTION_LOCAL,
     .arg = "DATE",
     .help = "the date to take for today; later facts count as future"},
    {.name = "wait",
     .use = OPTION_LOCAL,
     .arg = "SECONDS",
     .help = "how long to wait for a locked store (default 10)"},
    {.name = "memory",
     .use = OPTION_LOCAL,
     .arg = "SIZE",
     .help = "memory limit of the store, such as 2GB"},
    {.name = "help", .use = OPTION_LOCAL, .letter = 'h', .help = "show this help"},
    {.name = "version", .use = OPTION_LOCAL, .help = "show the version"},
    {0},
};

const command_def *command_find(const command_def *const *table, const char *name)
{
    for (const command_def *const *c = table; *c != NULL; c++) {
        if (strcmp((*c)->name, name) == 0) {
            return *c;
        }
    }
    return NULL;
}
