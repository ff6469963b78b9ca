/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_SURVIVAL_PARTS_H
#define STRATA_REPORT_COHORTS_SURVIVAL_PARTS_H

/* Inside the report on survival. */

#include "report/cohorts/survival.h"
#include "report/words.h"

/* Are there enough accounts in the group to state anything of it? */
bool survival_stated(const survival_input *in, size_t group);
/* "yes (p < 0.001)", "not sure (p = 0.31)". */
words survival_sure(double p);
/* The section on the regression; in->cox is not NULL. */
void report_survival_cox(document *d, doc_section *parent, const survival_input *in);

#endif
