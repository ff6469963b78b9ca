/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/flows.h"

#include <stdlib.h>

#include "report/value.h"

void flow_add(flow *flows, size_t *n, segment_code from, segment_code to, int64_t value)
{
    size_t k = 0;
    while (k < *n && (flows[k].from != from || flows[k].to != to)) {
        k++;
    }
    if (k == *n) {
        flows[(*n)++] = (flow){.from = from, .to = to};
    }
    flows[k].n++;
    flows[k].value += value;
}

static int by_count(const void *a, const void *b)
{
    const flow *x = a;
    const flow *y = b;
    if (x->n != y->n) {
        return x->n > y->n ? -1 : 1;
    }
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    return (x->to > y->to) - (x->to < y->to);
}

void report_flows(doc_section *s, flow_side from, flow_side to, const char *value_label,
                  flow *flows, size_t n)
{
    const doc_column columns[] = {
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value", .label = value_label, .type = CELL_MONEY}};
    qsort(flows, n, sizeof *flows, by_count);
    doc_table *t = doc_table_new(s, "flows", NULL, columns, value_label != NULL ? 4 : 3);
    for (size_t k = 0; k < n; k++) {
        doc_row(t, (doc_cell[]){cell_text(report_segment_label(from.b, from.def, flows[k].from)),
                                cell_text(report_segment_label(to.b, to.def, flows[k].to)),
                                cell_count(flows[k].n), cell_money(flows[k].value)});
    }
}
