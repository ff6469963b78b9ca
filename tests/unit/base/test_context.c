/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "base/context.h"

typedef struct heard {
    char what[64], notice[600];
    uint64_t done, total;
} heard;

static void hear_progress(void *payload, const char *what, uint64_t done, uint64_t total)
{
    heard *h = payload;
    (void)snprintf(h->what, sizeof h->what, "%s", what);
    h->done = done;
    h->total = total;
}

static void hear_notice(void *payload, const char *text)
{
    heard *h = payload;
    (void)snprintf(h->notice, sizeof h->notice, "%s", text);
}

static void the_listener_hears_progress_and_notices(void **state)
{
    (void)state;
    heard h = {0};
    context cx = {.progress = hear_progress, .notice = hear_notice, .payload = &h};
    context_progress(&cx, "usage.csv", 3, 10);
    context_notice(&cx, "the store is busy: %s", "waiting");
    assert_string_equal(h.what, "usage.csv");
    assert_int_equal(h.done, 3);
    assert_int_equal(h.total, 10);
    assert_string_equal(h.notice, "the store is busy: waiting");
    context_notice(&cx, "%01000d", 1);
    assert_int_equal(strlen(h.notice), 511);
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    strata_error err = {0};
    context cx = {.threads = 1};
    context_progress(&cx, "usage.csv", 3, 10);
    context_notice(&cx, "unheard");
    assert_false(context_cancelled(&cx));
    assert_ok(context_check(&cx, &err), &err);
}

static void a_raised_flag_cancels(void **state)
{
    (void)state;
    strata_error err = {0};
    volatile sig_atomic_t flag = 0;
    context cx = {.cancelled = &flag};
    assert_ok(context_check(&cx, &err), &err);
    flag = 1;
    assert_true(context_cancelled(&cx));
    assert_int_equal(context_check(&cx, &err), STRATA_E_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_listener_hears_progress_and_notices),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(a_raised_flag_cancels),
    };
    return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
