/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/lifetime_value.h"

double discounted_purchases(const double *cumulative, size_t n, double d)
{
    double total = 0.0;
    double before = 0.0;
    double factor = 1.0;
    for (size_t i = 0; i < n; i++) {
        factor /= 1.0 + d;
        total += (cumulative[i] - before) * factor;
        before = cumulative[i];
    }
    return total;
}

double lifetime_value(double margin, double purchases, double spend)
{
    return margin * purchases * spend;
}
