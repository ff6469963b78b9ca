/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/segment_outcomes.h"

#include "report/report.h"

typedef struct measure {
    const char *label, *definition;
    doc_cell here, all;
    bool left_out;
} measure;

static void put_measure(document *d, doc_table *t, const measure *m)
{
    int origin =
        document_provenance(d, m->definition, "arr, arr_12m_ago, memberships a year ago", NULL);
    doc_row(t, (doc_cell[]){cell_text(m->label), with_origin(m->here, origin),
                            with_origin(m->all, origin)});
}

void report_segment_outcomes(document *d, doc_section *s, const char *id, const segment_outcomes *o)
{
    static const doc_column columns[] = {
        {.key = "measure", .label = "12 months", .type = CELL_TEXT},
        {.key = "here", .label = "Here", .type = CELL_NUMBER},
        {.key = "all", .label = "All", .type = CELL_NUMBER}};
    const segment_profile *one = o->one;
    const segment_profile *all = o->all;
    words too_few = report_too_few(o->v->b);
    const measure rows[] = {
        {.label = "NRR",
         .definition = "Net revenue retention over 12 months, point to point.",
         .here = report_ratio_cell(one->nrr, too_few.text),
         .all = report_ratio_cell(all->nrr, too_few.text)},
        {.label = "GRR",
         .definition = "Gross revenue retention over 12 months, point to point.",
         .here = report_ratio_cell(one->grr, too_few.text),
         .all = report_ratio_cell(all->grr, too_few.text)},
        {.label = "Churned accounts",
         .definition = "Share of the accounts of a year ago that have no ARR now.",
         .here = report_rate_cell(one->logo_churn, too_few.text),
         .all = report_rate_cell(all->logo_churn, too_few.text)},
        {.label = "Expanded accounts",
         .definition = "Share of the accounts of a year ago that have more ARR now than then.",
         .here = report_rate_cell(one->expanded, too_few.text),
         .all = report_rate_cell(all->expanded, too_few.text),
         .left_out = !o->expanded},
        {.label = "LTV (ARPA / churn)",
         .definition = "ARR a year ago of an account, over the churn of the 12 months since; "
                       "undefined without churn.",
         .here = report_figure_cell(one->ltv, CELL_MONEY),
         .all = report_figure_cell(all->ltv, CELL_MONEY)}};
    doc_table *t = doc_table_new(s, id, NULL, columns, 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].left_out) {
            put_measure(d, t, &rows[i]);
        }
    }
}
