/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_OUTCOMES_H
#define STRATA_ANALYSIS_OUTCOMES_H

/* Inside the analyses: what became of the accounts that were in a group a year ago. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/group.h"
#include "analysis/study.h"

/* Streams of random numbers, so that no two analyses share one. */
enum { STREAM_OUTCOMES = 1, STREAM_HYPOTHESES = 2, STREAM_EVIDENCE = 3, STREAM_JOURNEY = 4 };
uint64_t analysis_stream(int analysis, size_t a, size_t b); /* a, b < 65536 */

typedef struct outcome_figures {
    share_figure logo_churn, expanded;
    ratio_figure nrr, grr;
    int64_t gained_minor, shrunk_minor, churned_minor;
    figure ltv;
} outcome_figures;

/* Of the n accounts listed; those without ARR a year ago do not count. */
STRATA_MUST_CHECK strata_status outcomes_of(const study *s, const uint32_t *accounts, size_t n,
                                            uint64_t stream, outcome_figures *out,
                                            strata_error *err);

#endif
