/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_HOLD_H
#define STRATA_SEGMENT_HOLD_H

/* Calm memberships: an account leaves its segment only when the rules have put
 * it elsewhere long enough. Segments are numbered from best (0) to worst, so a
 * smaller number is a move up: it waits `enter_after_days`; a move down waits
 * `leave_after_days`. The margin is applied by the caller, who knows the rules. */

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "model/model.h"

#include "segment/code.h"

typedef struct hold_state {
    segment_code current; /* SEGMENT_ABSENT before the account's first review */
    segment_code pending; /* where the rules want it; == current when nowhere else */
    day pending_since;
} hold_state;

#define HOLD_START ((hold_state){.current = SEGMENT_ABSENT, .pending = SEGMENT_ABSENT})

/* One review on day d (days ascend): `raw` is where the rules put the account
 * (SEGMENT_ABSENT: does not exist), already equal to the current segment where the margin
 * was not passed. `at_once` moves without waiting: into and out of the segments for
 * accounts that are no customers, where waiting would claim what is not so. */
void hold_step(hold_state *s, const model_hold *hold, day d, segment_code raw, bool at_once);

#endif
