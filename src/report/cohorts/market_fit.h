/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_MARKET_FIT_H
#define STRATA_REPORT_COHORTS_MARKET_FIT_H

/* Product/market fit: a verdict with its evidence. */

#include "analysis/milestones.h"
#include "base/strbuf.h"
#include "cohort/market_fit.h"
#include "document/document.h"

/* "The retention curve flattens: churn falls from 2.3 % a month to 0.9 %, and 54 % stay three
 * years".
 */
void report_market_fit_title(strbuf *out, const market_fit *m);
/* `reached`: activation; NULL or empty: the model has no milestones. */
void report_market_fit(document *d, doc_section *parent, const market_fit *m,
                       const milestones *reached, const view *v);

#endif
