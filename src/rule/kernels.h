/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_KERNELS_H
#define STRATA_RULE_KERNELS_H

/* Loops over a block of at most KERNEL_BLOCK accounts, written so that the
 * compiler turns them into vector code. Private to src/rule.
 *
 * Inside, a truth is ordered NO < UNKNOWN < YES, so that Kleene's `and` is the
 * minimum, `or` the maximum and `not` a mirror. */

#include <stddef.h>
#include <stdint.h>

#include "rule/node.h"

enum { KERNEL_BLOCK = 1024 };

typedef uint8_t truth;
enum { TRUTH_NO = 0, TRUTH_UNKNOWN = 1, TRUTH_YES = 2 };

/* NaN on either side is unknown. */
void kernel_compare_constant(const double *x, compare_op op, double c, size_t n, truth *out);
void kernel_compare(const double *x, compare_op op, const double *y, size_t n, truth *out);
/* low <= x <= high */
void kernel_between(const double *x, double low, double high, size_t n, truth *out);
/* Is x one of the m ascending numbers? */
void kernel_in(const double *x, const double *numbers, size_t m, size_t n, truth *out);
/* Is the code `wanted`? Below 0 is unknown. */
void kernel_code_is(const int32_t *code, int32_t wanted, size_t n, truth *out);
/* table[code], for codes below n_levels; other codes are a NO, below 0 unknown. */
void kernel_code_in(const int32_t *code, const uint8_t *table, size_t n_levels, size_t n,
                    truth *out);
void kernel_flag(const double *x, size_t n, truth *out); /* 0 is NO */
void kernel_is_missing(const double *x, size_t n, truth *out);
void kernel_code_is_missing(const int32_t *code, size_t n, truth *out);

void kernel_and(truth *out, const truth *other, size_t n);
void kernel_or(truth *out, const truth *other, size_t n);
void kernel_not(truth *out, size_t n);
void kernel_same(truth *out, const truth *other, size_t n);     /* both known and equal */
void kernel_coalesce(truth *out, const truth *other, size_t n); /* other where out is unknown */

/* Not finite becomes NaN. `out` may be x or y. */
void kernel_arithmetic(const double *x, node_kind kind, const double *y, size_t n, double *out);
void kernel_function(double *out, rule_function function, const double *other, size_t n);
void kernel_settle(double *out, const double *x, size_t n); /* copies; not finite becomes NaN */

/* To RULE_NO, RULE_YES, RULE_UNKNOWN, in place. */
void kernel_verdicts(uint8_t *out, size_t n);

#endif
