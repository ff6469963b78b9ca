/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_SCALES_H
#define STRATA_REPORT_PLAN_SCALES_H

#include "document/document.h"
#include "segment/view.h"

/* The cut points of the model's quantile scales on this data, and which scores no account gets
 * because ties put too many accounts together. Nothing for a model without quantile scales. */
void report_scales(document *d, doc_section *parent, const view *v);

#endif
