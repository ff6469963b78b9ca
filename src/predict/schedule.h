/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_SCHEDULE_H
#define STRATA_PREDICT_SCHEDULE_H

/* The past dates to learn from, and what each is for. Dates lie a month apart, the newest so that
 * its horizon is over by the as-of date. Learned from: the oldest; tuned on (early stopping,
 * strength of the penalty, calibration): a block in the middle; judged on: the newest. Between two
 * blocks dates are left out, so that no outcome that one block sees lies in the horizon of
 * another's. */

#include "panel/ledger.h"
#include "predict/question.h"

enum { SCHEDULE_DATES_MAX = 36, SCHEDULE_WARM_DAYS = 90 };

typedef enum date_role {
    ROLE_UNUSED, /* between blocks */
    ROLE_LEARN,
    ROLE_TUNE,
    ROLE_JUDGE,
    ROLE_SHARED /* learned from and tuned on, each with other accounts */
} date_role;

typedef struct schedule {
    day as_of, begins; /* begins: first day from which there is data enough */
    horizon horizon;
    size_t n;                      /* dates whose outcome is known */
    day dates[SCHEDULE_DATES_MAX]; /* ascending */
    /* By date: for the model that is judged, and for the one that speaks about today, which may
     * learn from what the other was judged on. */
    date_role judged[SCHEDULE_DATES_MAX], today[SCHEDULE_DATES_MAX];
    /* The history has no room for three blocks: of the dates learned from, accounts are split. */
    bool shared;
    const char *why; /* not NULL: too short a history, and what would help */
    /* Entities whose data begins too late to learn from: bits. */
    uint32_t late;
} schedule;

/* From ledgers up to `as_of`; `info` may know later ones, which change nothing. */
void schedule_make(const ledger_info *info, day as_of, horizon h, schedule *out);

#endif
