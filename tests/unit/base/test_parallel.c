/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/parallel.h"
#include "base/rng.h"

enum { TASKS = 300 };

typedef struct sums {
    double of_task[TASKS];
    size_t runs[TASKS];
} sums;

static strata_status add_up(void *job, size_t task, strata_error *err)
{
    (void)err;
    sums *s = job;
    rng r;
    rng_init(&r, 1, task);
    for (int i = 0; i < 1000; i++) {
        s->of_task[task] += rng_normal(&r);
    }
    s->runs[task]++;
    return STRATA_OK;
}

static void results_do_not_depend_on_the_number_of_threads(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 7, 0};
    sums got[COUNT(threads)] = {0};
    for (size_t i = 0; i < COUNT(threads); i++) {
        strata_error err = {0};
        context cx = {.threads = threads[i]};
        assert_ok(parallel_run(&cx, TASKS, add_up, &got[i], &err), &err);
        assert_memory_equal(&got[i], &got[0], sizeof got[0]);
    }
    for (size_t task = 0; task < TASKS; task++) {
        assert_int_equal(got[0].runs[task], 1);
    }
}

static strata_status fail_on_sevens(void *job, size_t task, strata_error *err)
{
    sums *s = job;
    s->runs[task]++;
    return task % 7 == 5 ? strata_fail(err, STRATA_E_DATA, "task %zu failed", task) : STRATA_OK;
}

static void the_lowest_failing_task_is_reported(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 7; threads += 3) {
        strata_error err = {0};
        sums s = {0};
        context cx = {.threads = threads};
        assert_int_equal(parallel_run(&cx, TASKS, fail_on_sevens, &s, &err), STRATA_E_DATA);
        assert_string_equal(err.message, "task 5 failed");
        assert_int_equal(err.status, STRATA_E_DATA);
        assert_int_equal(s.runs[TASKS - 1], 1); /* the others ran all the same */
    }
}

typedef struct stopper {
    volatile sig_atomic_t *flag;
    size_t ran;
} stopper;

static strata_status stop_at_ten(void *job, size_t task, strata_error *err)
{
    (void)err;
    stopper *s = job;
    s->ran++;
    if (task == 10) {
        *s->flag = 1;
    }
    return STRATA_OK;
}

static void a_cancelled_job_stops_between_tasks(void **state)
{
    (void)state;
    volatile sig_atomic_t flag = 0;
    stopper s = {.flag = &flag};
    strata_error err = {0};
    context cx = {.threads = 1, .cancelled = &flag};
    assert_int_equal(parallel_run(&cx, TASKS, stop_at_ten, &s, &err), STRATA_E_CANCELLED);
    assert_int_equal(s.ran, 11);
    assert_string_equal(err.message, "stopped; nothing was changed");
}

static void no_task_is_no_failure(void **state)
{
    (void)state;
    strata_error err = {0};
    context cx = {.threads = 2};
    assert_ok(parallel_run(&cx, 0, fail_on_sevens, NULL, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(the_lowest_failing_task_is_reported),
        cmocka_unit_test(a_cancelled_job_stops_between_tasks),
        cmocka_unit_test(no_task_is_no_failure),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
