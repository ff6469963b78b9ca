/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_DECISIONS_H
#define STRATA_PERSONA_DECISIONS_H

/* What decided for and against in the last 12 months: deals won by kind and by competitor, and the
 * reasons that accounts gave when they left. Both follow the accounts that were in a segment a year
 * ago: those that left are in none today. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"
#include "stats/inference/proportion.h"
#include "store/store.h"

enum { DECISIONS_COMPETITORS_MAX = 8, DECISIONS_REASONS_MAX = 8 };

/* Deals of one sort that were decided (the due date stands for the day): won of all, here and in
 * all other segments. */
typedef struct deal_row {
    const char *label; /* "Renewals", "Against Planwise" */
    size_t accounts, won, of;
    size_t others_won, others_of;
    test_figure test;    /* z test, clustered by account; p_holm over all rows of all segments */
    interval difference; /* 95 % */
} deal_row;

/* A reason among the accounts that were in the segment a year ago, churned, and gave one: the last
 * one given counts. */
typedef struct reason_row {
    const char *reason;
    size_t in, of_in, out, of_out;
    test_figure test; /* p_holm over all reasons of all segments */
} reason_row;

typedef struct decisions_segment {
    const deal_row *deals; /* kinds first, then competitors, each with most deals first */
    size_t n_deals;
    size_t churned;            /* with a reason */
    const reason_row *reasons; /* most accounts first */
    size_t n_reasons;
} decisions_segment;

typedef struct decisions {
    size_t n_deals;   /* decided, of accounts in segments */
    size_t n_churned; /* accounts that gave a reason */
    const decisions_segment *segments;
    size_t n_segments;
} decisions;

/* codes: segments a year ago, as in voice_compare(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status decisions_make(const study *s, store_conn *conn,
                                               const segment_code *codes, size_t n_segments,
                                               arena *a, decisions *out, strata_error *err);

#endif
