/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/names.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_PART_MAX = 256 }; /* bytes of an id, a title or an address that are looked at */

void hidden_names_done(hidden_names *h)
{
    terms_done(&h->people);
    terms_done(&h->firms);
    terms_done(&h->words);
    terms_done(&h->mailboxes);
    terms_done(&h->legal);
    vec_free(&h->own);
    vec_free(&h->start);
    vec_free(&h->accounts_with);
    text_words_done(&h->scratch);
    strbuf_done(&h->joined);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the names of contacts");
}

static strata_status load_lists(hidden_names *h, strata_error *err)
{
    static const char *const legal[] = {"inc", "llc",     "ltd",  "limited", "corp", "corporation",
                                        "co",  "company", "gmbh", "ag",      "sa",   "sas",
                                        "srl", "bv",      "nv",   "ab",      "oy",   "plc",
                                        "pty", "the",     "and",  "of",      "group"};
    uint32_t number = 0;
    if (terms_count(&h->mailboxes) > 0) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++) {
        STRATA_TRY(terms_add(&h->legal, legal[i], strlen(legal[i]), &number, err));
    }
    return terms_of_asset(&h->mailboxes, "shared-mailboxes.txt", err);
}

/* One letter is no name, and words with digits are keys. */
static bool can_name(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            return false;
        }
    }
    return len > 1;
}

static strata_status add_own(hidden_names *h, size_t account, const char *word, size_t len,
                             bool rare_only, strata_error *err)
{
    own_word w = {.account = (uint32_t)account, .rare_only = rare_only};
    if (!can_name(word, len)) {
        return STRATA_OK;
    }
    STRATA_TRY(terms_add(&h->words, word, len, &w.word, err));
    return vec_push(&h->own, w) ? STRATA_OK : no_memory(err);
}

static strata_status add_own_words(hidden_names *h, size_t account, bool rare_only,
                                   strata_error *err)
{
    const text_words *t = &h->scratch;
    for (size_t i = 0; i < t->words.n; i++) {
        const char *word = text_word_at(t, i);
        size_t len = t->words.data[i].len;
        if (terms_find(&h->legal, word, len) == UINT32_MAX) {
            STRATA_TRY(add_own(h, account, word, len, rare_only, err));
        }
    }
    return STRATA_OK;
}

/* Words first .. first + n - 1 with blanks between, in h->joined. */
static strata_status join(hidden_names *h, const text_words *t, size_t first, size_t n,
                          strata_error *err)
{
    if (h->joined.limit == 0) {
        strbuf_init(&h->joined, 0);
    }
    strbuf_clear(&h->joined);
    for (size_t i = first; i < first + n; i++) {
        strbuf_add(&h->joined, i > first ? " " : "");
        strbuf_add_n(&h->joined, text_word_at(t, i), t->words.data[i].len);
    }
    return strbuf_status(&h->joined, err);
}

strata_status names_add_account(hidden_names *h, size_t account, const char *name,
                                strata_error *err)
{
    text_words *t = &h->scratch;
    uint32_t number = 0;
    STRATA_TRY(load_lists(h, err));
    STRATA_TRY(text_split(t, name, strlen(name), err));
    STRATA_TRY(add_own_words(h, account, false, err));
    size_t n = t->words.n;
    while (n > 1 &&
           terms_find(&h->legal, text_word_at(t, n - 1), t->words.data[n - 1].len) != UINT32_MAX) {
        n--;
    }
    n = n < NAMES_WORDS_MAX ? n : NAMES_WORDS_MAX;
    if (n == 0) {
        return STRATA_OK;
    }
    const char *first = text_word_at(t, 0);
    size_t len = t->words.data[0].len;
    if (n == 1 && (!can_name(first, len) || terms_find(&h->legal, first, len) != UINT32_MAX)) {
        return STRATA_OK;
    }
    STRATA_TRY(join(h, t, 0, n, err));
    return terms_add(&h->firms, h->joined.text, h->joined.len, &number, err);
}

/* German writes ae, oe, ue in addresses for what texts have as one letter, whose accent is lost. */
static strata_status add_person(hidden_names *h, const char *word, size_t len, strata_error *err)
{
    char plain[TEXT_WORD_MAX];
    size_t n = 0;
    uint32_t number = 0;
    if (!can_name(word, len) || terms_find(&h->mailboxes, word, len) != UINT32_MAX) {
        return STRATA_OK;
    }
    STRATA_TRY(terms_add(&h->people, word, len, &number, err));
    for (size_t i = 0; i < len; i++) {
        plain[n++] = word[i];
        bool umlaut = i + 1 < len && word[i + 1] == 'e' && strchr("aou", word[i]) != NULL;
        i += umlaut ? 1 : 0;
    }
    return terms_add(&h->people, plain, n, &number, err);
}

/* Splits a part of an address or an id; its dots would make a web address of it. */
static strata_status split_part(hidden_names *h, const char *text, size_t len, strata_error *err)
{
    char part[NAMES_PART_MAX];
    len = len < sizeof part ? len : sizeof part;
    for (size_t i = 0; i < len; i++) {
        bool parts = text[i] != '\0' && strchr(".+@", text[i]) != NULL;
        if (parts) {
            part[i] = ' ';
        } else {
            part[i] = text[i];
        }
    }
    return text_split(&h->scratch, part, len, err);
}

strata_status names_add_user(hidden_names *h, const char *email, strata_error *err)
{
    const char *at = strchr(email, '@');
    const text_words *t = &h->scratch;
    size_t local = at != NULL ? (size_t)(at - email) : strlen(email);
    STRATA_TRY(load_lists(h, err));
    STRATA_TRY(split_part(h, email, local, err));
    for (size_t i = 0; i < t->words.n; i++) {
        STRATA_TRY(add_person(h, text_word_at(t, i), t->words.data[i].len, err));
    }
    return STRATA_OK;
}

static strata_status add_email(hidden_names *h, size_t account, const char *email,
                               strata_error *err)
{
    const char *at = strchr(email, '@');
    text_words *t = &h->scratch;
    STRATA_TRY(names_add_user(h, email, err));
    const char *last = at != NULL ? strrchr(at, '.') : NULL;
    for (const char *from = at; last != NULL && from < last;) {
        const char *end = strchr(from + 1, '.');
        STRATA_TRY(text_split(t, from + 1, (size_t)(end - from) - 1, err));
        STRATA_TRY(add_own_words(h, account, false, err));
        from = end;
    }
    return STRATA_OK;
}

strata_status names_add_contact(hidden_names *h, size_t account, const char *id, const char *title,
                                const char *email, strata_error *err)
{
    const char *const texts[] = {id, title};
    STRATA_TRY(load_lists(h, err));
    for (size_t i = 0; i < 2; i++) {
        if (texts[i] != NULL) {
            STRATA_TRY(split_part(h, texts[i], strlen(texts[i]), err));
            STRATA_TRY(add_own_words(h, account, true, err));
        }
    }
    if (id != NULL && strchr(id, '@') != NULL) {
        STRATA_TRY(add_email(h, account, id, err));
    }
    return email != NULL ? add_email(h, account, email, err) : STRATA_OK;
}

static int in_order(const void *x, const void *y)
{
    const own_word *a = x;
    const own_word *b = y;
    if (a->account != b->account) {
        return a->account < b->account ? -1 : 1;
    }
    if (a->word != b->word) {
        return a->word < b->word ? -1 : 1;
    }
    return (int)a->rare_only - (int)b->rare_only; /* the stronger reason first */
}

strata_status names_ready(hidden_names *h, size_t n_accounts, strata_error *err)
{
    if (h->own.n > 1) {
        qsort(h->own.data, h->own.n, sizeof h->own.data[0], in_order);
    }
    h->accounts_with.n = 0;
    for (size_t i = 0; i < terms_count(&h->words); i++) {
        if (!vec_push(&h->accounts_with, 0)) {
            return no_memory(err);
        }
    }
    h->start.n = 0;
    size_t at = 0;
    for (size_t account = 0; account <= n_accounts; account++) {
        if (!vec_push(&h->start, at)) {
            return no_memory(err);
        }
        uint32_t before = UINT32_MAX;
        for (; at < h->own.n && h->own.data[at].account == account; at++) {
            const own_word *w = &h->own.data[at];
            h->accounts_with.data[w->word] += w->rare_only && w->word != before;
            before = w->rare_only ? w->word : before;
        }
    }
    return STRATA_OK;
}

static bool hides_own(const hidden_names *h, size_t account, uint32_t word)
{
    size_t low = h->start.data[account];
    size_t end = h->start.data[account + 1];
    for (size_t high = end; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (h->own.data[middle].word < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool has = low < end && h->own.data[low].word == word;
    return has && (!h->own.data[low].rare_only || h->accounts_with.data[word] < NAMES_COMMON);
}

strata_status names_hide(hidden_names *h, size_t account, const text_words *t, size_t i, size_t *n,
                         strata_error *err)
{
    const char *word = text_word_at(t, i);
    size_t len = t->words.data[i].len;
    *n = 0;
    for (size_t k = NAMES_WORDS_MAX; k > 0 && *n == 0; k--) {
        if (i + k <= t->words.n) {
            STRATA_TRY(join(h, t, i, k, err));
            bool known = terms_find(&h->firms, h->joined.text, h->joined.len) != UINT32_MAX;
            *n = known ? k : 0;
        }
    }
    if (*n == 0 && terms_find(&h->people, word, len) != UINT32_MAX) {
        *n = 1;
    }
    uint32_t own = *n == 0 ? terms_find(&h->words, word, len) : UINT32_MAX;
    if (own != UINT32_MAX && hides_own(h, account, own)) {
        *n = 1;
    }
    return STRATA_OK;
}
