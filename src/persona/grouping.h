/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_GROUPING_H
#define STRATA_PERSONA_GROUPING_H

/* Inside personas: who is in which of the segments that personas are made of. */

#include <stddef.h>

#include "segment/code.h"

typedef struct grouping {
    const segment_code *codes; /* by account; n_segments or more: in none */
    size_t n_segments;
} grouping;

#endif
