/* SPDX-License-Identifier: Apache-2.0 */
#include "document/text.h"

#include <stdio.h>
#include <string.h>

#include "document/tree.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* Bounds of the second byte depend on the first (Unicode 15, table 3-7). */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return second >= 0x80 && second <= 0xbf;
    }
}

size_t utf8_sequence(const char *s)
{
    unsigned char first = (unsigned char)s[0];
    if (first < 0x80) {
        return 1;
    }
    size_t len = first >= 0xc2 && first <= 0xdf   ? 2
                 : first >= 0xe0 && first <= 0xef ? 3
                 : first >= 0xf0 && first <= 0xf4 ? 4
                                                  : 0;
    if (len == 0 || !second_byte_fits(first, (unsigned char)s[1])) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if (((unsigned char)s[i] & 0xc0U) != 0x80) {
            return 0;
        }
    }
    return len;
}

void document_fail(document *d)
{
    d->failed = STRATA_E_NOMEM;
}

/* Bytes that `s` takes once cleaned. */
static size_t clean_length(const char *s)
{
    size_t total = 0;
    while (*s != '\0') {
        size_t len = utf8_sequence(s);
        total += len > 0 ? len : sizeof replacement - 1;
        s += len > 0 ? len : 1;
    }
    return total;
}

const char *text_copy(document *d, const char *s)
{
    if (s == NULL) {
        return NULL;
    }
    char *copy = arena_alloc(d->memory, clean_length(s) + 1, 1);
    if (copy == NULL) {
        document_fail(d);
        return NULL;
    }
    char *to = copy;
    while (*s != '\0') {
        size_t len = utf8_sequence(s);
        size_t put = len > 0 ? len : sizeof replacement - 1;
        memcpy(to, len > 0 ? s : replacement, put);
        to += put;
        s += len > 0 ? len : 1;
    }
    return copy;
}

const char *text_format(document *d, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *text = len < 0 ? NULL : arena_alloc(d->memory, (size_t)len + 1, 1);
    if (text == NULL) {
        document_fail(d);
        return NULL;
    }
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    return text_copy(d, text);
}

const char *document_escape(document *d, const char *data)
{
    const char *clean = text_copy(d, data);
    if (clean == NULL) {
        return "";
    }
    char *out = arena_alloc(d->memory, 2 * strlen(clean) + 1, 1);
    if (out == NULL) {
        document_fail(d);
        return "";
    }
    char *to = out;
    for (; *clean != '\0'; clean++) {
        if (strchr("\\*`[]", *clean) != NULL) {
            *to++ = '\\';
        }
        *to++ = *clean;
    }
    return out;
}
