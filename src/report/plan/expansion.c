/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/movements.h"
#include "report/report.h"

void report_expansion(document *d, doc_section *parent, const movements_input *in,
                      const expansion_input *x)
{
    const doc_column columns[] = {
        {.key = "group", .label = x->kind, .type = CELL_TEXT},
        {.key = "accounts", .label = "Expanded", .type = CELL_COUNT},
        {.key = "expansion", .label = "Expansion", .type = CELL_MONEY, .bar = true},
        {.key = "share", .label = "Of all", .type = CELL_SHARE, .priority = 1},
        {.key = "base", .label = "Base", .type = CELL_COUNT, .priority = 3},
        {.key = "base_arr", .label = "Base ARR", .type = CELL_MONEY, .priority = 2},
        {.key = "base_expansion", .label = "From base", .type = CELL_MONEY, .priority = 4},
        {.key = "rate", .label = "Of base ARR", .type = CELL_SHARE},
        {.key = "low", .label = "Low", .type = CELL_SHARE, .priority = 2},
        {.key = "high", .label = "High", .type = CELL_SHARE, .priority = 2},
        {.key = "movements", .label = "Times", .type = CELL_COUNT, .priority = 5}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    int64_t all = bridge_all(in->window, 0)->minor[ARR_EXPANSION];
    doc_section *s = document_section(d, parent, x->id, x->title);
    doc_table *t = doc_table_new(s, x->id, NULL, columns, COLUMNS);
    for (size_t i = 0; i < x->table->n; i++) {
        const expansion_row *r = &x->table->rows[i];
        doc_cell cells[COLUMNS] = {
            cell_text(r->label),
            cell_count((int64_t)r->accounts),
            cell_money(r->minor),
            all > 0 ? cell_share((double)r->minor / (double)all) : cell_empty("no expansion"),
            cell_count((int64_t)r->base),
            cell_money(r->base_minor),
            cell_money(r->base_expansion),
            r->base_minor > 0 ? cell_share((double)r->base_expansion / (double)r->base_minor)
                              : cell_empty("no ARR at the beginning"),
            r->has_interval ? cell_share(r->low) : cell_empty("too few accounts"),
            r->has_interval ? cell_share(r->high) : cell_empty("too few accounts"),
            cell_count((int64_t)r->movements)};
        doc_row(t, cells);
    }
    doc_table_footnote(t, "%s", x->footnote);
    doc_table_footnote(t, "Low and high: 95 %% interval of expansion over base ARR, bootstrap of "
                          "accounts.");
}

void report_losses(document *d, doc_section *parent, const movements_input *in,
                   const loss_row *rows, size_t n)
{
    static const doc_column columns[] = {
        {.key = "reason", .label = "Reason", .type = CELL_TEXT},
        {.key = "accounts", .label = "Churned", .type = CELL_COUNT},
        {.key = "churn", .label = "Churn", .type = CELL_MONEY, .bar = true},
        {.key = "share", .label = "Of churn", .type = CELL_SHARE},
        {.key = "contraction", .label = "Contraction", .type = CELL_MONEY, .priority = 1},
        {.key = "shrank", .label = "Shrank", .type = CELL_COUNT, .priority = 2},
        {.key = "delinquent", .label = "Failed payment", .type = CELL_BOOL, .priority = 3}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    int64_t all = bridge_all(in->window, 0)->minor[ARR_CHURN];
    doc_section *s = document_section(d, parent, "losses", "Losses by reason");
    if (n == 0 || rows[0].reason == NULL) {
        doc_note(s, "missing",
                 n == 0 ? "Nothing was lost in this time."
                        : "No loss has a reason: a column mapped to reason in the arr source "
                          "switches this on.");
        return;
    }
    doc_table *t = doc_table_new(s, "losses", NULL, columns, COLUMNS);
    for (size_t i = 0; i < n; i++) {
        const loss_row *r = &rows[i];
        doc_cell cells[COLUMNS] = {cell_text(r->reason != NULL ? r->reason : "Not recorded"),
                                   cell_count((int64_t)r->accounts[LOSS_CHURN]),
                                   cell_money(r->minor[LOSS_CHURN]),
                                   all > 0 ? cell_share((double)r->minor[LOSS_CHURN] / (double)all)
                                           : cell_empty("no churn"),
                                   cell_money(r->minor[LOSS_CONTRACTION]),
                                   cell_count((int64_t)r->accounts[LOSS_CONTRACTION]),
                                   r->reason != NULL ? cell_bool(r->delinquent) : cell_empty(NULL)};
        doc_row(t, cells);
    }
    doc_table_footnote(t, "Failed payment: the reason names a payment that failed, by its words; "
                          "such churn is delinquent, all other voluntary.");
}
