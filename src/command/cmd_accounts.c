/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nearest.h"
#include "base/vec.h"
#include "command/look.h"
#include "report/accounts.h"

enum { TABLE_LIMIT = 20, COLUMNS_MAX = 64 };

/* What the command line asks for, and the values that it takes. */
typedef struct wanted {
    list_request request;
    list_column columns[COLUMNS_MAX];
    VEC(size_t) keep;
} wanted;

static void wanted_done(wanted *w)
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
    const char *near = nearest_name(name, names, n + N_OWN);
    if (near != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "%s: unknown name '%.100s' (did you mean '%s'?)",
                           option, name, near);
    }
    return strata_fail(err, STRATA_E_USAGE,
                       "%s: unknown name '%.100s'; 'strata features' lists what there is", option,
                       name);
}

static strata_status keep_slots(wanted *w, const size_t *slots, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!vec_push(&w->keep, slots[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

/* --- columns --- */

static strata_status add_column(wanted *w, list_column found, strata_error *err)
{
    if (w->request.n_columns == COLUMNS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "--columns takes at most %d names", COLUMNS_MAX);
    }
    w->columns[w->request.n_columns++] = found;
    return found.kind == LIST_SLOT ? keep_slots(w, &found.slot, 1, err) : STRATA_OK;
}

static strata_status given_columns(const look *l, wanted *w, const char *text, strata_error *err)
{
    for (const char *at = text;;) {
        size_t len = strcspn(at, ",");
        size_t skip = strspn(at, " ");
        size_t end = len;
        while (end > skip && at[end - 1] == ' ') {
            end--;
        }
        const char *name = arena_strndup(l->c->arena, at + skip, end > skip ? end - skip : 0);
        list_column found = {0};
        if (name == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        STRATA_TRY(find_column(l, "--columns", name, &found, err));
        STRATA_TRY(add_column(w, found, err));
        if (at[len] == '\0') {
            return STRATA_OK;
        }
        at += len + 1;
    }
}

/* A name that the model or the data may not have. */
static strata_status add_if_there(const look *l, wanted *w, const char *name, strata_error *err)
{
    list_column found = {0};
    bool there =
        list_column_find(l->bound, name, &found) &&
        (found.kind != LIST_SLOT || l->bound->scope.symbols[found.slot].missing_because == NULL);
    return there ? add_column(w, found, err) : STRATA_OK;
}

static const char *value_name(const look *l)
{
    const symbol *arr = &l->project->portfolio->symbols[FEATURE_ARR];
    return arr->missing_because == NULL ? "arr" : "spend_365d";
}

static strata_status usual_columns(const look *l, wanted *w, strata_error *err)
{
    const char *names[] = {
        "id",     "name",      value_name(l), l->bound->scope.symbols[l->def->slot].name,
        "health", "last_seen", "last_order",  "since"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        STRATA_TRY(add_if_there(l, w, names[i], err));
    }
    return STRATA_OK;
}

/* --- order and number --- */

static strata_status read_sort(const look *l, wanted *w, strata_error *err)
{
    const char *name = call_value(l->c, "sort");
    if (name == NULL) {
        list_column value = {0};
        w->request.descending = true;
        if (!list_column_find(l->bound, value_name(l), &value)) {
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

static strata_status read_limit(const look *l, wanted *w, strata_error *err)
{
    bool all = call_for_programs(l->c);
    long limit = 0;
    STRATA_TRY(call_count(l->c, "limit", 0, 100000000L, all ? -1 : TABLE_LIMIT, &limit, err));
    w->request.limit = limit < 0 ? SIZE_MAX : (size_t)limit;
    return STRATA_OK;
}

static strata_status read_where(const look *l, wanted *w, strata_error *err)
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

static strata_status read_request(const look *l, wanted *w, strata_error *err)
{
    w->request.columns = w->columns;
    w->request.outside = call_has(l->c, "all");
    STRATA_TRY(read_where(l, w, err));
    STRATA_TRY(read_sort(l, w, err));
    STRATA_TRY(read_limit(l, w, err));
    const char *columns = call_value(l->c, "columns");
    return columns != NULL ? given_columns(l, w, columns, err) : usual_columns(l, w, err);
}

/* --- */

/* An expression that this portfolio has the data for. */
static const char *example_filter(const look *l)
{
    list_column health = {0};
    if (list_column_find(l->bound, "health", &health) &&
        l->bound->scope.symbols[health.slot].missing_because == NULL) {
        return "strata accounts --where 'health < 60'";
    }
    return "strata accounts --where EXPRESSION";
}

static strata_status show(look *l, const wanted *w, strata_error *err)
{
    account_list list = {0};
    STRATA_TRY(look_view(l, w->keep.data, w->keep.n, err));
    STRATA_TRY(account_list_make(l->view, &w->request, l->c->arena, &list, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    account_list_title(&title, l->view, &w->request, &list);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "accounts", strbuf_text(&title), &d, err));
    report_accounts(d, NULL, l->view, &w->request, &list);
    if (list.n > 0) {
        doc_next_step(
            d, arena_printf(l->c->arena, "strata explain %s", l->view->p->ids[list.accounts[0]]));
    }
    doc_next_step(d, w->request.where == NULL ? example_filter(l) : "strata features");
    return call_show(l->c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_CLEANUP(wanted_done) wanted w = {0};
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    STRATA_TRY(read_request(&l, &w, err));
    return show(&l, &w, err);
}

static const command_option options[] = {
    {.name = "where",
     .letter = 'w',
     .arg = "EXPRESSION",
     .help = "only accounts for which it is so, in the language of rules"},
    {.name = "sort",
     .letter = 's',
     .arg = "NAME",
     .help =
         "by this name, with a minus before it from high to low (default: most valuable first)"},
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "at most so many (default 20; all as csv, json or xlsx)"},
    {.name = "columns", .arg = "LIST", .help = "names to show, with commas between"},
    {.name = "dimension",
     .arg = "NAME",
     .help = "whose segments to show (default: the primary one)"},
    {.name = "all", .help = "accounts outside the model's population too"},
    {0}};
static const command_example examples[] = {
    {"strata accounts", "the twenty most valuable accounts"},
    {"strata accounts --where 'arr >= 25k and health < 60' --sort health",
     "large accounts in trouble, worst first"},
    {"strata accounts --where 'last_seen > 30 days' --columns id,name,arr,last_seen,csm_id -f csv",
     "all quiet accounts, for a spreadsheet"},
    {"strata accounts --where 'segment = \"Save plays\"' --as-of 2026-03-31",
     "who was in a segment at a past date"},
    {0}};
const command_def command_accounts = {
    .name = "accounts",
    .summary = "List accounts: filter, sort, choose columns",
    .description =
        "Lists accounts with their value and segment. EXPRESSION is written in the language of "
        "the\n"
        "model's rules and may use every name that 'strata features' lists: computed features,\n"
        "columns of the accounts, and what the model defines (its segments too).\n\n"
        "Columns are such names, or id, name and since (the day of the account's start).\n"
        "Accounts outside the model's population are counted, and shown with --all.",
    .options = options,
    .examples = examples,
    .run = run};
