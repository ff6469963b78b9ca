/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static strata_status run(call *c, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(cli_completion(c->args[0], &text, err));
    STRATA_TRY(strbuf_status(&text, err));
    return cli_write(c, text.text, text.len, err);
}

static const command_example examples[] = {
    {"source <(strata completion bash)", "completion in this shell"}, {0}};
const command_def command_completion = {.name = "completion",
                                        .summary = "Print completion for bash, zsh or fish",
                                        .usage = "SHELL",
                                        .examples = examples,
                                        .least_args = 1,
                                        .most_args = 1,
                                        .run = run};
