/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_PLAYS_SEGMENT_PLAYS_H
#define STRATA_PLAN_PLAYS_SEGMENT_PLAYS_H

/* Which playbooks the accounts of each segment call for: those whose trigger holds on the as-of
 * date, against all other accounts. */

#include "analysis/figure.h"
#include "analysis/study.h"
#include "plan/plays/playbooks.h"

typedef struct segment_play {
    const playbook *p;
    share_figure in, out; /* accounts that call for it, here and in all other segments */
    test_figure test;     /* p_holm over all playbooks of all segments */
} segment_play;

typedef struct segment_plays {
    const segment_play *items; /* called for by the model's minimum support or more, most first */
    size_t n;
} segment_plays;

/* codes: by account, n_segments or more is none. *out: by segment, in `a`. */
STRATA_MUST_CHECK strata_status segment_plays_make(const study *s, const bound_playbooks *books,
                                                   const segment_code *codes, size_t n_segments,
                                                   arena *a, const segment_plays **out,
                                                   strata_error *err);

#endif
