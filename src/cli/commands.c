/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/cli.h"

/* Those that only make sense at a terminal, beside portfolio_commands. One a line, so that commands
 * can be added without moving others. */
/* clang-format off */
static const command_def *const terminal_commands[] = {
    &command_completion,
    &command_help,
    &command_init,
    &command_mcp,
    &command_serve,
    &command_sql,
    &command_synth,
    &command_token,
    NULL,
};
/* clang-format on */

static const command_def *const *const tables[] = {portfolio_commands, terminal_commands};
enum { TABLES = sizeof tables / sizeof *tables };

const command_def *cli_find(const char *name)
{
    const command_def *found = NULL;
    for (size_t t = 0; t < TABLES && found == NULL; t++) {
        found = command_find(tables[t], name);
    }
    return found;
}

const command_def *cli_next(const command_def *before)
{
    const command_def *next = NULL;
    for (size_t t = 0; t < TABLES; t++) {
        for (const command_def *const *at = tables[t]; *at != NULL; at++) {
            bool later = before == NULL || strcmp((*at)->name, before->name) > 0;
            if (later && (next == NULL || strcmp((*at)->name, next->name) < 0)) {
                next = *at;
            }
        }
    }
    return next;
}
