/* SPDX-License-Identifier: Apache-2.0 */
/* Is this a good segmentation? The quality card with its evidence. */
#include "analysis/quality_card.h"
#include "report/framework_parts.h"

static void card_table(framework *f, doc_section *s, const char *id, const char *caption,
                       const quality_row *rows, size_t n)
{
    static const doc_column columns[] = {
        {.key = "property", .label = "Property", .type = CELL_TEXT},
        {.key = "verdict", .label = "Verdict", .type = CELL_TEXT},
        {.key = "evidence", .label = "Evidence", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, id, caption, columns, 3);
    for (size_t i = 0; i < n; i++) {
        int origin =
            rows[i].test.done
                ? document_provenance(f->d,
                                      framework_text(f, "%s, %s %.2f, p after Holm %.3f",
                                                     rows[i].test.method, rows[i].test.effect_name,
                                                     rows[i].test.effect, rows[i].test.p_holm),
                                      NULL, NULL)
                : 0;
        doc_row(t,
                (doc_cell[]){cell_text(rows[i].label),
                             with_origin(cell_text(quality_verdict_name(rows[i].verdict)), origin),
                             cell_text(rows[i].evidence)});
    }
}

strata_status framework_quality(framework *f, strata_error *err)
{
    const quality_card *card = NULL;
    const quality_inputs inputs = {
        .warnings = f->in->warnings, .n_warnings = f->in->n_warnings, .last_run = f->in->last_run};
    STRATA_TRY(quality_card_make(f->s, f->def, &inputs, f->a, &card, err));
    doc_section *s = document_section(
        f->d, NULL, "quality",
        framework_text(f, "Quality: %zu of %zu properties pass%s", card->n_pass, card->n_rows,
                       card->n_fail > 0 ? framework_text(f, ", %zu fail%s", card->n_fail,
                                                         card->n_fail == 1 ? "s" : "")
                                        : ""));
    card_table(f, s, "quality", NULL, card->rows, card->n_rows);
    card_table(f, s, "pitfalls", "Usual pitfalls; pass: not the case here", card->pitfalls,
               card->n_pitfalls);
    return STRATA_OK;
}
