/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_JOURNEY_JOURNEY_H
#define STRATA_REPORT_JOURNEY_JOURNEY_H

/* The journey: funnel, time in stage, who is stuck, what goes with staying. */

#include "base/strbuf.h"
#include "document/document.h"
#include "journey/activation.h"
#include "journey/journey.h"
#include "segment/view.h"

typedef struct journey_page {
    document *d;
    const view *v; /* holds what the stages read as of its date */
    const journey *j;
    const activation *activation;
    size_t most;               /* accounts in a list */
    const char *template_name; /* whose journey it is; NULL: the model's own */
    const char *caution;       /* about the grouping; NULL: none */
    arena *arena;              /* of texts, for the time of building */
} journey_page;

/* "48.3 % of accounts came to Adopted; the hardest step is from Adopted to Expanded, which 21.0 %
 * take". */
void report_journey_title(strbuf *out, const journey *j);
STRATA_MUST_CHECK strata_status report_journey(const journey_page *p, strata_error *err);

/* The accounts that are in one stage now. */
void report_journey_stage_title(strbuf *out, const journey *j, const view *v, size_t stage);
STRATA_MUST_CHECK strata_status report_journey_stage(const journey_page *p, size_t stage,
                                                     strata_error *err);

#endif
