/* SPDX-License-Identifier: Apache-2.0 */
#include "report/proposal/proposal.h"
#include "command/ask/strategy.h"
#include "command/documents/kinds.h"
#include "plan/coverage/held_back.h"

static strata_status make_input(look *l, strategy *s, transition *plan, proposal_input *in,
                                strata_error *err)
{
    STRATA_TRY(strategy_open(l, s, err));
    if (s->no_work != NULL) {
        return strata_fail(err, STRATA_E_DATA, "%s", s->no_work);
    }
    const coverage *c = &s->coverage;
    if (s->work.n_accounts == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "no account is in a segment that is looked after on that day: there is "
                           "no coverage to propose");
    }
    if (c->right.n + c->under.n + c->over.n == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "what touch accounts get is not known; add a column 'coverage' to "
                           "accounts (high, medium, low, digital) or a source 'touchpoints'");
    }
    *in = (proposal_input){.v = l->view,
                           .e = &s->engagement,
                           .csms = &s->csms,
                           .w = &s->work,
                           .cap = &s->capacity,
                           .s = &s->stakes,
                           .c = c,
                           .effect = &s->effect,
                           .growth = &s->growth,
                           .split = s->split,
                           .plan = plan};
    STRATA_TRY(books_ask(l, s, &in->request, &in->t, &in->no_territory, err));
    const uint32_t *held = NULL;
    STRATA_TRY(held_back_now(&l->c->cx, l->view, l->c->arena, &held, err));
    const transition_input t = {.v = l->view,
                                .w = in->w,
                                .s = in->s,
                                .c = in->c,
                                .t = in->t,
                                .held = held,
                                .n_csms = s->csms.n};
    return transition_plan(&t, l->c->arena, plan, err);
}

strata_status tell_proposal(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    strategy s = {0};
    transition plan = {0};
    proposal_input in = {0};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(make_input(l, &s, &plan, &in, err));
    in.most = most;
    l->def = s.engagement.def;
    report_proposal_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "proposal", strbuf_text(&title), &d, err));
    STRATA_TRY(report_proposal(d, &in, err));
    doc_next_step(d, "strata coverage");
    doc_next_step(d, "strata territories -f csv -o moves.csv --undo undo.csv");
    *out = strata_steal(&d);
    return STRATA_OK;
}
