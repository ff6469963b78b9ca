/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/readiness.h"

#include <stdio.h>

static void warnings(document *d, doc_section *parent, const readiness_report *r)
{
    if (r->n_warnings == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "warnings", "Is segmentation the right tool?");
    for (size_t i = 0; i < r->n_warnings; i++) {
        doc_note(s, "warning", "%s", document_escape(d, r->warnings[i].text));
    }
}

static void analyses(document *d, doc_section *parent, const readiness_report *r)
{
    static const doc_column columns[] = {
        {.key = "analysis", .label = "Analysis", .type = CELL_TEXT},
        {.key = "runs", .label = "Runs", .type = CELL_BOOL},
        {.key = "missing", .label = "Missing", .type = CELL_TEXT}};
    char title[96];
    (void)snprintf(title, sizeof title, "%zu of %zu analyses run on this data", r->n_running,
                   r->n_analyses);
    doc_section *s = document_section(d, parent, "analyses", title);
    doc_table *t = doc_table_new(s, "analyses", NULL, columns, 3);
    for (size_t i = 0; i < r->n_analyses; i++) {
        const readiness_analysis *a = &r->analyses[i];
        doc_row(t, (doc_cell[]){cell_text(a->analysis), cell_bool(a->runs),
                                a->runs ? cell_empty(NULL) : cell_text(a->missing)});
    }
}

static void inputs(document *d, doc_section *parent, const readiness_report *r)
{
    static const doc_column columns[] = {
        {.key = "input", .label = "Input", .type = CELL_TEXT},
        {.key = "alone", .label = "Switches on", .type = CELL_COUNT},
        {.key = "with_others", .label = "Helps with", .type = CELL_COUNT},
        {.key = "enables", .label = "Which", .type = CELL_TEXT, .priority = 1}};
    doc_section *s = document_section(d, parent, "inputs",
                                      r->n_inputs > 0 ? "Inputs that would add most"
                                                      : "There is no input left that would add");
    if (r->n_inputs == 0) {
        return;
    }
    doc_table *t = doc_table_new(s, "inputs", NULL, columns, 4);
    for (size_t i = 0; i < r->n_inputs; i++) {
        const readiness_input *in = &r->inputs[i];
        doc_row(t, (doc_cell[]){cell_text(in->input), cell_count((int64_t)in->n_alone),
                                cell_count((int64_t)in->n_with_others), cell_text(in->enables)});
    }
    doc_table_footnote(t,
                       "'Switches on' counts analyses that need nothing else, 'helps with' those "
                       "that need another input too.");
}

static void model_gaps(document *d, doc_section *parent, const readiness_gap *gaps, size_t n)
{
    static const doc_column columns[] = {
        {.key = "name", .label = "Definition", .type = CELL_TEXT},
        {.key = "reason", .label = "Missing because", .type = CELL_TEXT}};
    if (n == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "definitions",
                                      "Definitions of the model that this data does not yield");
    doc_table *t = doc_table_new(s, "definitions", NULL, columns, 2);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_text(gaps[i].name), cell_text(gaps[i].reason)});
    }
}

void report_readiness(document *d, doc_section *parent, const readiness_report *r,
                      const readiness_gap *gaps, size_t n_gaps)
{
    warnings(d, parent, r);
    analyses(d, parent, r);
    inputs(d, parent, r);
    model_gaps(d, parent, gaps, n_gaps);
}

void report_readiness_method(document *d)
{
    doc_section *s = document_section(d, NULL, "method", "How it was computed");
    doc_bullet(s, "**An analysis runs** when every source and column that it needs holds values up "
                  "to the as-of date; whether there are enough accounts to say something, it "
                  "says itself.");
    doc_bullet(s, "**An input** is what one or more analyses lack; those that switch on most alone "
                  "come first, then those that help with most.");
    doc_bullet(s, "**Days of work** are what `roadmap` of the model file assumes for one of a "
                  "kind, times how many there are: they are assumptions, the counts are not.");
}
