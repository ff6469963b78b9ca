/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/blob.h"
#include "render/html/html.h"

/* By the end of its name: the chart runtime comes from folders of its own. */
static const strata_blob *find_asset(const char *name)
{
    size_t len = strlen(name);
    for (const strata_blob *b = strata_asset_files; b->name != NULL; b++) {
        size_t have = strlen(b->name);
        if (have >= len && strcmp(b->name + have - len, name) == 0) {
            return b;
        }
    }
    return NULL;
}

/* "</" would end the element; "<\/" means the same in a string or a pattern of JavaScript. */
static void put_script(strbuf *out, const char *name)
{
    const strata_blob *b = find_asset(name);
    if (b == NULL) {
        out->failed = STRATA_E_INTERNAL;
        return;
    }
    const char *text = (const char *)b->data;
    strbuf_add(out, "<script>");
    for (const char *end = strstr(text, "</script"); end != NULL; end = strstr(text, "</script")) {
        strbuf_add_n(out, text, (size_t)(end - text));
        strbuf_add(out, "<\\/script");
        text = end + strlen("</script");
    }
    strbuf_add(out, text);
    strbuf_add(out, "</script>\n");
}

void html_put_style(strbuf *out)
{
    const strata_blob *b = find_asset("report.css");
    if (b == NULL) {
        out->failed = STRATA_E_INTERNAL;
        return;
    }
    strbuf_add(out, "<style>\n");
    strbuf_add_n(out, (const char *)b->data, b->size);
    strbuf_add(out, "</style>\n");
}

void html_put_scripts(strbuf *out, bool charts)
{
    if (charts) {
        put_script(out, "vega.min.js");
        put_script(out, "vega-lite.min.js");
        put_script(out, "vega-embed.min.js");
    }
    put_script(out, "report.js");
}
