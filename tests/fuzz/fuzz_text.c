/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are words or none. A word is well-formed UTF-8 in small letters, of bounded length,
 * with a letter and few digits, and splits into itself. No phrase holds an address, a name that is
 * hidden, or more than three words. */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "persona/fold.h"
#include "persona/phrases.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_word(const char *word, size_t len)
{
    size_t digits = 0;
    size_t letters = 0;
    check(len > 0 && len <= TEXT_WORD_MAX && utf8_is_valid(word, len));
    for (size_t i = 0; i < len;) {
        folded_char c = fold_char(word + i, len - i);
        check(c.kind == CHAR_LETTER || c.kind == CHAR_DIGIT);
        check(c.used == c.len && memcmp(c.text, word + i, c.len) == 0); /* folded already */
        digits += c.kind == CHAR_DIGIT;
        letters += c.kind == CHAR_LETTER;
        i += c.used;
    }
    check(letters > 0 && digits <= TEXT_DIGITS_MAX);
}

static void check_split(const char *text, size_t len)
{
    TEXT_WORDS_AUTO text_words t = {0};
    strata_error err = {0};
    check(text_split(&t, text, len, &err) == STRATA_OK);
    for (size_t i = 0; i < t.words.n; i++) {
        check_word(text_word_at(&t, i), t.words.data[i].len);
    }
}

/* The words stand in the phrase as words, not as parts of others. */
static bool has_words(const char *phrase, const char *words)
{
    size_t len = strlen(words);
    for (const char *at = strstr(phrase, words); at != NULL; at = strstr(at + 1, words)) {
        if ((at == phrase || at[-1] == ' ') && (at[len] == '\0' || at[len] == ' ')) {
            return true;
        }
    }
    return false;
}

static void check_phrases(const char *text, size_t len)
{
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    TERMS_AUTO terms stop = {0};
    CORPUS_AUTO corpus c = {0};
    strata_error err = {0};
    check(names_add_account(&h, 0, "Acme Analytics Inc", &err) == STRATA_OK);
    check(names_add_contact(&h, 0, "c1", "VP Sales", "jane.doe@acme.com", &err) == STRATA_OK);
    check(names_ready(&h, 1, &err) == STRATA_OK);
    check(terms_of_asset(&stop, "stopwords-en.txt", &err) == STRATA_OK);
    check(corpus_add_text(&c, &h, &stop, 0, text, len, &err) == STRATA_OK);
    check(corpus_add_theme(&c, &h, 0, text, len, &err) == STRATA_OK);
    check(c.speakers.n == 1 && c.sayings.n == terms_count(&c.terms));
    size_t own = c.sayings.n; /* the theme, if it is shown, comes last and is as written */
    for (size_t i = 0; i + 1 < own; i++) {
        const char *phrase = terms_text(&c.terms, i);
        size_t words = 1;
        for (const char *p = phrase; *p != '\0'; p++) {
            words += *p == ' ';
        }
        check(words <= PHRASE_WORDS_MAX && strchr(phrase, '@') == NULL);
        check(strcmp(phrase, "jane") != 0 && strcmp(phrase, "doe") != 0);
        check(strcmp(phrase, "acme") != 0 && !has_words(phrase, "acme analytics"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    check_split(text, len);
    check_phrases(text, len);
    return 0;
}
