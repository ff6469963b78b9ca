/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clusters/trees.h"
#include "command/look.h"

enum { SHOWN = 20 };

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    const size_t *slots = NULL;
    size_t n = 0;
    long limit = 0;
    families f = {0};
    family_findings found = {0};
    trees_input in = {.f = &f, .found = &found, .account = SIZE_MAX};
    STRATA_TRY(
        call_count(c, "limit", 0, 100000000L, call_for_programs(c) ? -1 : SHOWN, &limit, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    if (c->n_args > 0) {
        STRATA_TRY(session_account(l.project, c->args[0], &in.account, err));
    }
    STRATA_TRY(families_slots(l.bound, c->arena, &slots, &n, err));
    STRATA_TRY(look_view(&l, slots, n, err));
    STRATA_TRY(families_make(l.view, c->arena, &f, err));
    STRATA_TRY(families_find(l.view, &f, c->arena, &found, err));
    in.v = l.view;
    in.limit = limit < 0 ? SIZE_MAX : (size_t)limit;
    report_trees_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(&l, "trees", strbuf_text(&title), &d, err));
    STRATA_TRY(report_trees(d, NULL, &in, err));
    if (in.account == SIZE_MAX && f.n_heads > 0) {
        doc_next_step(d, arena_printf(c->arena, "strata trees %s", l.view->p->ids[f.heads[0]]));
    }
    if (in.account != SIZE_MAX) {
        doc_next_step(d, arena_printf(c->arena, "strata brief %s", l.view->p->ids[in.account]));
    }
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "families listed (default 20; all as csv or json)"},
    {0}};
static const command_example examples[] = {
    {"strata trees", "families of accounts, what they hold together and what stands out"},
    {"strata trees A-1042", "the tree that this account is in"},
    {"strata trees -f csv -o families.csv", "all families, for a spreadsheet"},
    {0}};
const command_def command_trees = {
    .name = "trees",
    .summary = "Parents and the accounts under them, rolled up",
    .usage = "[ACCOUNT]",
    .description =
        "Follows parent_id of the accounts: what each family pays together, its NRR, health and\n"
        "coverage, rolled up as `trees` of the model file says; families whose parts are looked "
        "after\n"
        "differently, accounts in trouble under a healthy parent, families that would be in a "
        "better\n"
        "tier as one account. What families and the others hold adds up to the portfolio to the "
        "cent.\n\n"
        "With ACCOUNT (an id, or a name that only one account has): the tree it is in.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .table = "trees",
    .run = run};
