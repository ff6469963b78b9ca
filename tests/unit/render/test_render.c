/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <jansson.h>

#include "demo.h"
#include "golden.h"
#include "render/render.h"
#include "render/terminal/screen.h"
#include "strata_test.h"
#include "support/failing_alloc.h"

typedef struct rendered {
    document *d;
    strbuf out;
} rendered;

static void rendered_done(rendered *r)
{
    strbuf_done(&r->out);
    document_free(r->d);
}
#define RENDERED_AUTO STRATA_CLEANUP(rendered_done)

static void render_demo(rendered *r, size_t rows, render_format format,
                        const render_options *options)
{
    strata_error err = {0};
    *r = (rendered){0};
    strbuf_init(&r->out, 0);
    assert_ok(demo_document(rows, &r->d, &err), &err);
    assert_ok(render_document(r->d, format, options, &r->out, &err), &err);
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"table", "json", "csv", "markdown", "html", "xlsx"};
    assert_int_equal(COUNT(names), RENDER_FORMAT_COUNT);
    for (int f = 0; f < RENDER_FORMAT_COUNT; f++) {
        assert_int_equal(render_format_find(names[f]), f);
    }
    assert_int_equal(render_format_find("pdf"), RENDER_FORMAT_COUNT);
}

static void a_column_of_data_is_for_programs_only(void **state)
{
    (void)state;
    static const bool for_programs[RENDER_FORMAT_COUNT] = {
        [RENDER_JSON] = true, [RENDER_CSV] = true};
    const doc_column columns[] = {
        {.key = "sure", .label = "Sure", .type = CELL_TEXT},
        {.key = "p_value", .label = "p_value", .type = CELL_NUMBER, .data_only = true}};
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(document_new(&(document_head){.title = "Title"}, &d, &err), &err);
    doc_section *s = document_section(d, NULL, "s", NULL);
    doc_table *t = doc_table_new(s, "t", NULL, columns, COUNT(columns));
    doc_row(t, (doc_cell[]){cell_text("yes"), cell_number(0.0625)});
    doc_row(t, (doc_cell[]){cell_text("no"), cell_empty("nothing to test")});
    for (int f = 0; f < RENDER_FORMAT_COUNT; f++) {
        if (!render_is_text((render_format)f)) {
            continue; /* a workbook keeps them: test_xlsx.c */
        }
        STRBUF_AUTO strbuf out;
        strbuf_init(&out, 0);
        assert_ok(render_document(d, (render_format)f, NULL, &out, &err), &err);
        bool shown = strstr(strbuf_text(&out), "p_value") != NULL;
        assert_true(shown == for_programs[f]);
        assert_true((strstr(strbuf_text(&out), "0.0625") != NULL) == for_programs[f]);
    }
}

static void an_unknown_format_is_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    rendered r RENDERED_AUTO;
    render_demo(&r, 1, RENDER_CSV, NULL);
    assert_int_equal(render_document(r.d, RENDER_FORMAT_COUNT, NULL, &r.out, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "unknown format 6");
}

static void each_format_matches_its_golden_file(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        render_format format;
        render_options options;
    } cases[] = {
        {"terminal-100.txt", RENDER_TABLE, {.width = 100}},
        {"terminal-40.txt", RENDER_TABLE, {.width = 40}},
        {"terminal-wide.txt", RENDER_TABLE, {.width = 80, .wide = true}},
        {"terminal-ascii.txt", RENDER_TABLE, {.width = 80, .ascii = true}},
        {"terminal-color.txt", RENDER_TABLE, {.width = 80, .color = true}},
        {"terminal-pipe.txt", RENDER_TABLE, {.width = 0}},
        {"demo.json", RENDER_JSON, {0}},
        {"demo.csv", RENDER_CSV, {0}},
        {"demo.md", RENDER_MARKDOWN, {0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        rendered r RENDERED_AUTO;
        render_demo(&r, 13, cases[i].format, &cases[i].options);
        assert_golden(cases[i].file, r.out.text, r.out.len);
    }
}

/* Removes "ESC [ ... m": they take no room. */
static void strip_colors(char *text)
{
    char *to = text;
    for (char *from = text; *from != '\0';) {
        if (from[0] == '\x1b' && from[1] == '[') {
            from += strcspn(from, "m") + 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    for (int width = 40; width <= 200; width++) {
        rendered r RENDERED_AUTO;
        render_demo(&r, 13, RENDER_TABLE,
                    &(render_options){.width = width, .color = width % 2 == 0});
        strip_colors(r.out.text);
        char *rest = NULL;
        for (char *line = strtok_r(r.out.text, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            int columns = screen_width(line, strlen(line));
            if (columns > width) {
                fail_msg("%d columns on a terminal of %d: %s", columns, width, line);
            }
        }
    }
}

static void a_terminal_gets_no_control_characters_from_data(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 13, RENDER_TABLE, &(render_options){.width = 100});
    for (size_t i = 0; i < r.out.len; i++) {
        unsigned char c = (unsigned char)r.out.text[i];
        assert_true(c == '\n' || (c >= 0x20 && c != 0x7f));
    }
    assert_null(strstr(r.out.text, "\xe2\x80\xae")); /* U+202E, right-to-left override */
    assert_non_null(strstr(r.out.text, "\xef\xbf\xbd[31mred"));
    rendered colored RENDERED_AUTO;
    render_demo(&colored, 13, RENDER_TABLE, &(render_options){.width = 100, .color = true});
    assert_null(strstr(colored.out.text, "\x1b[31m"));
}

static void ascii_output_is_ascii(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 13, RENDER_TABLE, &(render_options){.width = 100, .ascii = true});
    for (size_t i = 0; i < r.out.len; i++) {
        assert_true((unsigned char)r.out.text[i] < 0x80);
    }
}

static json_t *item_named(json_t *items, const char *id)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        const char *have = json_string_value(json_object_get(item, "id"));
        if (have != NULL && strcmp(have, id) == 0) {
            return item;
        }
        json_t *below = item_named(json_object_get(item, "items"), id);
        if (below != NULL) {
            return below;
        }
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void json_carries_every_value(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 13, RENDER_JSON, NULL);
    json_error_t where;
    json_t *all = json_loadb(r.out.text, r.out.len, JSON_REJECT_DUPLICATES, &where);
    if (all == NULL) {
        fail_msg("line %d: %s", where.line, where.text);
    }
    json_t *head = json_object_get(all, "document");
    assert_string_equal(text_of(head, "as_of"), "2026-06-30");
    assert_string_equal(text_of(head, "seed"), "18446744073709551615");
    assert_close(json_number_value(json_object_get(head, "arr")), 61400000.0, 0);
    json_t *t = item_named(json_object_get(all, "sections"), "segments");
    t = item_named(json_object_get(t, "items"), "segments");
    json_t *rows = json_object_get(t, "rows");
    assert_int_equal(json_array_size(rows), 3);
    json_t *third = json_array_get(rows, 2);
    assert_close(json_number_value(json_object_get(third, "arr")), 123.45, 0);
    assert_close(json_number_value(json_object_get(third, "arr_share")), 0.000002, 0);
    assert_true(json_is_null(json_object_get(third, "nrr")));
    json_t *missing = json_array_get(json_object_get(t, "missing"), 0);
    assert_int_equal(json_integer_value(json_object_get(missing, "row")), 2);
    assert_string_equal(text_of(missing, "column"), "nrr");
    assert_string_equal(text_of(missing, "reason"), "not enough data (7 accounts, 30 needed)");
    json_t *trend = json_object_get(json_array_get(rows, 1), "trend");
    assert_true(json_is_null(json_array_get(trend, 3)));
    json_t *accounts = item_named(json_object_get(all, "sections"), "accounts");
    accounts = json_object_get(item_named(json_object_get(accounts, "items"), "accounts"), "rows");
    assert_string_equal(text_of(json_array_get(accounts, 6), "account"),
                        "\x1b[31mred\x1b[0m \a bell");
    assert_string_equal(text_of(json_array_get(accounts, 2), "account"),
                        "=HYPERLINK(\"http://evil.example\",\"click\")");
    assert_int_equal(json_array_size(json_object_get(all, "provenance")), 2);
    assert_int_equal(json_array_size(json_object_get(all, "next_steps")), 2);
    json_decref(all);
}

/* "<" never stands in JSON, so that "</script>" cannot end the element it is put in. */
static void json_can_stand_in_a_script_element(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 13, RENDER_JSON, NULL);
    assert_null(strchr(r.out.text, '<'));
}

static void csv_disarms_formulas_and_quotes_what_needs_it(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 13, RENDER_CSV, NULL);
    assert_non_null(
        strstr(r.out.text, "\r\n\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"click\"\")\","));
    assert_non_null(strstr(r.out.text, "\r\n'@cmd -1+1,"));
    assert_non_null(strstr(r.out.text, "\r\n\"O'Neill \"\"Quoted\"\", Inc.\",,"));
    assert_non_null(strstr(r.out.text, "\r\n\"Two\nlines\tand a tab\","));
    /* Numbers below zero are no formulas. */
    assert_non_null(strstr(r.out.text, ",2026-09-04,-31,"));
    assert_non_null(strstr(r.out.text, "\r\n\r\naccount,owner,arr,health,why\r\n"));
}

static void large_documents_render_whole(void **state)
{
    (void)state;
    rendered r RENDERED_AUTO;
    render_demo(&r, 100000, RENDER_CSV, NULL);
    size_t lines = 0;
    for (size_t i = 1; i < r.out.len; i++) {
        lines += r.out.text[i] == '\n' && r.out.text[i - 1] == '\r';
    }
    assert_int_equal(lines, 1 + 3 + 1 + 1 + 100000);
    strbuf_clear(&r.out);
    strata_error err = {0};
    assert_ok(render_document(r.d, RENDER_TABLE, &(render_options){.width = 100}, &r.out, &err),
              &err);
    assert_true(r.out.len > 5000000);
}

static void no_memory_is_an_error_in_every_format(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(demo_document(4, &d, &err), &err);
    for (int f = 0; f < RENDER_FORMAT_COUNT; f++) {
        int failures = 0;
        FAILURE_LOOP(failures, {
            strbuf out;
            strbuf_init(&out, 0);
            strata_status st =
                render_document(d, (render_format)f, &(render_options){.width = 60}, &out, &err);
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, true);
            strbuf_done(&out);
        });
        assert_true(failures > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(a_column_of_data_is_for_programs_only),
        cmocka_unit_test(an_unknown_format_is_refused),
        cmocka_unit_test(each_format_matches_its_golden_file),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(a_terminal_gets_no_control_characters_from_data),
        cmocka_unit_test(ascii_output_is_ascii),
        cmocka_unit_test(json_carries_every_value),
        cmocka_unit_test(json_can_stand_in_a_script_element),
        cmocka_unit_test(csv_disarms_formulas_and_quotes_what_needs_it),
        cmocka_unit_test(large_documents_render_whole),
        cmocka_unit_test(no_memory_is_an_error_in_every_format),
    };
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
