/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/hold.h"

static void settle(hold_state *s, day d, segment_code code)
{
    *s = (hold_state){.current = code, .pending = code, .pending_since = d};
}

void hold_step(hold_state *s, const model_hold *hold, day d, segment_code raw, bool at_once)
{
    if (s->current == SEGMENT_ABSENT || raw == SEGMENT_ABSENT || raw == s->current || at_once) {
        settle(s, d, raw);
        return;
    }
    /* A pending move that changes its target within the same direction has
     * already proved itself: only a change of direction restarts the wait. */
    bool up = raw < s->current;
    bool was_pending = s->pending != s->current;
    bool same_direction = was_pending && (s->pending < s->current) == up;
    if (!same_direction) {
        s->pending_since = d;
    }
    s->pending = raw;
    int wait = up ? hold->enter_after_days : hold->leave_after_days;
    if (d - s->pending_since >= wait) {
        settle(s, d, raw);
    }
}
