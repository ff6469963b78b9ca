/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "command/look.h"
#include "command/persona_ask.h"
#include "command/review.h"
#include "report/framework.h"
#include "report/personas.h"

enum { LISTED = 10, LISTED_MOST = 1000000 };

/* What the store says about the files that were read. */
static strata_status read_ingest(const call *c, const look *l, ingest_summary *out,
                                 strata_error *err)
{
    return ingest_status(l->project->store, l->project->model, c->arena, out, err);
}

static strata_status read_last_run(const call *c, const look *l, day *out, strata_error *err)
{
    history_run last = {0};
    STRATA_TRY(history_before(store_main(l->project->store), l->as_of + 1, c->arena, &last, err));
    *out = last.run_id != 0 ? last.as_of : DAY_MISSING;
    return STRATA_OK;
}

/* What is told; the file it goes to when none is named. */
typedef enum report_kind { KIND_FRAMEWORK, KIND_PERSONAS, KINDS } report_kind;
static const struct {
    const char *name, *file;
} kinds[KINDS] = {{"framework", "report.html"}, {"personas", "personas.html"}};

static strata_status find_kind(const call *c, report_kind *out, strata_error *err)
{
    const char *name = c->n_args > 0 ? c->args[0] : kinds[KIND_FRAMEWORK].name;
    size_t k = 0;
    while (k < KINDS && strcmp(kinds[k].name, name) != 0) {
        k++;
    }
    if (k == KINDS) {
        return strata_fail(err, STRATA_E_USAGE,
                           "there is no report '%.60s'; there are framework and personas", name);
    }
    *out = (report_kind)k;
    return STRATA_OK;
}

static strata_status tell_framework(call *c, look *l, size_t most, document **out,
                                    strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    ingest_summary ingest = {0};
    STRATA_TRY(look_dates(l, NULL, err));
    if (l->since == DAY_MISSING) {
        STRATA_TRY(review_before(l->project, l->as_of, c->arena, &l->since, err));
    }
    l->changes = true;
    STRATA_TRY(look_study(l, STUDY_ALL, err));
    framework_input in = {.study = l->study,
                          .def = l->def,
                          .ingest = &ingest,
                          .rejects_path = l->project->rejects_path,
                          .most = most};
    STRATA_TRY(read_ingest(c, l, &ingest, err));
    STRATA_TRY(read_last_run(c, l, &in.last_run, err));
    STRATA_TRY(model_check(l->template_bound != NULL ? l->template_bound : l->project->bound,
                           &in.warnings, &in.n_warnings, err));
    STRATA_TRY(look_document(l, "framework", "Segmentation framework", &d, err));
    STRATA_TRY(report_framework(d, &in, err));
    doc_next_step(d, "strata explain ACCOUNT");
    doc_next_step(d, "strata plan NEW.yaml");
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status tell_personas(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    personas p = {0};
    STRATA_TRY(persona_ask(l, &p, err));
    STRATA_TRY(look_document(l, "persona book", "Persona book", &d, err));
    STRATA_TRY(report_persona_book(d, &p, most, err));
    doc_next_step(d, "strata persona SEGMENT");
    doc_next_step(d, "strata accounts --where 'not has_champion'");
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    report_kind kind = KIND_FRAMEWORK;
    long most = 0;
    STRATA_TRY(find_kind(c, &kind, err));
    STRATA_TRY(call_count(c, "limit", 1, LISTED_MOST, LISTED, &most, err));
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    STRATA_TRY(kind == KIND_PERSONAS ? tell_personas(&l, (size_t)most, &d, err)
                                     : tell_framework(c, &l, (size_t)most, &d, err));
    c->file = arena_printf(c->arena, "%s/%s", l.project->folder, kinds[kind].file);
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
    {"strata report personas -o personas.html", "who the accounts of each segment are"},
    {"strata report --dimension value --as-of 2026-03-31 -o value.html",
     "another dimension, earlier"},
    {0}};
const command_def command_report = {
    .name = "report",
    .summary = "The whole segmentation, or all personas, as one document",
    .usage = "[framework|personas]",
    .description =
        "Writes the segmentation framework: one page with the answer, then the evidence (segments, "
        "matrix,\nvalue concentration, dimensions, profiles, findings, movement, milestones, "
        "hypotheses, quality), then\nthe lists to work through, then the data and the method. HTML "
        "when the output file ends in .html; one\nfile that needs no network. Parts whose data is "
        "missing are named, with what would bring them back.\n\n"
        "'personas' writes the persona book: a page for each segment (strata persona), then "
        "anti-personas and the\ngaps in the buying committee by account.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .page = true,
    .run = run};
