/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_text.h"

#include <string.h>

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
