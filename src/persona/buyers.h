/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_BUYERS_H
#define STRATA_PERSONA_BUYERS_H

/* Types of buyer by the model's rules (`personas: buyers:`): every account is of the first type
 * whose condition holds. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"

typedef struct buyer_share {
    const char *label, *description; /* of the model */
    const char *when;                /* NULL: otherwise */
    share_figure in, out;            /* of the segment's accounts; of all other segments' */
    test_figure test;                /* p_holm over all types of all segments */
} buyer_share;

typedef struct buyers_segment {
    size_t accounts;
    const buyer_share *types; /* n_types, as the model lists them */
    const buyer_share *main;  /* what most accounts are, if that is half of them or more; or NULL */
} buyers_segment;

typedef struct buyers {
    const char *why; /* not NULL: nothing was counted, and why */
    size_t n_types;
    const uint16_t *type; /* by account */
    const buyers_segment *segments;
    size_t n_segments;
} buyers;

/* codes as in voice_compare(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status buyers_make(const study *s, const segment_code *codes,
                                            size_t n_segments, arena *a, buyers *out,
                                            strata_error *err);

#endif
