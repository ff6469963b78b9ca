/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "brief/redact.h"

/* Two accounts; the first knows Jane of Acme. */
static void make_names(hidden_names *h)
{
    strata_error err = {0};
    assert_ok(names_add_account(h, 0, "Acme Freight", &err), &err);
    assert_ok(names_add_account(h, 1, "Birch Foods", &err), &err);
    assert_ok(names_add_contact(h, 0, "C-1", "Head of Planning", "jane.miller@acme.example", &err),
              &err);
    assert_ok(names_ready(h, 2, &err), &err);
}

static const char *redacted(hidden_names *h, arena *a, const char *text)
{
    const char *out = NULL;
    strata_error err = {0};
    assert_ok(redact_text(h, 0, text, strlen(text), a, &out, &err), &err);
    return out;
}

static void names_addresses_and_numbers_go_and_the_words_stay(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    make_names(&h);
    assert_string_equal(redacted(&h, a, "The export is slow, says Jane Miller!"),
                        "the export is slow, says ...");
    assert_string_equal(redacted(&h, a, "Write to jane@acme.example about the export"),
                        "write to, about the export ...");
    assert_string_equal(redacted(&h, a, "Works well for Birch Foods too"),
                        "works well for ... too");
    assert_null(redacted(&h, a, "Jane"));
    assert_null(redacted(&h, a, ""));
}

static void labels_are_shown_whole_or_not_at_all(void **state)
{
    (void)state;
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    const char *out = NULL;
    assert_ok(arena_new(&a, &err), &err);
    make_names(&h);
    assert_ok(redact_label(&h, 1, "VP Operations", 13, a, &out, &err), &err);
    assert_string_equal(out, "VP Operations");
    assert_ok(redact_label(&h, 1, "VP (Jane)", 9, a, &out, &err), &err);
    assert_null(out);
}

static void failed_allocations_leave_nothing_behind(void **state)
{
    (void)state;
    static const char text[] = "The export is slow, says Jane Miller, and so is the import";
    HIDDEN_NAMES_AUTO hidden_names h = {0};
    make_names(&h);
    int failures = 0;
    strata_error err = {0};
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        const char *out = NULL;
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? redact_text(&h, 0, text, sizeof text - 1, a, &out, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out == NULL);
    });
    assert_true(failures > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_addresses_and_numbers_go_and_the_words_stay),
        cmocka_unit_test(labels_are_shown_whole_or_not_at_all),
        cmocka_unit_test(failed_allocations_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
