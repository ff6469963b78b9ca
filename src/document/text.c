/* SPDX-License-Identifier: Apache-2.0 */
#include "document/text.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "document/tree.h"

enum { UTF8_LONGEST = 4 };

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

size_t utf8_sequence(const char *s)
{
    return utf8_length(s, strnlen(s, UTF8_LONGEST));
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
