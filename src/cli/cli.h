/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLI_CLI_H
#define STRATA_CLI_CLI_H

/* The command line: the commands of src/command/ and those that only make sense at a terminal
 * (files, the machine, help). Reads arguments, prints answers, errors, progress and help. */

#include "command/command.h"

/* The command of that name; NULL when there is none. */
const command_def *cli_find(const char *name);
/* All commands in order of their names: the one after `before`, the first for NULL; NULL at the
 * end. */
const command_def *cli_next(const command_def *before);

/* Parses everything behind the program's name into `c`, whose arena is set. */
STRATA_MUST_CHECK strata_status cli_parse(call *c, int argc, char *const *argv, strata_error *err);

/* The file of --output; NULL: standard output, also as - or by its name /dev/stdout: opened or
 * replaced by that name, a file that a shell appends to would lose what is in it. */
const char *cli_output(const call *c);
/* The answer is about to go to standard output. */
void cli_answer_begins(const call *c);
STRATA_MUST_CHECK strata_status cli_write(const call *c, const char *bytes, size_t len,
                                          strata_error *err);
/* Renders to standard output, or to the file of --output. */
extern const call_sink cli_sink;

/* Help for one command, the list of all, a manual page (roff), completion for a shell. */
void cli_help_command(const command_def *command, strbuf *out);
void cli_help_all(strbuf *out);
void cli_manual(const command_def *command, strbuf *out); /* NULL: strata(1) itself */
STRATA_MUST_CHECK strata_status cli_completion(const char *shell, strbuf *out, strata_error *err);

/* Progress and notices on standard error (progress.c). */
typedef struct cli_progress cli_progress;
STRATA_MUST_CHECK strata_status cli_progress_new(bool quiet, cli_progress **out, strata_error *err);
/* Clears the line, and shows no more of it: an answer follows on the same terminal. */
void cli_progress_end(cli_progress *p);
void cli_progress_free(cli_progress *p); /* NULL is fine */
STRATA_DEFINE_AUTO(cli_progress, cli_progress_free)
progress_fn cli_progress_tell;
notice_fn cli_progress_notice;

/* Libraries that print: lines on standard error that begin as those of the workbook's library do
 * ("[ERROR]") are dropped from now on, since what went wrong is told in words of ours. Before there
 * is a second thread; `l` is zeroed and lives as long as the program. */
typedef struct cli_library_lines {
    bool within, theirs; /* a line that has begun, and whether it is dropped */
} cli_library_lines;
void cli_drop_library_lines(cli_library_lines *l);

/* One per file cmd_<name>.c, which holds its description and its function. */
extern const command_def command_completion;
extern const command_def command_help;
extern const command_def command_init;
extern const command_def command_mcp;
extern const command_def command_serve;
extern const command_def command_sql;
extern const command_def command_synth;
extern const command_def command_token;

#endif
