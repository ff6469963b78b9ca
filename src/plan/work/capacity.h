/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_WORK_CAPACITY_H
#define STRATA_PLAN_WORK_CAPACITY_H

/* The hours that looking after accounts takes in the 12 months ahead, added up by segment and by
 * manager, against the hours there are. Whole minutes: every sum by segment equals that by manager.
 */

#include "plan/work/workload.h"

typedef struct work_sum {
    size_t n_accounts;
    size_t n_nobody, n_unknown; /* of these: in nobody's book; in that of an unknown manager */
    int64_t value_minor;
    int64_t minutes[WORK_KINDS];
    int64_t total;
} work_sum;

/* Of a segment: how many accounts one manager could and does look after. NaN: cannot be said. */
typedef struct segment_ratio {
    double by_hours; /* a full manager's hours over the hours of a mean account of the segment */
    /* accounts in books over the people these take: each manager counts with the share of their
     * book's hours that the segment takes */
    double actual;
} segment_ratio;

typedef struct capacity {
    const work_sum *by_segment; /* by code of the engagement's dimension */
    const segment_ratio *ratios;
    size_t n_segments;
    const work_sum *by_csm; /* by number in the list of managers */
    size_t n_csms;
    work_sum nobody, unknown, all;
    const int64_t *available; /* by manager: minutes in 12 months; -1: neither data nor model say */
    int64_t available_total;  /* of those known */
    size_t n_assumed;         /* managers whose hours are engagement.month */
    size_t n_unsaid;          /* managers without hours */
    int64_t person;           /* minutes a year of a mean manager who has any, else
                                 engagement.month; -1: nobody says */
} capacity;

/* Allocated in `a`. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status capacity_add_up(const view *v, const engagement *e,
                                                const csm_list *csms, const workload *w, arena *a,
                                                capacity *out, strata_error *err);
/* People that so many minutes a year take; NaN when nobody's hours are known. */
double capacity_people(const capacity *c, int64_t minutes);

#endif
