/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_COVERAGE_COVERAGE_H
#define STRATA_PLAN_COVERAGE_COVERAGE_H

/* Who gets more, and who less, than they should: the touch an account has against the touch that
 * its segment and its own facts call for.
 *
 *   has      the account attribute `coverage`; of accounts without it, or with a text that is no
 *            level, the richest level of whose touchpoints at least half were held in 12 months
 *   should   the level of its segment; one higher when its points are 2 or more, one lower at -2:
 *            health under 60 +1, 80 and more -1; ARR growth over 20 % in 12 months +1, none or
 *            negative -1; complexity at least 1.5 times the mean +1, at most 2/3 of it -1. Levels
 *            that the model does not state are not called for
 *   held     touchpoints of 12 months against those planned at the level it should have; an account
 *            at the right level that got less than half is under-served too
 */

#include "plan/coverage/stakes.h"
#include "plan/work/capacity.h"

typedef enum coverage_fit { FIT_NONE, FIT_RIGHT, FIT_UNDER, FIT_OVER } coverage_fit;
typedef enum coverage_factor {
    FACTOR_HEALTH,
    FACTOR_GROWTH,
    FACTOR_COMPLEXITY,
    COVERAGE_FACTORS
} coverage_factor;
extern const char *const coverage_factor_names[];

typedef struct coverage_case {
    coverage_fit fit; /* FIT_NONE: not in a segment, or what it has is not known */
    bool not_held;    /* under-served for the touchpoints alone: the level is right */
    touch_level has, should;
    int8_t points[COVERAGE_FACTORS]; /* -1, 0, 1; missing facts give 0 */
    float held, planned; /* touchpoints in 12 months; of a younger account, since its start. held
                            NaN: no touchpoints known */
    int32_t minutes;     /* a year more (less: below 0) to serve it as it should be */
} coverage_case;

typedef struct coverage_sum {
    size_t n;
    int64_t value_minor, minutes;
    int64_t stake_minor, grows_minor; /* as stakes: to lose, to gain */
} coverage_sum;

/* Accounts of one segment that have one level and should have another. */
typedef struct coverage_change {
    segment_code segment;
    touch_level has, should; /* equal: touchpoints not held */
    coverage_sum sum;
    /* Of more touch: the ARR at stake. Of less: what the hours that come free would guard, at the
     * ARR at stake for each hour that under-served accounts lack. Minor units. */
    int64_t worth_minor;
} coverage_change;

typedef struct coverage {
    const coverage_case *cases; /* by account */
    bool has_attribute;         /* of any account in a segment */
    bool has_touchpoints;
    size_t n_unread;     /* accounts whose `coverage` is no touch level */
    const char *unread;  /* one such text; NULL: none */
    size_t n_by_touches; /* whose level their touchpoints say */
    /* Together all accounts in segments. Unknown: neither says a level. */
    coverage_sum right, under, over, unknown;
    const coverage_change *changes; /* worth most first */
    size_t n_changes;
} coverage;

/* The touch_level that a text means: "High", "high touch", "mid-touch", "tech touch"; else
 * COVERAGE_LEVEL_UNREAD. */
enum { COVERAGE_LEVEL_UNREAD = -2 };
int coverage_level_named(const char *text);
/* Slots that the view must keep besides workload_slots(), stakes_slots() among them.
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status coverage_slots(const portfolio *p, const bound_model *b, arena *a,
                                               const size_t **slots, size_t *n, strata_error *err);
/* Allocated in `a`. Neither attribute nor touchpoints: all are FIT_NONE. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status coverage_compute(const view *v, const engagement *e,
                                                 const workload *w, const stakes *s, arena *a,
                                                 coverage *out, strata_error *err);

#endif
