/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "demo.h"
#include "document/chart.h"
#include "render/render.h"
#include "render/xlsx/plot.h"
#include "render/xlsx/text.h"
#include "strata_test.h"
#include "support/failing_alloc.h"
#include "unzip.h"

typedef struct book {
    document *d;
    strbuf bytes;
} book;

static void book_done(book *b)
{
    strbuf_done(&b->bytes);
    document_free(b->d);
}
#define BOOK_AUTO STRATA_CLEANUP(book_done)

static void render_book(book *b)
{
    strata_error err = {0};
    strbuf_init(&b->bytes, 0);
    assert_ok(render_document(b->d, RENDER_XLSX, NULL, &b->bytes, &err), &err);
}

static void demo_book(book *b, size_t rows)
{
    strata_error err = {0};
    *b = (book){0};
    assert_ok(demo_document(rows, &b->d, &err), &err);
    render_book(b);
}

static void empty_book(book *b)
{
    strata_error err = {0};
    *b = (book){0};
    assert_ok(document_new(&(document_head){.title = "Title", .n_accounts = -1, .arr_minor = -1},
                           &b->d, &err),
              &err);
}

static char *part(const book *b, const char *name)
{
    char *text = unzip_part(b->bytes.text, b->bytes.len, name);
    if (text == NULL) {
        fail_msg("the workbook has no %s", name);
    }
    return text;
}

static char *sheet(const book *b, int number)
{
    char name[64];
    (void)snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", number);
    return part(b, name);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        n++;
    }
    return n;
}

/* --- workbooks --- */

static void a_workbook_has_a_sheet_per_table_and_matrix(void **state)
{
    (void)state;
    BOOK_AUTO book b = {0};
    demo_book(&b, 12);
    STRATA_AUTO_FREE char *names = part(&b, "xl/workbook.xml");
    static const char *const wanted[] = {
        "\"Summary\"",  "\"Charts\"", "\"Segments by ARR, 30 June 2026\"", "\"Matrix\"",
        "\"Triangle\"", "\"Moves\"",  "\"Accounts to work through\"",      "\"Provenance\""};
    const char *at = names;
    for (size_t i = 0; i < COUNT(wanted); i++) { /* in this order */
        at = strstr(at, wanted[i]);
        assert_non_null(at);
    }
    assert_int_equal(count(names, "<sheet "), COUNT(wanted));
}

static void tables_have_types_frozen_heads_filters_and_bars(void **state)
{
    (void)state;
    BOOK_AUTO book b = {0};
    demo_book(&b, 12);
    STRATA_AUTO_FREE char *s = sheet(&b, 3);
    assert_non_null(strstr(s, "<pane xSplit=\"1\" ySplit=\"4\""));
    assert_non_null(strstr(s, "<autoFilter ref=\"A4:L7\"/>"));
    assert_int_equal(count(s, "<dataBar>"), 2);
    assert_non_null(strstr(s, "<v>18900000</v>"));             /* money in major units */
    assert_non_null(strstr(s, "<v>0.0824</v>"));               /* a share is a fraction */
    assert_non_null(strstr(s, "<v>46219</v>"));                /* 2026-07-16, a real date */
    assert_non_null(strstr(s, "t=\"b\"><v>1</v>"));            /* yes */
    assert_null(strstr(s, "<c r=\"F7\""));                     /* missing is no zero */
    assert_non_null(strstr(s, "<row r=\"9\" spans=\"1:12\"")); /* totals, after a blank row */
    assert_null(strstr(s, "<row r=\"8\""));
    STRATA_AUTO_FREE char *styles = part(&b, "xl/styles.xml");
    assert_non_null(strstr(styles, "&quot;$&quot;#,##0"));
    assert_non_null(strstr(styles, "0.0%"));
    assert_non_null(strstr(styles, "yyyy\\-mm\\-dd"));
}

static void a_matrix_is_shaded_and_charts_are_native(void **state)
{
    (void)state;
    BOOK_AUTO book b = {0};
    demo_book(&b, 3);
    STRATA_AUTO_FREE char *triangle = sheet(&b, 5);
    assert_non_null(strstr(triangle, "<conditionalFormatting sqref=\"B5:F9\">"));
    assert_non_null(strstr(triangle, "<colorScale>"));
    static const char *const forms[] = {"<c:barChart>", "<c:lineChart>", "<c:scatterChart>"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        size_t found = 0;
        for (int n = 1; n <= 10; n++) {
            char name[64];
            (void)snprintf(name, sizeof name, "xl/charts/chart%d.xml", n);
            STRATA_AUTO_FREE char *chart = part(&b, name);
            found += count(chart, forms[i]);
        }
        assert_true(found > 0);
    }
}

static void figures_tell_where_they_come_from(void **state)
{
    (void)state;
    BOOK_AUTO book b = {0};
    demo_book(&b, 3);
    STRATA_AUTO_FREE char *origins = sheet(&b, 8);
    STRATA_AUTO_FREE char *texts = part(&b, "xl/sharedStrings.xml");
    assert_non_null(strstr(origins, "location=\"'Segments by ARR, 30 June 2026'!B5\""));
    assert_non_null(strstr(origins, "location=\"'Summary'!B5\""));
    assert_non_null(strstr(texts, "Sum of annual recurring revenue"));
    assert_non_null(strstr(texts, "segment = &apos;Champions&apos;") != NULL
                        ? texts
                        : strstr(texts, "segment = 'Champions'"));
    assert_non_null(
        strstr(texts, "18446744073709551615")); /* the seed, as text: no double holds it */
}

static void text_is_never_a_formula_nor_a_link(void **state)
{
    (void)state;
    static const char *const texts[] = {"=1+1",
                                        "=HYPERLINK(\"http://evil.example\",\"click\")",
                                        "+1",
                                        "-2+3",
                                        "@SUM(A1)",
                                        "\t=1",
                                        "\r=1",
                                        "http://evil.example",
                                        "mailto:a@b.example",
                                        "internal:Summary!A1",
                                        "external:c:\\evil.xlsx",
                                        "{=1}",
                                        "1e5",
                                        "007"};
    const doc_column columns[] = {{.key = "name", .label = "=Name()", .type = CELL_TEXT}};
    BOOK_AUTO book b = {0};
    empty_book(&b);
    doc_section *s = document_section(b.d, NULL, "s", "=Title()");
    doc_table *t = doc_table_new(s, "t", "=Caption()", columns, 1);
    for (size_t i = 0; i < COUNT(texts); i++) {
        doc_row(t, (doc_cell[]){cell_text(texts[i])});
        doc_paragraph(s, "%s", texts[i]);
        doc_figure(s, texts[i], cell_text(texts[i]), texts[i]);
    }
    render_book(&b);
    for (int i = 1; i <= 3; i++) {
        STRATA_AUTO_FREE char *xml = sheet(&b, i);
        assert_null(strstr(xml, "<f>"));
        assert_int_equal(count(xml, "<hyperlink "), count(xml, "location=\"'"));
        assert_null(strstr(xml, "r:id=\"rId")); /* no target outside */
    }
    STRATA_AUTO_FREE char *rows = sheet(&b, 2);
    assert_int_equal(count(rows, "t=\"s\""), COUNT(texts) + 3);
    STRATA_AUTO_FREE char *styles = part(&b, "xl/styles.xml");
    assert_non_null(
        strstr(styles, "numFmtId=\"49\"")); /* text also after a person edits the cell */
}

static void texts_are_kept_as_written_within_what_a_cell_holds(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {{"a\tb\nc\r\nd\re", "a\tb\nc\nd\ne"},
                 {"bell \a", "bell \xef\xbf\xbd"},
                 {"_x0041_ _x41_ _x00g1_", "_x005F_x0041_ _x41_ _x00g1_"},
                 {"\xc3\x84rger", "\xc3\x84rger"},
                 {"\xef\xbf\xbf", "\xef\xbf\xbd"},
                 {"", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRBUF_AUTO strbuf out;
        strbuf_init(&out, 0);
        xlsx_put_clean(&out, cases[i].text, strlen(cases[i].text));
        assert_string_equal(strbuf_text(&out), cases[i].wanted);
    }
    STRBUF_AUTO strbuf plain;
    strbuf_init(&plain, 0);
    xlsx_put_plain(&plain, "**a** `b` [c](https://d.example) \\*e");
    assert_string_equal(strbuf_text(&plain), "a b c (https://d.example) *e");
}

static void a_text_too_long_for_a_cell_is_cut_with_an_ellipsis(void **state)
{
    (void)state;
    /* Two units of UTF-16 each: 16,383 of them are 32,766 units. */
    enum { EMOJI = 16384 };
    STRBUF_AUTO strbuf text;
    STRBUF_AUTO strbuf out;
    strbuf_init(&text, 0);
    strbuf_init(&out, 0);
    strbuf_repeat(&text, 'x', XLSX_CELL_UNITS);
    xlsx_put_clean(&out, text.text, text.len);
    assert_int_equal(out.len, XLSX_CELL_UNITS);
    strbuf_add(&text, "y");
    strbuf_clear(&out);
    xlsx_put_clean(&out, text.text, text.len);
    assert_int_equal(out.len, XLSX_CELL_UNITS - 1 + strlen("\xe2\x80\xa6"));
    strbuf_clear(&text);
    strbuf_clear(&out);
    for (int i = 0; i < EMOJI; i++) {
        strbuf_add(&text, "\xf0\x9f\x91\x8d");
    }
    xlsx_put_clean(&out, text.text, text.len);
    assert_int_equal(out.len, (size_t)16383 * 4 + strlen("\xe2\x80\xa6"));
}

static void names_of_sheets_are_what_excel_takes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
        bool whole;
    } cases[] = {
        {"Segments", "Segments", true},
        {"a[b]:c*d?e/f\\g", "a b c d e f g", true},
        {"'quoted'", "quoted", true},
        {"O'Neill", "O'Neill", true},
        {"  spaces   within  ", "spaces within", true},
        {"[]:*?/\\", "", false},
        {"", "", false},
        {"''", "", false},
        {"History", "The history", true},
        {"Forty characters are more than thirty-one", "Forty characters are more than", false},
        {"Exactly thirty-one characters!!", "Exactly thirty-one characters!!", true},
        {"abcdefghijklmnopqrstuvwxyzabcdefghij", "abcdefghijklmnopqrstuvwxyzabcde", false},
        {"\xe6\xa0\xaa\xe5\xbc\x8f \t\n\x07", "\xe6\xa0\xaa\xe5\xbc\x8f", true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        xlsx_name name;
        bool whole = xlsx_name_of(cases[i].text, &name);
        assert_string_equal(name.text, cases[i].wanted);
        assert_int_equal(whole, cases[i].whole);
    }
}

static void names_that_differ_in_case_only_get_a_number(void **state)
{
    (void)state;
    xlsx_name others[3];
    (void)xlsx_name_of("Champions", &others[0]);
    (void)xlsx_name_of("CHAMPIONS 2", &others[1]);
    (void)xlsx_name_of("\xc3\x84rger", &others[2]);
    xlsx_name name;
    (void)xlsx_name_of("champions", &name);
    xlsx_name_make_unique(&name, others, 3);
    assert_string_equal(name.text, "champions 3");
    (void)xlsx_name_of("\xc3\xa4RGER", &name);
    xlsx_name_make_unique(&name, others, 3);
    assert_string_equal(name.text, "\xc3\xa4RGER 2");
    (void)xlsx_name_of("abcdefghijklmnopqrstuvwxyzabcde", &others[0]);
    name = others[0];
    xlsx_name_make_unique(&name, others, 3);
    assert_string_equal(name.text, "abcdefghijklmnopqrstuvwxyzabc 2");
}

/* A small linear congruential generator: the same names on every run. */
static unsigned next_random(unsigned *at)
{
    *at = *at * 1664525U + 1013904223U;
    return *at >> 16;
}

static void any_name_makes_a_sheet(void **state)
{
    (void)state;
    enum { TABLES = 120, LONGEST = 48 };
    static const char *const pieces[] = {"[",
                                         "]",
                                         ":",
                                         "*",
                                         "?",
                                         "/",
                                         "\\",
                                         "'",
                                         " ",
                                         "a",
                                         "Z",
                                         "=",
                                         "\t",
                                         "\n",
                                         "\xc3\xa9",
                                         "\xe6\x9d\xb1",
                                         "\xf0\x9f\x91\x8d",
                                         "\xff",
                                         "<",
                                         "&",
                                         "\""};
    const doc_column columns[] = {{.key = "k", .label = "K", .type = CELL_COUNT}};
    unsigned seed = 7;
    BOOK_AUTO book b = {0};
    empty_book(&b);
    for (int i = 0; i < TABLES; i++) {
        char title[LONGEST * 4 + 1] = "";
        for (unsigned k = next_random(&seed) % LONGEST; k > 0; k--) {
            (void)strcat(title, pieces[next_random(&seed) % COUNT(pieces)]);
        }
        doc_section *s = document_section(b.d, NULL, "s", title);
        doc_table *t = doc_table_new(s, "table", i % 3 == 0 ? title : NULL, columns, 1);
        doc_row(t, (doc_cell[]){cell_count(i)});
    }
    render_book(&b); /* the library refuses a name that Excel would refuse */
    STRATA_AUTO_FREE char *names = part(&b, "xl/workbook.xml");
    assert_int_equal(count(names, "<sheet "), TABLES + 2);
}

static void numbers_that_excel_does_not_know_are_no_broken_cells(void **state)
{
    (void)state;
    const doc_column columns[] = {{.key = "x", .label = "X", .type = CELL_NUMBER, .decimals = 20},
                                  {.key = "d", .label = "D", .type = CELL_DATE}};
    BOOK_AUTO book b = {0};
    empty_book(&b);
    doc_section *s = document_section(b.d, NULL, "s", "S");
    doc_table *t = doc_table_new(s, "t", NULL, columns, 2);
    doc_cell infinite = {.type = CELL_NUMBER, .number = INFINITY};
    doc_cell nan = {.type = CELL_NUMBER, .number = NAN};
    doc_row(t, (doc_cell[]){infinite, cell_date(-30000)}); /* 1887: before Excel's calendar */
    doc_row(t, (doc_cell[]){nan, cell_date(0)});
    render_book(&b);
    STRATA_AUTO_FREE char *xml = sheet(&b, 2);
    STRATA_AUTO_FREE char *texts = part(&b, "xl/sharedStrings.xml");
    assert_non_null(strstr(texts, ">infinite<"));
    assert_non_null(strstr(texts, ">1887-11-12<"));
    assert_non_null(strstr(xml, "<v>25569</v>")); /* 1970-01-01 */
    assert_null(strstr(xml, "nan"));
}

static void columns_for_programs_are_kept(void **state)
{
    (void)state;
    const doc_column columns[] = {
        {.key = "sure", .label = "Sure", .type = CELL_TEXT},
        {.key = "p_value", .label = "p", .type = CELL_NUMBER, .data_only = true}};
    BOOK_AUTO book b = {0};
    empty_book(&b);
    doc_table *t = doc_table_new(document_section(b.d, NULL, "s", "S"), "t", NULL, columns, 2);
    doc_row(t, (doc_cell[]){cell_text("yes"), cell_number(0.0625)});
    render_book(&b);
    STRATA_AUTO_FREE char *xml = sheet(&b, 2);
    assert_non_null(strstr(xml, "<v>0.0625</v>"));
}

static void the_same_document_gives_the_same_bytes(void **state)
{
    (void)state;
    BOOK_AUTO book a = {0};
    BOOK_AUTO book b = {0};
    demo_book(&a, 50);
    demo_book(&b, 50);
    assert_int_equal(a.bytes.len, b.bytes.len);
    assert_memory_equal(a.bytes.text, b.bytes.text, a.bytes.len);
    STRATA_AUTO_FREE char *about = part(&a, "docProps/core.xml");
    assert_non_null(strstr(about, "2026-06-30T00:00:00Z")); /* the facts' date, no clock's */
}

/* --- what cannot be --- */

static void a_table_that_no_sheet_holds_is_refused(void **state)
{
    (void)state;
    enum { ROWS = 1048576 };
    const doc_column columns[] = {{.key = "n", .label = "N", .type = CELL_COUNT}};
    BOOK_AUTO book b = {0};
    strata_error err = {0};
    empty_book(&b);
    doc_table *t =
        doc_table_new(document_section(b.d, NULL, "s", NULL), "numbers", NULL, columns, 1);
    for (int i = 0; i < ROWS; i++) {
        doc_row(t, (doc_cell[]){cell_count(i)});
    }
    strbuf_init(&b.bytes, 0);
    assert_int_equal(render_document(b.d, RENDER_XLSX, NULL, &b.bytes, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "table 'numbers' has 1048576 rows, and a sheet of Excel holds "
                                     "1,048,576; write it as csv, or ask for fewer rows");
    assert_int_equal(b.bytes.len, 0);
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    BOOK_AUTO book b = {0};
    strata_error err = {0};
    empty_book(&b);
    strbuf_init(&b.bytes, 0);
    const render_options options = {.scratch = "/nowhere/at/all"};
    strata_status st = render_document(b.d, RENDER_XLSX, &options, &b.bytes, &err);
    assert_int_equal(st, STRATA_E_IO);
    assert_non_null(strstr(err.message, "/nowhere/at/all; set TMPDIR to a folder with room"));
}

static void each_failing_allocation_is_reported(void **state)
{
    (void)state;
    strata_error err = {0};
    BOOK_AUTO book b = {0};
    assert_ok(demo_document(3, &b.d, &err), &err);
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRBUF_AUTO strbuf out;
        strbuf_init(&out, 0);
        strata_status st = render_document(b.d, RENDER_XLSX, NULL, &out, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out.len == 0);
    });
    assert_true(failures > 20);
}

/* --- charts read back --- */

static void a_chart_is_read_back_as_its_figures(void **state)
{
    (void)state;
    const chart_theme theme = {.currency = "USD"};
    const double up[] = {1, 2, NAN};
    const double low[] = {0.5, 1.5, NAN};
    const double high[] = {1.5, 2.5, NAN};
    const char *const periods[] = {"2026-01", "2026-02", "2026-03"};
    const chart_series series[] = {{.name = "Up", .values = up, .low = low, .high = high}};
    chart_time time = {.periods = periods,
                       .n_periods = 3,
                       .series = series,
                       .n_series = 1,
                       .forecast = 2,
                       .format = CHART_NUMBER};
    json_t *spec = chart_lines(&theme, &time);
    PLOT_AUTO plot p = {0};
    assert_true(plot_read(spec, &p));
    assert_int_equal(p.kind, PLOT_LINES);
    assert_int_equal(p.n_rows, 3);
    assert_int_equal(p.n_columns, 3);
    assert_string_equal(p.rows[1], "2026-02");
    assert_close(p.values[3], 2.0, 0);
    assert_close(p.values[4], 1.5, 0);
    assert_true(isnan(p.values[6]));
    assert_true(!p.ahead[0] && p.ahead[1] && p.ahead[2]);
    assert_string_equal(p.columns[0].sample, "1.0");
    json_decref(spec);
}

static void a_bridge_hangs_its_steps_where_those_before_end(void **state)
{
    (void)state;
    const chart_theme theme = {.currency = "USD"};
    const chart_bridge_step steps[] = {{.label = "Opening", .value = 100, .total = true},
                                       {.label = "New", .value = 20},
                                       {.label = "Lost", .value = -50},
                                       {.label = "Closing", .value = 70, .total = true}};
    json_t *spec = chart_bridge(&theme, steps, COUNT(steps), CHART_COUNT);
    PLOT_AUTO plot p = {0};
    assert_true(plot_read(spec, &p));
    assert_int_equal(p.kind, PLOT_BRIDGE);
    static const double wanted[] = {0, 100, 100, 20, 70, 50, 0, 70};
    for (size_t i = 0; i < COUNT(wanted); i++) {
        assert_close_at(p.values[i], wanted[i], 0, 1e-12, __FILE__, __LINE__);
    }
    json_decref(spec);
}

static void a_bridge_below_zero_is_not_drawn(void **state)
{
    (void)state;
    const chart_theme theme = {.currency = "USD"};
    const chart_bridge_step steps[] = {{.label = "Opening", .value = 10, .total = true},
                                       {.label = "Lost", .value = -50}};
    json_t *spec = chart_bridge(&theme, steps, COUNT(steps), CHART_COUNT);
    PLOT_AUTO plot p = {0};
    assert_true(plot_read(spec, &p));
    assert_int_equal(p.kind, PLOT_NONE);
    json_decref(spec);
}

static void a_chart_without_data_is_none(void **state)
{
    (void)state;
    json_t *spec = json_pack("{s:{s:[]}}", "data", "values");
    assert_int_equal(plot_kind_of(spec), PLOT_NONE);
    assert_int_equal(plot_kind_of(NULL), PLOT_NONE);
    json_decref(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workbook_has_a_sheet_per_table_and_matrix),
        cmocka_unit_test(tables_have_types_frozen_heads_filters_and_bars),
        cmocka_unit_test(a_matrix_is_shaded_and_charts_are_native),
        cmocka_unit_test(figures_tell_where_they_come_from),
        cmocka_unit_test(text_is_never_a_formula_nor_a_link),
        cmocka_unit_test(texts_are_kept_as_written_within_what_a_cell_holds),
        cmocka_unit_test(a_text_too_long_for_a_cell_is_cut_with_an_ellipsis),
        cmocka_unit_test(names_of_sheets_are_what_excel_takes),
        cmocka_unit_test(names_that_differ_in_case_only_get_a_number),
        cmocka_unit_test(any_name_makes_a_sheet),
        cmocka_unit_test(numbers_that_excel_does_not_know_are_no_broken_cells),
        cmocka_unit_test(columns_for_programs_are_kept),
        cmocka_unit_test(the_same_document_gives_the_same_bytes),
        cmocka_unit_test(a_table_that_no_sheet_holds_is_refused),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_named),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(a_chart_is_read_back_as_its_figures),
        cmocka_unit_test(a_bridge_hangs_its_steps_where_those_before_end),
        cmocka_unit_test(a_bridge_below_zero_is_not_drawn),
        cmocka_unit_test(a_chart_without_data_is_none),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
