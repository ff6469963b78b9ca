/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command_line.h"

#include <string.h>

strata_status command_line(const char *line, bool run, call *c, strata_error *err)
{
    char *words[COMMAND_LINE_WORDS];
    int n = 0;
    *c = (call){.cx = {.threads = 2, .seed = 1, .today = day_from_civil(2026, 6, 30)},
                .format = RENDER_JSON,
                .sink = &cli_sink};
    STRATA_TRY(arena_new(&c->arena, err));
    for (const char *at = line; *at != '\0' && n < COMMAND_LINE_WORDS;) {
        size_t len = strcspn(at, " ");
        words[n] = arena_strndup(c->arena, at, len);
        if (words[n] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        n++;
        at += len + strspn(at + len, " ");
    }
    STRATA_TRY(cli_parse(c, n, words, err));
    return run ? c->command->run(c, err) : STRATA_OK;
}
