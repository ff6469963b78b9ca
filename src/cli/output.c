/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "document/tree.h"

const char *cli_output(const call *c)
{
    const char *path = call_value(c, "output");
    bool standard = path == NULL || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
    return standard ? NULL : path;
}

void cli_answer_begins(const call *c)
{
    if (c->cx.notice == cli_progress_notice) {
        cli_progress_end(c->cx.payload);
    }
}

strata_status cli_write(const call *c, const char *bytes, size_t len, strata_error *err)
{
    const char *path = cli_output(c);
    if (path != NULL) {
        return file_write(path, bytes, len, err);
    }
    cli_answer_begins(c);
    if (len > 0 && fwrite(bytes, 1, len, stdout) != len) {
        return strata_fail(err, STRATA_E_IO, "cannot write to standard output");
    }
    return STRATA_OK;
}

static strata_status show(void *payload, const call *c, const document *d, strata_error *err)
{
    (void)payload;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(render_document(d, c->format, &c->render, &text, err));
    if (c->format == RENDER_CSV && text.len == 0) {
        context_notice(&c->cx, "there is no table %s%s: %s",
                       c->render.table != NULL ? "called " : "to write",
                       c->render.table != NULL ? c->render.table : "", d->head.title);
    }
    /* What is best kept goes into a file: nobody reads HTML on a terminal. */
    if (c->file == NULL || call_has(c, "output") || call_has(c, "format")) {
        return cli_write(c, strbuf_text(&text), text.len, err);
    }
    STRATA_TRY(file_write(c->file, strbuf_text(&text), text.len, err));
    context_notice(&c->cx, "the report is in %s", c->file);
    return STRATA_OK;
}

const call_sink cli_sink = {.show = show};
