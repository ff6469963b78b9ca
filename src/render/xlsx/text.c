/* SPDX-License-Identifier: Apache-2.0 */
#include "render/xlsx/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#include "render/inline.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

/* The character at the start of the text, -1 when it is none; its bytes. */
static size_t next_character(const char *text, size_t len, utf8proc_int32_t *c)
{
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, c);
    if (n <= 0) {
        *c = -1;
        return 1;
    }
    return (size_t)n;
}

static size_t units_of(utf8proc_int32_t c)
{
    return c > 0xffff ? 2 : 1;
}

static bool is_control(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff;
}

/* --- texts of cells --- */

/* "_x0041_", which Excel shows as "A". */
static bool is_code(const char *text, size_t len)
{
    bool is = len >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_';
    for (size_t i = 2; is && i < 6; i++) {
        is = isxdigit((unsigned char)text[i]) != 0;
    }
    return is;
}

/* What fits into a cell: all of it, or so much that an ellipsis finds room. */
static size_t fitting(const char *text, size_t len)
{
    size_t units = 0;
    size_t cut = len;
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t c;
        size_t n = next_character(text + i, len - i, &c);
        units += is_code(text + i, len - i) ? 7 : units_of(c);
        if (units > XLSX_CELL_UNITS) {
            return cut;
        }
        i += n;
        cut = units < XLSX_CELL_UNITS ? i : cut;
    }
    return len;
}

void xlsx_put_clean(strbuf *out, const char *text, size_t len)
{
    size_t end = fitting(text, len);
    for (size_t i = 0; i < end;) {
        utf8proc_int32_t c;
        size_t n = next_character(text + i, end - i, &c);
        if (c == '\r') {
            strbuf_add(out, i + 1 < end && text[i + 1] == '\n' ? "" : "\n");
        } else if (c != '\n' && c != '\t' && is_control(c)) {
            strbuf_add(out, REPLACEMENT);
        } else {
            strbuf_add(out, is_code(text + i, end - i) ? "_x005F" : "");
            strbuf_add_n(out, text + i, n);
        }
        i += n;
    }
    strbuf_add(out, end < len ? ELLIPSIS : "");
}

static void put_target(strbuf *out, const inline_piece *link)
{
    if (link->href != NULL) {
        strbuf_add(out, " (");
        strbuf_add_n(out, link->href, link->href_len);
        strbuf_add_char(out, ')');
    }
}

void xlsx_put_plain(strbuf *out, const char *markdown)
{
    STRBUF_AUTO strbuf plain;
    strbuf_init(&plain, 0);
    inline_reader reader = {.at = markdown};
    inline_piece was = {0};
    for (inline_piece p = {0}; inline_next(&reader, &p); was = p) {
        if (was.href != p.href) {
            put_target(&plain, &was);
        }
        strbuf_add_n(&plain, p.text, p.len);
    }
    put_target(&plain, &was);
    if (plain.failed != STRATA_OK) {
        out->failed = plain.failed;
        return;
    }
    xlsx_put_clean(out, strbuf_text(&plain), plain.len);
}

/* --- names of sheets --- */

static bool is_forbidden(utf8proc_int32_t c)
{
    return is_control(c) || (c < 0x80 && strchr("[]:*?/\\", (int)c) != NULL);
}

/* Takes blanks and apostrophes off the end. */
static size_t trimmed(const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\'')) {
        len--;
    }
    return len;
}

/* Cuts to `units`, at the last word that fits when that leaves half of it; returns the length. */
static size_t cut_name(const char *text, size_t len, size_t units)
{
    size_t used = 0;
    size_t end = 0;
    size_t word = 0;
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t c;
        size_t n = next_character(text + i, len - i, &c);
        used += units_of(c);
        if (used > units) {
            return trimmed(text, word * 2 > end ? word : end);
        }
        word = c == ' ' ? i : word;
        i += n;
        end = i;
    }
    return len;
}

/* More than any name, so that what is too long is seen to be. */
typedef struct name_buffer {
    char text[256];
    size_t len;
    bool full;
} name_buffer;

static void name_add(name_buffer *b, const char *text, size_t len)
{
    b->full = b->full || b->len + len > sizeof b->text;
    if (!b->full) {
        memcpy(b->text + b->len, text, len);
        b->len += len;
    }
}

/* The text with only what a name may hold. */
static void clean_name(const char *text, name_buffer *out)
{
    bool blank = true; /* leave blanks and apostrophes at the start out */
    size_t len = strlen(text);
    for (size_t i = 0; i < len && !out->full;) {
        utf8proc_int32_t c;
        size_t n = next_character(text + i, len - i, &c);
        bool gap = c < 0 || c == ' ' || is_forbidden(c);
        if (gap && !blank) {
            name_add(out, " ", 1);
        } else if (!gap && !(out->len == 0 && c == '\'')) {
            name_add(out, text + i, n);
        }
        blank = gap || out->len == 0;
        i += n;
    }
    out->len = trimmed(out->text, out->len);
}

static bool same_name(const char *a, const char *b)
{
    utf8proc_int32_t x = 0;
    utf8proc_int32_t y = 0;
    while (*a != '\0' && *b != '\0') {
        a += next_character(a, strlen(a), &x);
        b += next_character(b, strlen(b), &y);
        if (x < 0 || utf8proc_tolower(x) != utf8proc_tolower(y)) {
            return false;
        }
    }
    return *a == *b;
}

bool xlsx_name_of(const char *text, xlsx_name *out)
{
    name_buffer clean = {0};
    clean_name(text, &clean);
    *out = (xlsx_name){0};
    if (clean.len == 0) {
        return false;
    }
    size_t len = cut_name(clean.text, clean.len, XLSX_NAME_UNITS);
    memcpy(out->text, clean.text, len);
    if (same_name(out->text, "history")) { /* Excel keeps this one for itself */
        (void)snprintf(out->text, sizeof out->text, "The history");
    }
    return len == clean.len && !clean.full;
}

static bool is_taken(const xlsx_name *name, const xlsx_name *others, size_t n)
{
    size_t i = 0;
    while (i < n && !same_name(name->text, others[i].text)) {
        i++;
    }
    return i < n;
}

void xlsx_name_make_unique(xlsx_name *name, const xlsx_name *others, size_t n)
{
    char tail[24];
    xlsx_name base = *name;
    for (size_t number = 2; is_taken(name, others, n); number++) {
        int added = snprintf(tail, sizeof tail, " %zu", number);
        size_t len = cut_name(base.text, strlen(base.text), XLSX_NAME_UNITS - (size_t)added);
        (void)snprintf(name->text, sizeof name->text, "%.*s%s", (int)len, base.text, tail);
    }
}
