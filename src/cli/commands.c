/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/cli.h"

/* One a line, so that commands can be added without moving others. */
/* clang-format off */
const cli_command *const cli_commands[] = {
    &command_accounts,
    &command_adoption,
    &command_backfill,
    &command_capacity,
    &command_churn,
    &command_cluster,
    &command_cohort,
    &command_cohorts,
    &command_compare,
    &command_completion,
    &command_coverage,
    &command_diff,
    &command_doctor,
    &command_evidence,
    &command_expansion,
    &command_explain,
    &command_export,
    &command_features,
    &command_forecast,
    &command_help,
    &command_history,
    &command_ingest,
    &command_init,
    &command_journey,
    &command_ltv,
    &command_metrics,
    &command_movements,
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
    &command_sql,
    &command_survival,
    &command_synth,
    &command_tasks,
    &command_territories,
    NULL,
};
/* clang-format on */

const cli_option cli_common_options[] = {
    {.name = "project",
     .letter = 'p',
     .arg = "DIR",
     .help = "folder with strata.yaml (default: here)"},
    {.name = "as-of",
     .arg = "DATE",
     .help = "use only facts up to this date (default: the last day with data)"},
    {.name = "format",
     .letter = 'f',
     .arg = "FORMAT",
     .help = "table, json, csv, markdown or html (default table)"},
    {.name = "output",
     .letter = 'o',
     .arg = "FILE",
     .help = "write there instead of to standard output"},
    {.name = "table", .arg = "ID", .help = "with csv: which table, by its id in json, or all"},
    {.name = "wide", .help = "all columns, however narrow the terminal"},
    {.name = "width",
     .arg = "N",
     .help = "columns of the terminal (default: asked of it; unlimited in a pipe)"},
    {.name = "no-color", .help = "no colour, as with NO_COLOR set"},
    {.name = "quiet", .letter = 'q', .help = "no progress and no notices"},
    {.name = "threads",
     .arg = "N",
     .help = "processors to use (default all); results do not depend on it"},
    {.name = "seed", .arg = "N", .help = "of everything random (default 1)"},
    {.name = "today",
     .arg = "DATE",
     .help = "the date to take for today; later facts count as future"},
    {.name = "wait", .arg = "SECONDS", .help = "how long to wait for a locked store (default 10)"},
    {.name = "memory", .arg = "SIZE", .help = "memory limit of the store, such as 2GB"},
    {.name = "help", .letter = 'h', .help = "show this help"},
    {.name = "version", .help = "show the version"},
    {0},
};

const cli_command *cli_find_command(const char *name)
{
    for (const cli_command *const *c = cli_commands; *c != NULL; c++) {
        if (strcmp((*c)->name, name) == 0) {
            return *c;
        }
    }
    return NULL;
}
