/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/text.h"

#include <math.h>
#include <string.h>

#include "render/cell_text.h"
#include "render/driver.h"

static void put_escaped(strbuf *out, unsigned char c)
{
    switch (c) {
    case '"':
        strbuf_add(out, "\\\"");
        break;
    case '\\':
        strbuf_add(out, "\\\\");
        break;
    case '\n':
        strbuf_add(out, "\\n");
        break;
    default:
        strbuf_printf(out, "\\u%04x", (unsigned)c);
        break;
    }
}

void json_put_string(strbuf *out, const char *text)
{
    if (text == NULL) {
        strbuf_add(out, "null");
        return;
    }
    strbuf_add_char(out, '"');
    const char *from = text;
    for (const char *p = text;; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f) {
            continue;
        }
        strbuf_add_n(out, from, (size_t)(p - from));
        from = p + 1;
        if (c == '\0') {
            break;
        }
        put_escaped(out, c);
    }
    strbuf_add_char(out, '"');
}

/* "<" only ever stands inside strings of JSON text. */
static int put_chunk(const char *text, size_t len, void *out)
{
    for (size_t i = 0; i < len;) {
        const char *mark = memchr(text + i, '<', len - i);
        size_t plain = mark == NULL ? len - i : (size_t)(mark - text) - i;
        strbuf_add_n(out, text + i, plain);
        i += plain;
        if (mark != NULL) {
            strbuf_add(out, "\\u003c");
            i++;
        }
    }
    return 0;
}

void json_put_value(strbuf *out, const json_t *value)
{
    if (json_dump_callback(value, put_chunk, out,
                           JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0) {
        out->failed = STRATA_E_NOMEM; /* all values are finite and UTF-8: only memory is left */
    }
}

static void put_series(strbuf *out, const double *series, size_t n)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        strbuf_add(out, i > 0 ? "," : "");
        if (isfinite(series[i])) {
            put_number(out, series[i]);
        } else {
            strbuf_add(out, "null");
        }
    }
    strbuf_add_char(out, ']');
}

void json_put_cell(strbuf *out, const doc_cell *cell)
{
    switch (cell->type) {
    case CELL_EMPTY:
        strbuf_add(out, "null");
        break;
    case CELL_TEXT:
        json_put_string(out, cell->text);
        break;
    case CELL_SPARK:
        put_series(out, cell->series, cell->n_series);
        break;
    case CELL_DATE:
        strbuf_add_char(out, '"');
        cell_put_raw(out, cell);
        strbuf_add_char(out, '"');
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
    case CELL_SHARE:
    case CELL_MONEY:
    case CELL_DAYS:
    case CELL_CHANGE:
    case CELL_BOOL:
        cell_put_raw(out, cell);
        break;
    }
}
