/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_NUMERIC_LANES_MATH_H
#define STRATA_STATS_NUMERIC_LANES_MATH_H

/* exp and log of eight numbers at a time without branches, from IEEE operations only: the same bits
 * on every processor, and none of the calls that keep a loop from being done in lanes. */

#include "stats/numeric/lanes.h"

#define LANES_LOG2_E 0x1.71547652b82fep+0
/* ln 2 in two parts; the first has so few digits that its multiples are exact. */
#define LANES_LN2_HIGH 0x1.62e42fefap-1
#define LANES_LN2_LOW 0x1.cf79abc9e3b39p-40
#define LANES_SHIFT 0x1.8p52 /* added to it, a number of moderate size loses its fraction */

/* e^x for x <= 700, within 2 units in the last place; 0 below -700. Taylor's series to the 13th
 * power around the nearest multiple of ln 2. */
LANES_INLINE void lanes_exp(const lanes *x, lanes *out)
{
    lanes_int gone = *x < (lanes){0} - 700.0;
    lanes in = LANES_PICK(gone, (lanes){0}, *x);
    lanes shifted = in * LANES_LOG2_E + LANES_SHIFT;
    lanes times = shifted - LANES_SHIFT;
    lanes r = (in - times * LANES_LN2_HIGH) - times * LANES_LN2_LOW;
    lanes sum = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = (sum * r) * r + r + 1.0;
    lanes_int power = (lanes_int)(((lanes_bits)shifted + 1023U) << 52);
    *out = LANES_PICK(gone, (lanes){0}, sum * (lanes)power);
}

/* ln x for normal x > 0, within 2 units in the last place of the result or of 1, whichever is
 * larger. 2 artanh((m - 1) / (m + 1)) for the mantissa m between sqrt 1/2 and sqrt 2. */
LANES_INLINE void lanes_log(const lanes *x, lanes *out)
{
    lanes_bits bits = (lanes_bits)*x;
    /* Places the mantissa from sqrt 1/2 on and leaves the exponent that goes with it. */
    lanes_bits offset = bits - UINT64_C(0x3fe6a09e667f3bcd);
    lanes_int exponent = (lanes_int)offset >> 52;
    lanes m = (lanes)(bits - ((lanes_bits)exponent << 52));
    lanes times = __builtin_convertvector(exponent, lanes);
    lanes f = (m - 1.0) / (m + 1.0);
    lanes f2 = f * f;
    lanes sum = f2 * (1.0 / 23.0) + 1.0 / 21.0;
    sum = sum * f2 + 1.0 / 19.0;
    sum = sum * f2 + 1.0 / 17.0;
    sum = sum * f2 + 1.0 / 15.0;
    sum = sum * f2 + 1.0 / 13.0;
    sum = sum * f2 + 1.0 / 11.0;
    sum = sum * f2 + 1.0 / 9.0;
    sum = sum * f2 + 1.0 / 7.0;
    sum = sum * f2 + 1.0 / 5.0;
    sum = sum * f2 + 1.0 / 3.0;
    *out = times * LANES_LN2_HIGH + (times * LANES_LN2_LOW + (2.0 * f + 2.0 * f * f2 * sum));
}

#endif
