/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/migration.h"
#include "command/documents/kinds.h"
#include "report/migration/plan.h"

strata_status tell_migration(look *l, size_t most, document **out, strata_error *err)
{
    MIGRATION_ASK_AUTO migration_ask m = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    tier_change_request r = {0};
    STRATA_TRY(migration_ask_open(l, MIGRATION_PARTS_ALL, &m, err));
    m.in.most = most;
    STRATA_TRY(migration_ask_tiers(l, &m, &r, err));
    STRATA_TRY(look_document(l, "migration plan", "Migration plan", &d, err));
    STRATA_TRY(report_migration_plan(d, &m.in, &r, err));
    doc_next_step(d, "strata migration --account ACCOUNT");
    doc_next_step(d, "strata territories");
    *out = strata_steal(&d);
    return STRATA_OK;
}
