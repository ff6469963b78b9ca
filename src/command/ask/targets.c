/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/targets.h"

void targets_ask_done(targets_ask *t)
{
    arr_book_free(t->book);
    look_done(&t->look);
}

static strata_status load_csms(look *l, targets_ask *t, strata_error *err)
{
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    return csms_load(conn, l->c->arena, &t->csms, err);
}

strata_status targets_ask_find(look *l, targets_ask *t, strata_error *err)
{
    const portfolio *p = l->project->portfolio;
    scoreboard_request q = {.v = l->view, .csms = &t->csms};
    STRATA_TRY(arr_book_load(&l->c->cx, p->ledgers, l->as_of, &t->book, err));
    STRATA_TRY(load_csms(l, t, err));
    STRATA_TRY(csms_of_accounts(p, &t->csms, l->c->arena, &q.csm, err));
    q.book = t->book;
    STRATA_TRY(scoreboard_make(&l->c->cx, &q, l->c->arena, &t->board, err));
    t->input = (targets_input){.v = l->view, .s = &t->board};
    return STRATA_OK;
}

strata_status targets_ask_open(call *c, targets_ask *t, strata_error *err)
{
    look *l = &t->look;
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(look_view(l, NULL, 0, err));
    return targets_ask_find(l, t, err);
}
