/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xc0U) == 0x80U;
}

void source_position(const source *s, size_t at, int *line, int *col)
{
    *line = s->place != NULL ? s->place->line : 1;
    *col = s->place != NULL ? s->place->column : 1;
    for (size_t i = 0; i < at && i < s->len; i++) {
        if (s->text[i] == '\n') {
            (*line)++;
            *col = 1;
        } else if (!continues_character(s->text[i])) {
            (*col)++;
        }
    }
}

void source_explain(const source *s, size_t at, const char *hint, strata_error *err,
                    const char *fmt, ...)
{
    char body[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(body, sizeof body, fmt, args);
    va_end(args);

    int line, col;
    source_position(s, at, &line, &col);
    const char *file = s->place != NULL ? s->place->file : NULL;
    const char *what = s->place != NULL ? s->place->what : NULL;
    strata_error_set(err, STRATA_E_MODEL, "%s%s%d:%d: %s%s%s%s%s%s", file != NULL ? file : "",
                     file != NULL ? ":" : "", line, col, body, what != NULL ? " in " : "",
                     what != NULL ? what : "", hint != NULL ? " (" : "", hint != NULL ? hint : "",
                     hint != NULL ? ")" : "");
}

const char *source_slice(const source *s, const node *n, char out[SLICE_TEXT])
{
    size_t end = n->end < s->len ? n->end : s->len;
    size_t len = n->at < end ? end - n->at : 0;
    bool cut = len > SLICE_TEXT - 4;
    if (cut) {
        len = SLICE_TEXT - 4;
        while (len > 0 && continues_character(s->text[n->at + len])) {
            len--;
        }
    }
    for (size_t i = 0; i < len; i++) {
        char c = s->text[n->at + i];
        out[i] = (char)((unsigned char)c < ' ' ? ' ' : c);
    }
    memcpy(out + len, cut ? "..." : "", cut ? 4 : 1);
    return out;
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool text_equal_folded_n(const char *a, size_t len, const char *b)
{
    for (size_t i = 0; i < len; i++) {
        if (b[i] == '\0' || fold(a[i]) != fold(b[i])) {
            return false;
        }
    }
    return b[len] == '\0';
}

bool text_equal_folded(const char *a, const char *b)
{
    return text_equal_folded_n(a, strlen(a), b);
}
