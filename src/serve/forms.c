/* SPDX-License-Identifier: Apache-2.0 */
/* Which form of an answer a client wants. */
#include <string.h>

#include "serve/parts.h"

static const struct {
    const char *name;
    answer_form form;
} forms[] = {
    {"application/json", {RENDER_JSON, "application/json"}},
    {"text/html", {RENDER_HTML, "text/html; charset=utf-8"}},
    {"text/markdown", {RENDER_MARKDOWN, "text/markdown; charset=utf-8"}},
    {"text/csv", {RENDER_CSV, "text/csv; charset=utf-8; header=present"}},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     {RENDER_XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}},
    {"text/plain", {RENDER_TABLE, "text/plain; charset=utf-8"}},
};

/* Weight of one element of the list, 0 to 1000. */
static int weight_of(const char *element, size_t len)
{
    int weight = 1000;
    for (size_t i = 0; i + 2 < len; i++) {
        if (element[i] == 'q' && element[i + 1] == '=' &&
            (element[i - (i > 0)] == ';' || element[i - (i > 0)] == ' ')) {
            int scale = 1000;
            weight = 0;
            for (size_t k = i + 2; k < len && scale > 0; k++) {
                char c = element[k];
                if (c >= '0' && c <= '9') {
                    weight += (c - '0') * scale;
                    scale /= 10;
                } else if (c != '.') {
                    break;
                }
            }
        }
    }
    return weight > 1000 ? 1000 : weight;
}

static bool matches(const char *range, size_t len, const char *name)
{
    bool all = (len == 3 && memcmp(range, "*/*", 3) == 0);
    bool whole = len == strlen(name) && memcmp(range, name, len) == 0;
    bool kind = len > 2 && range[len - 1] == '*' && range[len - 2] == '/' &&
                strncmp(range, name, len - 1) == 0;
    return all || whole || kind;
}

/* Weight of a form: of the most exact element that names it, as HTTP has it. */
static int wanted(const char *accept, const char *name)
{
    int best = 0;
    size_t exact = 0;
    for (const char *at = accept; *at != '\0';) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ",");
        size_t range = strcspn(at, ",; \t");
        if (range > 0 && matches(at, range, name)) {
            size_t how = at[range - 1] == '*' ? (range == 3 ? 1 : 2) : 3;
            best = how > exact ? weight_of(at, len) : best;
            exact = how > exact ? how : exact;
        }
        at += len;
    }
    return best;
}

bool form_find(const char *accept, answer_form *out)
{
    int best = 0;
    if (accept == NULL || accept[strspn(accept, " ")] == '\0') {
        *out = forms[0].form;
        return true;
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        int weight = wanted(accept, forms[i].name);
        if (weight > best) {
            best = weight;
            *out = forms[i].form;
        }
    }
    return best > 0;
}
