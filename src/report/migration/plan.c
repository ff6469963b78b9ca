/* SPDX-License-Identifier: Apache-2.0 */
#include "report/migration/plan.h"

#include <math.h>

#include "report/migration/parts.h"
#include "report/tier_change/tier_change.h"

/* --- held back --- */

/* Of each exception that holds, what it saw of the account and what to do instead. */
static const char *reasons(const migration_input *in, const migration_candidate *c)
{
    const model_tier_change *t = &in->v->b->model->tier_change;
    const char *text = "";
    for (size_t k = 0; k < t->n_exceptions; k++) {
        if ((c->held >> k & 1U) != 0) {
            const char *why = t->exceptions[k].why;
            const char *said = c->held_said != NULL ? c->held_said[k] : NULL;
            text =
                SAY(in, "%s%s%s%s%s", text, text[0] != '\0' ? ". " : "", said != NULL ? said : "",
                    said != NULL ? ". " : "", why != NULL ? why : t->exceptions[k].name);
        }
    }
    return text;
}

static void put_held(document *d, const migration_input *in)
{
    static const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "value", .label = "Worth", .type = CELL_MONEY},
        {.key = "from", .label = "Now", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "held_back", .label = "Held back by", .type = CELL_TEXT},
        {.key = "renewal_on", .label = "Renewal", .type = CELL_DATE, .priority = 1},
        {.key = "instead",
         .label = "Why, and what to do instead",
         .type = CELL_TEXT,
         .priority = 1}};
    const migration_candidates *c = in->candidates;
    if (c->n_held == 0) {
        return;
    }
    doc_section *s = document_section(d, NULL, "held",
                                      SAY(in, "%s held back: not spoken to of it now",
                                          words_things((int64_t)c->n_held, "candidate").text));
    doc_table *t = doc_table_new(s, "held", NULL, columns, sizeof columns / sizeof columns[0]);
    size_t shown = 0;
    for (size_t i = 0; i < c->n && shown < in->most; i++) {
        const migration_candidate *x = &c->items[i];
        if (x->held == 0) {
            continue;
        }
        day renewal =
            isnan(x->renewal_in) ? DAY_MISSING : in->v->as_of + (day)lround(x->renewal_in);
        doc_row(t, (doc_cell[]){
                       cell_text(in->v->p->ids[x->account]), cell_text(in->v->p->names[x->account]),
                       in->v->value != NULL ? cell_money(x->value_minor) : cell_empty(NULL),
                       cell_text(migration_segment(in, x->from)),
                       cell_text(migration_segment(in, x->to)),
                       cell_text(migration_held_names(in, x->held)), cell_date(renewal),
                       cell_text(reasons(in, x))});
        shown++;
    }
    if (shown < c->n_held) {
        doc_table_footnote(t, "%zu more; --limit shows them.", c->n_held - shown);
    }
}

/* --- papers --- */

static strata_status put_papers(document *d, doc_section *parent, const migration_input *in,
                                const tier_change *change, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    const tier_papers_input papers = {.v = in->v, .a = in->a, .paths = in->paths, .change = change};
    report_tier_change_title(&title, &papers);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(d, parent, "account", strbuf_text(&title));
    return report_tier_change(d, s, &papers, err);
}

/* The first `most` of one direction that nothing holds back. */
static strata_status put_direction(document *d, doc_section *parent, const migration_input *in,
                                   const tier_change_request *r, bool up, size_t most,
                                   strata_error *err)
{
    size_t shown = 0;
    for (size_t i = 0; i < in->candidates->n && shown < most; i++) {
        const migration_candidate *c = &in->candidates->items[i];
        if (c->up == up && c->held == 0) {
            tier_change change = tier_change_of(r, c);
            STRATA_TRY(put_papers(d, parent, in, &change, err));
            shown++;
        }
    }
    return STRATA_OK;
}

strata_status report_migration_plan(document *d, const migration_input *in,
                                    const tier_change_request *r, strata_error *err)
{
    const migration_candidates *c = in->candidates;
    STRATA_TRY(report_migration(d, NULL, in, err));
    put_held(d, in);
    size_t free_ups = 0;
    for (size_t i = 0; i < c->n_up; i++) {
        free_ups += c->items[i].held == 0;
    }
    size_t free_downs = c->n - c->n_held - free_ups;
    if (free_ups + free_downs > 0) {
        doc_section *s =
            document_section(d, NULL, "papers", "What is said and done, account by account");
        size_t ups = (in->most + 1) / 2;
        ups = ups < free_ups ? ups : free_ups;
        STRATA_TRY(put_direction(d, s, in, r, true, ups, err));
        STRATA_TRY(put_direction(d, s, in, r, false, in->most - ups, err));
        doc_paragraph(s, "`strata migration --account ACCOUNT` writes the same for any other.");
    }
    return document_status(d, err);
}
