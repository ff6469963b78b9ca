/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/data_quality.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int64_t total_rejected(const ingest_summary *summary)
{
    int64_t n = 0;
    for (size_t i = 0; i < summary->n_sources; i++) {
        n += summary->sources[i].n_rejected;
    }
    return n;
}

static void source_table(doc_section *s, const ingest_summary *summary)
{
    static const doc_column columns[] = {
        {.key = "source", .label = "Source", .type = CELL_TEXT},
        {.key = "read", .label = "Read", .type = CELL_COUNT},
        {.key = "loaded", .label = "Loaded", .type = CELL_COUNT},
        {.key = "rejected", .label = "Rejected", .type = CELL_COUNT},
        {.key = "unknown_accounts", .label = "Unknown account", .type = CELL_COUNT, .priority = 2},
        {.key = "left_out", .label = "Left out", .type = CELL_COUNT, .priority = 3},
        {.key = "first_day", .label = "From", .type = CELL_DATE, .priority = 1},
        {.key = "last_day", .label = "To", .type = CELL_DATE},
        {.key = "path", .label = "Path", .type = CELL_TEXT, .priority = 4}};
    doc_table *t = doc_table_new(s, "sources", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < summary->n_sources; i++) {
        const ingest_source_summary *x = &summary->sources[i];
        doc_row(t,
                (doc_cell[]){cell_text(x->entity), cell_count(x->n_read), cell_count(x->n_loaded),
                             cell_count(x->n_rejected), cell_count(x->n_unknown_accounts),
                             cell_count(x->n_left_out), cell_date(x->first_day),
                             cell_date(x->last_day), cell_text(x->path)});
    }
}

/* What people are called and where they are reached stays out of reports. */
static doc_cell value_cell(const ingest_reason *r)
{
    if (strcmp(r->entity, "contacts") == 0) {
        return cell_empty("values of contacts are in the file only");
    }
    return r->value != NULL && *r->value != '\0' ? cell_text(r->value) : cell_empty("no value");
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void reason_table(doc_section *s, const ingest_summary *summary)
{
    static const doc_column columns[] = {
        {.key = "source", .label = "Source", .type = CELL_TEXT},
        {.key = "column", .label = "Column", .type = CELL_TEXT},
        {.key = "reason", .label = "Why rejected", .type = CELL_TEXT},
        {.key = "rows", .label = "Rows", .type = CELL_COUNT},
        {.key = "value", .label = "First value", .type = CELL_TEXT, .priority = 1},
        {.key = "line", .label = "Line", .type = CELL_COUNT, .priority = 2},
        {.key = "path", .label = "File", .type = CELL_TEXT, .priority = 3}};
    doc_table *t = doc_table_new(s, "reject_reasons", "Why rows were rejected, with the first row",
                                 columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < summary->n_reasons; i++) {
        const ingest_reason *r = &summary->reasons[i];
        doc_row(t, (doc_cell[]){cell_text(r->entity),
                                r->column != NULL ? cell_text(r->column) : cell_empty(NULL),
                                cell_text(r->reason), cell_count(r->n), value_cell(r),
                                cell_count(r->line), cell_text(file_name(r->path))});
    }
}

static void finding_table(doc_section *s, const ingest_summary *summary)
{
    static const doc_column columns[] = {
        {.key = "source", .label = "Source", .type = CELL_TEXT},
        {.key = "finding", .label = "Finding", .type = CELL_TEXT},
        {.key = "rows", .label = "Rows", .type = CELL_COUNT},
        {.key = "example", .label = "For example", .type = CELL_TEXT}};
    doc_table *t =
        doc_table_new(s, "findings", "Loaded all the same, but worth a look", columns, 4);
    for (size_t i = 0; i < summary->n_findings; i++) {
        const ingest_finding *f = &summary->findings[i];
        doc_row(t, (doc_cell[]){cell_text(f->entity), cell_text(f->kind), cell_count(f->n),
                                f->example != NULL ? cell_text(f->example) : cell_empty(NULL)});
    }
}

void report_data_quality(document *d, doc_section *parent, const ingest_summary *summary, day now,
                         const char *rejects_path)
{
    char title[128];
    int64_t rejected = total_rejected(summary);
    if (rejected == 0) {
        (void)snprintf(title, sizeof title, "All rows were loaded");
    } else {
        (void)snprintf(title, sizeof title, "%" PRId64 " %s rejected", rejected,
                       rejected == 1 ? "row was" : "rows were");
    }
    doc_section *s = document_section(d, parent, "data-quality", title);
    report_data_charts(s, summary, now);
    source_table(s, summary);
    if (summary->n_reasons > 0) {
        reason_table(s, summary);
    }
    if (rejected > 0 && rejects_path != NULL) {
        doc_paragraph(s, "Rejected rows, with file, line, column and reason: `%s`",
                      document_escape(d, rejects_path));
    }
    if (summary->accounts_derived) {
        doc_note(
            s, "note",
            "There is no accounts source: the accounts are the customers that the facts name.");
    }
    if (summary->n_findings > 0) {
        finding_table(s, summary);
    }
}
