/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLI_CLI_H
#define STRATA_CLI_CLI_H

/* The command line: one table of commands, each with its options, examples and
 * function. Help, manual pages and shell completion are made from the same
 * table, so they cannot differ from what runs. One file per command,
 * cmd_<name>.c: parse, call, render. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "document/document.h"
#include "render/render.h"

typedef struct cli_option {
    const char *name; /* "since", written --since */
    char letter;      /* 'o' for -o; 0: none */
    const char *arg;  /* "DATE"; NULL: a switch */
    const char *help; /* one sentence, lower case, no full stop */
} cli_option;

typedef struct cli_example {
    const char *command; /* "strata segments hybrid" */
    const char *what;    /* what it shows */
} cli_example;

/* One option as it was given. */
typedef struct cli_given {
    const cli_option *option;
    const char *value; /* NULL for a switch */
} cli_given;

typedef struct cli {
    context cx;
    arena *arena; /* of this command; freed by main */
    const struct cli_command *command;
    const char *const *args; /* what is left: positional arguments */
    size_t n_args;
    const cli_given *given;
    size_t n_given;
    render_format format;
    render_options render;
} cli;

typedef strata_status cli_fn(cli *c, strata_error *err);

typedef struct cli_command {
    const char *name;
    const char *summary;         /* one line, for `strata help` */
    const char *usage;           /* "[APPROACH] [TIMEFRAME]"; NULL: no arguments */
    const char *description;     /* paragraphs, separated by an empty line */
    const cli_option *options;   /* ended by a row without name; NULL: only the common ones */
    const cli_example *examples; /* ended by a row without command */
    size_t least_args, most_args;
    const char *table; /* the id of the table that --format csv writes; NULL: all */
    cli_fn *run;
} cli_command;

/* Sorted by name, ended by NULL. */
extern const cli_command *const cli_commands[];
/* Those of every command. */
extern const cli_option cli_common_options[];
const cli_command *cli_find_command(const char *name);

/* Last value given for an option; NULL when it was not given. */
const char *cli_value(const cli *c, const char *option);
bool cli_has(const cli *c, const char *option);
/* STRATA_E_USAGE naming the option when its value is no date, no whole number in range. */
STRATA_MUST_CHECK strata_status cli_date(const cli *c, const char *option, day fallback, day *out,
                                         strata_error *err);
/* "12.5%" or "0.125". */
STRATA_MUST_CHECK strata_status cli_share(const cli *c, const char *option, double least,
                                          double most, double fallback, double *out,
                                          strata_error *err);
STRATA_MUST_CHECK strata_status cli_count(const cli *c, const char *option, long least, long most,
                                          long fallback, long *out, strata_error *err);

/* Parses everything behind the program's name into `c`, whose arena is set. */
STRATA_MUST_CHECK strata_status cli_parse(cli *c, int argc, char *const *argv, strata_error *err);

/* The file of --output; NULL: standard output, also by its name /dev/stdout: opened or replaced by
 * that name, a file that a shell appends to would lose what is in it. */
const char *cli_output(const cli *c);
/* Renders to standard output, or to the file of --output. */
STRATA_MUST_CHECK strata_status cli_render(const cli *c, const document *d, strata_error *err);
STRATA_MUST_CHECK strata_status cli_write(const cli *c, const char *bytes, size_t len,
                                          strata_error *err);

/* Help for one command, the list of all, a manual page (roff), completion for a shell. */
void cli_help_command(const cli_command *command, strbuf *out);
void cli_help_all(strbuf *out);
void cli_manual(const cli_command *command, strbuf *out); /* NULL: strata(1) itself */
STRATA_MUST_CHECK strata_status cli_completion(const char *shell, strbuf *out, strata_error *err);

/* Progress and notices on standard error (progress.c). */
typedef struct cli_progress cli_progress;
STRATA_MUST_CHECK strata_status cli_progress_new(bool quiet, cli_progress **out, strata_error *err);
void cli_progress_free(cli_progress *p); /* clears the line; NULL is fine */
STRATA_DEFINE_AUTO(cli_progress, cli_progress_free)
progress_fn cli_progress_tell;
notice_fn cli_progress_notice;

/* One per file cmd_<name>.c, which holds its description and its function. */
extern const cli_command command_accounts;
extern const cli_command command_adoption;
extern const cli_command command_backfill;
extern const cli_command command_capacity;
extern const cli_command command_churn;
extern const cli_command command_cluster;
extern const cli_command command_cohort;
extern const cli_command command_cohorts;
extern const cli_command command_compare;
extern const cli_command command_completion;
extern const cli_command command_coverage;
extern const cli_command command_diff;
extern const cli_command command_doctor;
extern const cli_command command_evidence;
extern const cli_command command_expansion;
extern const cli_command command_explain;
extern const cli_command command_export;
extern const cli_command command_features;
extern const cli_command command_forecast;
extern const cli_command command_help;
extern const cli_command command_history;
extern const cli_command command_ingest;
extern const cli_command command_init;
extern const cli_command command_journey;
extern const cli_command command_ltv;
extern const cli_command command_metrics;
extern const cli_command command_movements;
extern const cli_command command_persona;
extern const cli_command command_plan;
extern const cli_command command_playbooks;
extern const cli_command command_pmf;
extern const cli_command command_predict;
extern const cli_command command_profile;
extern const cli_command command_quality;
extern const cli_command command_readiness;
extern const cli_command command_reconcile;
extern const cli_command command_report;
extern const cli_command command_run;
extern const cli_command command_segments;
extern const cli_command command_sql;
extern const cli_command command_survival;
extern const cli_command command_synth;
extern const cli_command command_tasks;
extern const cli_command command_territories;

#endif
