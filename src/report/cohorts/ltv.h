/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_LTV_H
#define STRATA_REPORT_COHORTS_LTV_H

/* Lifetime value by cohort. */

#include "base/strbuf.h"
#include "cohort/ltv/ltv.h"
#include "document/document.h"

typedef struct ltv_input {
    const ltv *ltv;
    const char *currency;
    double margin, discount;
    size_t minimum_accounts;
    bool shop; /* orders only: nothing is expected of a new account */
    bool by_start;
} ltv_input;

/* "A new account is worth $41.2k over five years ($38.0k to $44.4k)". */
void report_ltv_title(strbuf *out, const ltv_input *in);
void report_ltv(document *d, doc_section *parent, const ltv_input *in);

#endif
