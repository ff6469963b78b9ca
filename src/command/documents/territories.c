/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/territories.h"
#include "command/documents/kinds.h"

/* All moves are listed unless --limit asks for fewer: a plan is there to be carried out. */
strata_status tell_territories(look *l, size_t most, document **out, strata_error *err)
{
    territories_ask t = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    STRATA_TRY(look_dates(l, NULL, err));
    territories_usual(l, &t.input.request);
    t.input.shown = call_value(l->c, "limit") != NULL ? most : SIZE_MAX;
    STRATA_TRY(territories_ask_read(l, NULL, &t, err));
    report_territories_title(&title, &t.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "territories", strbuf_text(&title), &d, err));
    STRATA_TRY(report_territories(d, NULL, &t.input, err));
    if (t.plan.n_moves > 0) {
        doc_next_step(d, "strata territories -f csv -o moves.csv --undo undo.csv");
    }
    *out = strata_steal(&d);
    return STRATA_OK;
}
