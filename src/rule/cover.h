/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_COVER_H
#define STRATA_RULE_COVER_H

/* Reasoning about a list of conditions where the first match wins: which can
 * never match, which overlap, and what no condition covers. Exact where the
 * conditions are and/or/not of thresholds, sets and flags; says "not decidable"
 * otherwise (arithmetic between features, `turned`, `for`), where only counting
 * on data helps. */

#include "rule/rule.h"

typedef enum cover_kind {
    COVER_UNREACHABLE, /* condition `first` is wholly covered by earlier ones, or contradicts itself
                        */
    COVER_OVERLAP,     /* conditions `first` < `second` can both hold (first wins): worth knowing */
    COVER_GAP,         /* no condition holds for the example */
    COVER_UNDECIDED,   /* condition `first` is outside what can be reasoned about */
} cover_kind;

typedef struct cover_finding {
    cover_kind kind;
    size_t first, second;
    const char *example; /* "arr = $12,000, health = 70": a point that shows it; may be NULL */
} cover_finding;

/* Findings in rule order, allocated in `a`. */
STRATA_MUST_CHECK strata_status rule_cover(const rule *const *rules, size_t n_rules,
                                           const rule_scope *scope, const char *currency, arena *a,
                                           const cover_finding **out, size_t *n, strata_error *err);

#endif
