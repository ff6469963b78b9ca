/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"

const char *cli_output(const cli *c)
{
    const char *path = cli_value(c, "output");
    return path != NULL && strcmp(path, "/dev/stdout") != 0 ? path : NULL;
}

strata_status cli_write(const cli *c, const char *bytes, size_t len, strata_error *err)
{
    const char *path = cli_output(c);
    if (path != NULL) {
        return file_write(path, bytes, len, err);
    }
    if (len > 0 && fwrite(bytes, 1, len, stdout) != len) {
        return strata_fail(err, STRATA_E_IO, "cannot write to standard output");
    }
    return STRATA_OK;
}

strata_status cli_render(const cli *c, const document *d, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(document_status(d, err));
    STRATA_TRY(render_document(d, c->format, &c->render, &text, err));
    return cli_write(c, strbuf_text(&text), text.len, err);
}
