/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/special.h"

#include <math.h>

enum { MAX_STEPS = 100000 };
static const double tiny = 1e-300;     /* keeps Lentz' method from dividing by 0 */
static const double precision = 1e-16; /* relative change at which a series has settled */
static const double half_log_2pi = 0.91893853320467274178;
static const double sqrt_half = 0.70710678118654752440;

/* What Stirling's formula leaves of log_gamma(x), x >= 10: B(2k) / (2k (2k - 1) x^(2k - 1)), k =
 * 1..8. */
static double stirling_rest(double x)
{
    static const double c[] = {1.0 / 12.0,   -1.0 / 360.0,      1.0 / 1260.0, -1.0 / 1680.0,
                               1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0,  -3617.0 / 122400.0};
    double z = 1.0 / (x * x);
    double series = 0.0;
    for (int k = 7; k >= 0; k--) {
        series = series * z + c[k];
    }
    return series / x;
}

double log_gamma(double x)
{
    if (!(x > 0.0)) {
        return NAN;
    }
    double product = 1.0; /* of the factors by which x was raised */
    while (x < 10.0) {
        product *= x;
        x += 1.0;
    }
    return (x - 0.5) * log(x) - x + half_log_2pi + stirling_rest(x) - log(product);
}

double log_beta(double a, double b)
{
    double p = a < b ? a : b;
    double q = a < b ? b : a;
    if (!(p > 0.0) || !(q > 0.0)) {
        return NAN;
    }
    if (q < 10.0) {
        return log_gamma(p) + log_gamma(q) - log_gamma(p + q);
    }
    double rest = stirling_rest(q) - stirling_rest(p + q);
    double share = p / (p + q);
    if (p < 10.0) {
        return log_gamma(p) + rest + p - p * log(p + q) + (q - 0.5) * log1p(-share);
    }
    return half_log_2pi - 0.5 * log(q) + rest + stirling_rest(p) + (p - 0.5) * log(share) +
           q * log1p(-share);
}

double digamma(double x)
{
    if (!(x > 0.0)) {
        return NAN;
    }
    double below = 0.0; /* sum of 1 / x over the steps by which x was raised */
    while (x < 10.0) {
        below += 1.0 / x;
        x += 1.0;
    }
    /* B(2k) / 2k, k = 1..8 */
    static const double c[] = {1.0 / 12.0,  -1.0 / 120.0,     1.0 / 252.0, -1.0 / 240.0,
                               1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0,  -3617.0 / 8160.0};
    double z = 1.0 / (x * x);
    double series = 0.0;
    for (int k = 7; k >= 0; k--) {
        series = series * z + c[k];
    }
    return log(x) - 0.5 / x - series * z - below;
}

double trigamma(double x)
{
    if (!(x > 0.0)) {
        return NAN;
    }
    double below = 0.0;
    while (x < 10.0) {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    /* B(2k), k = 1..8 */
    static const double c[] = {1.0 / 6.0,  -1.0 / 30.0,     1.0 / 42.0, -1.0 / 30.0,
                               5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0,  -3617.0 / 510.0};
    double z = 1.0 / (x * x);
    double series = 0.0;
    for (int k = 7; k >= 0; k--) {
        series = series * z + c[k];
    }
    return 1.0 / x + 0.5 * z + series * z / x + below;
}

/* x^a e^-x / gamma(a) */
static double gamma_factor(double a, double x)
{
    return exp(a * log(x) - x - log_gamma(a));
}

static double gamma_series(double a, double x)
{
    double term = 1.0 / a;
    double sum = term;
    for (int n = 1; n < MAX_STEPS && fabs(term) > fabs(sum) * precision; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * gamma_factor(a, x);
}

static double gamma_fraction(double a, double x)
{
    double b = x + 1.0 - a;
    double c = 1.0 / tiny;
    double d = 1.0 / b;
    double h = d;
    for (int n = 1; n < MAX_STEPS; n++) {
        double an = -n * (n - a);
        b += 2.0;
        d = an * d + b;
        d = fabs(d) < tiny ? tiny : d;
        c = b + an / c;
        c = fabs(c) < tiny ? tiny : c;
        d = 1.0 / d;
        h *= d * c;
        if (fabs(d * c - 1.0) < precision * 4) {
            break;
        }
    }
    return h * gamma_factor(a, x);
}

double gamma_p(double a, double x)
{
    if (!(a > 0.0) || !(x >= 0.0)) {
        return NAN;
    }
    if (x <= 0.0) {
        return 0.0;
    }
    return x < a + 1.0 ? gamma_series(a, x) : 1.0 - gamma_fraction(a, x);
}

double gamma_q(double a, double x)
{
    if (!(a > 0.0) || !(x >= 0.0)) {
        return NAN;
    }
    if (x <= 0.0) {
        return 1.0;
    }
    if (isinf(x)) {
        return 0.0;
    }
    return x < a + 1.0 ? 1.0 - gamma_series(a, x) : gamma_fraction(a, x);
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1.0;
    double d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < MAX_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m));
        d = 1.0 + even * d;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = 1.0 + even / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0));
        d = 1.0 + odd * d;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = 1.0 + odd / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1.0) < precision * 4) {
            break;
        }
    }
    return h;
}

double beta_i(double a, double b, double x)
{
    if (!(a > 0.0) || !(b > 0.0) || !(x >= 0.0 && x <= 1.0)) {
        return NAN;
    }
    if (x <= 0.0 || x >= 1.0) {
        return x <= 0.0 ? 0.0 : 1.0;
    }
    double factor =
        exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    /* The fraction settles fast only below the mean. */
    if (x < (a + 1.0) / (a + b + 2.0)) {
        return factor * beta_fraction(a, b, x) / a;
    }
    return 1.0 - factor * beta_fraction(b, a, 1.0 - x) / b;
}

double normal_sf(double z)
{
    return 0.5 * erfc(z * sqrt_half);
}

double chi_square_sf(double x, double df)
{
    return gamma_q(df / 2.0, x / 2.0);
}

double binomial_cdf(double k, double n, double p)
{
    if (k < 0.0) {
        return 0.0;
    }
    k = floor(k);
    return k >= n ? 1.0 : beta_i(n - k, k + 1.0, 1.0 - p);
}
