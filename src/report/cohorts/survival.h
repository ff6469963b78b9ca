/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_SURVIVAL_H
#define STRATA_REPORT_COHORTS_SURVIVAL_H

/* How long accounts stay: curves, medians, tests, and what goes with leaving. */

#include "base/strbuf.h"
#include "cohort/groups/groups.h"
#include "cohort/survival/cox.h"
#include "cohort/survival/survival.h"
#include "document/document.h"

/* The unit that ages are told in. */
typedef enum survival_unit { UNIT_WEEKS, UNIT_MONTHS, UNIT_QUARTERS, UNIT_YEARS } survival_unit;
bool survival_unit_parse(const char *text, survival_unit *out); /* "months" */

typedef struct survival_input {
    const survival *s;
    const groups *g;         /* of the same n groups */
    const survival_cox *cox; /* NULL: not asked for */
    int landmark;            /* of cox */
    const bound_model *b;
    survival_unit unit;
    bool curves;         /* list them, age by age */
    day as_of, since;    /* since DAY_MISSING: followed from their start */
    const char *caution; /* about the grouping; NULL: none */
} survival_input;

/* "After 12 months 91.2 % of Enterprise are customers still, of Free 64.0 %". */
void report_survival_title(strbuf *out, const survival_input *in);
void report_survival(document *d, doc_section *parent, const survival_input *in);

#endif
