/* SPDX-License-Identifier: Apache-2.0 */
/* Help texts and manual pages, both from the command table. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* Of the manual pages, which must bear a date; changes with the version. */
#define MANUAL_DATE "2026-11-22"

enum { OPTION_COLUMN = 26 };

/* "-o, --output FILE" */
static void option_text(const command_option *o, char *out, size_t cap)
{
    char letter[8] = "";
    if (o->letter != 0) {
        (void)snprintf(letter, sizeof letter, "-%c, ", o->letter);
    }
    (void)snprintf(out, cap, "%s--%s%s%s", letter, o->name, o->arg != NULL ? " " : "",
                   o->arg != NULL ? o->arg : "");
}

static void list_options(const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        char text[96];
        option_text(o, text, sizeof text);
        strbuf_printf(out, "  %-*s %s\n", OPTION_COLUMN, text, o->help);
    }
}

static void list_exit_codes(strbuf *out, bool manual)
{
    static const struct {
        strata_status status;
        const char *meaning;
    } codes[] = {
        {STRATA_OK, "done"},
        {STRATA_E_USAGE, "the command line is wrong"},
        {STRATA_E_DATA, "the data is wrong: too many rejects, a file that cannot be understood"},
        {STRATA_E_NOTFOUND, "no such account, segment or project"},
        {STRATA_E_INFEASIBLE,
         "the limits of a plan cannot be met together; the message says which"},
        {STRATA_E_NUMERIC, "a computation did not converge; the message says which"},
        {STRATA_E_STORE, "the store is damaged, or of a newer version"},
        {STRATA_E_NOMEM, "out of memory"},
        {STRATA_E_IO, "a file cannot be read or written; the disk is full"},
        {STRATA_E_LOCKED, "another program holds the store"},
        {STRATA_E_MODEL, "the model file is wrong: the message names file, line and column"},
        {STRATA_E_CANCELLED, "stopped by Ctrl-C; the former state is kept"},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        int code = strata_status_exit_code(codes[i].status);
        if (manual) {
            strbuf_printf(out, ".TP\n.B %d\n%s\n", code, codes[i].meaning);
        } else {
            strbuf_printf(out, "  %3d  %s\n", code, codes[i].meaning);
        }
    }
}

void cli_help_command(const command_def *command, strbuf *out)
{
    strbuf_printf(out, "%s\n\nusage: strata %s%s%s [options]\n", command->summary, command->name,
                  command->usage != NULL ? " " : "", command->usage != NULL ? command->usage : "");
    if (command->description != NULL) {
        strbuf_printf(out, "\n%s\n", command->description);
    }
    if (command->examples != NULL) {
        strbuf_add(out, "\nexamples:\n");
        for (const command_example *e = command->examples; e->command != NULL; e++) {
            strbuf_printf(out, "  %s\n      %s\n", e->command, e->what);
        }
    }
    if (command->options != NULL) {
        strbuf_add(out, "\noptions:\n");
        list_options(command->options, out);
    }
    strbuf_add(out, "\noptions of every command:\n");
    list_options(common_options, out);
}

void cli_help_all(strbuf *out)
{
    strbuf_add(out, "Strata: customer segments from your own data, every figure traced to rows.\n\n"
                    "usage: strata COMMAND [options]\n\ncommands:\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "  %-12s %s\n", c->name, c->summary);
    }
    strbuf_add(out, "\nfirst steps:\n"
                    "  strata init exports/        make a project from your own exports\n"
                    "  strata ingest               read the data\n"
                    "  strata run                  segment and record\n"
                    "  strata report -o report.html\n"
                    "\n'strata help COMMAND' shows options and examples. Results go to standard "
                    "output,\nall else to standard error.\n\nexit codes:\n");
    list_exit_codes(out, false);
}

/* --- manual pages --- */

/* Roff reads a leading dot or quote as a request and a bare minus as a hyphen. */
static void roff(strbuf *out, const char *text)
{
    bool line_start = true;
    for (const char *p = text; *p != '\0'; p++) {
        if (line_start && (*p == '.' || *p == '\'')) {
            strbuf_add(out, "\\&");
        }
        if (*p == '-') {
            strbuf_add(out, "\\-");
        } else if (*p == '\\') {
            strbuf_add(out, "\\e");
        } else if (*p == '"') { /* in a macro's argument it would be taken away */
            strbuf_add(out, "\\(dq");
        } else if (*p == '\'') { /* not a curved one: commands are copied */
            strbuf_add(out, "\\(aq");
        } else if (p[0] == '\n' && p[1] == '\n') {
            strbuf_add(out, "\n.PP\n");
            p++;
        } else {
            strbuf_add_char(out, *p);
        }
        line_start = *p == '\n';
    }
}

static void roff_options(const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        char text[96];
        option_text(o, text, sizeof text);
        strbuf_add(out, ".TP\n.B ");
        roff(out, text);
        strbuf_add(out, "\n");
        roff(out, o->help);
        strbuf_add(out, ".\n");
    }
}

static void roff_head(const char *page, const char *summary, strbuf *out)
{
    char name[64];
    size_t n = 0;
    for (; page[n] != '\0' && n + 1 < sizeof name; n++) {
        name[n] = (char)(page[n] >= 'a' && page[n] <= 'z' ? page[n] - 'a' + 'A' : page[n]);
    }
    name[n] = '\0';
    strbuf_printf(out, ".TH %s 1 \"" MANUAL_DATE "\" \"strata %s\" \"User Commands\"\n.SH NAME\n",
                  name, STRATA_VERSION);
    roff(out, page);
    strbuf_add(out, " \\- ");
    roff(out, summary);
    strbuf_add(out, "\n");
}

static void manual_command(const command_def *command, strbuf *out)
{
    char page[64];
    (void)snprintf(page, sizeof page, "strata-%s", command->name);
    roff_head(page, command->summary, out);
    strbuf_printf(out, ".SH SYNOPSIS\n.B strata %s\n", command->name);
    roff(out, command->usage != NULL ? command->usage : "");
    strbuf_add(out, command->usage != NULL ? " [options]" : "[options]");
    strbuf_add(out, "\n.SH DESCRIPTION\n");
    roff(out, command->description != NULL ? command->description : command->summary);
    strbuf_add(out, "\n");
    if (command->options != NULL) {
        strbuf_add(out, ".SH OPTIONS\n");
        roff_options(command->options, out);
    }
    strbuf_add(out, ".SH COMMON OPTIONS\n");
    roff_options(common_options, out);
    if (command->examples != NULL) {
        strbuf_add(out, ".SH EXAMPLES\n");
        for (const command_example *e = command->examples; e->command != NULL; e++) {
            strbuf_add(out, ".TP\n.B ");
            roff(out, e->command);
            strbuf_add(out, "\n");
            roff(out, e->what);
            strbuf_add(out, "\n");
        }
    }
    strbuf_add(out, ".SH SEE ALSO\n.BR strata (1)\n");
}

void cli_manual(const command_def *command, strbuf *out)
{
    if (command != NULL) {
        manual_command(command, out);
        return;
    }
    roff_head("strata", "customer segments from your own data", out);
    strbuf_add(out, ".SH SYNOPSIS\n.B strata\nCOMMAND [options]\n.SH DESCRIPTION\n");
    roff(out, "Strata reads a company's exports (accounts, ARR, usage, tickets, surveys, contacts, "
              "touchpoints), puts every account into exactly one segment of each dimension of a "
              "model that people can read, and explains, checks and tracks the result. Results "
              "go to standard output, all else to standard error.");
    strbuf_add(out, "\n.SH COMMANDS\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, ".TP\n.BR strata\\-%s (1)\n", c->name);
        roff(out, c->summary);
        strbuf_add(out, "\n");
    }
    strbuf_add(out, ".SH OPTIONS OF EVERY COMMAND\n");
    roff_options(common_options, out);
    strbuf_add(out, ".SH FILES\n.TP\n.I strata.yaml\nthe model file of a project\n.TP\n"
                    ".I strata.duckdb\nthe store; any DuckDB client can read it\n"
                    ".SH EXIT STATUS\n");
    list_exit_codes(out, true);
    strbuf_add(out, ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nwhen set and not empty, no colour\n");
}
