/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "report/report.h"
#include "report/segments/quality.h"

static doc_cell side_cell(const hypothesis_result *r, size_t hits, size_t n, double x,
                          double minimum, words *counted)
{
    if (n == 0) {
        return cell_empty("no accounts for which it is known");
    }
    if (r->is_share && (double)n < minimum) {
        *counted = words_rate((share_figure){.hits = hits, .of = n});
        return cell_text(counted->text);
    }
    symbol sym = {.name = r->compare, .type = r->is_share ? VALUE_SHARE : r->type};
    return report_number_cell(&sym, x);
}

static void put_row(document *d, doc_table *t, const view *v, const hypothesis_result *r)
{
    double minimum = v->b->model->quality.minimum_accounts;
    words counted_where;
    words counted_against;
    words p = words_p(r->test.p_holm);
    int origin = document_provenance(d, r->sentence, r->compare, r->where);
    doc_cell cells[] = {
        cell_text(hypothesis_verdict_name(r->verdict)),
        cell_text(r->claim),
        with_origin(side_cell(r, r->hits_where, r->n_where, r->x_where, minimum, &counted_where),
                    origin),
        with_origin(
            side_cell(r, r->hits_against, r->n_against, r->x_against, minimum, &counted_against),
            origin),
        r->test.done ? cell_text(p.text) : cell_empty(r->test.why),
        cell_text(r->sentence)};
    doc_row(t, cells);
}

void report_hypotheses(document *d, doc_section *parent, const view *v,
                       const hypothesis_result *results, size_t n)
{
    static const doc_column columns[] = {
        {.key = "verdict", .label = "Verdict", .type = CELL_TEXT},
        {.key = "claim", .label = "Claim", .type = CELL_TEXT},
        {.key = "where", .label = "There", .type = CELL_NUMBER, .decimals = 2, .priority = 3},
        {.key = "against", .label = "Others", .type = CELL_NUMBER, .decimals = 2, .priority = 3},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2},
        {.key = "finding", .label = "Finding", .type = CELL_TEXT, .priority = 1}};
    doc_section *s = document_section(d, parent, "hypotheses", "Hypotheses");
    if (n == 0) {
        doc_paragraph(s, "The model states none. `hypotheses:` in strata.yaml takes claims with a "
                         "condition, a value to compare and the expected direction; each is "
                         "tested here.");
        return;
    }
    doc_table *t = doc_table_new(s, "hypotheses", NULL, columns, 6);
    for (size_t i = 0; i < n; i++) {
        put_row(d, t, v, &results[i]);
    }
}
