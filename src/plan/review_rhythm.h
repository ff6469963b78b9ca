/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_REVIEW_RHYTHM_H
#define STRATA_PLAN_REVIEW_RHYTHM_H

/* How often segments are worth looking at again, by how fast accounts move between them and leave.
 *
 *   moved     share of account-months after which the account is in another segment, over the last
 *             12 months
 *   flapped   of these moves, those that were undone within 3 months; moves of the last 3 months
 *             cannot be judged yet and do not count
 *   left      share of account-months after which the account is in no segment
 *   every     the longest of 1, 3, 6 and 12 months in which no more than a tenth of the accounts
 *             move for longer than that or leave
 */

#include "plan/migration/migration.h"

typedef struct review_rhythm {
    size_t months; /* account-months looked at; 0: nothing is known */
    size_t moves, leavers;
    size_t judged, undone; /* moves that can be judged */
    double moved, left;    /* shares a month */
    double flapped;        /* share of the judged; NaN: none */
    int every;             /* months */
} review_rhythm;

review_rhythm review_rhythm_of(const migration_paths *p);

#endif
