/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/migration.h"
#include "report/tier_change/tier_change.h"

enum { SHOWN = 10 };

static const struct {
    const char *option;
    unsigned part;
} parts[] = {
    {"candidates", MIGRATION_PART_CANDIDATES}, {"moves", MIGRATION_PART_MOVES},
    {"forecast", MIGRATION_PART_FORECAST},     {"goals", MIGRATION_PART_GOALS},
    {"stays", MIGRATION_PART_STAYS},           {"pathways", MIGRATION_PART_PATHWAYS},
};

/* Those asked for; all when none is. */
static unsigned parts_asked(const call *c)
{
    unsigned asked = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        asked |= call_has(c, parts[i].option) ? parts[i].part : 0U;
    }
    return asked != 0 ? asked : MIGRATION_PARTS_ALL;
}

/* The papers of one account. */
static strata_status put_account(look *l, migration_ask *m, const char *id, document **out,
                                 strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    tier_change_request r = {0};
    tier_change change = {0};
    const portfolio *p = l->project->portfolio;
    size_t account = portfolio_account(p, id);
    strbuf_init(&title, 0);
    if (account == SIZE_MAX) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no account '%.100s'; 'strata accounts' lists them", id);
    }
    STRATA_TRY(migration_ask_tiers(l, m, &r, err));
    if (!tier_change_find(&r, (uint32_t)account, &change)) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "account '%.100s' is no candidate for another segment and has not moved "
                           "since the last review; 'strata explain %.100s' says what would move it",
                           id, id);
    }
    const tier_papers_input in = {
        .v = l->view, .a = l->c->arena, .paths = &m->paths, .change = &change};
    report_tier_change_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "tier change", strbuf_text(&title), &d, err));
    STRATA_TRY(report_tier_change(d, NULL, &in, err));
    doc_next_step(d, arena_printf(l->c->arena, "strata explain %s", p->ids[account]));
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status put_all(look *l, migration_ask *m, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_migration_title(&title, &m->in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(l, "migration", strbuf_text(&title), &d, err));
    STRATA_TRY(report_migration(d, NULL, &m->in, err));
    doc_next_step(d, "strata migration --account ACCOUNT");
    doc_next_step(d, "strata report migration");
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    MIGRATION_ASK_AUTO migration_ask m = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    const char *account = call_value(c, "account");
    long limit = 0;
    STRATA_TRY(call_count(c, "limit", 0, 1000000000L, call_for_programs(c) ? 1000000000L : SHOWN,
                          &limit, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(migration_ask_open(
        &l, account != NULL ? (unsigned)MIGRATION_PART_MOVES : parts_asked(c), &m, err));
    m.in.most = (size_t)limit;
    STRATA_TRY(account != NULL ? put_account(&l, &m, account, &d, err) : put_all(&l, &m, &d, err));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "candidates", .help = "only who is to be looked at now, and how the rules did"},
    {.name = "moves", .help = "only who moved since --since, and why"},
    {.name = "forecast", .help = "only where the mix is heading"},
    {.name = "goals", .help = "only progress against the goals of the model"},
    {.name = "pathways", .help = "only the ways of the model, and what came of them"},
    {.name = "stays", .help = "only how long accounts stay in a segment"},
    {.name = "account",
     .arg = "ACCOUNT",
     .help = "the papers of one account's change: plan, messages, brief, what holds it back"},
    {.name = "since",
     .arg = "DATE",
     .help = "compare with this date (default: the last recorded review)"},
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "accounts in each list (default 10; all as csv or json)"},
    {0}};
static const command_example examples[] = {
    {"strata migration", "candidates, moves, forecast, goals and time in a segment"},
    {"strata migration --moves --since 2025-06-30", "a year of moves, with causes"},
    {"strata migration --pathways", "what came of the ways of the model"},
    {"strata migration --candidates -f csv -o candidates.csv", "all candidates"},
    {0}};
const command_def command_migration = {
    .name = "migration",
    .summary = "Who should change segment, who did, where the mix is heading, goals",
    .description =
        "Who meets the model's rules up and down now, with the clause that fired and what holds "
        "the change\nback; who moved between two dates and why; sizes in 12 months if accounts go "
        "on moving as they did,\ntried on the past; progress against goals; time in a segment "
        "before a move. The rules, goals and\nexceptions stand in the model file under `migration` "
        "and `tier_change`.",
    .options = options,
    .examples = examples,
    .run = run};
