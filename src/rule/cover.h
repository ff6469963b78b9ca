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
    COVER_UNREACHABLE, /* condition `first` can never be the one that matches: `second` before it
                          covers it wholly, or SIZE_MAX: several together do; `second` = `first`:
                          it contradicts itself */
    COVER_OVERLAP,     /* conditions `first` < `second` can both hold and neither contains the
                          other (first wins). Where one contains the other there is no finding:
                          that is how a list of tiers is written */
    COVER_GAP,         /* no condition holds for the example; first = second = SIZE_MAX */
    COVER_UNDECIDED,   /* condition `first` is outside what can be reasoned about */
} cover_kind;

typedef struct cover_finding {
    cover_kind kind;
    size_t first, second;
    bool missing;        /* of a gap: only accounts with a missing value fall into it */
    const char *example; /* "arr = $12,000, health = green": a point that shows it; may be NULL */
} cover_finding;

/* Findings: rules in order, then gaps between values (one per region, at most
 * COVER_MAX_GAPS), then gaps of missing values (one per feature). Features whose data is not
 * there count as if it were. More than COVER_MAX_RULES conditions, or too many thresholds over
 * too many features, make every condition COVER_UNDECIDED. A gap is reported only where no
 * undecided condition might hold. Allocated in `a`. */
enum { COVER_MAX_RULES = 64, COVER_MAX_GAPS = 8 };
STRATA_MUST_CHECK strata_status rule_cover(const rule *const *rules, size_t n_rules,
                                           const char *currency, arena *a,
                                           const cover_finding **out, size_t *n, strata_error *err);

#endif
