/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_MIGRATION_MIGRATION_H
#define STRATA_PLAN_MIGRATION_MIGRATION_H

/* Moves between the segments of one dimension: who should be looked at now by the model's rules,
 * how accounts moved so far, where the mix is heading, whether goals are met, how long accounts
 * stay. The model says which dimension, which rules and which goals (key `migration`). */

#include "analysis/figure.h"
#include "segment/view.h"
#include "stats/inference/proportion.h"
#include "stats/survival/kaplan_meier.h"

enum {
    MIGRATION_MONTHS = 36, /* looked back */
    MIGRATION_STEP = 3,    /* months of a step of the chain */
    MIGRATION_STEPS = 4,   /* forecast */
    MIGRATION_LEAST = 4,   /* steps that a forecast is learnt from, at least */
    MIGRATION_TRIALS = 4,  /* times that the forecast is tried on the past, at most */
    MIGRATION_GROUPS = 2000
};

/* --- the past --- */

/* Where every account was, month by month to the as-of date. */
typedef struct migration_paths {
    const bound_def *def;
    bool ordered;     /* segment 0 is best; else moves have no direction */
    size_t n_ordered; /* bands: without the segment of those whose value is missing */
    size_t n_accounts, n_segments, n_dates;
    const day *dates;          /* a month apart, none before the first fact, last the as-of date */
    const segment_code *codes; /* [date * n_accounts + account] */
} migration_paths;

/* Segment at a date; n_segments: nowhere. */
size_t migration_state(const migration_paths *p, size_t date, size_t account);
/* Did a move from one segment reach `to`, or go beyond it in the same direction? */
bool migration_reaches(const migration_paths *p, size_t from, size_t to, size_t now);
/* Is `now` a better (worse) segment than `from`? Never without an order. */
bool migration_is_up(const migration_paths *p, size_t from, size_t now);
bool migration_is_down(const migration_paths *p, size_t from, size_t now);

/* Of the dimension that model_migration_dimension() names: STRATA_E_MODEL when there is none.
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status migration_paths_follow(const context *cx, const view *v, arena *a,
                                                       migration_paths *out, strata_error *err);

/* --- where the mix is heading --- */

typedef struct migration_size {
    double expected, low, high;
} migration_size;

/* A forecast of MIGRATION_STEPS quarters made on a past date, a year later. */
typedef struct migration_trial {
    day made, target;
    const migration_size *sizes; /* by segment, at `target` */
    const size_t *actual;
} migration_trial;

typedef struct migration_mix {
    bool done; /* else `why` */
    const char *why;
    size_t n_steps;              /* learnt from */
    const size_t *past;          /* accounts, [step * n_segments + segment]: n_steps + 1 quarters,
                                    oldest first, the last one is now */
    const migration_size *sizes; /* [step * n_segments + segment] */
    const migration_trial *trials;
    size_t n_trials;
    size_t n_figures, n_inside; /* sizes of all trials, and those within their limits */
    double mean_error;          /* of the trials: mean of |expected - actual| / actual */
} migration_mix;
STRATA_MUST_CHECK strata_status migration_forecast(const context *cx, const migration_paths *p,
                                                   arena *a, migration_mix *out, strata_error *err);

/* --- goals --- */

typedef enum goal_verdict { GOAL_OPEN, GOAL_MET, GOAL_MISSED, GOAL_NOBODY } goal_verdict;
typedef struct migration_goal {
    const model_move_goal *goal;
    size_t from, to;        /* segments; SIZE_MAX: the data have none of that name */
    size_t months;          /* looked back, 12 at most */
    size_t moves, accounts; /* moves, and accounts that were in `from` */
    double exposure;        /* time in `from`, in the goal's periods */
    double rate, low, high; /* moves for each such period; 95 % of Garwood */
    double wanted;          /* moves that the goal asks for in this time */
    goal_verdict verdict;   /* met, missed: the whole interval says so */
} migration_goal;
STRATA_MUST_CHECK strata_status migration_goals(const view *v, const migration_paths *p, arena *a,
                                                const migration_goal **out, strata_error *err);

/* --- time in a segment --- */

/* Months from entering a segment to moving to another; leaving the customers and the as-of date cut
 * the view short. Only stays whose beginning was seen. */
typedef struct migration_stay {
    size_t stays, moves, up, down;
    km_median median; /* months; reached only with enough stays */
    km_at year;       /* still there after 12 months */
} migration_stay;
STRATA_MUST_CHECK strata_status migration_stays(const migration_paths *p, arena *a,
                                                const migration_stay **out, strata_error *err);

/* --- candidates --- */

typedef struct migration_candidate {
    uint32_t account;
    bool up;
    size_t from, to;             /* `to`: the segment next to it */
    const char *clause, *values; /* what fired, and what it saw: "arr_growth_12m > 20%" */
    const char *said;            /* what it saw, with labels: "ARR growth is 33.6 %" */
    uint32_t held;               /* bit per exception of the model that holds now */
    /* By exception: what it saw, as `said`; NULL where it does not hold or saw nothing to tell.
     * NULL itself when nothing holds. */
    const char *const *held_said;
    int64_t value_minor;
    double renewal_in; /* days; NaN: not known */
} migration_candidate;

typedef struct migration_candidates {
    const migration_candidate *items; /* ups, then downs; not held first, then worth most */
    size_t n, n_up, n_down, n_held;
    size_t n_both;        /* accounts for which both rules hold: in neither list */
    const uint32_t *held; /* by account: bit per exception of the model that holds now */
    /* By pathway of the model: verdicts by account. */
    const uint8_t *const *triggers, *const *measures;
    const char *up_lacks; /* migration_rule_lacks() */
    const char *down_lacks;
} migration_candidates;

/* How the rules did: accounts for which one held a year ago, against those of the same segments for
 * which it did not: did they move that way within the year, point to point? */
typedef struct migration_hit {
    share_figure with, without;
    interval difference; /* with less without, Newcombe; stated when both are */
} migration_hit;
typedef struct migration_hits {
    bool done; /* false: the data do not reach back */
    migration_hit up, down;
} migration_hits;

/* What a view must keep for candidates and the plans of tier changes. Allocated in `a`. */
STRATA_MUST_CHECK strata_status migration_slots(const bound_model *b, arena *a,
                                                const size_t **slots, size_t *n, strata_error *err);
/* Every rule of migration judged at the as-of date. The view must have kept migration_slots().
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status migration_candidates_find(const context *cx, const view *v,
                                                          const migration_paths *p, arena *a,
                                                          migration_candidates *out,
                                                          strata_error *err);
STRATA_MUST_CHECK strata_status migration_hits_count(const context *cx, const view *v,
                                                     const migration_paths *p, arena *a,
                                                     migration_hits *out, strata_error *err);
/* Why nothing that a rule reads is there: "needs usage"; NULL: some is, or there is no rule. */
const char *migration_rule_lacks(const bound_model *b, const rule *r);

#endif
