/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/capacity.h"
#include "command/ask/work.h"
#include "plan/coverage/coverage.h"

enum { SHOWN = 15, HOURS_MOST = 10000000 };

static strata_status read_options(call *c, capacity_input *in, strata_error *err)
{
    bool all = call_for_programs(c);
    long limit = 0;
    long month = 0;
    STRATA_TRY(call_count(c, "limit", 0, 100000000L, all ? -1 : SHOWN, &limit, err));
    STRATA_TRY(call_count(c, "hours", 0, HOURS_MOST, -1, &month, err));
    in->limit = limit < 0 ? SIZE_MAX : (size_t)limit;
    in->hours_asked = month < 0 ? -1 : (int64_t)month * MONTHS_PER_YEAR * MINUTES_PER_HOUR;
    return STRATA_OK;
}

/* What is known of stakes and effect, and the best split where that is enough for one. */
typedef struct splitting {
    stakes stakes;
    touch_effect effect, growth;
    split split;
} splitting;

static strata_status find_split(call *c, const work_ask *w, splitting *x, capacity_input *in,
                                strata_error *err)
{
    const view *v = in->v;
    int64_t minutes = in->hours_asked >= 0                        ? in->hours_asked
                      : w->capacity.n_csms > w->capacity.n_unsaid ? w->capacity.available_total
                                                                  : -1;
    STRATA_TRY(stakes_compute(&c->cx, v, &w->engagement, c->arena, &x->stakes, err));
    x->effect = touch_effect_find(v, &w->engagement, &x->stakes);
    x->growth = touch_growth_find(v, &w->engagement, &x->stakes);
    in->s = &x->stakes;
    in->effect = &x->effect;
    in->growth = &x->growth;
    bool known = x->effect.source != EFFECT_NONE || x->growth.source != EFFECT_NONE;
    if (!x->stakes.known || !known || minutes < 0) {
        return STRATA_OK;
    }
    in->split = &x->split;
    const split_input from = {.e = &w->engagement,
                              .w = &w->work,
                              .s = &x->stakes,
                              .effect = &x->effect,
                              .growth = &x->growth,
                              .minutes = minutes};
    return split_best(&c->cx, &from, c->arena, &x->split, err);
}

static strata_status run(call *c, strata_error *err)
{
    WORK_ASK_AUTO work_ask w = {0};
    splitting x = {0};
    STRATA_TRY(work_ask_open(c, coverage_slots, &w, err));
    capacity_input in = {
        .v = w.look.view, .e = &w.engagement, .csms = &w.csms, .w = &w.work, .c = &w.capacity};
    STRATA_TRY(read_options(c, &in, err));
    STRATA_TRY(find_split(c, &w, &x, &in, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_capacity_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&w.look, "capacity", strbuf_text(&title), &d, err));
    STRATA_TRY(report_capacity(d, NULL, &in, err));
    doc_next_step(d, "strata tasks");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "hours",
     .arg = "N",
     .help = "what if all CSMs together had N hours a month for customers"},
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "CSMs listed at most (default 15; all as csv, json or xlsx)"},
    {0}};
static const command_example examples[] = {
    {"strata capacity", "hours by segment and by CSM for the next 12 months"},
    {"strata capacity --hours 4000", "what if there were 4,000 hours a month"},
    {"strata capacity --table csms -f csv", "the load of every CSM"},
    {0}};
const command_def command_capacity = {
    .name = "capacity",
    .summary = "How segments are looked after, the hours that takes, and who has them",
    .description =
        "Hours follow from the model file's engagement: how often each segment is met and "
        "reviewed,\n"
        "and how long each activity takes; from renewals that are due, onboarding still ahead and\n"
        "last year's tickets. They are weighed by the accounts' complexity and kept in whole "
        "minutes,\n"
        "so that all sums agree. The hours there are come from csms, else from engagement.month. "
        "Where "
        "the\n"
        "effect of touch can be measured, or the model file assumes one (engagement.effect), the "
        "split of\n"
        "the hours over segments that protects and grows most ARR is found, with what ten more "
        "are\n"
        "worth. Kept predictions (strata predict --save) tell accounts of a segment apart.",
    .options = options,
    .examples = examples,
    .table = "hours",
    .run = run};
