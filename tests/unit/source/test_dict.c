/* SPDX-License-Identifier: Apache-2.0 */

/* Dictionaries of names, and the order of their names. */

#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "source/codes.h"
#include "source/dict.h"

static void names_are_numbered_in_order_of_arrival(void **state)
{
    (void)state;
    strata_error err = {0};
    dict *d = NULL;
    assert_ok(dict_new(&d, &err), &err);
    char text[64];
    for (int i = 0; i < 20000; i++) {
        int32_t code;
        int n = snprintf(text, sizeof text, i % 2 == 0 ? "%d" : "a longer name of number %d", i);
        assert_ok(dict_add(d, (text_view){text, (size_t)n}, &code, &err), &err);
        assert_int_equal(code, i);
        assert_ok(dict_add(d, (text_view){text, (size_t)n}, &code, &err), &err);
        assert_int_equal(code, i);
    }
    assert_int_equal(dict_size(d), 20000);
    assert_int_equal(dict_find(d, (text_view){"4", 1}), 4);
    assert_int_equal(dict_find(d, (text_view){"5", 1}), DICT_NONE);
    assert_memory_equal(dict_text(d, 7).ptr, "a longer name of number 7", 26);
    dict_free(d);
}

static void many_names_are_found_and_added_at_once(void **state)
{
    (void)state;
    strata_error err = {0};
    dict *d = NULL;
    int32_t code[6];
    text_view texts[] = {{"b", 1}, {"b", 1}, {NULL, 0}, {NULL, 0}, {"a", 1}, {"b", 1}};
    assert_ok(dict_new(&d, &err), &err);
    dict_find_all(d, texts, 6, code);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(code[i], DICT_NONE);
    }
    assert_ok(dict_add_all(d, texts, 6, code, &err), &err);
    const int32_t want[] = {0, 0, DICT_NONE, DICT_NONE, 1, 0};
    assert_memory_equal(code, want, sizeof want);
    memset(code, 0, sizeof code);
    dict_find_all(d, texts, 6, code);
    assert_memory_equal(code, want, sizeof want);
    dict_free(d);
}

enum { N_TASKS = 64, N_NAMES = 4000 };

/* All tasks add much the same names. */
typedef struct adding {
    dict *d;
    int32_t codes[N_TASKS][N_NAMES];
} adding;

static size_t name_of(size_t number, char out[48])
{
    return (size_t)snprintf(out, 48, number % 3 == 0 ? "%zu" : "user-%zu@a-long-domain.example",
                            number * 7919 % 100003);
}

static strata_status add_names(void *job, size_t task, strata_error *err)
{
    adding *a = job;
    char text[32][48];
    text_view views[32];
    for (size_t i = 0; i < N_NAMES; i += 32) {
        for (size_t k = 0; k < 32; k++) {
            views[k] = (text_view){text[k], name_of(task * 50 + i + k, text[k])};
        }
        STRATA_TRY(dict_add_all(a->d, views, 32, a->codes[task] + i, err));
    }
    return STRATA_OK;
}

static void threads_that_add_the_same_name_get_the_same_number(void **state)
{
    (void)state;
    strata_error err = {0};
    context cx = {.threads = 4};
    adding *a = calloc(1, sizeof *a);
    assert_non_null(a);
    assert_ok(dict_new(&a->d, &err), &err);
    assert_ok(parallel_run(&cx, N_TASKS, add_names, a, &err), &err);
    dict_settle(a->d);
    assert_int_equal(dict_size(a->d), (N_TASKS - 1) * 50 + N_NAMES);
    for (size_t task = 0; task < N_TASKS; task++) {
        for (size_t i = 0; i < N_NAMES; i++) {
            char text[48];
            text_view want = {text, name_of(task * 50 + i, text)};
            text_view got = dict_text(a->d, a->codes[task][i]);
            assert_int_equal(got.len, want.len);
            assert_memory_equal(got.ptr, want.ptr, want.len + 1);
            assert_int_equal(dict_find(a->d, want), a->codes[task][i]);
        }
    }
    dict_free(a->d);
    free(a);
}

static void assert_order(const char *const *names, size_t n, const char *const *want)
{
    strata_error err = {0};
    context cx = {.threads = 2};
    dict *d = NULL;
    int32_t code;
    code_order order = {0};
    assert_ok(dict_new(&d, &err), &err);
    for (size_t i = 0; i < n; i++) {
        assert_ok(dict_add(d, (text_view){names[i], strlen(names[i])}, &code, &err), &err);
    }
    assert_ok(code_order_make(&cx, d, &order, &err), &err);
    assert_int_equal(order.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(dict_text(d, order.code[i]).ptr, want[i]);
        assert_int_equal(order.final[order.code[i]], i);
    }
    code_order_done(&order);
    dict_free(d);
}

static void final_codes_are_in_bytewise_order_of_name(void **state)
{
    (void)state;
    static const char *const names[] = {
        "b",         "a", "user-0000000000000001-b", "user-0000000000000001-a", "user-0000000000",
        "\xC3\xA4x", "z", "user-00000000000000010",  "user-0000000000000001",   "A"};
    static const char *const want[] = {"A",
                                       "a",
                                       "b",
                                       "user-0000000000",
                                       "user-0000000000000001",
                                       "user-0000000000000001-a",
                                       "user-0000000000000001-b",
                                       "user-00000000000000010",
                                       "z",
                                       "\xC3\xA4x"};
    assert_order(names, COUNT(names), want);
    assert_order(names, 1, names);
    assert_order(names, 0, names);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void many_names_are_ordered(void **state)
{
    (void)state;
    enum { N = 30000 };
    static char text[N][48];
    static const char *names[N];
    static const char *sorted[N];
    for (size_t i = 0; i < N; i++) {
        (void)name_of(i, text[i]);
        names[i] = sorted[i] = text[i];
    }
    qsort(sorted, N, sizeof *sorted, by_text);
    assert_order(names, N, sorted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_numbered_in_order_of_arrival),
        cmocka_unit_test(many_names_are_found_and_added_at_once),
        cmocka_unit_test(threads_that_add_the_same_name_get_the_same_number),
        cmocka_unit_test(final_codes_are_in_bytewise_order_of_name),
        cmocka_unit_test(many_names_are_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
