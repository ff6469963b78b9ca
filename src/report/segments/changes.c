/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "report/cohorts/flows.h"
#include "report/value.h"
#include "report/words.h"
#include "segment/view.h"

const char *report_cause_words(change_cause cause)
{
    switch (cause) {
    case CHANGE_NEW:
        return "new account";
    case CHANGE_LEFT:
        return "left the customers";
    case CHANGE_RETURNED:
        return "became a customer";
    case CHANGE_RULE:
        return "a rule's condition changed";
    case CHANGE_WAITED:
        return "waiting time passed";
    case CHANGE_PINNED:
        return "pinned by a person";
    case CHANGE_UNPINNED:
        return "pin ended";
    case CHANGE_DEFINITION:
        return "the definition changed";
    }
    return "";
}

static int64_t worth(const changes_input *in, uint32_t account)
{
    return in->value != NULL ? money_minor(in->value[account]) : 0;
}

static void cause_table(const changes_input *in, doc_section *s)
{
    size_t counts[CHANGE_DEFINITION + 1] = {0};
    for (size_t i = 0; i < in->n; i++) {
        counts[in->items[i].cause]++;
    }
    static const doc_column columns[] = {
        {.key = "cause", .label = "Cause", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true}};
    doc_table *t = doc_table_new(s, "causes", NULL, columns, 2);
    for (int cause = 0; cause <= CHANGE_DEFINITION; cause++) {
        if (counts[cause] > 0) {
            doc_row(t, (doc_cell[]){cell_text(report_cause_words((change_cause)cause)),
                                    cell_count((int64_t)counts[cause])});
        }
    }
}

/* Order of the list: worth most first. */
typedef struct listed {
    const membership_change *change;
    int64_t value;
} listed;

static int by_worth(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->change->account > y->change->account) - (x->change->account < y->change->account);
}

static void account_table(const changes_input *in, doc_section *s, const listed *list)
{
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 3},
        {.key = "value", .label = in->value_label, .type = CELL_MONEY},
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "cause", .label = "Why", .type = CELL_TEXT},
        {.key = "clause", .label = "Rule", .type = CELL_TEXT, .priority = 2},
        {.key = "before", .label = "Was", .type = CELL_TEXT, .priority = 1},
        {.key = "after", .label = "Is", .type = CELL_TEXT, .priority = 1}};
    size_t n = in->most > 0 && in->most < in->n ? in->most : in->n;
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < n; i++) {
        const membership_change *c = list[i].change;
        doc_row(t,
                (doc_cell[]){cell_text(in->p->ids[c->account]), cell_text(in->p->names[c->account]),
                             in->value != NULL ? cell_money(list[i].value) : cell_empty(NULL),
                             cell_text(report_segment_label(in->b, in->def, c->from)),
                             cell_text(report_segment_label(in->b, in->def, c->to)),
                             cell_text(report_cause_words(c->cause)),
                             c->clause != NULL ? cell_text(c->clause) : cell_empty(NULL),
                             c->before != NULL ? cell_text(c->before) : cell_empty(NULL),
                             c->after != NULL ? cell_text(c->after) : cell_empty(NULL)});
    }
    if (n < in->n) {
        doc_table_footnote(t, "%zu more; --limit shows them", in->n - n);
    }
}

strata_status report_changes(document *d, doc_section *parent, const changes_input *in,
                             strata_error *err)
{
    char since[32];
    char as_of[32];
    char title[200];
    day_format_long(in->since, since, sizeof since);
    day_format_long(in->as_of, as_of, sizeof as_of);
    (void)snprintf(title, sizeof title, "%s moved between %s and %s",
                   words_things((int64_t)in->n, "account").text, since, as_of);
    doc_section *s = document_section(d, parent, "changes", in->n > 0 ? title : "No account moved");
    if (in->n == 0) {
        doc_paragraph(s, "Between %s and %s every account stayed in its segment.", since, as_of);
        return STRATA_OK;
    }
    STRATA_AUTO_FREE flow *flows = STRATA_NEW_ARRAY(in->n, flow);
    STRATA_AUTO_FREE listed *list = STRATA_NEW_ARRAY(in->n, listed);
    if (flows == NULL || list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing %zu changes", in->n);
    }
    size_t n_flows = 0;
    for (size_t i = 0; i < in->n; i++) {
        int64_t value = worth(in, in->items[i].account);
        flow_add(flows, &n_flows, in->items[i].from, in->items[i].to, value);
        list[i] = (listed){.change = &in->items[i], .value = value};
    }
    qsort(list, in->n, sizeof *list, by_worth);
    report_flows(s, (flow_side){in->b, in->def}, (flow_side){in->b, in->def},
                 in->value != NULL ? in->value_label : NULL, flows, n_flows);
    cause_table(in, s);
    account_table(in, s, list);
    return STRATA_OK;
}
