/* SPDX-License-Identifier: Apache-2.0 */
/* Who may ask. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/parts.h"

/* --- who asks --- */

static void only_names_of_this_machine_are_its_own(void **state)
{
    (void)state;
    static const char *const own[] = {"localhost", "LOCALHOST:80", "127.0.0.1:8484", "[::1]:8484",
                                      "127.1.2.3"};
    static const char *const others[] = {
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]",
        "10.0.0.1",     "127.0.0.1@evil.example"};
    for (size_t i = 0; i < COUNT(own); i++) {
        assert_true(host_is_this_machine(own[i]));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(host_is_this_machine(others[i]));
    }
    assert_false(host_is_this_machine(NULL));
    assert_true(origin_is_own("http://localhost:80", "localhost:80", false));
    assert_false(origin_is_own("http://localhost:80", "localhost:80", true));
    assert_false(origin_is_own("http://localhost:81", "localhost:80", false));
    assert_false(origin_is_own("null", "localhost:80", false));
    assert_false(origin_is_own("http://localhost", NULL, false));
}

/* --- tokens --- */

static void tokens_are_known_by_their_hash_only(void **state)
{
    (void)state;
    strata_error err = {0};
    char folder[] = "/tmp/strata-serve-XXXXXX";
    char path[64];
    char token[TOKEN_TEXT_MAX];
    token_info who = {0};
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/tokens", folder);
    STRATA_AUTO(token_guard_free) token_guard *g = NULL;
    assert_int_equal(token_guard_new(path, &g, &err), STRATA_E_IO);
    assert_ok(token_add(path, "ann", ACCESS_ANALYST, token, &err), &err);
    assert_int_equal(token_add(path, "ann", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_int_equal(token_add(path, "a b", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_int_equal(token_add(path, "", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_ok(token_guard_new(path, &g, &err), &err);
    for (int i = 0; i < 2; i++) { /* once by the hash, once as known */
        assert_ok(token_guard_ask(g, token, &who, &err), &err);
        assert_int_equal(who.role, ACCESS_ANALYST);
        assert_string_equal(who.name, "ann");
    }
    token[5] ^= 1;
    assert_ok(token_guard_ask(g, token, &who, &err), &err);
    assert_int_equal(who.role, ACCESS_NONE);
    assert_ok(token_remove(path, "ann", &err), &err);
    assert_int_equal(token_remove(path, "ann", &err), STRATA_E_NOTFOUND);
    assert_ok(file_write(path, "ann admin nothing\n", 18, &err), &err);
    token_info *list = NULL;
    size_t n = 0;
    assert_int_equal(token_list(path, &list, &n, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "tokens:1:"));
    (void)unlink(path);
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_names_of_this_machine_are_its_own),
        cmocka_unit_test(tokens_are_known_by_their_hash_only),
    };
    return cmocka_run_group_tests_name("serve access", tests, NULL, NULL);
}
