/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/accounts.h"

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

static strata_status show(look *l, const accounts_ask *w, strata_error *err)
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
    ACCOUNTS_ASK_AUTO accounts_ask w = {0};
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    STRATA_TRY(accounts_ask_read(&l, &w, err));
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
