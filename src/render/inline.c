/* SPDX-License-Identifier: Apache-2.0 */
#include "render/inline.h"

#include <string.h>

static const char marks[] = "\\*`[]";

static bool is_mark(char c)
{
    return c != '\0' && strchr(marks, c) != NULL;
}

/* The first unescaped `c` after `s`, NULL when there is none. */
static const char *find_plain(const char *s, char c)
{
    for (; *s != '\0'; s++) {
        if (*s == '\\' && s[1] != '\0') {
            s++;
        } else if (*s == c) {
            return s;
        }
    }
    return NULL;
}

/* Whether a run of `n` stars from `s` on is ever closed by another one. */
static bool stars_close(const char *s, size_t n)
{
    for (const char *p = find_plain(s + n, '*'); p != NULL; p = find_plain(p, '*')) {
        size_t run = strspn(p, "*");
        if (run >= n && p > s + n && p[-1] != ' ') {
            return true;
        }
        p += run;
    }
    return false;
}

static bool is_web_link(const char *url, size_t len)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "#"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (len > n && strncmp(url, schemes[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* "[text](url)" at r->at: enters the link. */
static bool open_link(inline_reader *r)
{
    const char *close = find_plain(r->at + 1, ']');
    if (r->link_end != NULL || close == NULL || close[1] != '(') {
        return false;
    }
    const char *url = close + 2;
    size_t len = strcspn(url, " ()<>\n");
    if (url[len] != ')' || !is_web_link(url, len)) {
        return false;
    }
    r->href = url;
    r->href_len = len;
    r->link_end = close;
    r->at++;
    return true;
}

/* Takes a mark that switches a style; false when what stands here is text. */
static bool take_mark(inline_reader *r)
{
    if (r->at == r->link_end) {
        r->at = r->href + r->href_len + 1;
        r->href = r->link_end = NULL;
        r->href_len = 0;
        return true;
    }
    if (*r->at == '[') {
        return open_link(r);
    }
    if (*r->at != '*') {
        return false;
    }
    size_t run = strspn(r->at, "*");
    if (run >= 2 && (r->bold || (r->at[2] != ' ' && r->at[2] != '\0' && stars_close(r->at, 2)))) {
        r->bold = !r->bold;
        r->at += 2;
        return true;
    }
    if (r->emphasis || (run == 1 && r->at[1] != ' ' && r->at[1] != '\0' && stars_close(r->at, 1))) {
        r->emphasis = !r->emphasis;
        r->at++;
        return true;
    }
    return false;
}

/* A backtick opens code when another one closes it; inside nothing else is a mark. */
static bool switch_code(inline_reader *r)
{
    if (*r->at != '`' || (!r->code && find_plain(r->at + 1, '`') == NULL)) {
        return false;
    }
    r->code = !r->code;
    r->at++;
    return true;
}

bool inline_next(inline_reader *r, inline_piece *out)
{
    while (*r->at != '\0' && (switch_code(r) || (!r->code && take_mark(r)))) {
    }
    if (*r->at == '\0') {
        return false;
    }
    /* One character that may be an unused or escaped mark, then up to the next mark. */
    if (*r->at == '\\' && is_mark(r->at[1])) {
        r->at++;
    }
    const char *from = r->at++;
    while (*r->at != '\0' && !is_mark(*r->at)) {
        r->at++;
    }
    *out = (inline_piece){.text = from,
                          .len = (size_t)(r->at - from),
                          .bold = r->bold,
                          .emphasis = r->emphasis,
                          .code = r->code,
                          .href = r->href,
                          .href_len = r->href_len};
    return true;
}
