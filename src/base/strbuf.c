/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void strbuf_init(strbuf *b, size_t limit)
{
    size_t most = PTRDIFF_MAX; /* so that no size below overflows */
    *b = (strbuf){.limit = limit == 0 ? STRBUF_DEFAULT_LIMIT : limit < most ? limit : most};
}

void strbuf_done(strbuf *b)
{
    free(b->text);
    *b = (strbuf){.limit = b->limit};
}

/* Room for `extra` more bytes and the NUL; false once the buffer has failed. */
static bool reserve(strbuf *b, size_t extra)
{
    if (b->failed != STRATA_OK) {
        return false;
    }
    if (extra > b->limit || b->len > b->limit - extra) {
        b->failed = STRATA_E_DATA;
        return false;
    }
    size_t need = b->len + extra + 1;
    if (need <= b->cap) {
        return true;
    }
    size_t cap = b->cap > 0 ? b->cap : 64;
    while (cap < need) {
        cap *= 2;
    }
    char *text = realloc(b->text, cap);
    if (text == NULL) {
        b->failed = STRATA_E_NOMEM;
        return false;
    }
    b->text = text;
    b->cap = cap;
    return true;
}

void strbuf_add_n(strbuf *b, const char *bytes, size_t len)
{
    if (reserve(b, len)) {
        if (len > 0) {
            memcpy(b->text + b->len, bytes, len);
        }
        b->len += len;
        b->text[b->len] = '\0';
    }
}

void strbuf_add(strbuf *b, const char *text)
{
    strbuf_add_n(b, text, strlen(text));
}

void strbuf_add_char(strbuf *b, char c)
{
    strbuf_add_n(b, &c, 1);
}

void strbuf_repeat(strbuf *b, char c, size_t n)
{
    if (reserve(b, n)) {
        memset(b->text + b->len, c, n);
        b->len += n;
        b->text[b->len] = '\0';
    }
}

void strbuf_printf(strbuf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        b->failed = b->failed == STRATA_OK ? STRATA_E_INTERNAL : b->failed;
    } else if (reserve(b, (size_t)len)) {
        (void)vsnprintf(b->text + b->len, (size_t)len + 1, fmt, again);
        b->len += (size_t)len;
    }
    va_end(again);
}

void strbuf_clear(strbuf *b)
{
    b->len = 0;
    b->failed = STRATA_OK;
    if (b->text != NULL) {
        b->text[0] = '\0';
    }
}

const char *strbuf_text(const strbuf *b)
{
    return b->text != NULL ? b->text : "";
}

strata_status strbuf_status(const strbuf *b, strata_error *err)
{
    switch ((int)b->failed) {
    case STRATA_OK:
        return STRATA_OK;
    case STRATA_E_NOMEM:
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    case STRATA_E_DATA:
        return strata_fail(err, STRATA_E_DATA, "text is longer than its limit of %zu bytes",
                           b->limit);
    default:
        return strata_fail(err, STRATA_E_INTERNAL, "text could not be formatted");
    }
}
