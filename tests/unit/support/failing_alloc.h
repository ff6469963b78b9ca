/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_FAILING_ALLOC_H
#define STRATA_FAILING_ALLOC_H

/* Makes a chosen allocation of the code under test fail. A test that wants it names
 * `failing_alloc` in the fourth entry of its row in meson.build; that routes malloc, calloc,
 * realloc, strdup and strndup as called from Strata's own objects through here (not those of
 * libraries: DuckDB, libfyaml and cmocka keep theirs). The usual shape:
 *
 *     int n = 0;
 *     FAILURE_LOOP(n, {
 *         thing *t = NULL;
 *         strata_status st = thing_new(&t, &err);
 *         FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, t == NULL);
 *         thing_free(t);
 *     });
 *     assert_true(n > 0);
 *
 * runs the block with the first allocation failing, then with the second, and so on, until it
 * ran without reaching the failing one. LeakSanitizer or valgrind then say whether what was
 * acquired before the failure was given back. Counters are shared by all threads. */

#include <stdbool.h>

/* The nth allocation from now fails (0: the next), and all after it succeed again. */
void fail_alloc_at(long n);
/* From the nth on, every allocation fails, as when memory really is out. */
void fail_alloc_from(long n);
/* Nothing fails any more. Tells whether anything did since it was armed. */
bool fail_alloc_off(void);
/* Allocations seen since the last fail_alloc_at() or fail_alloc_from(). */
long fail_alloc_count(void);

/* Runs `...` again and again, each time with a later allocation failing; `failures` counts the
 * runs in which one did. A run may allocate at most 100,000 times. */
#define FAILURE_LOOP(failures, ...)                                                                \
    do {                                                                                           \
        for (long fail_alloc_n_ = 0;; fail_alloc_n_++) {                                           \
            assert_true(fail_alloc_n_ < 100000);                                                   \
            fail_alloc_at(fail_alloc_n_);                                                          \
            __VA_ARGS__                                                                            \
            if (!fail_alloc_off()) {                                                               \
                break;                                                                             \
            }                                                                                      \
            (failures)++;                                                                          \
        }                                                                                          \
    } while (0)

/* Inside the loop, right after the call: either nothing failed and the call succeeded, or it
 * reported `wanted` and left its output as it was. Stops the injection, so that the block's own
 * checks and clean-up are safe. */
#define FAILURE_LOOP_EXPECT(status, wanted, untouched)                                             \
    do {                                                                                           \
        bool fail_alloc_hit_ = fail_alloc_pause();                                                 \
        assert_int_equal((status), fail_alloc_hit_ ? (wanted) : STRATA_OK);                        \
        assert_true(!fail_alloc_hit_ || (untouched));                                              \
    } while (0)
/* As fail_alloc_off(), but the next fail_alloc_off() gives the same answer. */
bool fail_alloc_pause(void);

#endif
