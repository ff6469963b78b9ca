/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "model/yaml.h"

static int new_arena(void **state)
{
    strata_error err = {0};
    return arena_new((arena **)state, &err) != STRATA_OK;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static const yaml_node *parse(arena *a, const char *text)
{
    const yaml_node *root = NULL;
    strata_error err = {0};
    assert_ok(yaml_parse(a, "f.yaml", text, strlen(text), &root, &err), &err);
    return root;
}

static void assert_refused(arena *a, const char *bytes, size_t len, const char *message)
{
    const yaml_node *root = NULL;
    strata_error err = {0};
    assert_int_equal(yaml_parse(a, "f.yaml", bytes, len, &root, &err), STRATA_E_MODEL);
    assert_string_equal(err.message, message);
    assert_null(root);
}

static void values_and_keys_know_their_place(void **state)
{
    const yaml_node *root = parse(*state, "a: 1\nb:\n  - x\n  - {c: \"y\", d: }\ne: |\n  text\n");

    assert_int_equal(root->n, 3);
    assert_int_equal(root->entries[0].key_place.line, 1);
    assert_int_equal(root->entries[0].value->place.column, 4);
    const yaml_node *list = root->entries[1].value;
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->entries[0].value->place.line, 3);
    assert_int_equal(list->entries[0].value->place.column, 5);
    const yaml_node *map = list->entries[1].value;
    assert_int_equal(map->entries[0].value->place.column, 10); /* behind the quote */
    assert_int_equal(map->entries[1].value->kind, YAML_EMPTY);
    assert_int_equal(map->entries[1].value->place.line, 4); /* its key's */
    assert_int_equal(root->entries[2].value->place.line, 6);
    assert_string_equal(root->entries[2].value->text, "text\n");
}

static void null_and_nothing_differ_and_quotes_make_text(void **state)
{
    const yaml_node *root = parse(*state, "{a: null, b: ~, c: , d: 'null', e: ''}");

    static const yaml_kind kinds[] = {YAML_NULL, YAML_NULL, YAML_EMPTY, YAML_TEXT, YAML_TEXT};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_int_equal(root->entries[i].value->kind, kinds[i]);
    }
}

static void aliases_stand_for_what_they_name(void **state)
{
    const yaml_node *root = parse(*state, "a: &x {q: 1}\nb: *x\nc: &x 2\nd: *x\n");

    assert_ptr_equal(root->entries[1].value, root->entries[0].value);
    assert_string_equal(root->entries[3].value->text, "2");
}

static void a_byte_order_mark_is_skipped(void **state)
{
    const yaml_node *root = parse(*state, "\xef\xbb\xbf"
                                          "a: \xc3\xa9\n");
    assert_string_equal(root->entries[0].key, "a");
    assert_string_equal(root->entries[0].value->text, "\xc3\xa9");
}

static void mistakes_are_named_with_their_place(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "f.yaml: is empty"},
        {"# only a comment\n", "f.yaml: is empty"},
        {"a: [1\nb: 2", "f.yaml:3:1: is not valid YAML: flow sequence without a closing bracket"},
        {"a: 1\nb: 2\na: 3", "f.yaml:3:1: key 'a' is there twice, first in line 1"},
        {"a: 1\n---\nb: 2", "f.yaml:2:1: a second document begins: one file holds one model"},
        {"a: !!str 5", "f.yaml:1:4: tags such as !!str are not used here: put text in quotes"},
        {"a: *b", "f.yaml:1:5: alias '*b' has no '&b' before it"},
        {"a: &b [*b]", "f.yaml:1:9: alias '*b' has no '&b' before it"},
        {"a: \"\\e[0m\"", "f.yaml:1:5: text holds the control character 0x1b"},
        {"a: \x1b[0m", "f.yaml:1:4: file holds the control character 0x1b"},
        {"a: \xff", "f.yaml:1:4: byte 0xff is not UTF-8: save the file as UTF-8"},
        {"\xc3\xa9: \xed\xa0\x80", "f.yaml:1:4: byte 0xed is not UTF-8: save the file as UTF-8"},
        {"a: \xc0\x80", "f.yaml:1:4: byte 0xc0 is not UTF-8: save the file as UTF-8"},
        {"a: \xf4\x90\x80\x80", "f.yaml:1:4: byte 0xf4 is not UTF-8: save the file as UTF-8"},
        {"? [a]\n: 1", "f.yaml:1:3: a key must be text, not a list"},
        {"a: %x", "f.yaml:1:4: is not valid YAML: plain scalar cannot start with '%'"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_refused(*state, cases[i].text, strlen(cases[i].text), cases[i].message);
    }
    assert_refused(*state, "a: \0b", 5, "f.yaml:1:4: file holds the control character 0x00");
}

static void depth_is_limited(void **state)
{
    char text[200];
    memset(text, '[', 33);
    text[33] = '1';
    memset(text + 34, ']', 33);
    assert_refused(*state, text, 67,
                   "f.yaml:1:33: lists and mappings are nested more than 32 deep");
    const yaml_node *root = NULL;
    strata_error err = {0};
    assert_ok(yaml_parse(*state, "f.yaml", text + 1, 65, &root, &err), &err);
}

/* Ten aliases in each of ten layers would stand for 10^10 values. */
static void aliases_do_not_multiply_without_end(void **state)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add(&b, "a0: &a0 x\n");
    for (int i = 1; i <= 10; i++) {
        strbuf_printf(&b, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) {
            strbuf_printf(&b, "%s*a%d", k > 0 ? ", " : "", i - 1);
        }
        strbuf_add(&b, "]\n");
    }
    const yaml_node *root = NULL;
    strata_error err = {0};
    assert_int_equal(yaml_parse(*state, "f.yaml", b.text, b.len, &root, &err), STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "more than 100000 values, aliases included"));
}

static void keys_and_bytes_are_limited(void **state)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (int i = 0; i < 4097; i++) {
        strbuf_printf(&b, "k%d: 1\n", i);
    }
    assert_refused(*state, b.text, b.len, "f.yaml:4097:1: more than 4096 keys in one mapping");
    assert_refused(*state, b.text, YAML_MAX_BYTES + 1,
                   "f.yaml: is 1048577 bytes long, the most is 1048576");
}

static void what_is_written_reads_back(void **state)
{
    static const char *const texts[] = {"",        "plain",           "a: b, {c} # d",
                                        "'it''s'", "say \"no\" \\ x", "caf\xc3\xa9",
                                        "- yes",   "${HOME}",         "two\nlines\tand a tab"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        STRBUF_AUTO strbuf yaml;
        strbuf_init(&yaml, 0);
        strbuf_add(&yaml, "a: ");
        yaml_put_text(&yaml, texts[i], strlen(texts[i]));
        strbuf_add(&yaml, "\nb: 1\n");
        const yaml_node *root = parse(*state, strbuf_text(&yaml));
        assert_int_equal(root->n, 2);
        assert_string_equal(yaml_find(root, "a")->value->text, texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_reads_back, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(values_and_keys_know_their_place, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(null_and_nothing_differ_and_quotes_make_text, new_arena,
                                        free_arena),
        cmocka_unit_test_setup_teardown(aliases_stand_for_what_they_name, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_is_skipped, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(mistakes_are_named_with_their_place, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(depth_is_limited, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(aliases_do_not_multiply_without_end, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(keys_and_bytes_are_limited, new_arena, free_arena),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
