/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_CHURN_TREND_H
#define STRATA_REPORT_COHORTS_CHURN_TREND_H

/* Churn from cohort to cohort, with a test of its trend. */

#include "base/strbuf.h"
#include "cohort/churn_trend.h"
#include "document/document.h"

/* "Churn within 12 months fell from cohort to cohort, by 1.2 points each (p = 0.013)". */
void report_churn_trend_title(strbuf *out, const churn_trend *c);
void report_churn_trend(document *d, doc_section *parent, const churn_trend *c,
                        size_t minimum_accounts);

#endif
