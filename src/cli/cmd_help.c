/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/cli.h"

static strata_status run(call *c, strata_error *err)
{
    const command_def *about = NULL;
    if (c->n_args > 0) {
        about = cli_find(c->args[0]);
        if (about == NULL && strcmp(c->args[0], "strata") != 0) {
            return strata_fail(err, STRATA_E_USAGE,
                               "unknown command '%s'; 'strata help' lists them", c->args[0]);
        }
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (call_has(c, "man")) {
        cli_manual(about, &text);
    } else if (about != NULL) {
        cli_help_command(about, &text);
    } else {
        cli_help_all(&text);
    }
    STRATA_TRY(strbuf_status(&text, err));
    return cli_write(c, text.text, text.len, err);
}

static const command_option options[] = {
    {.name = "man", .help = "as a manual page in roff, for man -l"}, {0}};
static const command_example examples[] = {
    {"strata help segments", "options and examples of one command"},
    {"strata help segments --man | man -l -", "its manual page"},
    {0}};
const command_def command_help = {.name = "help",
                                  .summary = "Show help for a command",
                                  .usage = "[COMMAND]",
                                  .options = options,
                                  .examples = examples,
                                  .most_args = 1,
                                  .run = run};
