/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_SEGMENTS_EXPLAIN_H
#define STRATA_REPORT_SEGMENTS_EXPLAIN_H

#include "document/document.h"
#include "segment/view.h"

/* One account: why it is where it is in every dimension (or in `only`, which may be NULL), how its
 * scores add up, and what would move it up. The view must watch that account. */
STRATA_MUST_CHECK strata_status report_explain(document *d, const view *v, size_t account,
                                               const bound_def *only, strata_error *err);

#endif
