/* SPDX-License-Identifier: Apache-2.0 */
#include "command/list.h"

#include <stdbool.h>
#include <string.h>

static size_t count_commas(const char *text)
{
    size_t n = 0;
    for (const char *c = text; *c != '\0'; c++) {
        n += *c == ',';
    }
    return n;
}

strata_status call_expressions(arena *a, const char *text, const char *const **out, size_t *n,
                               strata_error *err)
{
    char *copy = arena_strdup(a, text);
    const char **parts = ARENA_NEW(a, count_commas(text) + 1, const char *);
    if (copy == NULL || parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t count = 0;
    int depth = 0;
    bool quoted = false;
    char *begin = copy;
    for (char *c = copy;; c++) {
        bool end = *c == '\0';
        quoted = quoted != (*c == '\'');
        depth += quoted ? 0 : (*c == '(') - (*c == ')');
        if (!end && (*c != ',' || quoted || depth > 0)) {
            continue;
        }
        *c = '\0';
        begin += strspn(begin, " ");
        for (char *last = c; last > begin && last[-1] == ' '; last--) {
            last[-1] = '\0';
        }
        parts[count++] = begin;
        begin = c + 1;
        if (end) {
            break;
        }
    }
    *out = parts;
    *n = count;
    return STRATA_OK;
}
