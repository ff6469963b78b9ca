/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/compare.h"
#include "command/look.h"
#include "report/report.h"

static strata_status open_at(call *c, look *l, strata_error *err)
{
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_dimension(l, err));
    if (call_value(c, "dimension") == NULL) {
        STRATA_TRY(look_for_segment(l, c->args[0], err));
    }
    return look_dates(l, NULL, err);
}

static strata_status compare_two(look *l, strata_error *err)
{
    segment_code a = 0;
    segment_code b = 0;
    const comparison *found = NULL;
    STRATA_TRY(look_segment(l, l->c->args[0], &a, err));
    STRATA_TRY(look_segment(l, l->c->args[1], &b, err));
    STRATA_TRY(look_study(l, STUDY_TREND, err));
    STRATA_TRY(profile_compare(l->study, l->def, a, b, l->c->arena, &found, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_compare_title(&title, found);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "compare", strbuf_text(&title), &d, err));
    report_compare(d, NULL, l->view, found);
    doc_next_step(d, arena_printf(l->c->arena, "strata profile '%s'", found->label_a));
    doc_next_step(d, arena_printf(l->c->arena, "strata profile '%s'", found->label_b));
    return call_show(l->c, d, err);
}

/* --- one segment at two dates --- */

static const segment_profile *find_profile(const profile *p, segment_code code)
{
    for (size_t i = 0; i < p->n_segments; i++) {
        if (p->segments[i].code == code) {
            return &p->segments[i];
        }
    }
    return NULL;
}

static strata_status look_back(look *then, const look *now, strata_error *err)
{
    *then = (look){.c = now->c,
                   .project = now->project,
                   .bound = now->bound,
                   .overrides = now->overrides,
                   .def = now->def,
                   .as_of = now->since,
                   .since = DAY_MISSING};
    return look_study(then, STUDY_TREND, err);
}

static strata_status show_dates(const look *l, const look *then, segment_code code,
                                strata_error *err)
{
    const profile *p = NULL;
    const profile *p_then = NULL;
    STRATA_TRY(profile_make(l->study, l->def, l->c->arena, &p, err));
    STRATA_TRY(profile_make(then->study, l->def, l->c->arena, &p_then, err));
    const segment_profile *s = find_profile(p, code);
    const segment_profile *s_then = find_profile(p_then, code);
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "segment '%s' has no accounts, now or a year before",
                           l->def->labels[code]);
    }
    const char *title =
        arena_printf(l->c->arena, "%s: %s on %s, %s on %s", s->label,
                     words_things((int64_t)(s_then != NULL ? s_then->accounts : 0), "account").text,
                     words_day(then->as_of).text, words_count((int64_t)s->accounts).text,
                     words_day(l->as_of).text);
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "compare", title, &d, err));
    report_compare_dates(d, NULL, l->view, p, s, p_then, s_then);
    char since[DAY_TEXT];
    day_format(then->as_of, since);
    doc_next_step(d, arena_printf(l->c->arena, "strata diff --since %s", since));
    return call_show(l->c, d, err);
}

static strata_status compare_dates(look *l, strata_error *err)
{
    segment_code code = 0;
    look then = {0};
    if (l->since == DAY_MISSING) {
        return strata_fail(err, STRATA_E_USAGE,
                           "name a second segment, or a date to compare with: strata compare '%s' "
                           "--since DATE",
                           l->c->args[0]);
    }
    STRATA_TRY(look_segment(l, l->c->args[0], &code, err));
    STRATA_TRY(look_study(l, STUDY_TREND, err));
    strata_status st = look_back(&then, l, err);
    if (st == STRATA_OK) {
        st = show_dates(l, &then, code, err);
    }
    study_free(then.study);
    view_free(then.view);
    return st;
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_TRY(open_at(c, &l, err));
    if (c->n_args == 1) {
        return compare_dates(&l, err);
    }
    if (l.since != DAY_MISSING) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--since compares one segment with itself; leave it out for two");
    }
    return compare_two(&l, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "where the segments are: a dimension, or an approach as in 'strata segments'"},
    {.name = "since", .arg = "DATE", .help = "compare one segment with itself on this date"},
    {0}};
static const command_example examples[] = {
    {"strata compare Champions 'Save plays'", "two segments side by side"},
    {"strata compare Champions --since 2025-06-30", "one segment, then and now"},
    {0}};
const command_def command_compare = {
    .name = "compare",
    .summary = "Two segments side by side, or one at two dates",
    .usage = "SEGMENT [OTHER]",
    .description = "Sets two segments of one dimension side by side: size, retention, and the "
                   "medians of their\n"
                   "features, each with a test that is corrected for all rows.\n\n"
                   "With one SEGMENT and --since: the segment on that date and on the as-of date, "
                   "each with the\n"
                   "accounts that were in it then.",
    .options = options,
    .examples = examples,
    .table = "comparison",
    .least_args = 1,
    .most_args = 2,
    .run = run};
