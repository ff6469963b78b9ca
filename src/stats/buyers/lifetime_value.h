/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_BUYERS_LIFETIME_VALUE_H
#define STRATA_STATS_BUYERS_LIFETIME_VALUE_H

#include <stddef.h>

/* Discounted purchases over n periods from a model's expectations: cumulative[i] are those expected
 * by the end of period i + 1 and a purchase in it counts (1 + d)^-(i + 1) times, as if paid at its
 * end; d > -1 per period. For models without a closed form over an endless horizon. */
double discounted_purchases(const double *cumulative, size_t n, double d);

/* Customer lifetime value: margin (share of spend that is kept) x discounted expected purchases x
 * expected spend per purchase (Fader, Hardie & Lee 2005, Journal of Marketing Research 42:415-430,
 * where spend does not depend on how often a customer buys). In the unit of spend. */
double lifetime_value(double margin, double purchases, double spend);

#endif
