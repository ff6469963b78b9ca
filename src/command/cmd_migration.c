/* SPDX-License-Identifier: Apache-2.0 */
#include "command/migration_ask.h"

enum { SHOWN = 10 };

static const struct {
    const char *option;
    unsigned part;
} parts[] = {
    {"candidates", MIGRATION_PART_CANDIDATES}, {"moves", MIGRATION_PART_MOVES},
    {"forecast", MIGRATION_PART_FORECAST},     {"goals", MIGRATION_PART_GOALS},
    {"stays", MIGRATION_PART_STAYS},
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

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    MIGRATION_ASK_AUTO migration_ask m = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    long limit = 0;
    strbuf_init(&title, 0);
    STRATA_TRY(call_count(c, "limit", 0, 1000000000L, call_for_programs(c) ? 1000000000L : SHOWN,
                          &limit, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(migration_ask_open(&l, parts_asked(c), &m, err));
    m.in.most = (size_t)limit;
    report_migration_title(&title, &m.in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(&l, "migration", strbuf_text(&title), &d, err));
    STRATA_TRY(report_migration(d, NULL, &m.in, err));
    doc_next_step(d, "strata explain ACCOUNT");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "candidates", .help = "only who is to be looked at now, and how the rules did"},
    {.name = "moves", .help = "only who moved since --since, and why"},
    {.name = "forecast", .help = "only where the mix is heading"},
    {.name = "goals", .help = "only progress against the goals of the model"},
    {.name = "stays", .help = "only how long accounts stay in a segment"},
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
