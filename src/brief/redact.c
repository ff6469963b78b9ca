/* SPDX-License-Identifier: Apache-2.0 */
#include "brief/redact.h"

#include "base/strbuf.h"
#include "persona/phrases.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for what customers wrote");
}

/* The bytes between two words hold something that was no word: an address or a number. */
static bool has_hidden_chunk(const text_words *t)
{
    for (size_t i = 0; i < t->chunks.n; i++) {
        if (t->chunks.data[i].hidden) {
            return true;
        }
    }
    return false;
}

static void put_gap(strbuf *out)
{
    static const char gap[] = "...";
    size_t n = sizeof gap - 1;
    bool there = out->len >= n && out->text[out->len - 1] == '.';
    if (!there) {
        strbuf_printf(out, "%s%s", out->len > 0 ? " " : "", gap);
    }
}

strata_status redact_text(hidden_names *h, size_t account, const char *text, size_t len, arena *a,
                          const char **out, strata_error *err)
{
    TEXT_WORDS_AUTO text_words t = {0};
    STRBUF_AUTO strbuf said;
    size_t n_said = 0;
    strbuf_init(&said, 0);
    STRATA_TRY(text_split(&t, text, len, err));
    for (size_t i = 0; i < t.words.n;) {
        size_t n = 0;
        STRATA_TRY(names_hide(h, account, &t, i, &n, err));
        if (n > 0 || n_said == REDACTED_WORDS) {
            put_gap(&said);
            i = n > 0 ? i + n : t.words.n;
            continue;
        }
        const text_word *w = &t.words.data[i];
        const char *between = said.len == 0 ? "" : w->breaks ? ", " : " ";
        strbuf_add(&said, between);
        strbuf_add_n(&said, text_word_at(&t, i), w->len);
        n_said++;
        i++;
    }
    if (has_hidden_chunk(&t)) {
        put_gap(&said);
    }
    STRATA_TRY(strbuf_status(&said, err));
    *out = n_said >= 2 ? arena_strdup(a, strbuf_text(&said)) : NULL;
    return n_said < 2 || *out != NULL ? STRATA_OK : no_memory(err);
}

strata_status redact_label(hidden_names *h, size_t account, const char *text, size_t len, arena *a,
                           const char **out, strata_error *err)
{
    CORPUS_AUTO corpus c = {0};
    STRATA_TRY(corpus_add_theme(&c, h, account, text, len, err));
    *out = NULL;
    if (c.sayings.n == 0) {
        return STRATA_OK;
    }
    *out = arena_strndup(a, text, len);
    return *out != NULL ? STRATA_OK : no_memory(err);
}
