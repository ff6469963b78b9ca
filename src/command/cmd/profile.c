/* SPDX-License-Identifier: Apache-2.0 */
#include "command/look.h"
#include "report/report.h"
#include "report/segments/segment_page.h"

static const segment_profile *find_profile(const profile *p, segment_code code)
{
    for (size_t i = 0; i < p->n_segments; i++) {
        if (p->segments[i].code == code) {
            return &p->segments[i];
        }
    }
    return NULL;
}

static strata_status add_steps(const look *l, document *d, const profile *p, segment_code code,
                               strata_error *err)
{
    STRBUF_AUTO strbuf where;
    strbuf_init(&where, 0);
    report_segment_where(&where, l->bound, l->def, code);
    STRATA_TRY(strbuf_status(&where, err));
    if (l->template_model == NULL) {
        doc_next_step(
            d, arena_printf(l->c->arena, "strata accounts --where '%s'", strbuf_text(&where)));
    }
    const char *other = NULL;
    for (size_t i = 0; other == NULL && i < p->n_segments; i++) {
        other = p->segments[i].code != code ? p->segments[i].label : NULL;
    }
    if (other != NULL) {
        doc_next_step(
            d, arena_printf(l->c->arena, "strata compare '%s' '%s'", l->def->labels[code], other));
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    segment_code code = 0;
    const profile *p = NULL;
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dimension(&l, err));
    if (call_value(c, "dimension") == NULL) {
        STRATA_TRY(look_for_segment(&l, c->args[0], err));
    }
    STRATA_TRY(look_segment(&l, c->args[0], &code, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    STRATA_TRY(look_study(&l, STUDY_ALL, err));
    STRATA_TRY(profile_make(l.study, l.def, c->arena, &p, err));
    const segment_profile *s = find_profile(p, code);
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "segment '%s' has no accounts, now or a year before",
                           l.def->labels[code]);
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_segment_title(&title, l.view, p, s);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "profile", strbuf_text(&title), &d, err));
    STRATA_TRY(report_segment_page(d, NULL, l.view, p, s, err));
    STRATA_TRY(add_steps(&l, d, p, code, err));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "where the segment is: a dimension, or an approach as in 'strata segments'"},
    {.name = "since",
     .arg = "DATE",
     .help = "count changes from this date on (default: the review before)"},
    {0}};
static const command_example examples[] = {
    {"strata profile Champions", "one segment of the primary dimension"},
    {"strata profile Dormant --dimension behavioral", "one of another dimension"},
    {"strata profile Champions --as-of 2025-12-31", "as it was"},
    {0}};
const command_def command_profile = {
    .name = "profile",
    .summary = "One segment in full: what it is, how it fares, what sets it apart",
    .usage = "SEGMENT",
    .description =
        "Shows the rule of a segment in words, its size and value, what became of its accounts "
        "over\n"
        "12 months, what sets it apart from all others, what those who stayed had that those who\n"
        "churned had not, and what speaks against its accounts staying.\n\n"
        "Differences are shown only where they pass a test that is corrected for all comparisons.",
    .options = options,
    .examples = examples,
    .table = "features",
    .least_args = 1,
    .most_args = 1,
    .run = run};
