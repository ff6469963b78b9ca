/* SPDX-License-Identifier: Apache-2.0 */
#include "document/text.h"
#include "document/tree.h"
#include "strata_test.h"
#include "support/failing_alloc.h"

static const document_head head = {.kind = "test", .n_accounts = -1, .arr_minor = -1};

static strata_status build(document **out, strata_error *err)
{
    static const doc_column columns[] = {{"a", "A", CELL_TEXT, 0, 0, false},
                                         {"b", "B", CELL_SPARK, 0, 0, false}};
    static const double series[] = {1, 2};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(document_new(&head, &d, err));
    int id = document_provenance(d, "sum", "contracts", "arr > 0");
    doc_section *s = document_section(d, NULL, "one", "One");
    doc_section *inner = document_section(d, s, "one", "Inner");
    doc_paragraph(s, "%d of %d", 5, 12);
    doc_bullet(inner, "%s", "point");
    doc_note(inner, "warning", "%s", "careful");
    doc_cell value = cell_money(5);
    value.provenance = id;
    doc_figure(inner, "ARR", value, "below");
    doc_table *t = doc_table_new(inner, "t", "Caption", columns, COUNT(columns));
    doc_row(t, (doc_cell[]){cell_text("x"), cell_spark(series, COUNT(series))});
    doc_row_total(t, (doc_cell[]){cell_text("all"), cell_empty("no series")});
    doc_table_footnote(t, "%s", "foot");
    doc_chart(inner, "c", "Chart", "alt", json_object());
    doc_next_step(d, "strata quality");
    STRATA_TRY(document_status(d, err));
    *out = strata_steal(&d);
    return STRATA_OK;
}

static void the_tree_keeps_order_and_copies(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(build(&d, &err), &err);
    const doc_section *one = d->root.first->as.section;
    assert_string_equal(one->title, "One");
    assert_int_equal(one->first->kind, NODE_SECTION);
    const doc_section *inner = one->first->as.section;
    assert_int_equal(inner->depth, 2);
    assert_string_equal(inner->id, "one-2");
    assert_string_equal(one->first->next->text, "5 of 12");
    static const node_kind order[] = {NODE_BULLET, NODE_NOTE, NODE_FIGURE, NODE_TABLE, NODE_CHART};
    const doc_node *n = inner->first;
    for (size_t i = 0; i < COUNT(order); i++, n = n->next) {
        assert_int_equal(n->kind, order[i]);
    }
    assert_null(n);
    assert_true(document_has_charts(d));
    assert_string_equal(document_find_provenance(d, 1)->rows_where, "arr > 0");
    assert_null(document_find_provenance(d, 2));
}

static void next_steps_name_the_project(void **state)
{
    (void)state;
    strata_error err = {0};
    static const char *const cases[][3] = {
        {"acme", "strata run", "strata --project acme run"},
        {"my data", "strata diff", "strata --project 'my data' diff"},
        {NULL, "strata run", "strata run"},
        {"acme", "make", "make"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        STRATA_AUTO(document_free) document *d = NULL;
        document_head named = {.kind = "k", .title = "t", .project = cases[i][0]};
        assert_ok(document_new(&named, &d, &err), &err);
        doc_next_step(d, cases[i][1]);
        assert_string_equal(d->steps->text, cases[i][2]);
    }
}

static void equal_provenance_shares_one_id(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(document_new(&head, &d, &err), &err);
    assert_int_equal(document_provenance(d, "a", NULL, "x"), 1);
    assert_int_equal(document_provenance(d, "a", "", "x"), 2);
    assert_int_equal(document_provenance(d, "a", NULL, "x"), 1);
}

static void values_that_are_none_become_empty_cells(void **state)
{
    (void)state;
    assert_int_equal(cell_number(NAN).type, CELL_EMPTY);
    assert_int_equal(cell_share(INFINITY).type, CELL_EMPTY);
    assert_int_equal(cell_days(NAN).type, CELL_EMPTY);
    assert_int_equal(cell_date(DAY_MISSING).type, CELL_EMPTY);
    assert_int_equal(cell_text(NULL).type, CELL_EMPTY);
    assert_int_equal(cell_spark(NULL, 3).type, CELL_EMPTY);
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(document_new(&head, &d, &err), &err);
    assert_string_equal(text_copy(d, "a\xff\xc3(b"), "a\xef\xbf\xbd\xef\xbf\xbd(b");
    assert_string_equal(text_copy(d, "\xed\xa0\x80"),
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");               /* a surrogate */
    assert_string_equal(text_copy(d, "\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd"); /* overlong */
    assert_string_equal(text_copy(d, "东é👍"), "东é👍");
    assert_string_equal(document_escape(d, "a*b_[c]"), "a\\*b_\\[c\\]");
}

static void builders_without_memory_fail_the_document(void **state)
{
    (void)state;
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        document *d = NULL;
        strata_status st = build(&d, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, d == NULL);
        document_free(d);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_keeps_order_and_copies),
        cmocka_unit_test(next_steps_name_the_project),
        cmocka_unit_test(equal_provenance_shares_one_id),
        cmocka_unit_test(values_that_are_none_become_empty_cells),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(builders_without_memory_fail_the_document),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
