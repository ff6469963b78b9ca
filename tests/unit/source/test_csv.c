/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "strata_test.h"

#include "source/fields.h"
#include "source/text/csv.h"
#include "source/text/encoding.h"

static const csv_dialect comma = {',', '"', '\n'};
static const int all[] = {0, 1, 2};

static void split(const csv_dialect *d, const char *text, row_block *out)
{
    strata_error err = {0};
    out->n_columns = 3;
    assert_ok(csv_split(d, text, strlen(text), all, 3, out, &err), &err);
}

static void check_cell(const row_block *b, size_t row, size_t col, const char *want)
{
    text_view v = b->cells[row * 3 + col];
    if (v.len != strlen(want) || (v.len > 0 && memcmp(v.ptr, want, v.len) != 0)) {
        fail_msg("row %zu column %zu is '%.*s', want '%s'", row, col, (int)v.len, v.ptr, want);
    }
}

static void quotes_line_ends_and_empty_lines_are_understood(void **state)
{
    (void)state;
    row_block b = {0};
    split(&comma, "a,\"b, \"\"c\"\"\",d\r\n\r\n1,\"two\nlines\",3\n,,\nlast,x,y", &b);
    assert_int_equal(b.n_rows, 4);
    assert_int_equal(b.faults.n, 0);
    check_cell(&b, 0, 1, "b, \"c\"");
    check_cell(&b, 0, 2, "d");
    check_cell(&b, 1, 1, "two\nlines");
    check_cell(&b, 2, 0, "");
    check_cell(&b, 3, 2, "y");
    assert_int_equal(b.lines[0], 0);
    assert_int_equal(b.lines[1], 2);
    assert_int_equal(b.lines[2], 4);
    assert_int_equal(b.lines[3], 5);
    row_block_done(&b);
}

static void rows_of_the_wrong_width_are_faults(void **state)
{
    (void)state;
    row_block b = {0};
    split(&comma, "1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n1,2,\"open", &b);
    assert_int_equal(b.n_rows, 2); /* empty fields too many do no harm */
    assert_int_equal(b.faults.n, 3);
    assert_int_equal(b.faults.data[0].line, 1);
    assert_int_equal(b.faults.data[0].n_fields, 2);
    assert_int_equal(b.faults.data[1].n_fields, 4);
    assert_true(b.faults.data[2].n_fields == SIZE_MAX);
    row_block_done(&b);
}

static void tables_aligned_with_spaces_are_split(void **state)
{
    (void)state;
    const csv_dialect spaces = {' ', '"', '\n'};
    row_block b = {0};
    split(&spaces, " 00001 19970101  1\r\n 00002\t19970112   5\r\n", &b);
    assert_int_equal(b.n_rows, 2);
    check_cell(&b, 0, 0, "00001");
    check_cell(&b, 1, 1, "19970112");
    check_cell(&b, 1, 2, "5");
    row_block_done(&b);
}

static void the_dialect_is_found_out(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char delimiter, newline;
    } rows[] = {
        {"a,b,c\n1,2,3\n", ',', '\n'},
        {"a;b;c\r\n1,5;2;3\r\n", ';', '\n'},
        {"a\tb\n1\t2\n", '\t', '\n'},
        {"a|b|c\n1|2|3\n", '|', '\n'},
        {"a,b\r1,2\r", ',', '\r'},
        {"\"a;b\",c\n\"1;2\",3\n", ',', '\n'},
        {" id  date  n\n 1  19970101 2\n 2  19970102 5\n", ' ', '\n'},
        {"one\n1\n2\n", ',', '\n'},
        {"", ',', '\n'},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        csv_dialect d = csv_sniff(rows[i].text, strlen(rows[i].text), 0, 0);
        assert_int_equal(d.delimiter, rows[i].delimiter);
        assert_int_equal(d.newline, rows[i].newline);
    }
}

/* Cutting at any step and splitting the pieces gives the same rows as splitting the whole. */
static void cuts_never_part_a_record(void **state)
{
    (void)state;
    char text[4096] = "";
    size_t len = 0;
    for (int i = 0; len + 64 < sizeof text; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                i % 3 == 0 ? "%d,\"x\n\"\"y\"\"\",z\n" : "%d,plain,z\n", i);
    }
    row_block whole = {0};
    split(&comma, text, &whole);
    for (size_t step = 1; step < 300; step += 7) {
        size_t ends[2048];
        size_t n = csv_cut(&comma, text, len, true, step, ends, COUNT(ends));
        size_t rows = 0;
        size_t begin = 0;
        for (size_t i = 0; i < n; i++) {
            row_block piece = {.n_columns = 3};
            strata_error err = {0};
            assert_ok(csv_split(&comma, text + begin, ends[i] - begin, all, 3, &piece, &err), &err);
            assert_int_equal(piece.faults.n, 0);
            rows += piece.n_rows;
            begin = ends[i];
            row_block_done(&piece);
        }
        assert_int_equal(begin, len);
        assert_int_equal(rows, whole.n_rows);
    }
    row_block_done(&whole);
}

static void a_record_ends_where_its_quotes_are_closed(void **state)
{
    (void)state;
    const char *text = "a,\"b\nc\"\nd";
    assert_int_equal(csv_record_end(&comma, text, strlen(text), false), 8);
    assert_true(csv_record_end(&comma, text, 6, false) == SIZE_MAX);
    assert_true(csv_record_end(&comma, text, 7, false) == SIZE_MAX); /* may be doubled */
    assert_true(csv_record_end(&comma, "d", 1, false) == SIZE_MAX);
    assert_int_equal(csv_record_end(&comma, "d", 1, true), 1);
    assert_true(csv_record_end(&comma, "", 0, true) == SIZE_MAX);
    const char *inch = "5\" pipe,x\n";
    assert_int_equal(csv_record_end(&comma, inch, strlen(inch), true), strlen(inch));
}

static void text_becomes_utf8_or_is_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    arena *a = NULL;
    const char *why = NULL;
    text_view out;
    assert_ok(arena_new(&a, &err), &err);
    assert_true(encoding_to_utf8(NULL, (text_view){"caf\xC3\xA9", 5}, a, &out, &why));
    assert_int_equal(out.len, 5);
    assert_false(encoding_to_utf8(NULL, (text_view){"caf\xE9", 4}, a, &out, &why));
    assert_false(encoding_to_utf8(NULL, (text_view){"\xED\xA0\x80", 3}, a, &out, &why));
    assert_false(encoding_to_utf8(NULL, (text_view){"\xC0\xAF", 2}, a, &out, &why));
    assert_false(encoding_to_utf8(NULL, (text_view){"a\0b", 3}, a, &out, &why));
    assert_true(encoding_to_utf8("latin-1", (text_view){"caf\xE9 \x80", 6}, a, &out, &why));
    assert_int_equal(out.len, 9);
    assert_memory_equal(out.ptr, "caf\xC3\xA9 \xE2\x82\xAC", 9);
    assert_int_equal(encoding_cut((text_view){"caf\xC3\xA9", 5}, 4), 3);
    arena_free(a);
}

static void headings_fold_to_plain_names(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Account ID", "account_id"},
        {"AccountId", "account_id"},
        {"  Created (UTC) ", "created_utc"},
        {"CustomerID", "customer_id"},
        {"MRR", "mrr"},
        {"NPSScore", "nps_score"},
        {"close-date", "close_date"},
        {"StockCode", "stock_code"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[64];
        fold_name(rows[i][0], got, sizeof got);
        assert_string_equal(got, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_line_ends_and_empty_lines_are_understood),
        cmocka_unit_test(rows_of_the_wrong_width_are_faults),
        cmocka_unit_test(tables_aligned_with_spaces_are_split),
        cmocka_unit_test(the_dialect_is_found_out),
        cmocka_unit_test(cuts_never_part_a_record),
        cmocka_unit_test(a_record_ends_where_its_quotes_are_closed),
        cmocka_unit_test(text_becomes_utf8_or_is_refused),
        cmocka_unit_test(headings_fold_to_plain_names),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
