/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_COHORTS_PARTS_H
#define STRATA_REPORT_COHORTS_COHORTS_PARTS_H

/* Inside the report on cohorts. */

#include "document/chart.h"
#include "report/cohorts/cohorts.h"
#include "report/words.h"

/* Charts of more cohorts or ages than this leave out the oldest cohorts and the last ages. */
enum { COHORT_CHART_ROWS = 36, COHORT_CHART_AGES = 25, COHORT_TEXT = 32 };

/* What is shown of a cell as people read it: "86", "$1.2k", "41"; with "*" while it is partial,
 * "5 of 12" where there are too few, "" where the age is not reached. */
typedef struct cohort_text {
    char s[COHORT_TEXT];
} cohort_text;
cohort_text cohorts_cell_text(const cohorts_report *c, const cohort_cell *cell);
/* The same as a number; NaN where there is none. Money in major units. */
double cohorts_cell_number(const cohorts_report *c, const cohort_cell *cell);
/* The amount behind a cell; money in major units, so that one column holds amounts and counts. */
double cohorts_amount(const cohorts_report *c, const cohort_cell *cell);
/* Rate, low or high as it is shown: money per account in major units for revenue. */
double cohorts_rate(const cohorts_report *c, const cohort_cell *cell, double x);

const char *cohorts_unit(const cohorts_report *c);          /* "month" */
const char *cohorts_measure_label(const cohorts_report *c); /* "Logo retention" */
const char *cohorts_shown_words(const cohorts_report *c);   /* what a cell holds, for captions */
/* "% of accounts with ARR at the end of the month; 0 is the month of the start" */
void cohorts_caption(strbuf *out, const cohorts_report *c);
chart_format cohorts_format(const cohorts_report *c);
bool cohorts_is_money(const cohorts_report *c);

void cohorts_charts(document *d, doc_section *s, const cohorts_report *c);
void cohorts_cells_table(doc_section *s, const cohorts_report *c);

#endif
