/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_H
#define STRATA_TEST_H

/* The one header a test includes: cmocka plus what cmocka 1.1 lacks. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <strata/error.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* |got - want| <= atol + rtol * |want|. cmocka 1.1's assert_float_equal casts to float. */
static inline void assert_close_at(double got, double want, double rtol, double atol,
                                   const char *file, int line)
{
    if (!(fabs(got - want) <= atol + rtol * fabs(want))) {
        print_error("got %.17g, want %.17g (rtol %g, atol %g)\n", got, want, rtol, atol);
        _fail(file, line);
    }
}
#define assert_close(got, want, rtol) assert_close_at(got, want, rtol, 1e-300, __FILE__, __LINE__)

#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if ((call) != STRATA_OK) {                                                                 \
            fail_msg("%s: %s", #call, (err)->message);                                             \
        }                                                                                          \
    } while (0)

#endif
