/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_FEATURE_H
#define STRATA_REPORT_DATA_FEATURE_H

/* One name of the catalogue in full. */

#include "document/document.h"
#include "segment/view.h"

/* Its definition, which definitions of the model read it, and its values at the view's date among
 * the accounts of the model's population. The view must have kept the slot. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_feature(document *d, doc_section *parent, const view *v,
                                               size_t slot, strata_error *err);

#endif
