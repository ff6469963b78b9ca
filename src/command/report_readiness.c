/* SPDX-License-Identifier: Apache-2.0 */
#include "command/readiness_ask.h"
#include "command/report_kinds.h"

strata_status tell_readiness(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    const call *c = l->c;
    const readiness_gap *gaps = NULL;
    readiness_report r = {0};
    size_t n_gaps = 0;
    (void)most;
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(look_view(l, NULL, 0, err));
    STRATA_TRY(readiness(l->project->store, l->project->model, c->arena, &r, err));
    STRATA_TRY(readiness_gaps(c, l->project, &gaps, &n_gaps, err));
    STRATA_TRY(look_document(l, "readiness", "What this data can carry", &d, err));
    report_readiness(d, NULL, &r, gaps, n_gaps);
    doc_next_step(d, "strata quality");
    *out = strata_steal(&d);
    return STRATA_OK;
}
