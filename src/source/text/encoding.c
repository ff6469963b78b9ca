/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/encoding.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Length of the character at p (RFC 3629: no surrogates, nothing overlong); 0 when malformed. */
static size_t character(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char from, to, second_from, second_to;
        size_t len;
    } forms[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (p[0] < forms[i].from || p[0] > forms[i].to) {
            continue;
        }
        size_t len = forms[i].len;
        bool ok = len <= left &&
                  (len == 1 || (p[1] >= forms[i].second_from && p[1] <= forms[i].second_to));
        for (size_t k = 2; ok && k < len; k++) {
            ok = (p[k] & 0xC0) == 0x80;
        }
        return ok ? len : 0;
    }
    return 0;
}

static bool is_utf8_name(const char *name)
{
    return name == NULL || strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

bool encoding_is_known(const char *name)
{
    static const char *const single[] = {"latin-1",      "latin1", "iso-8859-1",
                                         "windows-1252", "cp1252", "ansi"};
    if (is_utf8_name(name)) {
        return true;
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (strcasecmp(name, single[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Windows-1252; what it leaves undefined is as in Latin-1. */
static uint32_t code_point(unsigned char c)
{
    static const uint16_t high[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

static bool from_single(text_view in, arena *a, text_view *out)
{
    char *text = arena_alloc(a, in.len * 3 + 1, 1);
    size_t n = 0;
    for (size_t i = 0; text != NULL && i < in.len; i++) {
        uint32_t c = code_point((unsigned char)in.ptr[i]);
        if (c < 0x80) {
            text[n++] = (char)c;
        } else if (c < 0x800) {
            text[n++] = (char)(0xC0 | c >> 6);
            text[n++] = (char)(0x80 | (c & 0x3F));
        } else {
            text[n++] = (char)(0xE0 | c >> 12);
            text[n++] = (char)(0x80 | (c >> 6 & 0x3F));
            text[n++] = (char)(0x80 | (c & 0x3F));
        }
    }
    *out = (text_view){text, n};
    return text != NULL;
}

bool encoding_to_utf8(const char *name, text_view in, arena *a, text_view *out, const char **why)
{
    if (memchr(in.ptr, 0, in.len) != NULL) {
        *why = "holds a NUL byte";
        return false;
    }
    if (!is_utf8_name(name)) {
        *why = "out of memory";
        return from_single(in, a, out);
    }
    if (encoding_cut(in, in.len) != in.len) {
        *why = "not UTF-8; if the file is Latin-1 or Windows-1252, set `encoding: windows-1252`";
        return false;
    }
    *out = in;
    return true;
}

size_t encoding_cut(text_view text, size_t most)
{
    size_t n = 0;
    while (n < text.len) {
        unsigned char c = (unsigned char)text.ptr[n];
        size_t len =
            c - 1U < 0x7F ? 1 : character((const unsigned char *)text.ptr + n, text.len - n);
        if (len == 0) {
            return 0;
        }
        if (n + len > most) {
            break;
        }
        n += len;
    }
    return n;
}
