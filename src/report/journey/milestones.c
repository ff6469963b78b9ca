/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "report/segments/quality.h"

void report_milestones(document *d, doc_section *parent, const view *v, const milestones *m)
{
    static const doc_column columns[] = {
        {.key = "milestone", .label = "Milestone", .type = CELL_TEXT},
        {.key = "reached", .label = "Reached", .type = CELL_COUNT},
        {.key = "of", .label = "Of", .type = CELL_COUNT, .priority = 1},
        {.key = "share", .label = "%", .type = CELL_SHARE, .bar = true},
        {.key = "low", .label = "95 % from", .type = CELL_SHARE, .priority = 3},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 3},
        {.key = "when", .label = "When", .type = CELL_TEXT, .priority = 2}};
    if (m->n == 0) {
        return;
    }
    words too_few = report_too_few(v->b);
    doc_section *s = document_section(d, parent, "milestones", "Reached by day 90");
    doc_paragraph(s, "%s had their 90th day between %s and %s; %s still to have it.",
                  words_things((int64_t)m->eligible, "account").text, words_day(m->from).text,
                  words_day(m->to).text, words_things((int64_t)m->too_young, "account").text);
    doc_table *t = doc_table_new(s, "milestones", NULL, columns, 7);
    for (size_t i = 0; i < m->n; i++) {
        const milestone_result *r = &m->items[i];
        int origin = document_provenance(
            d,
            "Accounts for which the condition held at the end of their 90th day, over those for "
            "which it is known.",
            r->when, NULL);
        doc_cell unknown = cell_empty(r->why);
        doc_cell cells[] = {
            cell_text(r->name),
            r->measured ? with_origin(cell_count((int64_t)r->share.hits), origin) : unknown,
            r->measured ? cell_count((int64_t)r->share.of) : unknown,
            r->measured ? with_origin(report_rate_cell(r->share, too_few.text), origin) : unknown,
            r->measured && r->share.stated ? cell_share(r->share.low) : cell_empty(NULL),
            r->measured && r->share.stated ? cell_share(r->share.high) : cell_empty(NULL),
            cell_text(r->when)};
        doc_row(t, cells);
    }
}
