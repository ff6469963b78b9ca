/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/tasks.h"

void tasks_ask_done(tasks_ask *t)
{
    look_done(&t->look);
}

/* The store is asked after the sweep: a process reads it through one connection at a time. */
static strata_status read_store(tasks_ask *t, arena *a, intervention_list *done, strata_error *err)
{
    look *l = &t->look;
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    STRATA_TRY(csms_load(conn, a, &t->csms, err));
    return interventions_load(conn, l->as_of, a, done, err);
}

strata_status tasks_ask_open(call *c, long within, tasks_ask *t, strata_error *err)
{
    STRATA_TRY(look_open(c, &t->look, err));
    STRATA_TRY(look_dates(&t->look, NULL, err));
    return tasks_ask_follow(t, within, NULL, 0, err);
}

/* The view with what playbooks read and what else is to be kept. */
static strata_status open_view(tasks_ask *t, const size_t *keep, size_t n_keep, strata_error *err)
{
    size_t n = t->books.n_slots;
    size_t *slots = ARENA_NEW(t->look.c->arena, n + n_keep + 1, size_t);
    if (slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n + n_keep; i++) {
        slots[i] = i < n ? t->books.slots[i] : keep[i - n];
    }
    return look_view(&t->look, slots, n + n_keep, err);
}

strata_status tasks_ask_follow(tasks_ask *t, long within, const size_t *keep, size_t n_keep,
                               strata_error *err)
{
    look *l = &t->look;
    call *c = l->c;
    arena *a = c->arena;
    intervention_list done = {0};
    STRATA_TRY(playbooks_load(l->bound->model, a, &t->list, err));
    STRATA_TRY(playbooks_bind(&t->list, l->bound, a, &t->books, err));
    STRATA_TRY(open_view(t, keep, n_keep, err));
    const plays_scope all = {l->project->portfolio, l->bound, l->overrides, l->as_of, SIZE_MAX};
    STRATA_TRY(plays_follow(&c->cx, &all, &t->books, a, &t->plays, err));
    STRATA_TRY(read_store(t, a, &done, err));
    const tasks_scope scope = {.running = &t->plays,
                               .books = &t->books,
                               .done = &done,
                               .worth = l->view->value,
                               .until = l->as_of + (day)within};
    STRATA_TRY(tasks_list(&scope, a, &t->tasks, err));
    t->input = (tasks_input){.v = l->view,
                             .books = &t->books,
                             .plays = &t->plays,
                             .tasks = &t->tasks,
                             .csms = &t->csms,
                             .playbook = SIZE_MAX,
                             .account = SIZE_MAX,
                             .limit = SIZE_MAX,
                             .until = scope.until};
    return csms_of_accounts(l->project->portfolio, &t->csms, a, &t->input.csm, err);
}
