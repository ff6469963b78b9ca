/* SPDX-License-Identifier: Apache-2.0 */
#include "report/persona/personas.h"

#include "document/chart.h"
#include "report/persona/parts.h"
#include "report/segments/segment_traits.h"

static const char *main_type(const personas *p, const segment_profile *s)
{
    const buyers_segment *b = p->buyers.why == NULL ? &p->buyers.segments[s->code] : NULL;
    return b == NULL ? NULL : b->main != NULL ? b->main->label : "mixed";
}

static void put_row(document *d, doc_table *t, const personas *p, const segment_profile *s)
{
    words too_few = report_too_few(p->study->v->b);
    const char *no_rate = p->profile->has_arr ? too_few.text : "needs ARR";
    const char *type = main_type(p, s);
    int origin =
        report_segment_origin(d, p->study->v->b, p->profile->def, s->code,
                              "Accounts in the segment at the as-of date.", p->profile->name);
    const preference_row *best = p->preference.segments[s->code].best_channel;
    const char *no_best =
        p->preference.known ? "no channel is answered more beyond chance" : "needs touchpoints";
    doc_row(t, (doc_cell[]){
                   cell_text(s->label), with_origin(cell_count((int64_t)s->accounts), origin),
                   report_figure_cell(s->account_share, CELL_SHARE),
                   p->profile->has_value ? cell_money(s->value_minor) : cell_empty(NULL),
                   report_figure_cell(s->value_share, CELL_SHARE),
                   report_ratio_cell(s->nrr, no_rate), report_rate_cell(s->logo_churn, no_rate),
                   type != NULL ? cell_text(type) : cell_empty(p->buyers.why),
                   best != NULL ? cell_text(best->label) : cell_empty(no_best)});
}

/* Of one persona, or of all for NULL. */
static void put_table(document *d, const personas *p, const segment_profile *only)
{
    const doc_column columns[] = {
        {.key = "persona", .label = "Persona", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "account_share", .label = "%", .type = CELL_SHARE, .priority = 1},
        {.key = p->profile->has_arr ? "arr" : "spend_365d",
         .label = p->profile->has_arr ? "ARR" : "Spend 365 d",
         .type = CELL_MONEY},
        {.key = "value_share", .label = "%", .type = CELL_SHARE, .priority = 1, .bar = true},
        {.key = "nrr", .label = "NRR 12m", .type = CELL_SHARE, .priority = 2},
        {.key = "churn", .label = "Churn", .type = CELL_SHARE, .priority = 2},
        {.key = "buyer", .label = "Buyer", .type = CELL_TEXT},
        {.key = "channel", .label = "Answers", .type = CELL_TEXT, .priority = 3}};
    doc_section *s = document_section(d, NULL, "personas", NULL);
    doc_table *t = doc_table_new(s, "personas", NULL, columns, 9);
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        const segment_profile *one = &p->profile->segments[i];
        if (one->accounts > 0 && (only == NULL || only == one)) {
            put_row(d, t, p, one);
        }
    }
}

static strata_status put_portraits(document *d, const personas *p, strata_error *err)
{
    doc_section *s = document_section(d, NULL, "portraits", "In a line each");
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        const segment_profile *one = &p->profile->segments[i];
        if (one->accounts == 0) {
            continue;
        }
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        persona_portrait(&text, p, one);
        STRATA_TRY(strbuf_status(&text, err));
        doc_bullet(s, "**%s.** %s", SAFE(d, one->label), SAFE(d, strbuf_text(&text)));
    }
    return STRATA_OK;
}

strata_status report_personas(document *d, const personas *p, strata_error *err)
{
    put_table(d, p, NULL);
    STRATA_TRY(put_portraits(d, p, err));
    persona_role_map(d, p);
    persona_anti(d, p);
    return document_status(d, err);
}

strata_status report_persona(document *d, doc_section *parent, const personas *p,
                             const segment_profile *s, strata_error *err)
{
    persona_page x = persona_page_of(d, parent, p, s);
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    persona_portrait(&text, p, s);
    STRATA_TRY(strbuf_status(&text, err));
    if (parent == NULL) {
        put_table(d, p, s);
    }
    doc_section *head = document_section(d, parent, "portrait", NULL);
    doc_paragraph(head, "%s", SAFE(d, strbuf_text(&text)));
    persona_firmographics(&x);
    persona_goals(&x);
    persona_pains(&x);
    persona_leans(&x);
    persona_engagement(&x);
    persona_committee(&x);
    persona_buyers(&x);
    persona_decisions(&x);
    report_success(d, parent, p->study->v, p->profile, s);
    persona_worth(&x);
    persona_plays(&x);
    return document_status(d, err);
}

strata_status report_persona_book(document *d, const personas *p, size_t most, strata_error *err)
{
    put_table(d, p, NULL);
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        const segment_profile *s = &p->profile->segments[i];
        if (s->accounts == 0) {
            continue;
        }
        STRBUF_AUTO strbuf title;
        strbuf_init(&title, 0);
        report_persona_title(&title, p, s);
        doc_section *page = document_section(d, NULL, "persona", strbuf_text(&title));
        STRATA_TRY(report_persona(d, page, p, s, err));
    }
    persona_anti(d, p);
    persona_role_map(d, p);
    persona_gaps(d, p, most);
    persona_method(d, p);
    return document_status(d, err);
}
