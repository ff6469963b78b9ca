/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_TERRITORY_TERRITORY_H
#define STRATA_PLAN_TERRITORY_TERRITORY_H

/* Books of the managers, balanced on the work of 12 months and on value, with a price on every
 * move.
 *
 * A manager's fair share of the minutes and of the value is in proportion to hours; equal where the
 * hours of some are not known. A move costs the hours of a handover, times
 * (1 + value over the mean of all, at most 4) / 2, times 1 to 2 by how lately the account was
 * touched: 2 today, 1 after 90 days or more and where it is not known. */

#include "plan/territory/solve.h"
#include "plan/work/workload.h"

enum { TERRITORY_RENEWALS_DAYS = 90, TERRITORY_FRONTIER = 6 };

typedef struct territory_request {
    double limit;  /* most of a manager's hours that a book may take, as a share; NaN: all of them,
                      or what the book takes now if that is more */
    double within; /* of a fair share: so far off is as good as even */
    double handover_hours; /* of one move */
    long renewal_lock;     /* accounts that renew within so many days stay; 0: none */
    size_t most_moves;     /* SIZE_MAX: any */
    const uint8_t *locked; /* by account: RULE_YES stays; NULL: none */
    const char *skill;     /* attribute held against the managers' skills; NULL: none */
    bool assign;           /* accounts with work and without a manager are placed */
} territory_request;

/* What the books are made of. */
typedef struct territory_ground {
    const view *v;
    const workload *w;
    const csm_list *csms;
    double month_hours; /* of a manager who states none; NaN: not known */
} territory_ground;

typedef struct territory_book {
    int64_t minutes, value_minor;
    size_t accounts, renewals, at_risk; /* renewals within TERRITORY_RENEWALS_DAYS */
} territory_book;

typedef struct territory_move {
    size_t account;
    int32_t from; /* -1: nobody */
    int32_t to;
    int64_t price; /* minutes */
} territory_move;

/* What can be had for so many moves at most. */
typedef struct territory_point {
    size_t most_moves, n_moved;
    int64_t minutes_above, value_above; /* above fair shares, of all books */
    int64_t price;
    double gap, missed; /* see territory_gap(), territory_missed() */
    bool met;           /* the limits can be */
} territory_point;

typedef struct territory {
    const csm_list *csms;
    const int64_t *capacity, *minutes_share, *value_share; /* by manager; capacity -1: not known */
    const territory_book *before, *after;                  /* by manager */
    const territory_move *moves;                           /* dearest account first */
    size_t n_moves, n_placed;
    territory_solution solution;
    int64_t minutes_above[2], value_above[2]; /* above fair shares: before, after */
    int64_t total_minutes, total_value, total_capacity;
    territory_point frontier[TERRITORY_FRONTIER];
    size_t n_frontier;
    size_t n_items, n_free, n_rule_locked, n_renewal_locked;
    size_t n_nobody, n_unknown; /* accounts in segments; with work, when they are not placed */
    int64_t nobody_minutes, unknown_minutes, nobody_value, unknown_value;
    bool capacity_unknown, region_used, skill_used, health_known, touch_known;
    const char *conflict; /* why the limits cannot be met, in words; NULL: they are */
} territory;

/* Slots that the view must keep besides workload_slots(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status territory_slots(const portfolio *p, arena *a, const size_t **slots,
                                                size_t *n, strata_error *err);
/* STRATA_E_DATA with fewer than two managers: nothing to divide. */
STRATA_MUST_CHECK strata_status territory_managers(const csm_list *csms, strata_error *err);
/* STRATA_E_DATA: as territory_managers(), no work in any book, or nobody has hours;
 * STRATA_E_USAGE: no such attribute. Limits that cannot be met are no failure: see `conflict`. */
STRATA_MUST_CHECK strata_status territory_plan(const context *cx, const territory_ground *g,
                                               const territory_request *r, arena *a, territory *out,
                                               strata_error *err);
/* The regions or skills of a manager name it; also when there are none, or it is NULL. */
bool territory_fits(const char *stated, const char *wanted);

#endif
