/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_THRESHOLD_H
#define STRATA_RULE_THRESHOLD_H

/* The numbers of a rule that decide by themselves (`arr >= 15k`), where they stand in its text, and
 * how another number is written in their manner: for whoever changes one and nothing else. */

#include "base/strbuf.h"
#include "rule/rule.h"

/* A constant beside one feature in <, <=, > or >=, or a bound of a `between`. Not those inside a
 * `for` or a `turned`, which no single day decides. */
typedef struct rule_threshold {
    size_t slot;    /* of the feature */
    double value;   /* in its unit; never NaN */
    size_t at, end; /* bytes of rule_text() that are the number */
} rule_threshold;

/* In the order of the text. Allocated in `a`. */
STRATA_MUST_CHECK strata_status rule_thresholds(const rule *r, arena *a, const rule_threshold **out,
                                                size_t *n, strata_error *err);

/* Appends `value` as the rule language writes it, in the manner of what stood there: with k, M or %
 * behind it, in days, weeks or months, where that says it exactly; else as a plain number. Reads
 * back as `value` to nine digits or better. A failure of `out` sticks to it. */
void rule_put_number_like(strbuf *out, const char *written, size_t len, double value);

#endif
