/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/kernels.h"

#include <float.h>
#include <math.h>

#include "base/clones.h"

/* -O2 of gcc 12 leaves loops of unknown length alone. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

/* Each comparison is YES where it holds, NO where its opposite holds, UNKNOWN
 * where neither does because of a NaN. Chosen among doubles first: gcc makes no
 * vector code for SSE2 of a loop that goes from doubles to bytes in one step. */
static inline truth truth_of(bool holds, bool fails)
{
    double at_least_unknown = holds ? (double)TRUTH_YES : (double)TRUTH_UNKNOWN;
    double t = fails ? (double)TRUTH_NO : at_least_unknown;
    return (truth)(int32_t)t;
}

/* compare_NAME(): x[i] with c; compare_NAME_each(): x[i] with y[i]. Here a and b. */
#define DEFINE_COMPARE(name, holds, fails)                                                         \
    STRATA_CLONES                                                                                  \
    static void compare_##name(const double *restrict x, double b, size_t n, truth *restrict out)  \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            const double a = x[i];                                                                 \
            out[i] = truth_of(holds, fails);                                                       \
        }                                                                                          \
    }                                                                                              \
    STRATA_CLONES                                                                                  \
    static void compare_##name##_each(const double *restrict x, const double *restrict y,          \
                                      size_t n, truth *restrict out)                               \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            const double a = x[i];                                                                 \
            const double b = y[i];                                                                 \
            out[i] = truth_of(holds, fails);                                                       \
        }                                                                                          \
    }

DEFINE_COMPARE(eq, (a >= b) & (a <= b), (a < b) | (a > b))
DEFINE_COMPARE(ne, (a < b) | (a > b), (a >= b) & (a <= b))
DEFINE_COMPARE(lt, a < b, a >= b)
DEFINE_COMPARE(le, a <= b, a > b)
DEFINE_COMPARE(gt, a > b, a <= b)
DEFINE_COMPARE(ge, a >= b, a < b)

typedef void compare_fn(const double *x, double c, size_t n, truth *out);
typedef void compare_each_fn(const double *x, const double *y, size_t n, truth *out);

void kernel_compare_constant(const double *x, compare_op op, double c, size_t n, truth *out)
{
    static compare_fn *const fns[COMPARE_COUNT] = {compare_eq, compare_ne, compare_lt,
                                                   compare_le, compare_gt, compare_ge};
    fns[op](x, c, n, out);
}

void kernel_compare(const double *x, compare_op op, const double *y, size_t n, truth *out)
{
    static compare_each_fn *const fns[COMPARE_COUNT] = {compare_eq_each, compare_ne_each,
                                                        compare_lt_each, compare_le_each,
                                                        compare_gt_each, compare_ge_each};
    fns[op](x, y, n, out);
}

STRATA_CLONES void kernel_between(const double *restrict x, double low, double high, size_t n,
                                  truth *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = truth_of((x[i] >= low) & (x[i] <= high), (x[i] < low) | (x[i] > high));
    }
}

/* How many of the numbers are below x. */
static size_t lower_bound(const double *numbers, size_t m, double x)
{
    size_t low = 0;
    while (m > 0) {
        size_t half = m / 2;
        if (numbers[low + half] < x) {
            low += half + 1;
            m -= half + 1;
        } else {
            m = half;
        }
    }
    return low;
}

void kernel_in(const double *x, const double *numbers, size_t m, size_t n, truth *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = lower_bound(numbers, m, x[i]);
        truth known = at < m && numbers[at] <= x[i] ? TRUTH_YES : TRUTH_NO;
        out[i] = isnan(x[i]) ? (truth)TRUTH_UNKNOWN : known;
    }
}

STRATA_CLONES void kernel_code_is(const int32_t *restrict code, int32_t wanted, size_t n,
                                  truth *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (truth)((code[i] < 0) + 2 * (code[i] == wanted));
    }
}

void kernel_code_in(const int32_t *code, const uint8_t *table, size_t n_levels, size_t n,
                    truth *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)code[i];
        truth known = table != NULL && at < n_levels && table[at] != 0 ? TRUTH_YES : TRUTH_NO;
        out[i] = code[i] < 0 ? (truth)TRUTH_UNKNOWN : known;
    }
}

void kernel_flag(const double *x, size_t n, truth *out)
{
    compare_ne(x, 0.0, n, out);
}

STRATA_CLONES void kernel_is_missing(const double *restrict x, size_t n, truth *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (truth)(2 * !(x[i] >= x[i]));
    }
}

STRATA_CLONES void kernel_code_is_missing(const int32_t *restrict code, size_t n,
                                          truth *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (truth)(2 * (code[i] < 0));
    }
}

STRATA_CLONES void kernel_and(truth *restrict out, const truth *restrict other, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = out[i] < other[i] ? out[i] : other[i];
    }
}

STRATA_CLONES void kernel_or(truth *restrict out, const truth *restrict other, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = out[i] > other[i] ? out[i] : other[i];
    }
}

STRATA_CLONES void kernel_not(truth *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (truth)(TRUTH_YES - out[i]);
    }
}

STRATA_CLONES void kernel_same(truth *restrict out, const truth *restrict other, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        truth known = out[i] == other[i] ? TRUTH_YES : TRUTH_NO;
        out[i] =
            out[i] == TRUTH_UNKNOWN || other[i] == TRUTH_UNKNOWN ? (truth)TRUTH_UNKNOWN : known;
    }
}

STRATA_CLONES void kernel_coalesce(truth *restrict out, const truth *restrict other, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = out[i] == TRUTH_UNKNOWN ? other[i] : out[i];
    }
}

STRATA_CLONES void kernel_settle(double *out, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = fabs(x[i]) <= DBL_MAX ? x[i] : NAN;
    }
}

STRATA_CLONES void kernel_arithmetic(const double *x, node_kind kind, const double *y, size_t n,
                                     double *out)
{
    for (size_t i = 0; kind == NODE_ADD && i < n; i++) {
        out[i] = x[i] + y[i];
    }
    for (size_t i = 0; kind == NODE_SUBTRACT && i < n; i++) {
        out[i] = x[i] - y[i];
    }
    for (size_t i = 0; kind == NODE_MULTIPLY && i < n; i++) {
        out[i] = x[i] * y[i];
    }
    for (size_t i = 0; kind == NODE_DIVIDE && i < n; i++) {
        out[i] = x[i] / y[i];
    }
    kernel_settle(out, out, n);
}

/* min and max are missing when either side is. */
static void smaller_or_larger(double *out, const double *other, int sign, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double a = out[i];
        double b = other[i];
        double best = (sign < 0 ? b < a : b > a) ? b : a;
        out[i] = isnan(b) ? b : best;
    }
}

void kernel_function(double *out, rule_function function, const double *other, size_t n)
{
    switch (function) {
    case FUNCTION_MIN:
        smaller_or_larger(out, other, -1, n);
        break;
    case FUNCTION_MAX:
        smaller_or_larger(out, other, 1, n);
        break;
    case FUNCTION_COALESCE:
        for (size_t i = 0; i < n; i++) {
            out[i] = isnan(out[i]) ? other[i] : out[i];
        }
        break;
    case FUNCTION_ABS:
        for (size_t i = 0; i < n; i++) {
            out[i] = fabs(out[i]);
        }
        break;
    case FUNCTION_LOG:
        for (size_t i = 0; i < n; i++) {
            out[i] = log(out[i]);
        }
        kernel_settle(out, out, n);
        break;
    case FUNCTION_COUNT:
        break;
    }
}

STRATA_CLONES void kernel_verdicts(uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(out[i] == TRUTH_YES ? RULE_YES
                                               : 2 * (out[i] == TRUTH_UNKNOWN)); /* RULE_UNKNOWN */
    }
}
