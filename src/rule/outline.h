/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_OUTLINE_H
#define STRATA_RULE_OUTLINE_H

/* A rule's tree as plain parts, for whoever evaluates it elsewhere: the what-if of the workbench
 * puts accounts into segments anew with other thresholds. */

#include "rule/rule.h"

typedef enum part_kind {
    PART_NUMBER,    /* number: a constant of any numeric type; NaN when missing */
    PART_NAME,      /* slot: a number, or a flag (0, 1) */
    PART_CODES,     /* slot: is its text one of `codes`? */
    PART_OPERATION, /* operation over the kids, such as ">=", "and", "is missing", "+", "min" */
    PART_OTHER,     /* what needs more than one date or computes with texts: unknown to others */
} part_kind;

/* In the order of reading: a part, then all of its first kid, then all of its second ... */
typedef struct rule_part {
    part_kind kind;
    value_type type;
    const char *operation; /* static text; NULL when none */
    double number;
    size_t slot; /* SIZE_MAX when none */
    const int32_t *codes;
    size_t n_codes;
    size_t n_kids;
    size_t at, end; /* bytes of the rule's text that a PART_OTHER stands for */
} rule_part;

/* Allocated in `a`. The tree holds no names, so it is bound to the scope of the rule. */
STRATA_MUST_CHECK strata_status rule_outline(const rule *r, arena *a, const rule_part **out,
                                             size_t *n, strata_error *err);

#endif
