/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_CHANGES_H
#define STRATA_REPORT_SEGMENTS_CHANGES_H

#include "document/document.h"
#include "segment/changes.h"
#include "segment/segmentation.h"

/* Who moved between two dates. */
typedef struct changes_input {
    const portfolio *p;
    const bound_model *b;
    const membership_change *items; /* of one dimension, one pair of dates */
    size_t n;
    const bound_def *def;
    day since, as_of;
    const double *value;     /* by account at as_of, major units; NULL: none */
    const char *value_label; /* "ARR" */
    size_t most;             /* accounts listed; 0: all */
} changes_input;

/* A headline, the flows between segments, the causes, and the accounts with clause, old and new
 * value, worth most first. */
STRATA_MUST_CHECK strata_status report_changes(document *d, doc_section *parent,
                                               const changes_input *in, strata_error *err);
/* "a clause turned", "pinned by a person", ... */
const char *report_cause_words(change_cause cause);

#endif
