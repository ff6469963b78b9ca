/* SPDX-License-Identifier: Apache-2.0 */
/* Long lists page by page: where a page begins and which one is next. */
#include <string.h>

#include "serve/parts.h"

bool cursor_read(const char *cursor, char mark[CURSOR_MARK + 1], size_t *from)
{
    enum { DIGITS = 9 };
    size_t n = strlen(cursor);
    if (n < CURSOR_MARK + 2 || n > CURSOR_MARK + 1 + DIGITS || cursor[CURSOR_MARK] != '-' ||
        strspn(cursor, "0123456789abcdef") != CURSOR_MARK ||
        strspn(cursor + CURSOR_MARK + 1, "0123456789") != n - CURSOR_MARK - 1) {
        return false;
    }
    memcpy(mark, cursor, CURSOR_MARK);
    mark[CURSOR_MARK] = '\0';
    *from = (size_t)strtoull(cursor + CURSOR_MARK + 1, NULL, 10);
    return true;
}

strata_status cursor_from(exchange *x, const char *cursor, const char own[CURSOR_MARK + 1],
                          size_t *from, strata_error *err)
{
    char mark[CURSOR_MARK + 1];
    if (cursor == NULL) {
        *from = 0;
        return STRATA_OK;
    }
    if (!cursor_read(cursor, mark, from)) {
        return strata_fail(err, STRATA_E_USAGE, "'%.40s' is no cursor of this server", cursor);
    }
    if (strcmp(mark, own) != 0) {
        server_fail(x->reply, 409, "changed",
                    "the cursor is of another list, or the data have changed since; begin again "
                    "without one");
        return strata_fail(err, STRATA_E_CANCELLED, "changed");
    }
    return STRATA_OK;
}

void cursor_put_next(strbuf *out, const char mark[CURSOR_MARK + 1], size_t end, size_t n)
{
    strbuf_add(out, ",\"next_cursor\":");
    if (end < n) {
        strbuf_printf(out, "\"%s-%zu\"}\n", mark, end);
    } else {
        strbuf_add(out, "null}\n");
    }
}

strata_status page_limit(const char *text, size_t *out, strata_error *err)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long n = digits > 0 && digits < 7 ? strtoul(text, NULL, 10) : PAGE_MAX + 1ul;
    if (text[digits] != '\0' || n < 1 || n > PAGE_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "limit '%.40s' is no whole number from 1 to %d",
                           text, PAGE_MAX);
    }
    *out = n;
    return STRATA_OK;
}
