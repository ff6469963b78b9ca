/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "synth/synth.h"
#include "synth_folder.h"

/* Names that the linker's --wrap asks for */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
/* NOLINTEND(bugprone-reserved-identifier) */

/* Allocations until the one that fails; negative: none fails. */
static long countdown = -1;

static bool fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

static void every_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
    (void)state;
    char dir[64];
    char inner[96];
    scratch_make(dir);
    (void)snprintf(inner, sizeof inner, "%s/p", dir);
    synth_options o = synth_defaults();
    o.accounts = 3;
    context cx = {.threads = 1};
    bool done = false;
    for (long i = 0; !done; i++) {
        assert_true(i < 200);
        strata_error err = {0};
        countdown = i;
        strata_status st = synth_write(&cx, &o, inner, NULL, &err);
        countdown = -1;
        done = st == STRATA_OK;
        if (!done) {
            assert_true(st == STRATA_E_NOMEM || st == STRATA_E_IO);
            assert_int_equal(scratch_entries(dir, false), 0);
        } else {
            assert_true(i > 12);
        }
    }
    scratch_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
