/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv_text.h"

#include <string.h>

bool csv_is_formula(const char *text, size_t len)
{
    return len > 0 && text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static bool needs_quotes(const char *text, size_t len)
{
    bool needs = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
    for (size_t i = 0; i < len && !needs; i++) {
        needs = text[i] == '"' || text[i] == ',' || text[i] == '\r' || text[i] == '\n';
    }
    return needs;
}

void csv_put_text(strbuf *out, const char *text, size_t len, csv_reader reader)
{
    bool quote = needs_quotes(text, len);
    strbuf_add(out, quote ? "\"" : "");
    strbuf_add(out, reader == CSV_FOR_PEOPLE && csv_is_formula(text, len) ? "'" : "");
    for (size_t at = 0; at < len;) {
        const char *next = memchr(text + at, '"', len - at);
        size_t end = next != NULL ? (size_t)(next - text) : len;
        strbuf_add_n(out, text + at, end - at);
        strbuf_add(out, next != NULL ? "\"\"" : "");
        at = next != NULL ? end + 1 : len;
    }
    strbuf_add(out, quote ? "\"" : "");
}
