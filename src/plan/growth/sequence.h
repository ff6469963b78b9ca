/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_GROWTH_SEQUENCE_H
#define STRATA_PLAN_GROWTH_SEQUENCE_H

/* Room for more by segment, and in which month the hours there are allow to talk to whom. */

#include "plan/growth/growth.h"
#include "plan/work/capacity.h"

enum { SEQUENCE_MONTHS = 12 };

/* Room (potential less ARR, where above 0) of the accounts of one segment. */
typedef struct segment_room {
    size_t accounts, known; /* of which the potential is known */
    int64_t value_minor, room_minor;
    size_t ready;
    int64_t ready_room_minor;
} segment_room;

/* `by`: a dimension of `own`, whose portfolio is that of `g_view`. [n_segments + 1]; the last: all
 * accounts in segments. In `a`; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status growth_rooms(const view *own, const bound_def *by,
                                             const view *g_view, const growth *g, arena *a,
                                             const segment_room **out, strata_error *err);

typedef enum sequence_why {
    SEQUENCE_MONTH,  /* in `month` */
    SEQUENCE_LATER,  /* not within 12 months */
    SEQUENCE_NONE,   /* the manager has no free hours */
    SEQUENCE_NOBODY, /* there is no manager, or nobody says their hours */
    SEQUENCE_WHYS
} sequence_why;

typedef struct sequence_slot {
    sequence_why why;
    int month; /* 1..12 */
} sequence_slot;

typedef struct growth_sequence {
    const sequence_slot *slots; /* by place in growth.ready */
    int64_t talk_minutes;       /* of a manager for one account: a review and two touchpoints; an
                                   assumption made of the model's hours */
    int64_t door_minutes;       /* where sales leads: one touchpoint */
    int64_t free_minutes;       /* of all managers in 12 months, beyond what their books take */
    size_t n_managers_free;
} growth_sequence;

/* Who is ready, and whose hands there are for it. */
typedef struct growth_hands {
    const view *v; /* of `growth`; may be NULL when the model says nothing of who leads */
    const growth *growth;
    const engagement *engagement;
    const capacity *capacity;
    const int32_t *csm; /* by account, into the capacity's managers; below 0: nobody */
} growth_hands;

/* Accounts in order of rank; each takes the hours of its manager in the first month that has them
 * left. Free hours are spread evenly over 12 months. `sales`: code of growth.model.lead for which
 * the account takes only door_minutes; SEGMENT_ABSENT: none. In `a`; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status growth_sequence_make(const growth_hands *in, arena *a,
                                                     growth_sequence *out, strata_error *err);

#endif
