/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/quality.h"

#include <stdio.h>

#include "report/report.h"

void report_quality_title(strbuf *out, const quality_card *card)
{
    strbuf_printf(out, "%s: %zu of %zu checks passed", card->label, card->n_pass, card->n_rows);
    if (card->n_fail == 0) {
        strbuf_add(out, ", none failed");
        return;
    }
    strbuf_printf(out, ", %zu failed: ", card->n_fail);
    size_t told = 0;
    for (size_t i = 0; i < card->n_rows; i++) {
        if (card->rows[i].verdict == QUALITY_FAIL) {
            strbuf_printf(out, "%s%s", told++ > 0 ? ", " : "", card->rows[i].label);
        }
    }
}

static void put_rows(document *d, doc_section *s, const char *id, const view *v,
                     const quality_row *rows, size_t n)
{
    static const doc_column columns[] = {
        {.key = "verdict", .label = "Verdict", .type = CELL_TEXT},
        {.key = "check", .label = "Check", .type = CELL_TEXT},
        {.key = "evidence", .label = "Evidence", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, id, NULL, columns, 3);
    for (size_t i = 0; i < n; i++) {
        strbuf inputs STRBUF_AUTO;
        strbuf_init(&inputs, 0);
        for (size_t k = 0; k < rows[i].n_numbers; k++) {
            const named_value *x = &rows[i].numbers[k];
            strbuf_printf(&inputs, "%s%s: %s", k > 0 ? "; " : "", x->label,
                          words_value(x->x, x->type, report_currency(v->b)).text);
        }
        int origin = document_provenance(d, rows[i].test.done ? rows[i].test.method : NULL,
                                         inputs.len > 0 ? strbuf_text(&inputs) : rows[i].key, NULL);
        doc_cell cells[] = {with_origin(cell_text(quality_verdict_name(rows[i].verdict)), origin),
                            cell_text(rows[i].label), cell_text(rows[i].evidence)};
        doc_row(t, cells);
    }
}

void report_quality(document *d, doc_section *parent, const view *v, const quality_card *card)
{
    doc_section *s = document_section(d, parent, "quality", "Quality card");
    report_quality_chart(s, card);
    put_rows(d, s, "card", v, card->rows, card->n_rows);
    doc_section *pitfalls = document_section(d, parent, "pitfalls", "Known pitfalls");
    put_rows(d, pitfalls, "pitfalls", v, card->pitfalls, card->n_pitfalls);
}

void report_warnings(document *d, doc_section *parent, const model_warning *warnings, size_t n,
                     bool with_notes)
{
    size_t n_notes = 0;
    for (size_t i = 0; i < n; i++) {
        n_notes += warnings[i].note;
    }
    doc_section *s = document_section(d, parent, "rules", "What checking the rules found");
    if (n_notes == n) {
        doc_paragraph(s, "No mistakes.");
    }
    for (int notes = 0; notes <= (with_notes ? 1 : 0); notes++) {
        for (size_t i = 0; i < n; i++) {
            if (warnings[i].note == (notes == 1)) {
                doc_bullet(s, "%s%s", notes == 1 ? "" : "**Warning:** ", SAFE(d, warnings[i].text));
            }
        }
    }
    if (n_notes > 0 && !with_notes) {
        doc_paragraph(s,
                      "%s on overlaps that the order of the segments decides, and on gaps that the "
                      "last segment takes: `strata quality --notes` lists them.",
                      words_things((int64_t)n_notes, "note").text);
    }
}
