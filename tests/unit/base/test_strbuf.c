/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/strbuf.h"
#include "support/failing_alloc.h"

static void pieces_become_one_text(void **state)
{
    (void)state;
    strata_error err = {0};
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    assert_string_equal(strbuf_text(&b), "");
    strbuf_add(&b, "tier");
    strbuf_add_char(&b, ' ');
    strbuf_add_n(&b, "Growth and more", 6);
    strbuf_repeat(&b, '.', 3);
    strbuf_printf(&b, "%d/%s", 7, "x");
    strbuf_add_n(&b, NULL, 0);
    strbuf_repeat(&b, 'z', 0);
    assert_string_equal(strbuf_text(&b), "tier Growth...7/x");
    assert_int_equal(b.len, 17);
    assert_ok(strbuf_status(&b, &err), &err);
}

static void text_may_hold_nul_bytes(void **state)
{
    (void)state;
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_add_n(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.text, "a\0b", 4);
}

static void it_grows_across_every_boundary(void **state)
{
    (void)state;
    strata_error err = {0};
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (int i = 0; i < 70000; i++) {
        strbuf_add_char(&b, (char)('a' + i % 26));
    }
    assert_ok(strbuf_status(&b, &err), &err);
    assert_int_equal(strlen(strbuf_text(&b)), 70000);
    for (int i = 0; i < 70000; i++) {
        assert_int_equal(b.text[i], 'a' + i % 26);
    }
}

static void the_limit_holds_and_the_failure_sticks(void **state)
{
    (void)state;
    strata_error err = {0};
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 5);
    strbuf_add(&b, "12345");
    assert_ok(strbuf_status(&b, &err), &err);
    strbuf_add_char(&b, '6');
    assert_int_equal(strbuf_status(&b, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "text is longer than its limit of 5 bytes");
    strbuf_add(&b, "");
    strbuf_printf(&b, "%d", 1);
    strbuf_repeat(&b, 'x', SIZE_MAX);
    assert_int_equal(strbuf_status(&b, NULL), STRATA_E_DATA);
    assert_string_equal(strbuf_text(&b), "12345");
    strbuf_clear(&b);
    assert_string_equal(strbuf_text(&b), "");
    strbuf_add(&b, "again");
    assert_ok(strbuf_status(&b, &err), &err);
    assert_string_equal(strbuf_text(&b), "again");
}

static void a_limit_beyond_memory_does_not_overflow(void **state)
{
    (void)state;
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, SIZE_MAX);
    strbuf_add(&b, "x");
    strbuf_add_n(&b, "x", SIZE_MAX - 1);
    assert_int_equal(strbuf_status(&b, NULL), STRATA_E_DATA);
    assert_string_equal(strbuf_text(&b), "x");
}

static void memory_that_runs_out_is_reported_once_at_the_end(void **state)
{
    (void)state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        STRBUF_AUTO strbuf b;
        strbuf_init(&b, 0);
        strbuf_add(&b, "a few words");
        strbuf_repeat(&b, 'x', 500);
        strbuf_printf(&b, "%02000d", 1);
        strata_status st = strbuf_status(&b, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, strcmp(err.message, "out of memory") == 0);
        assert_int_equal(strlen(strbuf_text(&b)), b.len);
    });
    assert_int_equal(failures, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_one_text),
        cmocka_unit_test(text_may_hold_nul_bytes),
        cmocka_unit_test(it_grows_across_every_boundary),
        cmocka_unit_test(the_limit_holds_and_the_failure_sticks),
        cmocka_unit_test(a_limit_beyond_memory_does_not_overflow),
        cmocka_unit_test(memory_that_runs_out_is_reported_once_at_the_end),
    };
    return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
