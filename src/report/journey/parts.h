/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_JOURNEY_PARTS_H
#define STRATA_REPORT_JOURNEY_PARTS_H

/* Inside the report of the journey. */

#include "report/journey/journey.h"
#include "report/report.h"

void journey_put_funnel(const journey_page *p);
void journey_put_groups(const journey_page *p);
void journey_put_times(const journey_page *p);
void journey_put_activation(const journey_page *p);
void journey_put_method(const journey_page *p);
STRATA_MUST_CHECK strata_status journey_put_stuck(const journey_page *p, strata_error *err);

/* What accounts are worth: "ARR"; a cell that is empty where it is not known. */
const char *journey_worth_label(const view *v);
doc_cell journey_worth_cell(const view *v, int64_t minor);

/* How many are stuck in a stage, and their ARR. */
typedef struct journey_stuck_sum {
    size_t n;
    int64_t worth_minor;
} journey_stuck_sum;
journey_stuck_sum journey_sum_stuck(const journey *j, size_t stage);
/* "14 days (12 to 18)"; "not reached by half" and the like. */
words journey_median_words(const journey_time *t);

#endif
