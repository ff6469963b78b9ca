/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/roadmap.h"
#include "command/documents/kinds.h"
#include "report/plan/roadmap.h"

strata_status tell_roadmap(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    strategy s = {0};
    roadmap made = {0};
    territory_request request = {0};
    const territory *t = NULL;
    const char *why_not = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    (void)most;
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(strategy_open(l, &s, err));
    if (s.no_work == NULL) {
        STRATA_TRY(books_ask(l, &s, &request, &t, &why_not, err));
    }
    STRATA_TRY(roadmap_ask(l, &s, t, &made, err));
    report_roadmap_title(&title, &made);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "roadmap", strbuf_text(&title), &d, err));
    report_roadmap(d, NULL, &made, l->bound);
    doc_next_step(d, "strata report readiness");
    doc_next_step(d, "strata report proposal");
    *out = strata_steal(&d);
    return STRATA_OK;
}
