/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_COMMAND_H
#define STRATA_COMMAND_COMMAND_H

/* What can be asked of a portfolio: one table of commands, each with its
 * arguments, options, examples and function. The command line, the server and the agent
 * interface run the same table, so they answer the same; help, manual pages, completion, the
 * description of the REST interface and the tools of agents are made from it, so they cannot differ
 * from what runs. One file per command, cmd_<name>.c: parse, call, say. Nothing here prints or
 * knows where a document goes: that is the sink's business. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "document/document.h"
#include "render/render.h"

/* Who may use an option. */
typedef enum option_use {
    OPTION_ASKS,    /* anybody: it changes what is answered */
    OPTION_CHANGES, /* it changes the project: only callers that may write */
    OPTION_LOCAL    /* it names files or is about the terminal: only the command line */
} option_use;

typedef struct command_option {
    const char *name; /* "since", written --since */
    char letter;      /* 'o' for -o; 0: none */
    option_use use;
    const char *arg;  /* "DATE"; NULL: a switch */
    const char *help; /* one sentence, lower case, no full stop */
} command_option;

typedef struct command_example {
    const char *command; /* "strata segments hybrid" */
    const char *what;    /* what it shows */
} command_example;

/* One option as it was given. */
typedef struct call_option {
    const command_option *option;
    const char *value; /* NULL for a switch */
} call_option;

struct project_options;
struct call;

/* Where answers go. */
typedef struct call_sink {
    strata_status (*show)(void *payload, const struct call *c, const document *d,
                          strata_error *err);
    /* For callers that may name no place for files: takes what would be one, `name` such as
     * "accounts.csv" (which lives as long as the call), its bytes out of `bytes`. NULL: files go
     * where the call says. */
    strata_status (*file)(void *payload, const char *name, strbuf *bytes, strata_error *err);
    void *payload;
} call_sink;

/* A command with what was asked of it. */
typedef struct call {
    context cx;
    arena *arena; /* of this call; its owner frees it */
    const struct command_def *command;
    const char *const *args; /* what is left: positional arguments */
    size_t n_args;
    const call_option *given;
    size_t n_given;
    render_format
        format; /* how many rows are listed, and what charts are worth, may depend on it */
    render_options render;
    const call_sink *sink;
    /* Set by a command whose answer is best kept: path of the file that it goes to when the caller
     * named neither a place nor a format. NULL: it is shown. */
    const char *file;
    /* What a file that is the answer is to be, for callers that take files: "csv", "parquet". */
    const char *ending;
    /* In place of a model file that only the command line may name: its text. NULL: none. */
    const char *text;
    size_t text_len;
    bool whole_lists; /* lists that are short by default are wanted whole */
    /* For callers that ask many things of one project: how it is opened, its accounts kept in
     * memory. NULL: as --project, --memory and --wait say. */
    const struct project_options *project;
} call;

typedef strata_status command_fn(call *c, strata_error *err);

/* What a command does besides answering. */
typedef enum command_effect {
    COMMAND_ASKS,   /* nothing */
    COMMAND_CHANGES /* it writes to the project's store */
} command_effect;

/* What its answer is. */
typedef enum command_answer {
    ANSWER_DOCUMENT,
    ANSWER_FILE, /* a table as a file */
    ANSWER_FILES /* a document about files that go with it */
} command_answer;

typedef struct command_def {
    const char *name;
    const char *summary;             /* one line, for `strata help` */
    const char *usage;               /* "[APPROACH] [TIMEFRAME]"; NULL: no arguments */
    const char *description;         /* paragraphs, separated by an empty line */
    const command_option *options;   /* ended by a row without name; NULL: only the common ones */
    const command_example *examples; /* ended by a row without command */
    size_t least_args, most_args;
    const char *table; /* the id of the table that --format csv writes; NULL: all */
    command_effect effect;
    const char *dry; /* the switch with which one that changes something changes nothing; or NULL */
    command_answer answer;
    bool momentary; /* about the machine as it is now: an answer is not to be kept */
    bool page;      /* a document to be read as a page: HTML when nothing else is asked for */
    command_fn *run;
} command_def;

/* Those that ask about a portfolio or change it, sorted by name, ended by NULL. */
extern const command_def *const portfolio_commands[];
/* Options of every command, ended by a row without name. */
extern const command_option common_options[];
/* NULL when the table (ended by NULL) has none of that name. */
const command_def *command_find(const command_def *const *table, const char *name);

/* Last value given for an option; NULL when it was not given. */
const char *call_value(const call *c, const char *option);
bool call_has(const call *c, const char *option);
/* STRATA_E_USAGE naming the option when its value is no date, no whole number in range. */
STRATA_MUST_CHECK strata_status call_date(const call *c, const char *option, day fallback, day *out,
                                          strata_error *err);
/* "12.5%" or "0.125". */
STRATA_MUST_CHECK strata_status call_share(const call *c, const char *option, double least,
                                           double most, double fallback, double *out,
                                           strata_error *err);
STRATA_MUST_CHECK strata_status call_count(const call *c, const char *option, long least, long most,
                                           long fallback, long *out, strata_error *err);
/* The project's folder as it was named; NULL: not named, the current one. */
const char *call_folder(const call *c);
/* STRATA_E_USAGE when there are fewer or more arguments than the command takes. */
STRATA_MUST_CHECK strata_status call_check_args(const call *c, strata_error *err);

/* Whether the answer is for a program (JSON, CSV, a spreadsheet), which gets all rows of a list
 * where people get the first ones. */
bool call_for_programs(const call *c);
/* --limit of a list: `least` or more; when nobody says, `usual`, or all rows for a call that wants
 * lists whole. */
STRATA_MUST_CHECK strata_status call_list_limit(const call *c, long least, long usual, long *out,
                                                strata_error *err);
/* Hands a finished document to the sink, with what the glossary says of its figures. */
STRATA_MUST_CHECK strata_status call_show(const call *c, document *d, strata_error *err);

/* One per file cmd_<name>.c, which holds its description and its function. */
extern const command_def command_accounts;
extern const command_def command_adoption;
extern const command_def command_backfill;
extern const command_def command_brief;
extern const command_def command_capacity;
extern const command_def command_churn;
extern const command_def command_cluster;
extern const command_def command_cohort;
extern const command_def command_cohorts;
extern const command_def command_compare;
extern const command_def command_coverage;
extern const command_def command_crm;
extern const command_def command_diff;
extern const command_def command_doctor;
extern const command_def command_effect_def; /* command_effect is a type */
extern const command_def command_evidence;
extern const command_def command_expansion;
extern const command_def command_explain;
extern const command_def command_export;
extern const command_def command_features;
extern const command_def command_forecast;
extern const command_def command_history;
extern const command_def command_ingest;
extern const command_def command_journey;
extern const command_def command_ltv;
extern const command_def command_metrics;
extern const command_def command_migration;
extern const command_def command_movements;
extern const command_def command_offer;
extern const command_def command_persona;
extern const command_def command_plan;
extern const command_def command_playbooks;
extern const command_def command_pmf;
extern const command_def command_predict;
extern const command_def command_profile;
extern const command_def command_quality;
extern const command_def command_readiness;
extern const command_def command_reconcile;
extern const command_def command_report;
extern const command_def command_run;
extern const command_def command_segments;
extern const command_def command_survival;
extern const command_def command_targets;
extern const command_def command_tasks;
extern const command_def command_territories;
extern const command_def command_trees;

#endif
