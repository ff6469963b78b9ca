/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_choose.h"
#include "render/render.h"
#include "strata_test.h"
#include "support/failing_alloc.h"

typedef struct fixture {
    document *d;
    json_rows rows;
    row_places places;
    strbuf out;
} fixture;

static void fixture_done(fixture *f)
{
    vec_free(&f->places);
    json_rows_done(&f->rows);
    strbuf_done(&f->out);
    document_free(f->d);
}
#define FIXTURE_AUTO STRATA_CLEANUP(fixture_done)

/* Seven accounts: letters with accents, numbers in names, quotes, two without a value. */
static void make(fixture *f)
{
    static const doc_column columns[] = {{.key = "name", .label = "Name", .type = CELL_TEXT},
                                         {.key = "arr", .label = "ARR", .type = CELL_MONEY},
                                         {.key = "trend", .label = "Trend", .type = CELL_SPARK},
                                         {.key = "owner", .label = "Owner", .type = CELL_TEXT}};
    static const struct {
        const char *name;
        int64_t arr; /* -1: missing */
        const char *owner;
    } accounts[] = {{"Zebra 10", 500, "Ana"},        {"\xc3\x84rzte GmbH", 2000, "Bo"},
                    {"zebra 9", -1, "Ana"},          {"Say \"hello\", world", 500, "Bo"},
                    {"arm", 100000, "Ana \xc3\x9c"}, {"null", -1, NULL},
                    {"Line\nbreak", 7, "Ana"}};
    strata_error err = {0};
    *f = (fixture){0};
    strbuf_init(&f->out, 0);
    json_rows_init(&f->rows);
    assert_ok(document_new(&(document_head){.title = "Title"}, &f->d, &err), &err);
    doc_table *t = doc_table_new(document_section(f->d, NULL, "s", NULL), "accounts", NULL, columns,
                                 COUNT(columns));
    for (size_t i = 0; i < COUNT(accounts); i++) {
        const double series[] = {(double)i, 2};
        doc_row(t,
                (doc_cell[]){cell_text(accounts[i].name),
                             accounts[i].arr < 0 ? cell_empty("none") : cell_money(accounts[i].arr),
                             cell_spark(series, COUNT(series)),
                             accounts[i].owner == NULL ? cell_empty("nobody")
                                                       : cell_text(accounts[i].owner)});
    }
    assert_ok(json_rows_take(&f->rows, f->d, "accounts", true, &err), &err);
}

static void assert_places(const fixture *f, const size_t *wanted, size_t n)
{
    assert_int_equal(f->places.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(f->places.data[i], wanted[i]);
    }
}

static void choose(fixture *f, const rows_choice *c)
{
    strata_error err = {0};
    vec_free(&f->places);
    assert_ok(json_rows_choose(&f->rows, c, &f->places, &err), &err);
}

static void rows_come_in_the_order_of_a_column_missing_values_last(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    make(&f);
    choose(&f, &(rows_choice){.order = "arr"});
    assert_places(&f, (const size_t[]){6, 0, 3, 1, 4, 2, 5}, 7);
    choose(&f, &(rows_choice){.order = "-arr"});
    assert_places(&f, (const size_t[]){4, 1, 0, 3, 6, 2, 5}, 7);
    choose(&f, &(rows_choice){0});
    assert_places(&f, (const size_t[]){0, 1, 2, 3, 4, 5, 6}, 7);
}

static void texts_are_in_the_order_of_letters_whatever_case_and_accents(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    make(&f);
    choose(&f, &(rows_choice){.order = "name"});
    /* arm, Aerzte (a with its dots as a), Line break, null, Say, zebra 9, Zebra 10 */
    assert_places(&f, (const size_t[]){4, 1, 6, 5, 3, 2, 0}, 7);
    choose(&f, &(rows_choice){.order = "-owner"});
    assert_places(&f, (const size_t[]){1, 3, 4, 0, 2, 6, 5}, 7);
}

static void a_text_is_found_in_any_cell(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    make(&f);
    choose(&f, &(rows_choice){.find = "ARZT"});
    assert_places(&f, (const size_t[]){1}, 1);
    choose(&f, &(rows_choice){.find = "\xc3\xa4rzte g"});
    assert_places(&f, (const size_t[]){1}, 1);
    choose(&f, &(rows_choice){.find = "say \"hello\", w"});
    assert_places(&f, (const size_t[]){3}, 1);
    choose(&f, &(rows_choice){.find = "\"h"}); /* a quote is looked for, not taken for JSON's */
    assert_places(&f, (const size_t[]){3}, 1);
    choose(&f, &(rows_choice){.find = "line break"});
    assert_places(&f, (const size_t[]){6}, 1);
    choose(&f, &(rows_choice){.find = "1000.00"});
    assert_places(&f, (const size_t[]){4}, 1);
    choose(&f, &(rows_choice){.find = "null"}); /* the name, not what is missing elsewhere */
    assert_places(&f, (const size_t[]){5}, 1);
    choose(&f, &(rows_choice){.find = "nothing so"});
    assert_int_equal(f.places.n, 0);
}

static void only_rows_with_exactly_these_values_are_taken(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    make(&f);
    choose(&f, &(rows_choice){.only = {{"owner", "Ana"}}, .n_only = 1, .order = "-name"});
    assert_places(&f, (const size_t[]){0, 2, 6}, 3);
    choose(&f, &(rows_choice){.only = {{"owner", "Ana"}, {"arr", "5.00"}}, .n_only = 2});
    assert_places(&f, (const size_t[]){0}, 1);
    choose(&f, &(rows_choice){.only = {{"name", "Say \"hello\", world"}}, .n_only = 1});
    assert_places(&f, (const size_t[]){3}, 1);
    choose(&f, &(rows_choice){.only = {{"owner", "ana"}}, .n_only = 1});
    assert_int_equal(f.places.n, 0);
}

static void values_are_counted_the_most_frequent_first(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    size_t n = 0;
    strata_error err = {0};
    make(&f);
    assert_ok(json_rows_count(&f.rows, "owner", 3, &n, &f.out, &err), &err);
    assert_string_equal(strbuf_text(&f.out), "[[\"Ana\",3],[\"Bo\",2],[\"Ana \xc3\x9c\",1]]");
    assert_int_equal(n, 4);
}

static void a_column_that_is_not_there_is_named(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    size_t n = 0;
    strata_error err = {0};
    make(&f);
    assert_int_equal(json_rows_choose(&f.rows, &(rows_choice){.order = "-size"}, &f.places, &err),
                     STRATA_E_USAGE);
    assert_non_null(strstr(err.message, "no column 'size'"));
    vec_free(&f.places);
    assert_int_equal(json_rows_choose(&f.rows, &(rows_choice){.only = {{"size", "1"}}, .n_only = 1},
                                      &f.places, &err),
                     STRATA_E_USAGE);
    assert_int_equal(json_rows_count(&f.rows, "size", 9, &n, &f.out, &err), STRATA_E_USAGE);
}

static void a_document_of_the_first_rows_says_of_how_many(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    strata_error err = {0};
    make(&f);
    assert_ok(render_document(f.d, RENDER_JSON, &(render_options){.rows = 3}, &f.out, &err), &err);
    assert_non_null(strstr(strbuf_text(&f.out), "\"of\":7"));
    assert_non_null(strstr(strbuf_text(&f.out), "zebra 9"));
    assert_null(strstr(strbuf_text(&f.out), "arm"));
    assert_null(strstr(strbuf_text(&f.out), "nobody")); /* why a cell of the sixth is missing */
    assert_non_null(strstr(strbuf_text(&f.out), "\"reason\":\"none\""));
    strbuf_clear(&f.out);
    assert_ok(render_document(f.d, RENDER_JSON, &(render_options){.rows = 7}, &f.out, &err), &err);
    assert_null(strstr(strbuf_text(&f.out), "\"of\""));
}

static void what_is_said_of_cells_goes_with_their_rows(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    make(&f);
    const size_t page[] = {5, 0, 2};
    json_rows_put_said(&f.rows, page, COUNT(page), &f.out);
    assert_string_equal(
        strbuf_text(&f.out),
        ",\n\"totals\":[],\"missing\":["
        "{\"part\":\"rows\",\"row\":0,\"column\":\"arr\",\"reason\":\"none\"},"
        "{\"part\":\"rows\",\"row\":0,\"column\":\"owner\",\"reason\":\"nobody\"},"
        "{\"part\":\"rows\",\"row\":2,\"column\":\"arr\",\"reason\":\"none\"}],\n\"origins\":[]");
    strbuf_clear(&f.out);
    json_rows_put_said(&f.rows, (const size_t[]){0, 1}, 2, &f.out);
    assert_string_equal(strbuf_text(&f.out), ",\n\"totals\":[],\n\"origins\":[]");
}

/* Two tables of one name: the second has another origin for its column, and a total. */
static void totals_and_origins_are_those_of_every_table(void **state)
{
    (void)state;
    static const doc_column columns[] = {{.key = "what", .label = "What", .type = CELL_TEXT},
                                         {.key = "n", .label = "N", .type = CELL_COUNT}};
    FIXTURE_AUTO fixture f = {0};
    strata_error err = {0};
    strbuf_init(&f.out, 0);
    json_rows_init(&f.rows);
    assert_ok(document_new(&(document_head){.title = "Title"}, &f.d, &err), &err);
    doc_section *s = document_section(f.d, NULL, "s", NULL);
    doc_table *first = doc_table_new(s, "t", NULL, columns, COUNT(columns));
    doc_table_origin(first, "n", "accounts", "a");
    doc_row(first, (doc_cell[]){cell_text("a"), cell_count(1)});
    doc_table *second = doc_table_new(s, "t", NULL, columns, COUNT(columns));
    doc_table_origin(second, "n", "orders", "b");
    doc_row(second, (doc_cell[]){cell_text("b"), cell_share(0.5)});
    doc_row_total(second, (doc_cell[]){cell_text("all"), cell_empty("of two kinds")});
    assert_ok(json_rows_take(&f.rows, f.d, "t", true, &err), &err);
    json_rows_put_said(&f.rows, (const size_t[]){0, 1}, 2, &f.out);
    assert_string_equal(
        strbuf_text(&f.out),
        ",\n\"totals\":[\n[\"all\",null]],\"missing\":["
        "{\"part\":\"totals\",\"row\":0,\"column\":\"n\",\"reason\":\"of two kinds\"}],"
        "\"types\":[{\"part\":\"rows\",\"row\":1,\"column\":\"n\",\"type\":\"share\"}],"
        "\"provenance\":[{\"part\":\"rows\",\"row\":1,\"column\":\"n\",\"id\":2}],\n"
        "\"origins\":[\n{\"id\":1,\"definition\":\"accounts\",\"inputs\":\"a\",\"rows_where\":null}"
        ","
        "\n{\"id\":2,\"definition\":\"orders\",\"inputs\":\"b\",\"rows_where\":null}]");
    int failures = 0;
    FAILURE_LOOP(failures, {
        json_rows rows;
        json_rows_init(&rows);
        strata_status st = json_rows_take(&rows, f.d, "t", true, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, true);
        json_rows_done(&rows);
    });
    assert_true(failures > 2);
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    FIXTURE_AUTO fixture f;
    strata_error err = {0};
    int failures = 0;
    make(&f);
    FAILURE_LOOP(failures, {
        row_places places = {0};
        strata_status st = json_rows_choose(
            &f.rows,
            &(rows_choice){.find = "a", .order = "name", .only = {{"owner", "Ana"}}, .n_only = 1},
            &places, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, true);
        vec_free(&places);
    });
    assert_true(failures > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_of_a_column_missing_values_last),
        cmocka_unit_test(texts_are_in_the_order_of_letters_whatever_case_and_accents),
        cmocka_unit_test(a_text_is_found_in_any_cell),
        cmocka_unit_test(only_rows_with_exactly_these_values_are_taken),
        cmocka_unit_test(values_are_counted_the_most_frequent_first),
        cmocka_unit_test(a_column_that_is_not_there_is_named),
        cmocka_unit_test(a_document_of_the_first_rows_says_of_how_many),
        cmocka_unit_test(what_is_said_of_cells_goes_with_their_rows),
        cmocka_unit_test(totals_and_origins_are_those_of_every_table),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("json_rows", tests, NULL, NULL);
}
