/* SPDX-License-Identifier: Apache-2.0 */
#include "render/render.h"

#include <string.h>

#include "render/driver.h"

typedef struct driver {
    const char *name;
    void (*render)(const document *d, const render_options *options, strbuf *out);
} driver;

static const driver drivers[RENDER_FORMAT_COUNT] = {
    [RENDER_TABLE] = {"table", render_terminal}, [RENDER_JSON] = {"json", render_json},
    [RENDER_CSV] = {"csv", render_csv},          [RENDER_MARKDOWN] = {"markdown", render_markdown},
    [RENDER_HTML] = {"html", render_html},       [RENDER_XLSX] = {"xlsx", NULL},
};

render_format render_format_find(const char *name)
{
    int f = 0;
    while (f < RENDER_FORMAT_COUNT && strcmp(drivers[f].name, name) != 0) {
        f++;
    }
    return (render_format)f;
}

bool render_is_text(render_format format)
{
    return format != RENDER_XLSX;
}

strata_status render_document(const document *d, render_format format,
                              const render_options *options, strbuf *out, strata_error *err)
{
    static const render_options defaults = {0};
    if (format >= RENDER_FORMAT_COUNT) {
        return strata_fail(err, STRATA_E_USAGE, "unknown format %d", (int)format);
    }
    STRATA_TRY(document_status(d, err));
    STRATA_TRY(strbuf_status(out, err));
    if (format == RENDER_XLSX) {
        return render_xlsx(d, options != NULL ? options : &defaults, out, err);
    }
    drivers[format].render(d, options != NULL ? options : &defaults, out);
    return strbuf_status(out, err);
}
