/* SPDX-License-Identifier: Apache-2.0 */
#include "model/yaml_edit.h"

#include <string.h>

#include "base/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static strata_status refuse(yaml_place place, strata_error *err)
{
    return yaml_fail(err, place, "this cannot be changed without a look at it: change it by hand");
}

/* NUL behind the end. */
static char byte_at(const yaml_bytes *y, size_t at)
{
    if (at < y->len) {
        return y->text[at];
    }
    return '\0';
}

/* Bytes from the start of the file to that of the line; false: it has fewer lines. */
static bool find_line(const yaml_bytes *y, int line, size_t *out)
{
    size_t at = y->len >= 3 && memcmp(y->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (int i = 1; i < line; i++) {
        const char *end = memchr(y->text + at, '\n', y->len - at);
        if (end == NULL) {
            return false;
        }
        at = (size_t)(end - y->text) + 1;
    }
    *out = at;
    return true;
}

/* A column is a character. */
static bool find_place(const yaml_bytes *y, yaml_place place, size_t *out)
{
    size_t at = 0;
    if (!find_line(y, place.line, &at)) {
        return false;
    }
    for (int i = 1; i < place.column; i++) {
        size_t n = at < y->len ? utf8_length(y->text + at, y->len - at) : 0;
        if (n == 0 || y->text[at] == '\n') {
            return false;
        }
        at += n;
    }
    *out = at;
    return true;
}

/* --- values --- */

/* A value and its bytes, walked side by side. */
typedef struct walk {
    const yaml_bytes *y;
    const char *value;
    size_t i, raw;
    char quote; /* '\'', '"', 0: none */
} walk;

static char raw_at(const walk *w, size_t more)
{
    return byte_at(w->y, w->raw + more);
}

/* Behind an opening quote, or the indentation of a block scalar, which begins with its line. */
static void begin(walk *w)
{
    while (is_blank(raw_at(w, 0)) && !is_blank(w->value[0])) {
        w->raw++;
    }
    char first = raw_at(w, 0);
    char before = '\0';
    if (w->raw > 0) {
        before = w->y->text[w->raw - 1];
    }
    if ((first == '\'' || first == '"') && w->value[0] != first) {
        w->quote = first;
        w->raw++;
    } else if (before == '\'' || before == '"') {
        w->quote = before;
    }
}

/* One character of the value, or a run of spaces; false when the bytes say something else. */
static bool step(walk *w)
{
    char c = w->value[w->i];
    if (is_blank(c) && is_blank(raw_at(w, 0))) {
        while (is_blank(w->value[w->i])) {
            w->i++;
        }
        while (is_blank(raw_at(w, 0))) {
            w->raw++;
        }
        return true;
    }
    bool doubled = w->quote == '\'' && c == '\'' && raw_at(w, 1) == '\'';
    bool escaped = w->quote == '"' && raw_at(w, 0) == '\\' && raw_at(w, 1) == c;
    bool same = raw_at(w, 0) == c && !(w->quote == '"' && c == '\\');
    if (!same && !escaped) {
        return false;
    }
    w->raw += doubled || escaped ? 2 : 1;
    w->i++;
    return true;
}

strata_status yaml_find_bytes(const yaml_bytes *y, yaml_place place, const char *value,
                              yaml_span part, yaml_span *out, strata_error *err)
{
    walk w = {.y = y, .value = value};
    if (!find_place(y, place, &w.raw)) {
        return refuse(place, err);
    }
    begin(&w);
    size_t first = 0;
    while (w.i < part.end) {
        if (w.i == part.at) {
            first = w.raw;
        }
        if (value[w.i] == '\0' || !step(&w)) {
            return refuse(place, err);
        }
    }
    if (w.i != part.end || part.at >= part.end) {
        return refuse(place, err);
    }
    *out = (yaml_span){first, w.raw};
    return STRATA_OK;
}

/* --- blocks --- */

static size_t line_end(const yaml_bytes *y, size_t at)
{
    const char *end = memchr(y->text + at, '\n', y->len - at);
    return end != NULL ? (size_t)(end - y->text) + 1 : y->len;
}

static size_t indent_of(const yaml_bytes *y, size_t at)
{
    size_t n = 0;
    while (at + n < y->len && y->text[at + n] == ' ') {
        n++;
    }
    return n;
}

/* Whether a line that begins at `at` still belongs to a key at that indentation; `nothing`: it is
 * empty or a comment. */
static bool belongs(const yaml_bytes *y, size_t at, size_t indent, bool *nothing)
{
    size_t own = indent_of(y, at);
    char c = byte_at(y, at + own);
    char after = byte_at(y, at + own + 1);
    *nothing = c == '\0' || c == '\n' || c == '\r' || c == '#';
    return *nothing || own > indent ||
           (own == indent && c == '-' && (after == '\0' || is_blank(after)));
}

strata_status yaml_find_block(const yaml_bytes *y, yaml_place key, yaml_span *out,
                              strata_error *err)
{
    size_t start = 0;
    size_t indent = key.column > 0 ? (size_t)key.column - 1 : 0;
    if (!find_line(y, key.line, &start) || indent_of(y, start) != indent) {
        return refuse(key, err);
    }
    size_t last = line_end(y, start);
    for (size_t next = last; next < y->len; next = line_end(y, next)) {
        bool nothing = false;
        if (!belongs(y, next, indent, &nothing)) {
            break;
        }
        last = nothing ? last : line_end(y, next);
    }
    *out = (yaml_span){start, last};
    return STRATA_OK;
}

void yaml_put_block(strbuf *out, const char *block, size_t len, size_t indent)
{
    const yaml_bytes y = {.text = block, .len = len};
    size_t had = indent_of(&y, 0);
    for (size_t at = 0; at < len;) {
        size_t end = line_end(&y, at);
        size_t own = indent_of(&y, at);
        size_t skip = own < had ? own : had;
        if (at + own < end && y.text[at + own] != '\n') {
            strbuf_repeat(out, ' ', indent);
            strbuf_add_n(out, block + at + skip, end - at - skip);
        } else {
            strbuf_add_char(out, '\n');
        }
        at = end;
    }
    if (len > 0 && block[len - 1] != '\n') {
        strbuf_add_char(out, '\n');
    }
}
