/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "command/session.h"
#include "report/data/data_quality.h"
#include "source/source.h"

static day last_day_of(const ingest_summary *summary, day today)
{
    day last = DAY_MISSING;
    for (size_t i = 0; i < summary->n_sources; i++) {
        day d = summary->sources[i].last_day;
        last = d != DAY_MISSING && d > last ? d : last;
    }
    return last == DAY_MISSING || last > today ? today : last;
}

static strata_status describe(call *c, const project *p, const ingest_summary *summary,
                              strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    const char *title = summary->changed ? "Data read" : "Nothing has changed; nothing was read";
    day now = last_day_of(summary, c->cx.today);
    STRATA_TRY(session_document(c, p, "ingest", title, now, summary->n_accounts, -1, &d, err));
    report_data_quality(d, NULL, summary, now,
                        file_exists(p->rejects_path) ? p->rejects_path : NULL);
    doc_next_step(d, "strata readiness");
    doc_next_step(d, "strata run");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(session_project(c, &p, err));
    ingest_options options = {.strict = call_has(c, "strict"),
                              .force = call_has(c, "force"),
                              .rejects_path = p->rejects_path};
    ingest_summary summary = {0};
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_TRY(project_open_writer(p, &s, err));
    STRATA_TRY(ingest_run(&c->cx, s, p->model, &options, c->arena, &summary, err));
    return describe(c, p, &summary, err);
}

static const command_option options[] = {
    {.name = "strict", .help = "the first row that must be refused fails the ingest"},
    {.name = "force", .help = "read every file again, changed or not"},
    {0}};
static const command_example examples[] = {
    {"strata ingest", "read what has changed since the last time"},
    {"strata --project acme ingest --strict",
     "fail on the first bad row, with file, line and column"},
    {0}};
const command_def command_ingest = {
    .name = "ingest",
    .summary = "Read the sources of the model file into the store",
    .description =
        "Reads the files that strata.yaml names, checks them and builds the ledgers. Only changed "
        "files are\nread again. Bad rows are refused with file, line, column and reason (in "
        "strata-rejects.csv) and the\nrest is loaded; more of them than the model allows fails. "
        "Anything that fails, Ctrl-C or a crash\nleaves the former data as it was.",
    .options = options,
    .table = "sources",
    .examples = examples,
    .effect = COMMAND_CHANGES,
    .run = run};
