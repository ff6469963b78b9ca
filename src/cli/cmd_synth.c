/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"
#include "synth/synth.h"

static strata_status read_options(const call *c, synth_options *o, strata_error *err)
{
    long accounts = 0;
    long years = 0;
    long rows = 0;
    STRATA_TRY(call_count(c, "accounts", 1, SYNTH_ACCOUNTS_MAX, (long)o->accounts, &accounts, err));
    STRATA_TRY(call_count(c, "years", 1, SYNTH_YEARS_MAX, o->years, &years, err));
    STRATA_TRY(call_count(c, "usage-rows", 0, 1000000000L, 0, &rows, err));
    STRATA_TRY(call_date(c, "ends", o->ends, &o->ends, err));
    STRATA_TRY(call_share(c, "dirt", 0.0, 0.1, o->dirt, &o->dirt, err));
    o->accounts = (size_t)accounts;
    o->years = (int)years;
    o->usage_rows = (uint64_t)rows;
    o->seed = c->cx.seed;
    o->force = call_has(c, "force");
    const char *only = call_value(c, "only");
    return only != NULL ? synth_parse_only(only, &o->only, err) : STRATA_OK;
}

/* What was written, with what to do with it. */
static strata_status describe(const call *c, const char *folder, const synth_options *o,
                              const synth_summary *s, strata_error *err)
{
    document_head head = {.kind = "synth",
                          .title = "An invented portfolio, with its truth",
                          .portfolio = folder,
                          .currency = "USD",
                          .as_of = o->ends,
                          .version = STRATA_VERSION,
                          .seed = o->seed,
                          .n_accounts = (int64_t)o->accounts,
                          .arr_minor = -1};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(document_new(&head, &d, err));
    doc_section *section = document_section(d, NULL, "files", "What was written");
    static const doc_column columns[] = {{.key = "file", .label = "File", .type = CELL_TEXT},
                                         {.key = "rows", .label = "Rows", .type = CELL_COUNT}};
    doc_table *table = doc_table_new(section, "files", NULL, columns, 2);
    for (int f = 0; f < SYNTH_FILE_COUNT; f++) {
        if (s->rows[f] > 0) {
            const char *name = arena_printf(c->arena, "%s.csv", synth_file_name((synth_file)f));
            doc_cell cells[] = {cell_text(name), cell_count((int64_t)s->rows[f])};
            doc_row(table, cells);
        }
    }
    doc_next_step(d, arena_printf(c->arena, "strata --project %s ingest", folder));
    doc_next_step(d, arena_printf(c->arena, "strata --project %s run", folder));
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    synth_options options = synth_defaults();
    synth_summary summary = {0};
    STRATA_TRY(read_options(c, &options, err));
    STRATA_TRY(synth_write(&c->cx, &options, c->args[0], &summary, err));
    return describe(c, c->args[0], &options, &summary, err);
}

static const command_option options[] = {
    {.name = "accounts", .arg = "N", .help = "how many accounts (default 5000)"},
    {.name = "years", .arg = "N", .help = "years of dated activity (default 3)"},
    {.name = "ends", .arg = "DATE", .help = "last day with data (default 2026-06-30)"},
    {.name = "dirt", .arg = "SHARE", .help = "share of accounts with each kind of faulty row"},
    {.name = "only", .arg = "LIST", .help = "only these files: usage,accounts,..."},
    {.name = "usage-rows", .arg = "N", .help = "about so many usage rows in total"},
    {.name = "force", .help = "write into a folder that holds something"},
    {0}};
static const command_example examples[] = {
    {"strata synth demo --accounts 5000 --seed 1", "the portfolio that `make demo` uses"},
    {"strata synth big --accounts 1000000 --only accounts,subscriptions,usage",
     "large files for a speed test"},
    {0}};
const command_def command_synth = {
    .name = "synth",
    .summary = "Write an invented portfolio whose truth is known",
    .usage = "DIR",
    .description = "Writes a whole project folder: exports of every entity, strata.yaml, and "
                   "truth.csv with the hidden\ntraits and churn hazards that the data was drawn "
                   "from. The same seed gives the same bytes.\ndocs/synthetic-data.md describes "
                   "the model.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 1,
    .run = run};
