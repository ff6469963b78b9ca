/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/accounts.h"

#include <string.h>

#include "base/nearest.h"
#include "command/list.h"

enum { TABLE_LIMIT = 20 };

void accounts_ask_done(accounts_ask *w)
{
    vec_free(&w->keep);
}

static strata_status find_column(const look *l, const char *option, const char *name,
                                 list_column *out, strata_error *err)
{
    if (list_column_find(l->bound, name, out)) {
        return STRATA_OK;
    }
    static const char *const own[] = {"id", "name", "since"};
    enum { N_OWN = sizeof own / sizeof own[0] };
    size_t n = l->bound->scope.n_symbols;
    const char **names = ARENA_NEW(l->c->arena, n + N_OWN, const char *);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n + N_OWN; i++) {
        names[i] = i < n ? l->bound->scope.symbols[i].name : own[i - n];
    }
    return strata_fail(
        err, STRATA_E_USAGE, "%s: unknown name '%.100s'%s", option, name,
        nearest_hint_or(name, names, n + N_OWN, "; 'strata features' lists what there is").text);
}

static strata_status keep_slots(accounts_ask *w, const size_t *slots, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!vec_push(&w->keep, slots[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

/* --- columns --- */

static strata_status add_column(accounts_ask *w, list_column found, strata_error *err)
{
    if (w->request.n_columns == ACCOUNTS_ASK_COLUMNS) {
        return strata_fail(err, STRATA_E_USAGE, "--columns takes at most %d names",
                           ACCOUNTS_ASK_COLUMNS);
    }
    w->columns[w->request.n_columns++] = found;
    return found.kind == LIST_SLOT ? keep_slots(w, &found.slot, 1, err) : STRATA_OK;
}

static strata_status given_columns(const look *l, accounts_ask *w, const char *text,
                                   strata_error *err)
{
    const char *const *names = NULL;
    size_t n = 0;
    STRATA_TRY(call_expressions(l->c->arena, text, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        list_column found = {0};
        STRATA_TRY(find_column(l, "--columns", names[i], &found, err));
        STRATA_TRY(add_column(w, found, err));
    }
    return STRATA_OK;
}

/* A name that the model or the data may not have. */
static strata_status add_if_there(const look *l, accounts_ask *w, const char *name,
                                  strata_error *err)
{
    list_column found = {0};
    bool there =
        list_column_find(l->bound, name, &found) &&
        (found.kind != LIST_SLOT || l->bound->scope.symbols[found.slot].missing_because == NULL);
    return there ? add_column(w, found, err) : STRATA_OK;
}

static strata_status usual_columns(const look *l, accounts_ask *w, strata_error *err)
{
    const char *names[] = {"id",
                           "name",
                           portfolio_value_name(l->project->portfolio),
                           l->bound->scope.symbols[l->def->slot].name,
                           "health",
                           "last_seen",
                           "last_order",
                           "since"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        STRATA_TRY(add_if_there(l, w, names[i], err));
    }
    return STRATA_OK;
}

/* --- order and number --- */

static strata_status read_sort(const look *l, accounts_ask *w, strata_error *err)
{
    const char *name = call_value(l->c, "sort");
    if (name == NULL) {
        list_column value = {0};
        w->request.descending = true;
        if (!list_column_find(l->bound, portfolio_value_name(l->project->portfolio), &value)) {
            value = (list_column){.kind = LIST_ID};
        }
        w->request.sort = value;
    } else {
        w->request.descending = name[0] == '-';
        name += w->request.descending ? 1 : 0;
        STRATA_TRY(find_column(l, "--sort", name, &w->request.sort, err));
    }
    return w->request.sort.kind == LIST_SLOT ? keep_slots(w, &w->request.sort.slot, 1, err)
                                             : STRATA_OK;
}

static strata_status read_limit(const look *l, accounts_ask *w, strata_error *err)
{
    bool all = call_for_programs(l->c);
    long limit = 0;
    STRATA_TRY(call_count(l->c, "limit", 0, 100000000L, all ? -1 : TABLE_LIMIT, &limit, err));
    w->request.limit = limit < 0 ? SIZE_MAX : (size_t)limit;
    return STRATA_OK;
}

static strata_status read_where(const look *l, accounts_ask *w, strata_error *err)
{
    const char *text = call_value(l->c, "where");
    if (text == NULL) {
        return STRATA_OK;
    }
    rule_place place = {.file = "--where", .line = 1, .column = 1};
    const rule *where = NULL;
    strata_status st =
        rule_compile_condition(l->c->arena, text, &place, &l->bound->scope, &where, err);
    if (st == STRATA_E_MODEL) { /* the command line is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(where) || rule_lookback_days(where) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--where: 'turned' and 'for N days' look back, which a list cannot; put "
                           "the expression into the model as a feature and ask for that");
    }
    size_t n_notes = 0;
    const char *const *notes = rule_notes(where, &n_notes);
    for (size_t i = 0; i < n_notes; i++) {
        context_notice(&l->c->cx, "%s", notes[i]);
    }
    w->request.where = where;
    size_t n = 0;
    const size_t *slots = rule_slots(where, &n);
    return keep_slots(w, slots, n, err);
}

strata_status accounts_ask_read(const look *l, accounts_ask *w, strata_error *err)
{
    w->request.columns = w->columns;
    w->request.outside = call_has(l->c, "all");
    STRATA_TRY(read_where(l, w, err));
    STRATA_TRY(read_sort(l, w, err));
    STRATA_TRY(read_limit(l, w, err));
    const char *columns = call_value(l->c, "columns");
    return columns != NULL ? given_columns(l, w, columns, err) : usual_columns(l, w, err);
}
