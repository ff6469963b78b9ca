/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "support/failing_alloc.h"

#include "persona/fold.h"
#include "persona/personal.h"
#include "persona/phrases.h"
#include "persona/text.h"

/* The words of a text with blanks between them, "|" where a phrase cannot go on. */
static const char *words_of(const char *text, size_t len, char *out, size_t cap)
{
    TEXT_WORDS_AUTO text_words t = {0};
    strata_error err = {0};
    size_t n = 0;
    assert_ok(text_split(&t, text, len, &err), &err);
    for (size_t i = 0; i < t.words.n; i++) {
        int put = snprintf(out + n, cap - n, "%s%.*s",
                           i == 0                   ? ""
                           : t.words.data[i].breaks ? "|"
                                                    : " ",
                           (int)t.words.data[i].len, text_word_at(&t, i));
        n += (size_t)put;
        assert_true(n < cap);
    }
    out[n] = '\0';
    return out;
}

static void check_all(const char *const (*rows)[2], size_t n)
{
    char got[512];
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(words_of(rows[i][0], strlen(rows[i][0]), got, sizeof got), rows[i][1]);
    }
}

static void words_lose_case_accents_and_width(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"The CRM Sync", "the crm sync"},
        {"Caf\xc3\xa9 \xc3\x9c"
         "ber \xc5\x81\xc3\xb3"
         "d\xc5\xba",
         "cafe uber lodz"},
        {"Stra\xc3\x9f"
         "e \xc3\x86sop",
         "strasse aesop"},
        {"cafe\xcc\x81", "cafe"},                                 /* accent as a mark of its own */
        {"\xef\xbc\xb3\xef\xbc\xa1\xef\xbc\xb0", "sap"},          /* wide letters */
        {"\xd0\x9c\xd0\x98\xd0\xa0", "\xd0\xbc\xd0\xb8\xd1\x80"}, /* Cyrillic */
        {"don't we\xe2\x80\x99re", "dont were"},
        {"re-sync follow_up", "re sync follow up"},
        {"a\xe2\x80\x8b"
         "b",
         "ab"}, /* a blank without width */
        {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    };
    check_all(rows, COUNT(rows));
}

static void punctuation_ends_phrases(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"slow, and late. Why?", "slow|and late|why"},
        {"read/write \"twice\"", "read|write|twice"},
        {"good \xf0\x9f\x98\x80 support", "good|support"},
        {"one\xc2\xa0two\xe3\x80\x80three", "one two three"},
        {"", ""},
        {" \t\r\n", ""},
        {"...!?", ""},
    };
    check_all(rows, COUNT(rows));
}

static void addresses_and_numbers_never_become_words(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"mail jane.doe@acme.com now", "mail|now"},
        {"mail <Jane.Doe@Acme.COM>, now", "mail|now"},
        {"mail jane@acme now", "mail|now"},
        {"jane @ acme", ""},
        {"mail jane@ acme now", "mail|now"},
        {"mail jane (at) acme (dot) com now", "mail|now"},
        {"ask jane at acme dot com now", "ask|now"},
        {"ask jane[at]acme[dot]com now", "ask|now"},
        {"mail jane\xef\xbc\xa0"
         "acme.com now",
         "mail|now"},
        {"ping @jane now", "now"},
        {"see https://acme.com/u?id=7 now", "see|now"},
        {"see www.acme.com now", "see|now"},
        {"see ACME.io/x now", "see|now"},
        {"see mailto:jane now", "see|now"},
        {"call +1 (202) 555-0147 now", "call|now"},
        {"call 02025550147 now", "call|now"},
        {"call 1.202.555.0147 now", "call|now"},
        {"tel2025550147 now", "now"},
        {"\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6 now", "now"}, /* Arabic digits */
        {"oauth2 in q3", "oauth2 in q3"},
        {"error 500 again", "error|again"},
    };
    check_all(rows, COUNT(rows));
}

static void any_bytes_give_words_or_none(void **state)
{
    (void)state;
    char got[512];
    static const char nul[] = "one\0two";
    assert_string_equal(words_of(nul, sizeof nul - 1, got, sizeof got), "one|two");
    static const char broken[] = "one\xff\xfetwo \xc3 three\xed\xa0\x80";
    assert_string_equal(words_of(broken, sizeof broken - 1, got, sizeof got), "one|two|three");
    static const char cut[] = "caf\xc3";
    assert_string_equal(words_of(cut, sizeof cut - 1, got, sizeof got), "caf");
    char all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (char)i;
    }
    (void)words_of(all, sizeof all, got, sizeof got);
    char noise[100];
    memset(noise, 'x', sizeof noise);
    assert_string_equal(words_of(noise, sizeof noise, got, sizeof got),
                        ""); /* too long for a word */
}

/* --- names --- */

enum { ACCOUNTS = 8 };

static void fill_names(hidden_names *h)
{
    strata_error err = {0};
    static const char *const names[ACCOUNTS] = {"Acme Analytics Inc.",
                                                "Data Systems",
                                                "Company_7",
                                                "Zebra",
                                                "a000005",
                                                "M\xc3\xbcller & S\xc3\xb6hne GmbH",
                                                "Other Corp",
                                                "Last"};
    for (size_t i = 0; i < ACCOUNTS; i++) {
        assert_ok(names_add_account(h, i, names[i], &err), &err);
    }
    assert_ok(
        names_add_contact(h, 0, "c-17", "Head of Planning", "jane.doe@acme-analytics.com", &err),
        &err);
    assert_ok(names_add_contact(h, 1, "ivan.petrov", "Head of Planning", "support@data.io", &err),
              &err);
    assert_ok(names_add_contact(h, 3, NULL, "Head of Planning", "h.mueller@zebra.de", &err), &err);
    assert_ok(names_add_contact(h, 4, "", "Zsofia Kiss", "not an address", &err), &err);
    assert_ok(names_ready(h, ACCOUNTS, &err), &err);
}

/* Phrases of one text, sorted by when they came, with "|" between. */
static void assert_phrases(hidden_names *h, size_t account, const char *text, const char *want)
{
    CORPUS_AUTO corpus c = {0};
    TERMS_AUTO terms stop = {0};
    STRBUF_AUTO strbuf got;
    strata_error err = {0};
    strbuf_init(&got, 0);
    assert_ok(terms_of_asset(&stop, "stopwords-en.txt", &err), &err);
    assert_ok(corpus_add_text(&c, h, &stop, account, text, strlen(text), &err), &err);
    for (size_t i = 0; i < terms_count(&c.terms); i++) {
        strbuf_printf(&got, "%s%s", i > 0 ? "|" : "", terms_text(&c.terms, i));
    }
    assert_string_equal(strbuf_text(&got), want);
}

static void names_of_people_are_hidden_everywhere(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    fill_names(&h);
    assert_phrases(&h, 7, "Jane broke exports", "broke|broke exports|exports");
    assert_phrases(&h, 7, "JANE DOE, exports", "exports");
    assert_phrases(&h, 7, "ja\xe2\x80\x8bne exports", "exports");
    assert_phrases(&h, 7, "J\xc3\xa1ne exports", "exports");
    assert_phrases(&h, 7, "Frau M\xc3\xbcller: exports", "frau|exports"); /* h.mueller@ */
    assert_phrases(&h, 7, "support exports",
                   "support|support exports|exports"); /* a shared mailbox */
}

static void names_of_companies_are_hidden_as_a_whole(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    fill_names(&h);
    assert_phrases(&h, 7, "Acme Analytics exports", "exports");
    assert_phrases(&h, 7, "analytics exports", "analytics|analytics exports|exports");
    assert_phrases(&h, 7, "data systems exports", "exports");
    assert_phrases(&h, 7, "data exports", "data|data exports|exports");
    assert_phrases(&h, 7, "company exports", "company|company exports|exports");
}

static void an_account_s_own_words_are_hidden_in_its_texts(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    fill_names(&h);
    assert_phrases(&h, 0, "analytics exports", "exports");
    assert_phrases(&h, 1, "ivan exports", "exports");
    assert_phrases(&h, 7, "ivan exports", "ivan|ivan exports|exports");
    /* Three accounts have it in a title: a word of trades, not of a person. */
    assert_phrases(&h, 0, "planning exports", "planning|planning exports|exports");
    assert_phrases(&h, 4, "Zsofia Kiss exports", "exports");
}

static void themes_with_addresses_or_names_are_left_out(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    CORPUS_AUTO corpus c = {0};
    strata_error err = {0};
    fill_names(&h);
    static const char *const themes[] = {"Billing & invoices", "jane@acme.com", "for Jane",
                                         "ticket 2025550147", ""};
    for (size_t i = 0; i < COUNT(themes); i++) {
        assert_ok(corpus_add_theme(&c, &h, 7, themes[i], strlen(themes[i]), &err), &err);
    }
    assert_int_equal(terms_count(&c.terms), 1);
    assert_string_equal(terms_text(&c.terms, 0), "Billing & invoices");
    assert_int_equal(c.speakers.n, 1);
}

static bool is_personal(hidden_names *h, const char *text, personal_kind kind)
{
    strata_error err = {0};
    bool out = false;
    assert_ok(personal_value(h, text, kind, &out, &err), &err);
    return out;
}

static void values_that_name_a_person_are_told_from_those_that_do_not(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    fill_names(&h);
    static const char *const personal[] = {"jane.doe@acme.com", "ask ivan@x",
                                           "Jane Doe",          "call JANE DOE",
                                           "+1 202 555 0147",   "(202) 555-0147",
                                           "202-555-0147",      "06 12 34 56 78",
                                           "02079460018",       "+442079460018 (evenings)",
                                           "2024-13-15",        "2024-01-1501"};
    static const char *const other[] = {"Enterprise",
                                        "1001-5000",
                                        "10,001-50,000 employees",
                                        "1.000.000 to 5.000.000",
                                        "250 000 000",
                                        "Planwise",
                                        "report.export",
                                        "@mention",
                                        "v2.10.4",
                                        "2024-01",
                                        "2024-01-15",
                                        "since 2024-01-15, yearly",
                                        "Jane",
                                        "a @ b",
                                        ""};
    for (size_t i = 0; i < COUNT(personal); i++) {
        assert_true(is_personal(&h, personal[i], PERSONAL_CATEGORY));
    }
    for (size_t i = 0; i < COUNT(other); i++) {
        assert_false(is_personal(&h, other[i], PERSONAL_CATEGORY));
    }
    /* What somebody wrote: one name, or a page, is enough. */
    assert_true(is_personal(&h, "Jane left", PERSONAL_SENTENCE));
    assert_true(is_personal(&h, "see crm.acme.com/7", PERSONAL_SENTENCE));
    assert_false(is_personal(&h, "missing features", PERSONAL_SENTENCE));
}

static void ids_that_are_addresses_name_people_everywhere(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    strata_error err = {0};
    assert_ok(names_add_contact(&h, 0, "zelda.quux@acme.com", NULL, NULL, &err), &err);
    assert_ok(names_add_user(&h, "yorick@acme.com", &err), &err);
    assert_ok(names_ready(&h, 8, &err), &err);
    assert_phrases(&h, 7, "Zelda Quux broke exports", "broke|broke exports|exports");
    assert_phrases(&h, 7, "Yorick: exports", "exports");
    assert_phrases(&h, 0, "acme exports", "exports");
}

static void phrases_begin_and_end_with_words_that_say_something(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    strata_error err = {0};
    assert_ok(names_ready(&h, 1, &err), &err);
    assert_phrases(&h, 0, "the sync with the CRM", "sync|crm");
    assert_phrases(&h, 0, "time to load", "time|time to load|load");
    assert_phrases(&h, 0, "load, load", "load");
    assert_phrases(&h, 0, "I x y", "");
}

static void reading_texts_fails_only_for_want_of_memory(void **state)
{
    (void)state;
    int n = 0;
    FAILURE_LOOP(n, {
        hidden_names h = {0};
        corpus c = {0};
        terms stop = {0};
        strata_error err = {0};
        strata_status st = terms_of_asset(&stop, "stopwords-en.txt", &err);
        st = st == STRATA_OK ? names_add_account(&h, 0, "Acme Inc", &err) : st;
        st = st == STRATA_OK ? names_add_contact(&h, 0, "x", "VP Sales", "a.b@c.de", &err) : st;
        st = st == STRATA_OK ? names_ready(&h, 1, &err) : st;
        st = st == STRATA_OK
                 ? corpus_add_text(&c, &h, &stop, 0, "Exports fail", strlen("Exports fail"), &err)
                 : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, true);
        corpus_done(&c);
        terms_done(&stop);
        hidden_names_done(&h);
    });
    assert_true(n > 10);
    strata_error err = {0};
    TERMS_AUTO terms none = {0};
    assert_int_equal(terms_of_asset(&none, "no-such.txt", &err), STRATA_E_INTERNAL);
    assert_int_equal(terms_find(&none, "x", 1), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lose_case_accents_and_width),
        cmocka_unit_test(punctuation_ends_phrases),
        cmocka_unit_test(addresses_and_numbers_never_become_words),
        cmocka_unit_test(any_bytes_give_words_or_none),
        cmocka_unit_test(names_of_people_are_hidden_everywhere),
        cmocka_unit_test(names_of_companies_are_hidden_as_a_whole),
        cmocka_unit_test(an_account_s_own_words_are_hidden_in_its_texts),
        cmocka_unit_test(themes_with_addresses_or_names_are_left_out),
        cmocka_unit_test(values_that_name_a_person_are_told_from_those_that_do_not),
        cmocka_unit_test(ids_that_are_addresses_name_people_everywhere),
        cmocka_unit_test(phrases_begin_and_end_with_words_that_say_something),
        cmocka_unit_test(reading_texts_fails_only_for_want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
