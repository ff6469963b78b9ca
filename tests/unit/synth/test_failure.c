/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <errno.h>
#include <stdbool.h>

#include "support/failing_alloc.h"
#include "support/failing_io.h"
#include "synth/synth.h"
#include "synth_folder.h"

typedef struct place {
    char dir[64], inner[96]; /* an empty folder, and "p" in it, not there */
} place;

static int setup(void **state)
{
    place *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -1;
    }
    scratch_make(s->dir);
    (void)snprintf(s->inner, sizeof s->inner, "%s/p", s->dir);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    place *s = *state;
    scratch_remove(s->dir);
    free(s);
    return 0;
}

static strata_status write_three(const char *dir, strata_error *err)
{
    synth_options o = synth_defaults();
    o.accounts = 3;
    o.force = true;
    context cx = {.threads = 1};
    return synth_write(&cx, &o, dir, NULL, err);
}

static void expect_nothing_left(strata_status st, const char *dir)
{
    FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, scratch_entries(dir, false) == 0);
}

static void every_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
    const place *s = *state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        strata_status st = write_three(s->inner, &err);
        expect_nothing_left(st, s->dir);
    });
    assert_true(failures > SYNTH_FILE_COUNT);
}

/* Fails the nth call of one kind; false when there were not so many and all went well. */
static bool fail_one(const place *s, io_call call, int n, int code)
{
    strata_error err = {0};
    fail_io_at(call, n, code);
    strata_status st = write_three(s->inner, &err);
    bool reached = fail_io_count(call) > n;
    fail_io_off();
    assert_int_equal(st, reached ? STRATA_E_IO : STRATA_OK);
    assert_int_equal(scratch_entries(s->dir, false), reached ? 0 : 1);
    return reached;
}

/* How many calls of the kind there are, each having failed once. */
static int fail_each(const place *s, io_call call, int code)
{
    int n = 0;
    while (n < 1000 && fail_one(s, call, n, code)) {
        n++;
    }
    return n;
}

static void a_full_disk_is_reported_at_every_write(void **state)
{
    assert_true(fail_each(*state, IO_WRITE, ENOSPC) > SYNTH_FILE_COUNT);
}

static void a_disk_that_cannot_keep_the_bytes_is_reported_for_every_file(void **state)
{
    assert_int_equal(fail_each(*state, IO_FSYNC, EIO), SYNTH_FILE_COUNT + 1);
}

static void a_refused_rename_is_reported(void **state)
{
    assert_true(fail_each(*state, IO_RENAME, EACCES) >= 1);
}

static void a_folder_that_cannot_be_made_is_reported(void **state)
{
    assert_true(fail_each(*state, IO_MKDIR, EACCES) >= 1);
}

static void interrupted_and_short_writes_lose_nothing(void **state)
{
    const place *s = *state;
    strata_error err = {0};
    fail_io_short(1000);
    fail_io_at(IO_WRITE, 2, EINTR);
    strata_status st = write_three(s->inner, &err);
    fail_io_short(0);
    fail_io_off();
    assert_ok(st, &err);
    char whole[64];
    scratch_make(whole);
    assert_ok(write_three(whole, &err), &err);
    assert_same_file(s->inner, whole, "usage.csv");
    assert_same_file(s->inner, whole, "strata.yaml");
    scratch_remove(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_failed_allocation_is_reported_and_leaves_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_is_reported_at_every_write, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_disk_that_cannot_keep_the_bytes_is_reported_for_every_file, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refused_rename_is_reported, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_reported, setup, teardown),
        cmocka_unit_test_setup_teardown(interrupted_and_short_writes_lose_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
