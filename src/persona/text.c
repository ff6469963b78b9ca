/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/text.h"

#include <string.h>

#include "persona/fold.h"

void text_words_done(text_words *t)
{
    vec_free(&t->words);
    vec_free(&t->chunks);
    strbuf_done(&t->folded);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading texts");
}

/* --- addresses: judged by what stands between blanks --- */

static strata_status find_chunks(text_words *t, const char *bytes, size_t len, strata_error *err)
{
    size_t from = 0;
    t->chunks.n = 0;
    for (size_t i = 0; i <= len;) {
        folded_char c =
            i < len ? fold_char(bytes + i, len - i) : (folded_char){.kind = CHAR_SPACE, .used = 1};
        if (c.kind == CHAR_SPACE) {
            if (i > from &&
                !vec_push(&t->chunks, (text_chunk){(uint32_t)from, (uint32_t)i, false})) {
                return no_memory(err);
            }
            from = i + c.used;
        }
        i += c.used;
    }
    return STRATA_OK;
}

/* `text` in small ASCII letters. */
static bool starts_with(const char *bytes, size_t len, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        if (i >= len || (bytes[i] | (bytes[i] >= 'A' && bytes[i] <= 'Z' ? 32 : 0)) != text[i]) {
            return false;
        }
    }
    return true;
}

static bool holds(const char *bytes, size_t len, const char *text)
{
    for (size_t i = 0; i < len; i++) {
        if (starts_with(bytes + i, len - i, text)) {
            return true;
        }
    }
    return false;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_wordly(char c)
{
    return is_ascii_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c > 127;
}

/* Does a dot stand between words, two letters or more behind it: acme.com, www.acme.io/x? */
static bool has_host(const char *bytes, size_t len)
{
    for (size_t i = 1; i + 2 < len; i++) {
        if (bytes[i] == '.' && is_wordly(bytes[i - 1]) && is_ascii_letter(bytes[i + 1]) &&
            is_ascii_letter(bytes[i + 2])) {
            return true;
        }
    }
    return false;
}

static const char wide_at[] = "\xef\xbc\xa0";  /* U+FF20 */
static const char small_at[] = "\xef\xb9\xab"; /* U+FE6B */

static bool is_address(const char *bytes, size_t len)
{
    static const char *const marks[] = {
        "@", wide_at, small_at, "://", "www.", "mailto:", "(at)", "[at]", "{at}", "(dot)", "[dot]"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (holds(bytes, len, marks[i])) {
            return true;
        }
    }
    return has_host(bytes, len);
}

static bool is_text(const char *bytes, const text_chunk *c, const char *text)
{
    return c->to - c->from == strlen(text) && starts_with(bytes + c->from, c->to - c->from, text);
}

static bool ends_in_at(const char *bytes, const text_chunk *c)
{
    size_t len = c->to - c->from;
    return bytes[c->to - 1] == '@' || (len >= 3 && memcmp(bytes + c->to - 3, wide_at, 3) == 0);
}

static bool begins_with_at(const char *bytes, const text_chunk *c)
{
    return bytes[c->from] == '@' ||
           (c->to - c->from >= 3 && memcmp(bytes + c->from, wide_at, 3) == 0);
}

/* "jane @ acme . com", "jane (at) acme (dot) com": what stands on both sides goes too. */
static void hide_beside(text_chunk *chunks, size_t n, size_t i, bool before, bool after)
{
    chunks[i].hidden = true;
    if (before && i > 0) {
        chunks[i - 1].hidden = true;
    }
    if (after && i + 1 < n) {
        chunks[i + 1].hidden = true;
    }
}

static void hide_addresses(text_chunk *chunks, size_t n, const char *bytes)
{
    static const char *const between[] = {"(at)",  "[at]",  "{at}", "<at>", "(dot)",
                                          "[dot]", "{dot}", "dot",  "."};
    for (size_t i = 0; i < n; i++) {
        if (is_address(bytes + chunks[i].from, chunks[i].to - chunks[i].from)) {
            hide_beside(chunks, n, i, begins_with_at(bytes, &chunks[i]),
                        ends_in_at(bytes, &chunks[i]));
        }
        for (size_t k = 0; k < sizeof between / sizeof *between; k++) {
            if (is_text(bytes, &chunks[i], between[k])) {
                hide_beside(chunks, n, i, true, true);
            }
        }
    }
    /* "jane at acme dot com": the dot hid what is around it, "at" before that hides the name. */
    for (size_t i = 1; i + 1 < n; i++) {
        if (chunks[i + 1].hidden && is_text(bytes, &chunks[i], "at")) {
            hide_beside(chunks, n, i, true, false);
        }
    }
}

/* --- words --- */

typedef struct spelling {
    size_t at; /* in t->folded */
    size_t letters, digits;
    bool breaks; /* of the word being spelt */
} spelling;

/* A word that is none (a number, a key) parts what is around it. */
static strata_status end_word(text_words *t, spelling *w, strata_error *err)
{
    size_t len = t->folded.len - w->at;
    bool good = w->letters > 0 && w->digits <= TEXT_DIGITS_MAX && len <= TEXT_WORD_MAX;
    if (good) {
        if (!vec_push(&t->words, (text_word){(uint32_t)w->at, (uint32_t)len, w->breaks})) {
            return no_memory(err);
        }
        w->breaks = false;
    } else if (len > 0) {
        t->folded.len = w->at;
        w->breaks = true;
    }
    w->at = t->folded.len;
    w->letters = 0;
    w->digits = 0;
    return STRATA_OK;
}

static strata_status spell(text_words *t, const char *bytes, const text_chunk *chunk, spelling *w,
                           strata_error *err)
{
    for (size_t i = chunk->from; i < chunk->to;) {
        folded_char c = fold_char(bytes + i, chunk->to - i);
        i += c.used;
        if (c.kind == CHAR_LETTER || c.kind == CHAR_DIGIT) {
            strbuf_add_n(&t->folded, c.text, c.len);
            w->letters += c.kind == CHAR_LETTER;
            w->digits += c.kind == CHAR_DIGIT;
        } else if (c.kind != CHAR_JOINER && c.kind != CHAR_NOTHING) {
            STRATA_TRY(end_word(t, w, err));
            w->breaks = w->breaks || c.kind == CHAR_BREAK;
        }
    }
    return end_word(t, w, err);
}

strata_status text_split(text_words *t, const char *bytes, size_t len, strata_error *err)
{
    len = len < TEXT_BYTES_MAX ? len : TEXT_BYTES_MAX;
    strbuf_clear(&t->folded);
    if (t->folded.limit == 0) {
        strbuf_init(&t->folded, 0);
    }
    t->words.n = 0;
    STRATA_TRY(find_chunks(t, bytes, len, err));
    hide_addresses(t->chunks.data, t->chunks.n, bytes);
    spelling w = {.breaks = true};
    for (size_t i = 0; i < t->chunks.n; i++) {
        if (t->chunks.data[i].hidden) {
            w.breaks = true;
        } else {
            STRATA_TRY(spell(t, bytes, &t->chunks.data[i], &w, err));
        }
    }
    return strbuf_status(&t->folded, err);
}
