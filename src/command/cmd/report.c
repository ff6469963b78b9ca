/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/documents/kinds.h"

enum { LISTED = 10, LISTED_MOST = 1000000 };

/* What can be told, and the file it goes to when none is named. One a line, sorted by name but for
 * the first, which is told when none is asked for. */
typedef struct report_kind {
    const char *name, *file;
    report_fn *tell;
} report_kind;
/* clang-format off */
static const report_kind kinds[] = {
    {"framework", "report.html", tell_framework},
    {"expansion", "expansion.html", tell_expansion},
    {"measurement", "measurement.html", tell_measurement},
    {"migration", "migration.html", tell_migration},
    {"personas", "personas.html", tell_personas},
    {"proposal", "proposal.html", tell_proposal},
    {"readiness", "readiness.html", tell_readiness},
    {"roadmap", "roadmap.html", tell_roadmap},
    {"territories", "territories.html", tell_territories},
};
/* clang-format on */
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static strata_status find_kind(const call *c, const report_kind **out, strata_error *err)
{
    const char *name = c->n_args > 0 ? c->args[0] : kinds[0].name;
    STRBUF_AUTO strbuf all;
    strbuf_init(&all, 0);
    for (size_t k = 0; k < KINDS; k++) {
        if (strcmp(kinds[k].name, name) == 0) {
            *out = &kinds[k];
            return STRATA_OK;
        }
        strbuf_printf(&all, "%s%s", k == 0 ? "" : k + 1 < KINDS ? ", " : " and ", kinds[k].name);
    }
    return strata_fail(err, STRATA_E_USAGE, "there is no report '%.60s'; there are %s", name,
                       strbuf_text(&all));
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    const report_kind *kind = NULL;
    long most = 0;
    STRATA_TRY(find_kind(c, &kind, err));
    STRATA_TRY(call_count(c, "limit", 1, LISTED_MOST, LISTED, &most, err));
    context_progress(&c->cx, "reading the accounts", 0, REPORT_STEPS);
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    context_progress(&c->cx, "segmenting the accounts", 1, REPORT_STEPS);
    STRATA_TRY(kind->tell(&l, (size_t)most, &d, err));
    context_progress(&c->cx, "writing the report", REPORT_STEPS - 1, REPORT_STEPS);
    c->file = arena_printf(c->arena, "%s/%s", l.project->folder, kind->file);
    return c->file != NULL ? call_show(c, d, err)
                           : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "about this dimension (default: the model's primary one)"},
    {.name = "since",
     .arg = "DATE",
     .help = "compare with this date (default: the last recorded review)"},
    {.name = "limit", .arg = "N", .help = "accounts in each list to work through (default 10)"},
    {0}};
static const command_example examples[] = {
    {"strata report -o report.html", "one file with charts, to be read anywhere"},
    {"strata report framework --format markdown -o report.md", "the same as text"},
    {"strata report measurement -o measurement.html",
     "is it working: targets, moves, interventions"},
    {"strata report migration -o migration.html", "who changes tier, and how it is done well"},
    {"strata report personas -o personas.html", "who the accounts of each segment are"},
    {"strata report expansion -o expansion.html", "where growth in the base is, in what order"},
    {"strata report proposal -o proposal.html", "a change of coverage, for those who decide"},
    {"strata report roadmap -o roadmap.html", "what to do first, and how long it takes"},
    {"strata report readiness -o readiness.html", "what the data can carry"},
    {"strata report territories -o territories.html", "fair books, and who moves for them"},
    {"strata report --dimension value --as-of 2026-03-31 -o value.html",
     "another dimension, earlier"},
    {0}};
const command_def command_report = {
    .name = "report",
    .summary = "The whole segmentation, or one of its plans, as one document",
    .usage = "[framework|expansion|measurement|migration|personas|proposal|readiness|roadmap|"
             "territories]",
    .description =
        "Writes the segmentation framework: one page with the answer, then the evidence (segments, "
        "matrix,\nvalue concentration, dimensions, profiles, findings, movement, milestones, "
        "hypotheses, quality), then\nthe lists to work through, then the data and the method. HTML "
        "when the output file ends in .html; one\nfile that needs no network. Parts whose data is "
        "missing are named, with what would bring them back.\n\n"
        "'expansion' writes the expansion brief: room by segment, whom to talk to with the score's "
        "points, opener and\nlead, how the score would have done, and in what order the managers' "
        "hours allow it.\n\n"
        "'migration' writes the migration plan: strata migration, who is held back and why, and "
        "for "
        "the candidates worth\nmost the plan, messages and brief.\n\n"
        "'personas' writes the persona book: a page for each segment (strata persona), then "
        "anti-personas and the\ngaps in the buying committee by account.\n\n"
        "'measurement' is the measurement plan and scoreboard: targets against what is (strata "
        "targets), moves and\ntime in segment, what interventions brought, and when to look "
        "again.\n\n"
        "'proposal' puts a change of coverage before those who decide: the misfit in accounts, ARR "
        "and hours, who\nmoves, load before and after, what it keeps as a range, objections with "
        "answers, dated steps, what is\nheld back.\n\n"
        "'roadmap' counts what is to be done in four phases, each step with its days of work "
        "(`roadmap` of the\nmodel file) and the check that ends it.\n\n"
        "'readiness' says what the data can carry: analyses that run or not, what is missing, the "
        "inputs worth\nadding first.\n\n"
        "'territories' is the territory plan: load of every manager, who moves and why, what fewer "
        "moves\nwould give (strata territories).",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .page = true,
    .run = run};
