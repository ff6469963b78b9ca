/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/phrases.h"

#include <string.h>

void corpus_done(corpus *c)
{
    terms_done(&c->terms);
    vec_free(&c->sayings);
    vec_free(&c->last);
    vec_free(&c->speakers);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for phrases");
}

static strata_status note_speaker(corpus *c, size_t account, strata_error *err)
{
    uint32_t who = (uint32_t)account;
    bool known = c->speakers.n > 0 && c->speakers.data[c->speakers.n - 1] == who;
    return known || vec_push(&c->speakers, who) ? STRATA_OK : no_memory(err);
}

static strata_status say(corpus *c, size_t account, const char *text, size_t len, strata_error *err)
{
    uint32_t term = 0;
    STRATA_TRY(terms_add(&c->terms, text, len, &term, err));
    if (term == c->last.n && !vec_push(&c->last, UINT32_MAX)) {
        return no_memory(err);
    }
    if (c->last.data[term] == account) {
        return STRATA_OK;
    }
    c->last.data[term] = (uint32_t)account;
    if (!vec_push(&c->sayings, (saying){term, (uint32_t)account})) {
        return no_memory(err);
    }
    return STRATA_OK;
}

static bool is_stop(const terms *stop, const text_words *t, size_t i)
{
    size_t len = t->words.data[i].len;
    return len < 2 || terms_find(stop, text_word_at(t, i), len) != UINT32_MAX;
}

/* Parts the text around every name in it, which becomes a word without bytes. */
static strata_status blank_names(hidden_names *h, size_t account, text_words *t, strata_error *err)
{
    for (size_t i = 0; i < t->words.n;) {
        size_t n = 0;
        STRATA_TRY(names_hide(h, account, t, i, &n, err));
        for (size_t k = i; k < i + n; k++) {
            t->words.data[k].len = 0;
        }
        i += n > 0 ? n : 1;
    }
    return STRATA_OK;
}

/* The phrases that begin with word `first`. */
static strata_status say_from(corpus *c, const terms *stop, size_t account, const text_words *t,
                              size_t first, strbuf *phrase, strata_error *err)
{
    strbuf_clear(phrase);
    for (size_t i = first; i < first + PHRASE_WORDS_MAX && i < t->words.n; i++) {
        const text_word *w = &t->words.data[i];
        if (w->len == 0 || (i > first && w->breaks)) {
            break;
        }
        strbuf_add(phrase, i > first ? " " : "");
        strbuf_add_n(phrase, text_word_at(t, i), w->len);
        STRATA_TRY(strbuf_status(phrase, err));
        if (!is_stop(stop, t, i)) {
            STRATA_TRY(say(c, account, phrase->text, phrase->len, err));
        }
    }
    return STRATA_OK;
}

strata_status corpus_add_text(corpus *c, hidden_names *h, const terms *stop, size_t account,
                              const char *text, size_t len, strata_error *err)
{
    TEXT_WORDS_AUTO text_words t = {0};
    STRBUF_AUTO strbuf phrase;
    strbuf_init(&phrase, 0);
    STRATA_TRY(text_split(&t, text, len, err));
    STRATA_TRY(blank_names(h, account, &t, err));
    for (size_t i = 0; i < t.words.n; i++) {
        if (t.words.data[i].len > 0 && !is_stop(stop, &t, i)) {
            STRATA_TRY(say_from(c, stop, account, &t, i, &phrase, err));
        }
    }
    return note_speaker(c, account, err);
}

static size_t count_digits(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += text[i] >= '0' && text[i] <= '9';
    }
    return n;
}

strata_status corpus_add_theme(corpus *c, hidden_names *h, size_t account, const char *theme,
                               size_t len, strata_error *err)
{
    TEXT_WORDS_AUTO text_words t = {0};
    STRATA_TRY(text_split(&t, theme, len, err));
    bool shown = len > 0 && len <= TEXT_BYTES_MAX && count_digits(theme, len) <= TEXT_DIGITS_MAX;
    for (size_t i = 0; i < t.chunks.n; i++) {
        shown = shown && !t.chunks.data[i].hidden;
    }
    for (size_t i = 0; i < t.words.n && shown; i++) {
        size_t n = 0;
        STRATA_TRY(names_hide(h, account, &t, i, &n, err));
        shown = n == 0;
    }
    if (shown) {
        STRATA_TRY(say(c, account, theme, len, err));
    }
    return note_speaker(c, account, err);
}
