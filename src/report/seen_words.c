/* SPDX-License-Identifier: Apache-2.0 */
#include "report/seen_words.h"

#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "report/words.h"

static const char *label_of(const rule_scope *scope, const char *name, size_t len)
{
    for (size_t k = 0; k < scope->n_symbols; k++) {
        const symbol *s = &scope->symbols[k];
        if (strlen(s->name) == len && memcmp(s->name, name, len) == 0) {
            return s->label;
        }
    }
    return NULL;
}

/* "33.6255%" as "33.6 %"; how many bytes were read, 0: it is no share. */
static size_t add_share(strbuf *out, const char *text)
{
    const size_t len = strspn(text, "0123456789.");
    double x = 0.0;
    if (len == 0 || text[len] != '%' || !number_parse(text, len, &x)) {
        return 0;
    }
    strbuf_add(out, words_share(x / 100.0).text);
    return len + 1;
}

strata_status seen_words(const rule_scope *scope, const char *text, arena *a, const char **out,
                         strata_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    STRBUF_AUTO strbuf said;
    strbuf_init(&said, 0);
    while (*text != '\0') {
        size_t len = add_share(&said, text);
        if (len == 0) {
            len = strspn(text, letters);
            const char *label = len > 0 ? label_of(scope, text, len) : NULL;
            len = len > 0 ? len : 1;
            strbuf_add_n(&said, label != NULL ? label : text, label != NULL ? strlen(label) : len);
        }
        text += len;
    }
    STRATA_TRY(strbuf_status(&said, err));
    *out = arena_strdup(a, strbuf_text(&said));
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}
