/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

strata_status cmd_completion(cli *c, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(cli_completion(c->args[0], &text, err));
    STRATA_TRY(strbuf_status(&text, err));
    return cli_write(c, text.text, text.len, err);
}
