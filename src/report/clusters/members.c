/* SPDX-License-Identifier: Apache-2.0 */
/* Who is where. */
#include <math.h>

#include "report/clusters/parts.h"

/* The cluster whose rule the account meets; SIZE_MAX: none. */
static doc_cell by_rule(const clusters_report *r, size_t row)
{
    uint32_t c = r->c->rules.placed[row];
    return c < r->c->fit.k ? cell_text(r->names[c]) : cell_empty("meets no rule");
}

strata_status clusters_put_members(const clusters_report *r, doc_section *parent, strata_error *err)
{
    (void)err;
    const clusters *c = r->c;
    bool worth = c->profiles.has_worth;
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1},
        {.key = "cluster", .label = "Cluster", .type = CELL_TEXT},
        {.key = "by_rule", .label = "By its rule", .type = CELL_TEXT, .priority = 2},
        {.key = "value", .label = r->v->has_arr ? "ARR" : "Spend 12m", .type = CELL_MONEY}};
    doc_section *s = document_section(r->d, parent, "members", "Accounts");
    doc_table *t = doc_table_new(s, "members", NULL, columns, worth ? 5 : 4);
    for (size_t i = 0; i < c->points.n; i++) {
        size_t account = c->points.account[i];
        doc_row(t,
                (doc_cell[]){cell_text(r->v->p->ids[account]), cell_text(r->v->p->names[account]),
                             cell_text(r->names[c->fit.label[i]]), by_rule(r, i),
                             cell_money(view_value_minor(r->v, account))});
    }
    return STRATA_OK;
}
