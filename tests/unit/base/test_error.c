/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/auto.h"

static void every_status_has_its_own_slug_and_exit_code(void **state)
{
    (void)state;
    for (int a = 0; a < STRATA_STATUS_COUNT; a++) {
        assert_true(strlen(strata_status_slug((strata_status)a)) > 0);
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(strata_status_slug((strata_status)a),
                                    strata_status_slug((strata_status)b));
            assert_int_not_equal(strata_status_exit_code((strata_status)a),
                                 strata_status_exit_code((strata_status)b));
        }
    }
    assert_int_equal(strata_status_exit_code(STRATA_OK), 0);
    assert_int_equal(strata_status_http(STRATA_OK), 200);
}

/* sysexits.h: EX_USAGE 64, EX_DATAERR 65, EX_NOINPUT 66, EX_SOFTWARE 70, EX_IOERR 74,
 * EX_TEMPFAIL 75, EX_CONFIG 78; 130 is 128 + SIGINT. */
static void exit_codes_are_those_of_sysexits(void **state)
{
    (void)state;
    assert_int_equal(strata_status_exit_code(STRATA_E_USAGE), 64);
    assert_int_equal(strata_status_exit_code(STRATA_E_DATA), 65);
    assert_int_equal(strata_status_exit_code(STRATA_E_NOTFOUND), 66);
    assert_int_equal(strata_status_exit_code(STRATA_E_INTERNAL), 70);
    assert_int_equal(strata_status_exit_code(STRATA_E_IO), 74);
    assert_int_equal(strata_status_exit_code(STRATA_E_LOCKED), 75);
    assert_int_equal(strata_status_exit_code(STRATA_E_MODEL), 78);
    assert_int_equal(strata_status_exit_code(STRATA_E_CANCELLED), 130);
}

static void a_status_out_of_range_counts_as_internal(void **state)
{
    (void)state;
    assert_string_equal(strata_status_slug(STRATA_STATUS_COUNT), "internal");
    assert_int_equal(strata_status_http(STRATA_STATUS_COUNT), 500);
}

static strata_status inner(strata_error *err)
{
    return strata_fail(err, STRATA_E_DATA, "row %d is empty", 7);
}

static strata_status outer(strata_error *err)
{
    strata_status st = inner(err);
    return strata_wrap(err, st, "reading '%s'", "usage.csv");
}

static strata_status tries(bool *went_on, strata_error *err)
{
    *went_on = false;
    STRATA_TRY(outer(err));
    *went_on = true;
    return STRATA_OK;
}

static void a_failure_passes_through_with_its_story(void **state)
{
    (void)state;
    strata_error err = {0};
    bool went_on = true;
    assert_int_equal(tries(&went_on, &err), STRATA_E_DATA);
    assert_false(went_on);
    assert_int_equal(err.status, STRATA_E_DATA);
    assert_string_equal(err.message, "reading 'usage.csv': row 7 is empty");
    assert_int_equal(tries(&went_on, NULL), STRATA_E_DATA);
}

static void long_messages_are_cut_and_end(void **state)
{
    (void)state;
    strata_error err = {0};
    strata_error_set(&err, STRATA_E_IO, "%02000d", 1);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    strata_error_prefix(&err, STRATA_E_IO, "before");
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_memory_equal(err.message, "before: 000", 11);
    strata_error_prefix(&err, STRATA_E_IO, "%02000d", 2);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_slug_and_exit_code),
        cmocka_unit_test(exit_codes_are_those_of_sysexits),
        cmocka_unit_test(a_status_out_of_range_counts_as_internal),
        cmocka_unit_test(a_failure_passes_through_with_its_story),
        cmocka_unit_test(long_messages_are_cut_and_end),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
