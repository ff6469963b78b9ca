/* SPDX-License-Identifier: Apache-2.0 */
#include "render/cell_text.h"
#include "render/inline.h"
#include "render/terminal/screen.h"
#include "strata_test.h"

/* Widths as xterm, kitty and the Windows Terminal show them. */
static void width_counts_columns_not_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
    } cases[] = {
        {"", 0},           {"abc", 3},      {"Größe", 5},     {"東京", 4},
        {"e\xcc\x81t", 2}, {"👍", 2},        {"👍🏽", 2},  {"👩‍👩‍👧", 2},
        {"🇫🇷", 2},         {"\xff\xfe", 2}, {"é\xcc\x81", 1}, {"ﾊﾝｶｸ", 4},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(screen_width(cases[i].text, strlen(cases[i].text)), cases[i].width);
    }
}

static void assert_clean(const char *text, const char *want, bool ascii)
{
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    screen_put_clean(&out, text, strlen(text), ascii);
    assert_string_equal(strbuf_text(&out), want);
}

static void clean_text_cannot_steer(void **state)
{
    (void)state;
    assert_clean("a\x1b]0;title\x07", "a\xef\xbf\xbd]0;title\xef\xbf\xbd", false);
    assert_clean("a\xc2\x9b"
                 "31m",
                 "a\xef\xbf\xbd"
                 "31m",
                 false); /* CSI as one character */
    assert_clean("a\xe2\x80\xae"
                 "b",
                 "a\xef\xbf\xbd"
                 "b",
                 false);
    assert_clean("one\ntwo\tthree\r", "one two three ", false);
    assert_clean("Größe 東", "Gr??e ?", true);
    assert_clean("e\xcc\x81", "e?", true);
}

static void heads_are_upper_case_but_for_words_with_digits(void **state)
{
    (void)state;
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    screen_put_upper(&out, "Größe of NRR 12m");
    assert_string_equal(strbuf_text(&out), "GRÖẞE OF NRR 12m");
}

static void lines_break_at_blanks_or_anywhere(void **state)
{
    (void)state;
    size_t skip = 9;
    assert_int_equal(screen_line("one two three", 13, 8, &skip), 7);
    assert_int_equal(skip, 1);
    assert_int_equal(screen_line("onetwothree", 11, 8, &skip), 8);
    assert_int_equal(skip, 0);
    assert_int_equal(screen_line("one two", 7, 8, &skip), 7);
    assert_int_equal(screen_line("東京", 6, 1, &skip), 3); /* one character at least */
}

static void assert_pieces(const char *text, const char *want)
{
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    inline_reader r = {.at = text};
    inline_piece p;
    while (inline_next(&r, &p)) {
        strbuf_add(&out, p.bold ? "B" : "");
        strbuf_add(&out, p.emphasis ? "E" : "");
        strbuf_add(&out, p.code ? "C" : "");
        strbuf_add(&out, p.href != NULL ? "L" : "");
        strbuf_add(&out, "<");
        strbuf_add_n(&out, p.text, p.len);
        strbuf_add(&out, ">");
    }
    assert_string_equal(strbuf_text(&out), want);
}

static void inline_markdown_is_cut_into_pieces(void **state)
{
    (void)state;
    assert_pieces("plain", "<plain>");
    assert_pieces("a **b** c", "<a >B<b>< c>");
    assert_pieces("*e* and `x*y`", "E<e>< and >C<x>C<*y>");
    assert_pieces("[l](https://x.example) .", "L<l>< .>");
    assert_pieces("**[l](https://x.example)**", "BL<l>");
}

static void marks_that_do_not_close_are_text(void **state)
{
    (void)state;
    assert_pieces("2 * 3 * 4", "<2 ><* 3 ><* 4>");
    assert_pieces("a ** b", "<a ><*><* b>");
    assert_pieces("one ` tick", "<one ><` tick>");
    assert_pieces("[x](javascript:alert)", "<[x><](javascript:alert)>");
    assert_pieces("[x] y", "<[x><] y>");
    assert_pieces("1. # <b>", "<1. # <b>>");
    assert_pieces("back\\slash", "<back><\\slash>");
}

static void escaped_marks_are_text(void **state)
{
    (void)state;
    assert_pieces("a\\*b\\*c", "<a><*b><*c>");
    assert_pieces("`a\\*b`", "C<a>C<*b>");
}

static void sparklines_scale_and_leave_gaps(void **state)
{
    (void)state;
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    put_sparkline(&out, (double[]){0, 1, NAN, 7}, 4, false);
    assert_string_equal(strbuf_text(&out), "▁▂ █");
    strbuf_clear(&out);
    put_sparkline(&out, (double[]){5, 5}, 2, false);
    assert_string_equal(strbuf_text(&out), "▄▄");
}

static void raw_values_are_exact(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *want;
    } cases[] = {{123450, "1234.50"},
                 {-5, "-0.05"},
                 {0, "0.00"},
                 {INT64_MIN, "-92233720368547758.08"},
                 {INT64_MAX, "92233720368547758.07"}};
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        strbuf_clear(&out);
        put_money_decimal(&out, cases[i].minor);
        assert_string_equal(strbuf_text(&out), cases[i].want);
    }
    strbuf_clear(&out);
    put_number(&out, 1e15);
    assert_string_equal(strbuf_text(&out), "1000000000000000");
    strbuf_clear(&out);
    put_number(&out, 0.1);
    assert_string_equal(strbuf_text(&out), "0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_counts_columns_not_bytes),
        cmocka_unit_test(clean_text_cannot_steer),
        cmocka_unit_test(heads_are_upper_case_but_for_words_with_digits),
        cmocka_unit_test(lines_break_at_blanks_or_anywhere),
        cmocka_unit_test(inline_markdown_is_cut_into_pieces),
        cmocka_unit_test(marks_that_do_not_close_are_text),
        cmocka_unit_test(escaped_marks_are_text),
        cmocka_unit_test(sparklines_scale_and_leave_gaps),
        cmocka_unit_test(raw_values_are_exact),
    };
    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
