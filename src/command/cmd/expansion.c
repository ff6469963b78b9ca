/* SPDX-License-Identifier: Apache-2.0 */
#include "command/look.h"
#include "report/plan/growth.h"

enum { SHOWN = 20 };

static strata_status open_view(look *l, growth_model *m, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(look_approach(l, "expansion", err));
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(growth_model_find(l->bound, m, err));
    STRATA_TRY(growth_slots(m, l->c->arena, &slots, &n, err));
    return look_view(l, slots, n, err);
}

/* Who looks after accounts, and who is new in them: what hand-overs and openers speak of. */
static strata_status read_people(look *l, csm_list *csms, growth_input *in, strata_error *err)
{
    const portfolio *p = l->project->portfolio;
    arena *a = l->c->arena;
    {
        STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
        STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
        STRATA_TRY(csms_load(conn, a, csms, err));
        STRATA_TRY(growth_people_read(conn, p, l->as_of, a, &in->people, err));
    }
    in->csms = csms;
    return csms_of_accounts(p, csms, a, &in->csm, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    growth_model m = {0};
    growth found = {0};
    growth_trial trial = {0};
    bool all = call_for_programs(c);
    long limit = 0;
    STRATA_TRY(call_count(c, "limit", 0, 100000000L, all ? -1 : SHOWN, &limit, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(open_view(&l, &m, err));
    STRATA_TRY(growth_rank(l.view, &m, c->arena, &found, err));
    STRATA_TRY(growth_try(&c->cx, l.view, &m, c->arena, &trial, err));
    csm_list csms = {0};
    growth_input in = {.v = l.view,
                       .growth = &found,
                       .trial = &trial,
                       .limit = limit < 0 ? SIZE_MAX : (size_t)limit,
                       .own = l.project->model};
    STRATA_TRY(read_people(&l, &csms, &in, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_growth_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "expansion", strbuf_text(&title), &d, err));
    STRATA_TRY(report_growth(d, NULL, &in, err));
    if (found.n_ready > 0) {
        doc_next_step(
            d, arena_printf(c->arena, "strata explain %s", l.view->p->ids[found.ready[0].account]));
    }
    doc_next_step(d, "strata segments expansion");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "accounts to list (default 20; all as csv, json or xlsx)"},
    {0}};
static const command_example examples[] = {
    {"strata expansion", "who is ready for more, why, and who leads"},
    {"strata expansion -f csv -o expansion.csv", "all of them, with signs and openers"},
    {"strata expansion -f html -o brief.html", "the brief as a page"},
    {0}};
const command_def command_expansion = {
    .name = "expansion",
    .summary = "Where growth in the base is: who is ready for more, why, and who leads",
    .description =
        "Accounts are scored by room (potential, seats), readiness (adoption, usage) and people, "
        "and "
        "held\n"
        "back while health is low, tickets are serious or a renewal is close. The rules are the "
        "template\n"
        "`expansion`; a model that has `expansion_score`, `expansion_tier` and `expansion_lead` of "
        "its "
        "own\n"
        "is followed instead. The score is tried on the past: would it have put those who expanded "
        "above\n"
        "the rest?",
    .options = options,
    .examples = examples,
    .table = "expansion",
    .run = run};
