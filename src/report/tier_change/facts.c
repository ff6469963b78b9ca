/* SPDX-License-Identifier: Apache-2.0 */
/* The facts that who takes over needs, and compares with later. */
#include <math.h>

#include "report/tier_change/parts.h"

static const size_t facts[] = {
    FEATURE_TENURE,       FEATURE_ARR_GROWTH_12M,    FEATURE_RENEWAL_IN,  FEATURE_ACTIVE_USERS_30D,
    FEATURE_ADOPTION,     FEATURE_FEATURES_USED_90D, FEATURE_NPS_LAST,    FEATURE_OPEN_TICKETS,
    FEATURE_HAS_CHAMPION, FEATURE_LAST_TOUCH,        FEATURE_TOUCHES_365D};

strata_status tier_put_facts(document *d, doc_section *parent, const tier_papers_input *in,
                             const filled_paper *f, strata_error *err)
{
    static const doc_column columns[] = {{.key = "fact", .label = "Fact", .type = CELL_TEXT},
                                         {.key = "value", .label = "Is", .type = CELL_TEXT}};
    const char *currency = report_currency(in->v->b);
    doc_section *s = document_section(d, parent, "brief", "Brief for who takes over");
    STRATA_TRY(paper_put_part(s, f, "brief", err));
    doc_table *t = doc_table_new(s, "brief", NULL, columns, 2);
    if (in->v->value != NULL) {
        doc_row(t,
                (doc_cell[]){cell_text(in->v->value_label),
                             words_cell(t, words_money(view_value_minor(in->v, in->change->account),
                                                       currency))});
    }
    for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++) {
        const symbol *sym = &in->v->b->scope.symbols[facts[k]];
        double x = tier_fact(in, facts[k]);
        const char *label = sym->label != NULL ? sym->label : sym->name;
        doc_row(t, (doc_cell[]){cell_text(label),
                                isnan(x) ? cell_empty(sym->missing_because)
                                         : words_cell(t, words_value(x, sym->type, currency))});
    }
    return document_status(d, err);
}
