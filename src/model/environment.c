/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "model/load/load.h"

static bool is_variable_name(const char *text, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return len > 0 && len < 100 && strspn(text, letters) >= len;
}

/* Reads "{VAR}" or "{VAR:-default}" at `at`, appends what it stands for; *used: bytes read. */
static strata_status expand_one(arena *a, const char *at, yaml_place place, strbuf *out,
                                size_t *used, strata_error *err)
{
    const char *end = strchr(at, '}');
    if (end == NULL) {
        return yaml_fail(err, place, "'$%.60s' has no closing }", at);
    }
    size_t len = (size_t)(end - at) - 1;
    char *name = arena_strndup(a, at + 1, len);
    if (name == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    char *fallback = strstr(name, ":-");
    if (fallback != NULL) {
        *fallback = '\0';
        fallback += 2;
    }
    if (!is_variable_name(name, strlen(name))) {
        return yaml_fail(err, place, "'${%.60s}' names no environment variable", name);
    }
    /* Nothing in this program changes its environment. */
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe) */
    if ((value == NULL || value[0] == '\0') && fallback == NULL) {
        return yaml_fail(err, place,
                         "environment variable '%s' is not set: set it, or write ${%s:-default}",
                         name, name);
    }
    strbuf_add(out, value != NULL && value[0] != '\0' ? value : fallback);
    *used = len + 2;
    return STRATA_OK;
}

strata_status expand_environment(arena *a, const char *text, yaml_place place, const char **out,
                                 strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (size_t i = 0; text[i] != '\0'; i++) {
        size_t used = 0;
        if (text[i] != '$' || text[i + 1] != '{') {
            i += text[i] == '$' && text[i + 1] == '$';
            strbuf_add_char(&b, text[i]);
            continue;
        }
        STRATA_TRY(expand_one(a, text + i + 1, place, &b, &used, err));
        i += used;
    }
    STRATA_TRY(strbuf_status(&b, err));
    const char *copy = arena_strdup(a, strbuf_text(&b));
    if (copy == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    *out = copy;
    return STRATA_OK;
}
