/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_VIEWS_H
#define STRATA_SERVE_VIEWS_H

/* The accounts as of a date, evaluated and kept in memory with the lists that were made of them, so
 * that page after page of a million accounts costs no sweep. On the thread of `compute` only. */

#include "command/ask/accounts.h"
#include "project/project.h"
#include "serve/state.h"

enum { VIEWS_KEPT = 2, LISTS_KEPT = 8 };

typedef struct kept_list {
    char key[DIGEST_TEXT]; /* "" : free */
    arena *arena;
    account_list list;
    uint64_t used;
} kept_list;

typedef struct kept_view {
    char state[DIGEST_TEXT]; /* of the project's files; "": free */
    char as_of[DAY_TEXT];    /* as asked for; "": the last day */
    day today;
    project *project;
    view *view;
    list_column_look *looks; /* by slot, of those that were shown; label NULL: not yet */
    kept_list lists[LISTS_KEPT];
    uint64_t used;
} kept_view;

typedef struct views {
    kept_view kept[VIEWS_KEPT];
    uint64_t clock;
} views;

/* What is asked of it: a call of `accounts`, and how it was read. The look borrows from the kept
 * view: it is not to be ended. */
typedef struct views_asked {
    call *c;
    look look;
    accounts_ask ask;
    kept_view *kept;
} views_asked;

/* Finds or makes the view that has all that the call names; more slots may be wanted.
 * Errors are those of `strata accounts`. */
STRATA_MUST_CHECK strata_status views_find(views *v, const char *state, views_asked *asked,
                                           const char *const *names, size_t n_names,
                                           strata_error *err);
void views_asked_done(views_asked *asked);
/* The list that was asked for, out of what is kept or made now. */
STRATA_MUST_CHECK strata_status views_list(views *v, views_asked *asked, const account_list **out,
                                           strata_error *err);
/* How a column is shown, as list_column_shown() says, which looks at every account for it. */
list_column_look views_column_look(const views_asked *asked, list_column wanted);
/* Forgets all of it. */
void views_clear(views *v);

#endif
