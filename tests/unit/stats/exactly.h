/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_EXACTLY_H
#define STRATA_TEST_EXACTLY_H

#include <stdbool.h>

/* a and b are the same number, to the last bit; neither is NaN. */
static inline bool exactly(double a, double b)
{
    return a <= b && a >= b;
}

#endif
