/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_WORKLOAD_H
#define STRATA_PLAN_WORK_WORKLOAD_H

/* What looking after each account takes in the 12 months after the as-of date, if it is done as the
 * engagement of its segment says.
 *
 *   touchpoints, reviews   as often as the programme says
 *   onboarding             the hours of one, times the share of it that is still ahead
 *   renewal                one for a renewal due within 12 months; without opportunities, one a
 * year is assumed for every account tickets                as many as in the 12 months before
 *
 * Times the account's complexity over the mean of all, but for tickets. A segment at touch level
 * digital takes no hours of a manager. Kept in whole minutes of each kind and account, so that sums
 * by segment, by manager and of all agree to the minute. Accounts yet to be won are not in it. */

#include "plan/work/engagement.h"

typedef struct workload {
    size_t n;                           /* accounts */
    const int32_t *minutes[WORK_KINDS]; /* by account; 0 outside the population */
    const int32_t *total;
    const double *weight;      /* complexity over the mean of the population; 1 where missing */
    const segment_code *codes; /* of the engagement's dimension */
    const int32_t *csm;        /* csms_of_accounts() */
    bool renewals_assumed;     /* there are no opportunities */
    bool tickets_missing, complexity_missing; /* no such data: no hours for them, all weigh 1 */
    size_t n_accounts;                        /* in segments */
    int64_t total_minutes;
} workload;

/* Slots that a view must keep for it. Allocated in `a`. */
STRATA_MUST_CHECK strata_status workload_slots(const portfolio *p, arena *a, const size_t **slots,
                                               size_t *n, strata_error *err);
/* The view must have kept workload_slots(). Allocated in `a`; `v` must outlive it.
 * STRATA_E_DATA when an account would take more than a person has (100,000 hours). */
STRATA_MUST_CHECK strata_status workload_compute(const view *v, const engagement *e,
                                                 const csm_list *csms, arena *a, workload *out,
                                                 strata_error *err);

#endif
