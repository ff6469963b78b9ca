/* SPDX-License-Identifier: Apache-2.0 */
/* What is said besides. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "serve/parts.h"

/* --- notices --- */

static void more_than_a_header_holds_is_counted(void **state)
{
    (void)state;
    notices n;
    char sentence[400];
    notices_init(&n);
    assert_null(notices_header(&n));
    notices_add(&n, "one, two");
    assert_string_equal(notices_header(&n), "one%2C two");
    memset(sentence, 'x', sizeof sentence);
    sentence[sizeof sentence - 1] = '\0';
    for (int i = 0; i < 12; i++) {
        notices_add(&n, sentence);
    }
    notices_add(&n, "short"); /* not before what is left out */
    const char *all = notices_header(&n);
    assert_non_null(all);
    assert_true(strlen(all) <= NOTICES_HEADER_BYTES);
    assert_int_equal(strncmp(all, "one%2C two, xxx", 15), 0);
    assert_string_equal(strrchr(all, ','), ", and 4 more that the command line shows");
    size_t entries = 1;
    for (const char *c = all; *c != '\0'; c++) {
        entries += *c == ',';
    }
    assert_int_equal(entries, 1 + 9 + 1);
    assert_string_equal(notices_header(&n), all); /* asked twice */
    notices_put_kept(&n, "kept");
    assert_string_equal(notices_header(&n), "kept");
    notices_done(&n);
}

static void one_that_no_header_holds_is_counted_too(void **state)
{
    (void)state;
    notices n;
    char sentence[NOTICES_HEADER_BYTES];
    notices_init(&n);
    memset(sentence, 'x', sizeof sentence);
    sentence[sizeof sentence - 1] = '\0';
    notices_add(&n, sentence);
    assert_string_equal(notices_header(&n), "and 1 more that the command line shows");
    notices_done(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_a_header_holds_is_counted),
        cmocka_unit_test(one_that_no_header_holds_is_counted_too),
    };
    return cmocka_run_group_tests_name("serve notices", tests, NULL, NULL);
}
