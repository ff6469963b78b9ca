/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_JOURNEY_JOURNEY_H
#define STRATA_JOURNEY_JOURNEY_H

/* How far accounts come on the model's journey: how many get to each stage, how long that takes and
 * how long they stay, and who is stuck where.
 *
 * An account is in the furthest stage that it ever reached. It got to a stage when it reached it or
 * a later one, so the funnel never widens; stages that it never reached on the way to a later one
 * are counted as skipped. Accounts whose ARR ended are out of sight from that day on: whoever left
 * in a stage is neither stuck in it nor held against it. */

#include "analysis/figure.h"
#include "cohort/groups/groups.h"
#include "journey/paths.h"
#include "stats/survival/kaplan_meier.h"

enum { JOURNEY_AGES = 13 }; /* months 0 .. 12 */

/* Days from one thing to another (Kaplan-Meier: whoever is still on the way counts as far as it
 * got). */
typedef struct journey_time {
    size_t n;       /* followed */
    size_t done;    /* got there */
    size_t waiting; /* still on the way */
    size_t left;    /* left on the way */
    bool stated;    /* enough accounts for the figures below */
    km_median median;
    bool p80_known; /* days within which 80 % are done */
    double p80;
} journey_time;

typedef struct journey_step {
    size_t got;          /* to this stage or a later one */
    size_t skipped;      /* of those, never met its own condition */
    share_figure share;  /* got there, of those followed */
    share_figure onward; /* of those who got to the stage before; the start: of those followed */
    size_t here, gone;   /* this is their furthest stage: still there; left while in it */
    size_t slipped;      /* of `here`, those for whom its condition does not hold any more */
    int64_t here_minor;  /* worth of `here` */
    journey_time from_start;           /* from the account's start to here */
    double by_month[JOURNEY_AGES];     /* share that got here by so many months of age ... */
    bool by_month_known[JOURNEY_AGES]; /* ... where followed that long */
    journey_time onto_next; /* from here to the next stage; of the last: n = 0. Without those
                               who skipped this one */
} journey_step;

typedef struct journey_group {
    const char *label;
    size_t followed;
    const journey_step *steps; /* by stage */
} journey_group;

/* An account that is longer in its stage than it should be. */
typedef struct journey_stuck {
    size_t account;
    size_t stage; /* where it is */
    day since;
    int days, limit;
    bool by_model; /* the limit is expected_within of the next stage, else the 80 % of the others */
    int64_t worth_minor;
} journey_stuck;

typedef struct journey {
    journey_paths paths;
    journey_group all;
    const journey_group *groups; /* empty without a grouping */
    size_t n_groups;
    const char *grouped_by;
    size_t ungrouped; /* followed, but in no group */
    const int *limit; /* by stage: days that are too long in it; 0: none is known */
    const bool *limit_by_model;
    const journey_stuck *stuck; /* largest worth first, then longest */
    size_t n_stuck;
    int64_t stuck_minor;
    double minimum_accounts;
} journey;

/* `g` may be NULL. Allocated in `a`. Fails as journey_paths_make() does. */
STRATA_MUST_CHECK strata_status journey_make(const context *cx, const journey_request *r,
                                             const groups *g, arena *a, journey *out,
                                             strata_error *err);

/* Is the account followed, and still there on as_of? */
static inline bool journey_is_here(const journey_paths *p, size_t i)
{
    return p->start[i] != DAY_MISSING && p->left[i] == DAY_MISSING;
}

#endif
