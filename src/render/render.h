/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_RENDER_H
#define STRATA_RENDER_RENDER_H

/* Documents into bytes. */

#include "base/strbuf.h"
#include "document/document.h"

typedef enum render_format {
    RENDER_TABLE, /* for a terminal */
    RENDER_JSON,
    RENDER_CSV, /* tables only: options.table, or all with a blank line between */
    RENDER_MARKDOWN,
    RENDER_HTML, /* one file, opens offline, charts inside */
    RENDER_XLSX, /* bytes of a workbook: see render_is_text() */
    RENDER_FORMAT_COUNT
} render_format;

/* RENDER_FORMAT_COUNT when there is none of that name. */
render_format render_format_find(const char *name);

/* Whether a terminal can show it. */
bool render_is_text(render_format format);

typedef struct render_options {
    int width;           /* terminal columns; 0: unlimited */
    bool wide;           /* all columns whatever the width */
    bool color;          /* terminal: colour carries meaning, never alone */
    bool ascii;          /* terminal without Unicode */
    const char *table;   /* csv: the id of the only table wanted; NULL: all */
    const char *scratch; /* xlsx: folder of a temporary file; NULL: /tmp */
    size_t rows; /* markdown, json: at most so many of each table, and how many there are; 0: all */
} render_options;

STRATA_MUST_CHECK strata_status render_document(const document *d, render_format format,
                                                const render_options *options, strbuf *out,
                                                strata_error *err);

#endif
