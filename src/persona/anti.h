/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_ANTI_H
#define STRATA_PERSONA_ANTI_H

/* Anti-personas: profiles that leave more often, as rules of one or two conditions that a person
 * can read. Of the accounts that were customers a year ago: what they were like then, and whether
 * they are customers now. Rules are found on one half of the accounts (single conditions with a
 * search that is corrected for itself, stats/learning/pattern.h; two of them together where that is
 * worse than either) and tested on the other half, corrected for all rules found (Holm). Those that
 * the other half does not bear out are kept, and marked. */

#include <strata/error.h>

#include "analysis/study.h"
#include "stats/learning/pattern.h"

enum { ANTI_SHOWN = 8, ANTI_CONDITIONS = 2 };

typedef struct anti_rule {
    const char *expression; /* lists the accounts that are so today */
    const char *words;      /* "adoption under 25 %" */
    size_t n_conditions;
    bool reads_attributes; /* which have no past: as they are now */
    double p_search;       /* of single conditions; 1 for two */
    pattern_effect found;  /* where it was sought: too bad, since it is the worst of many */
    pattern_effect tested; /* in the other half: the figures to quote; kept_with of with stayed */
    double p_holm;
    bool confirmed;
    size_t accounts_now; /* that are so today, in segments */
    int64_t value_now_minor;
} anti_rule;

typedef struct anti_personas {
    const char *why;        /* not NULL: no search, and why */
    size_t accounts, kept;  /* searched; of them customers now */
    size_t tried;           /* values with a cut, and levels */
    const anti_rule *items; /* confirmed ones first, worst first */
    size_t n, confirmed;
} anti_personas;

/* codes: segments now. The study must have STUDY_YEAR_AGO. Allocated in `a`. */
STRATA_MUST_CHECK strata_status anti_personas_find(const study *s, const segment_code *codes,
                                                   size_t n_segments, arena *a, anti_personas *out,
                                                   strata_error *err);

#endif
