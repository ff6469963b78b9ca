/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_COHORTS_H
#define STRATA_COMMAND_ASK_COHORTS_H

/* What `strata cohorts` was asked for, and its triangle. */

#include "command/ask/cohort.h"
#include "report/cohorts/cohorts.h"

typedef struct cohorts_ask {
    cohort_ask ask;
    usage_book *usage;
    arr_book *seats; /* of --measure seats, seats-gross; else NULL */
    triangle_input in;
    retention_request request;
    const retention *r;
    cohorts_report report;
} cohorts_ask;

void cohorts_ask_done(cohorts_ask *q);
/* Reads the options, groups the accounts and makes the triangle. */
STRATA_MUST_CHECK strata_status cohorts_ask_open(call *c, cohorts_ask *q, strata_error *err);
/* The command that lists a cell of this triangle, `more` behind it; NULL without memory. */
const char *cohorts_cell_command(const cohorts_ask *q, const char *cohort, const char *age,
                                 bool lost, const char *more);
/* --cell: its accounts, and --save. */
STRATA_MUST_CHECK strata_status cohorts_cell(cohorts_ask *q, strata_error *err);

#endif
