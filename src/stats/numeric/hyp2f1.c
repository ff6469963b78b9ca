/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/hyp2f1.h"

#include <math.h>
#include <stdbool.h>

enum { QUICK_TERMS = 2000, MOST_TERMS = 1000000, TAYLOR_TERMS = 400 };
static const double precision = 1e-17;
static const double big = 1e250; /* terms above this are scaled down */
static const double log_big = 575.64627324851142100;

/* Terms that cancel by more than this cost too many digits. */
static const double cancellation_max = 1e3;

typedef struct form {
    double a, b, c, z;
} form;

typedef struct sum {
    double value, log_scale;
    double cancelled; /* sum of the terms' sizes over the size of their sum */
    bool settled;
} sum;

static sum sum_series(form f, long terms_max)
{
    double term = 1.0;
    double total = 1.0;
    double sizes = 1.0;
    sum s = {0};
    for (long n = 0; n < terms_max; n++) {
        double k = (double)n;
        double ratio = (f.a + k) * (f.b + k) / ((f.c + k) * (k + 1.0)) * f.z;
        term *= ratio;
        total += term;
        sizes += fabs(term);
        if (sizes > big) {
            term /= big;
            total /= big;
            sizes /= big;
            s.log_scale += log_big;
        }
        /* What is left is below the last term times the sum of a geometric series. */
        if (fabs(ratio) < 1.0 && fabs(term) <= precision * fabs(total) * (1.0 - fabs(ratio))) {
            s.settled = true;
            break;
        }
    }
    s.value = total;
    s.cancelled = sizes / fabs(total);
    return s;
}

/* The same function by Euler's transformation: F = (1 - z)^(c - a - b) F(c - a, c - b; c; z). */
static form euler(form f)
{
    return (form){f.c - f.a, f.c - f.b, f.c, f.z};
}

static bool good(sum s)
{
    return s.settled && s.cancelled < cancellation_max;
}

/* F and F' at z0 are carried to z0 + h, h at most half the way to 1. The terms g_k = F^(k) h^k / k!
 * are kept, as the coefficients alone overflow near 1. */
static bool taylor_step(form f, double z0, double h, double *value, double *slope)
{
    double p = z0 * (1.0 - z0) / h;
    double g0 = *value;
    double g1 = *slope * h;
    double v = g0 + g1;
    double d = g1; /* of h F' */
    for (int i = 0; i < TAYLOR_TERMS; i++) {
        double k = i;
        double g2 = ((k + f.a) * (k + f.b) * h * g0 -
                     ((1.0 - 2.0 * z0) * k + f.c - (f.a + f.b + 1.0) * z0) * (k + 1.0) * g1) /
                    (p * (k + 1.0) * (k + 2.0));
        v += g2;
        d += (k + 2.0) * g2;
        g0 = g1;
        g1 = g2;
        if (i > 4 && (k + 2.0) * fabs(g2) < precision * fmin(fabs(v), fabs(d))) {
            *value = v;
            *slope = d / h;
            return true;
        }
    }
    return false;
}

/* For z near 1 and c - a - b >= 0, where the other solution at 1 dies away. The series takes it as
 * far as the other solution at 0, z^(1 - c), cannot grow by much within the first step. */
static sum continue_towards_one(form f)
{
    double rest = 0.5; /* 1 - z0, a power of 2 so that it stays exact */
    while (rest * f.c > 8.0) {
        rest *= 0.5;
    }
    double z0 = 1.0 - rest;
    if (z0 >= f.z) {
        return (sum){.settled = false};
    }
    sum out = sum_series((form){f.a, f.b, f.c, z0}, MOST_TERMS);
    sum slope = sum_series((form){f.a + 1.0, f.b + 1.0, f.c + 1.0, z0}, MOST_TERMS);
    double d = slope.value * exp(slope.log_scale - out.log_scale) * f.a * f.b / f.c;
    out.settled = good(out) && slope.settled;
    while (out.settled && z0 < f.z) {
        double half = (1.0 - z0) * 0.5;
        double h = fmin(half, f.z - z0);
        out.settled = taylor_step(f, z0, h, &out.value, &d);
        z0 = h < half ? f.z : z0 + h;
    }
    out.settled = out.settled && isfinite(out.value);
    return out;
}

typedef sum method(form f);

static sum quick_series(form f)
{
    return sum_series(f, QUICK_TERMS);
}

static sum long_series(form f)
{
    return sum_series(f, MOST_TERMS);
}

double hyp2f1_scaled(double a, double b, double c, double z, double *log_scale)
{
    *log_scale = 0.0;
    if (!isfinite(a) || !isfinite(b) || !(c > 0.0) || !isfinite(c) || !(z >= 0.0 && z < 1.0)) {
        return NAN;
    }
    form f = {a, b, c, z};
    double factor = (c - a - b) * log1p(-z); /* of Euler's transformation */
    bool grows = c - a - b < 0.0;
    form forms[2] = {grows ? euler(f) : f, grows ? f : euler(f)};
    double factors[2] = {grows ? factor : 0.0, grows ? 0.0 : factor};
    static method *const methods[] = {quick_series, continue_towards_one, long_series};
    for (int m = 0; m < 3; m++) {
        for (int i = 0; i < 2; i++) {
            sum s = methods[m](forms[i]);
            if (good(s)) {
                *log_scale = s.log_scale + factors[i];
                return s.value;
            }
        }
    }
    return NAN;
}

double hyp2f1(double a, double b, double c, double z)
{
    double log_scale;
    double value = hyp2f1_scaled(a, b, c, z, &log_scale);
    return value * exp(log_scale);
}
