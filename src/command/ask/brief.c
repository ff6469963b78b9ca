/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/brief.h"

#include <string.h>

#include "command/review.h"
#include "persona/names_read.h"

void brief_ask_done(brief_ask *b)
{
    if (b->grow.project == b->look.project) {
        b->grow.project = NULL; /* shared */
    }
    look_done(&b->grow);
    look_done(&b->look);
}

static strata_status open_view(brief_ask *b, strata_error *err)
{
    look *l = &b->look;
    arena *a = l->c->arena;
    const size_t *own = NULL;
    size_t n = 0;
    STRATA_TRY(report_brief_slots(l->project->portfolio, l->bound, a, &own, &n, err));
    STRATA_TRY(playbooks_load(l->bound->model, a, &b->list, err));
    STRATA_TRY(playbooks_bind(&b->list, l->bound, a, &b->books, err));
    size_t *keep = ARENA_NEW(a, n + b->books.n_slots + 1, size_t);
    if (keep == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    memcpy(keep, own, n * sizeof *keep);
    for (size_t i = 0; i < b->books.n_slots; i++) {
        keep[n + i] = b->books.slots[i];
    }
    const view_options options = {.as_of = l->as_of,
                                  .since = l->since,
                                  .keep = keep,
                                  .n_keep = n + b->books.n_slots,
                                  .watch = b->input.account,
                                  .changes = true};
    return view_new(&l->c->cx, l->project->portfolio, l->bound, l->overrides, &options, &l->view,
                    err);
}

/* Expansion by the model's own rules, else by those that are shipped; a portfolio that cannot carry
 * them gets a brief without. */
static strata_status open_growth(brief_ask *b, strata_error *err)
{
    look *g = &b->grow;
    const size_t *keep = NULL;
    size_t n = 0;
    const look *l = &b->look;
    *g = (look){.c = l->c,
                .project = l->project,
                .bound = l->bound,
                .overrides = l->overrides,
                .def = l->def,
                .as_of = l->as_of,
                .since = l->since};
    if (!l->view->has_arr) {
        b->input.no_growth = "a source `arr`";
        return STRATA_OK;
    }
    STRATA_TRY(look_approach(g, "expansion", err));
    STRATA_TRY(growth_model_find(g->bound, &b->growth, err));
    STRATA_TRY(growth_slots(&b->growth, l->c->arena, &keep, &n, err));
    STRATA_TRY(look_view(g, keep, n, err));
    b->input.growth_view = g->view;
    b->input.growth = &b->growth;
    return STRATA_OK;
}

static strata_status follow(brief_ask *b, strata_error *err)
{
    look *l = &b->look;
    size_t lines[BRIEF_LINES];
    b->dates = brief_dates_make(l->as_of, l->view->since);
    b->input.score = report_brief_score(l->bound);
    report_brief_lines(l->project->portfolio, l->bound, lines);
    const account_path_request request = {.dates = b->dates.dates,
                                          .n_dates = b->dates.n,
                                          .slots = lines,
                                          .n_slots = BRIEF_LINES,
                                          .score = b->input.score,
                                          .account = b->input.account};
    STRATA_TRY(account_path_follow(&l->c->cx, l->view, &request, l->c->arena, &b->path, err));
    const plays_scope scope = {.p = l->project->portfolio,
                               .b = l->bound,
                               .overrides = l->overrides,
                               .as_of = l->as_of,
                               .only = b->input.account};
    return plays_follow(&l->c->cx, &scope, &b->books, l->c->arena, &b->plays, err);
}

/* The store is asked after the sweeps: a process reads it through one connection at a time. */
static strata_status read_store(brief_ask *b, strata_error *err)
{
    look *l = &b->look;
    arena *a = l->c->arena;
    intervention_list done = {0};
    HIDDEN_NAMES_AUTO hidden_names names = {0};
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    STRATA_TRY(names_read(conn, l->project->portfolio, l->as_of, &names, err));
    STRATA_TRY(account_facts_read(conn, &names, b->input.account, l->as_of, a, &b->facts, err));
    STRATA_TRY(csms_load(conn, a, &b->csms, err));
    STRATA_TRY(growth_people_read(conn, l->project->portfolio, l->as_of, a, &b->input.people, err));
    STRATA_TRY(interventions_load(conn, l->as_of, a, &done, err));
    const tasks_scope scope = {.running = &b->plays,
                               .books = &b->books,
                               .done = &done,
                               .worth = l->view->value,
                               .until = l->as_of + (day)b->input.due_within};
    STRATA_TRY(tasks_list(&scope, a, &b->tasks, err));
    return csms_of_accounts(l->project->portfolio, &b->csms, a, &b->input.csm, err);
}

strata_status brief_ask_open(call *c, const char *account, int due_within, brief_ask *b,
                             strata_error *err)
{
    look *l = &b->look;
    b->input.due_within = due_within;
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_dates(l, NULL, err));
    if (l->since == DAY_MISSING) {
        STRATA_TRY(review_before(l->project, l->as_of, c->arena, &l->since, err));
    }
    STRATA_TRY(session_account(l->project, account, &b->input.account, err));
    STRATA_TRY(open_view(b, err));
    STRATA_TRY(open_growth(b, err));
    STRATA_TRY(follow(b, err));
    STRATA_TRY(read_store(b, err));
    b->input.v = l->view;
    b->input.facts = &b->facts;
    b->input.dates = &b->dates;
    b->input.path = &b->path;
    b->input.csms = &b->csms;
    b->input.books = &b->books;
    b->input.tasks = &b->tasks;
    b->input.plays = &b->plays;
    return STRATA_OK;
}
