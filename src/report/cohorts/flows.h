/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_FLOWS_H
#define STRATA_REPORT_COHORTS_FLOWS_H

/* How many accounts went from one segment to another: the same table for what moved between two
 * days and for what another model would move. */

#include "document/document.h"
#include "model/bind.h"
#include "segment/code.h"

typedef struct flow {
    segment_code from, to;
    int64_t n, value; /* accounts; minor units */
} flow;

/* Adds one account; `flows` has room for as many as there are accounts. */
void flow_add(flow *flows, size_t *n, segment_code from, segment_code to, int64_t value);

/* A side's names: the dimension `def` of `b`. */
typedef struct flow_side {
    const bound_model *b;
    const bound_def *def;
} flow_side;

/* The table "flows", most accounts first; sorts `flows`. value_label NULL: no column of value. */
void report_flows(doc_section *s, flow_side from, flow_side to, const char *value_label,
                  flow *flows, size_t n);

#endif
