/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/segments.h"
#include "analysis/profile.h"
#include "command/look.h"
#include "command/timeframe.h"

/* "[APPROACH] [TIMEFRAME]": one word alone may be either. */
static strata_status read_words(look *l, strata_error *err)
{
    const call *c = l->c;
    timeframe t = {0};
    const char *approach = c->n_args > 0 ? c->args[0] : NULL;
    const char *frame = c->n_args > 1 ? c->args[1] : NULL;
    if (c->n_args == 1 && timeframe_parse(approach, &t)) {
        frame = approach;
        approach = NULL;
    }
    if (approach != NULL) {
        STRATA_TRY(look_approach(l, approach, err));
    }
    return look_dates(l, frame, err);
}

/* " --dimension rfm", for a dimension that other commands would not take by themselves. */
static const char *dimension_option(const look *l)
{
    bool primary = l->template_model == NULL && l->def == view_primary(l->view);
    const char *name =
        l->template_model != NULL ? l->c->args[0] : l->bound->scope.symbols[l->def->slot].name;
    return primary ? "" : arena_printf(l->c->arena, " --dimension %s", name);
}

static void add_steps(const look *l, document *d, const profile *p)
{
    char since[DAY_TEXT];
    day_format(p->since, since);
    const char *dimension = dimension_option(l);
    if (p->n_segments > 0) {
        doc_next_step(
            d, arena_printf(l->c->arena, "strata profile '%s'%s", p->segments[0].label, dimension));
    }
    doc_next_step(d, arena_printf(l->c->arena, "strata quality%s", dimension));
    if (l->template_model == NULL) {
        doc_next_step(d, arena_printf(l->c->arena, "strata diff --since %s%s", since, dimension));
    }
}

static void put_template(const look *l, document *d)
{
    if (l->template_model != NULL) {
        const char *name = l->bound->model->template_name;
        doc_section *s = document_section(d, NULL, "template", NULL);
        doc_note(s, "note",
                 "The model has no such dimension. This is the shipped template `%s` over your "
                 "data; nothing of it is recorded. `extends: %s` in strata.yaml would keep it.",
                 name, name);
    }
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    const profile *p = NULL;
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(read_words(&l, err));
    STRATA_TRY(look_study(&l, STUDY_TREND, err));
    STRATA_TRY(profile_make(l.study, l.def, c->arena, &p, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_segments_title(&title, l.view, p);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "segments", strbuf_text(&title), &d, err));
    report_segments(d, NULL, l.view, p);
    if (call_has(c, "meanings")) {
        STRATA_TRY(report_segment_meanings(d, NULL, l.view, l.def, err));
    }
    put_template(&l, d);
    add_steps(&l, d, p);
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "since",
     .arg = "DATE",
     .help = "count changes from this date on (default: the review before)"},
    {.name = "meanings", .help = "what each segment means, in words, with strategy and motion"},
    {0}};
static const command_example examples[] = {
    {"strata segments", "the model's primary dimension"},
    {"strata segments rfm", "recency, frequency and value, whatever the model is"},
    {"strata segments value 12m", "value tiers, with changes over twelve months"},
    {"strata segments 2026-Q1", "as of the end of a quarter, with changes since it began"},
    {"strata segments hybrid -f csv -o segments.csv", "for a spreadsheet"},
    {0}};
const command_def command_segments = {
    .name = "segments",
    .summary = "The segments of a dimension: size, value, retention, change",
    .usage = "[APPROACH] [TIMEFRAME]",
    .description =
        "APPROACH is a dimension of the model, or one of value, behavioral, health, lifecycle, "
        "rfm,\n"
        "hybrid, firmographic and priority. Where the model has no such dimension, the template "
        "that\n"
        "Strata ships under that name is laid over the project's data. `cluster` shows what\n"
        "'strata cluster --as-dimension cluster' wrote.\n\n"
        "TIMEFRAME is what changes are counted over. A length ends at the as-of date: 30d, 8w, "
        "12m,\n"
        "1y. A calendar period sets the as-of date too, to its last day (or the last day with "
        "data):\n"
        "2026-Q1, 2026-03, 2025. Changes count from the day before it begins.\n\n"
        "NRR, GRR and churn follow the accounts that were in the segment a year ago and had ARR "
        "then,\n"
        "wherever they are now. Rates over fewer accounts than the model's minimum are left out.",
    .options = options,
    .examples = examples,
    .most_args = 2,
    .run = run};
