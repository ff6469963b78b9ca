/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/roadmap.h"

#include <math.h>

#include "analysis/make_figure.h"

const char *const roadmap_phase_names[] = {"Foundation", "Operationalise", "Activate", "Optimise",
                                           NULL};

enum { STEPS_MOST = 8, WEEK = 7, WORK_DAYS = 5, HYPOTHESES_LEAST = 3 };
static const double FEW = 0.05;         /* of accounts: no misfit is worth a step below it */
static const double FEW_REFUSED = 0.01; /* of rows */

typedef struct builder {
    const roadmap_facts *f;
    const model *m;
    arena *a;
    roadmap_step *steps;
    size_t n;
    bool failed;
} builder;

/* `kind`: whose days n of them take. Texts that are NULL ran out of memory. */
static void add(builder *b, roadmap_step step, effort_kind kind)
{
    b->failed = b->failed || step.now == NULL || step.check == NULL;
    step.days = step.done ? 0.0 : (double)step.n * b->m->roadmap.days[kind];
    b->steps[b->n++] = step;
}

static void found_inputs(builder *b)
{
    const roadmap_facts *f = b->f;
    add(b,
        (roadmap_step){
            .key = "inputs",
            .what = "Bring the inputs that would add most",
            .who = "RevOps, data engineer",
            .needs = f->inputs,
            .check = "strata readiness: no input is left that would add",
            .now = arena_printf(b->a, "%zu of %zu analyses run", f->n_running, f->n_analyses),
            .n = f->n_inputs,
            .unit = "input",
            .done = f->n_inputs == 0},
        EFFORT_INPUT);
}

static void found_rows(builder *b)
{
    const roadmap_facts *f = b->f;
    int64_t wrong = f->n_rejected + f->n_unknown;
    double share = f->n_rows > 0 ? (double)wrong / (double)f->n_rows : 0.0;
    add(b,
        (roadmap_step){.key = "rows",
                       .what = "Put right rows that are refused or name no account",
                       .who = "RevOps",
                       .needs = "the file of refused rows",
                       .check = "strata ingest: under 1 % of rows",
                       .now =
                           arena_printf(b->a, "%s of %s rows, %.2f %%", text_count((size_t)wrong).s,
                                        text_count((size_t)f->n_rows).s, share * 100.0),
                       .n = (size_t)wrong,
                       .unit = "row",
                       .done = share < FEW_REFUSED},
        EFFORT_REJECTED_ROW);
}

static void found_owners(builder *b)
{
    const roadmap_facts *f = b->f;
    if (!f->work_known) {
        return;
    }
    add(b,
        (roadmap_step){.key = "owners",
                       .what = "Name a manager for every account that takes hours",
                       .who = "CS operations",
                       .needs = "csm_id of accounts, source csms",
                       .check = "strata capacity: no hours in nobody's book",
                       .now = arena_printf(b->a, "%s of %s such accounts have none",
                                           text_count(f->n_without_csm).s,
                                           text_count(f->n_with_work).s),
                       .n = f->n_without_csm,
                       .unit = "account",
                       .done = f->n_without_csm == 0},
        EFFORT_ACCOUNT);
    add(b,
        (roadmap_step){.key = "touch",
                       .what = "Say what touch each account gets today",
                       .who = "CS operations",
                       .needs = "coverage of accounts, or touchpoints",
                       .check = "strata coverage: nobody left out",
                       .now = f->misfit_known ? arena_printf(b->a, "not known of %zu accounts",
                                                             f->n_without_touch)
                                              : "not known of any account",
                       .n = f->n_without_touch,
                       .unit = "account",
                       .done = f->misfit_known && f->n_without_touch == 0},
        EFFORT_ACCOUNT);
}

static void make_foundation(builder *b)
{
    found_inputs(b);
    found_rows(b);
    found_owners(b);
}

static void make_operationalise(builder *b)
{
    const roadmap_facts *f = b->f;
    add(b,
        (roadmap_step){.key = "strategy",
                       .what = "Agree on strategy and motion of each segment",
                       .who = "head of Customer Success",
                       .needs = "strategy and motion in the model file",
                       .check = "strata quality: Actionable passes",
                       .now = arena_printf(b->a, "%zu of %zu segments are without",
                                           f->n_without_motion, f->n_segments),
                       .n = f->n_without_motion,
                       .unit = "segment",
                       .done = f->n_without_motion == 0},
        EFFORT_SEGMENT);
    add(b,
        (roadmap_step){
            .key = "programme",
            .what = "State the touch programme of each segment",
            .who = "head of Customer Success",
            .needs = "engagement in the model file",
            .check = "strata capacity: as the model file says",
            .now = arena_printf(b->a, "of %zu segments it is not stated", f->n_without_programme),
            .n = f->n_without_programme,
            .unit = "segment",
            .done = f->n_without_programme == 0},
        EFFORT_SEGMENT);
    int past = f->last_run != DAY_MISSING ? (int)(f->as_of - f->last_run) : 0;
    int most = b->m->quality.refresh_days;
    add(b,
        (roadmap_step){.key = "review",
                       .what = "Hold a review with those who decide, and record it",
                       .who = "head of Customer Success, CS operations",
                       .needs = "strata run",
                       .check = arena_printf(b->a, "strata history: a review within %d days", most),
                       .now = f->last_run != DAY_MISSING
                                  ? arena_printf(b->a, "the last one is %d days old", past)
                                  : "none is recorded",
                       .n = 1,
                       .unit = "review",
                       .done = f->last_run != DAY_MISSING && past <= most},
        EFFORT_REVIEW);
    if (f->n_csms > 0 && f->misfit_known) {
        add(b,
            (roadmap_step){.key = "training",
                           .what = "Train managers; planned touchpoints are held",
                           .who = "team leads",
                           .needs = "touchpoints",
                           .check = "strata coverage: nobody at the right level under half of plan",
                           .now = arena_printf(b->a, "%zu accounts are", f->n_not_held),
                           .n = f->n_csms,
                           .unit = "CSM",
                           .done = f->n_not_held == 0},
            EFFORT_CSM);
    }
}

static roadmap_step misfit_step(builder *b, const char *key, const char *what, size_t n)
{
    const roadmap_facts *f = b->f;
    double share = f->n_judged > 0 ? (double)n / (double)f->n_judged : 0.0;
    return (roadmap_step){
        .key = key,
        .what = what,
        .who = "managers",
        .needs = "strata report proposal",
        .check = "strata coverage: under 5 % of accounts",
        .now = arena_printf(b->a, "%zu of %zu, %.1f %%", n, f->n_judged, share * 100.0),
        .n = n,
        .unit = "account",
        .done = share < FEW};
}

static void make_activate(builder *b)
{
    const roadmap_facts *f = b->f;
    if (f->misfit_known) {
        add(b, misfit_step(b, "raise", "Raise the touch of those that get too little", f->n_under),
            EFFORT_ACCOUNT);
        add(b, misfit_step(b, "lower", "Lower the touch of those that get too much", f->n_over),
            EFFORT_HANDOVER);
    }
    if (f->books_known) {
        add(b,
            (roadmap_step){.key = "books",
                           .what = "Even the books of the managers",
                           .who = "head of Customer Success, managers",
                           .needs = "strata territories",
                           .check = "strata territories: no move that pays",
                           .now = arena_printf(b->a, "%zu moves would pay", f->n_moves),
                           .n = f->n_moves,
                           .unit = "account",
                           .done = f->n_moves == 0},
            EFFORT_HANDOVER);
    }
    add(b,
        (roadmap_step){.key = "playbooks",
                       .what = "Put playbooks to work, outcomes recorded",
                       .who = "managers, CS operations",
                       .needs = "source interventions",
                       .check = "interventions in the last 90 days",
                       .now = f->n_interventions < 0
                                  ? "none are recorded"
                                  : arena_printf(b->a, "%lld", (long long)f->n_interventions),
                       .n = f->n_playbooks,
                       .unit = "playbook",
                       .done = f->n_interventions > 0},
        EFFORT_PLAYBOOK);
}

static void make_optimise(builder *b)
{
    const roadmap_facts *f = b->f;
    static const int per_year[] = {52, 12, 4}; /* as review_every */
    size_t missing = f->n_hypotheses < HYPOTHESES_LEAST ? HYPOTHESES_LEAST - f->n_hypotheses : 0;
    add(b,
        (roadmap_step){.key = "hypotheses",
                       .what = "State what you believe, so that it can be tested",
                       .who = "CS operations",
                       .needs = "hypotheses in the model file",
                       .check = "strata quality: three hypotheses tested",
                       .now = arena_printf(b->a, "%zu stated", f->n_hypotheses),
                       .n = missing,
                       .unit = "hypothesis",
                       .done = missing == 0},
        EFFORT_SEGMENT);
    add(b,
        (roadmap_step){.key = "effect",
                       .what = "Measure what touch and plays bring, and drop what brings nothing",
                       .who = "CS operations",
                       .needs = "touchpoints and interventions of more than a year",
                       .check = "strata capacity: an effect measured above nothing",
                       .now = f->effect_measured ? "measured" : "not told from nothing yet",
                       .n = 1,
                       .unit = "review",
                       .done = f->effect_measured},
        EFFORT_REVIEW);
    add(b,
        (roadmap_step){.key = "rhythm",
                       .what = "Keep reviewing: who moved, why, and what was done",
                       .who = "head of Customer Success",
                       .needs = "strata run",
                       .check = "strata quality: Never refreshed passes",
                       .now = "as long as segments are used",
                       .n = (size_t)per_year[b->m->review],
                       .unit = "review"},
        EFFORT_REVIEW);
}

static void set_dates(roadmap *r)
{
    r->end = r->start;
    for (size_t k = 0; k < ROADMAP_PHASES; k++) {
        roadmap_stage *s = &r->stages[k];
        s->from = s->until = DAY_MISSING;
        if (s->days > 0.0) {
            double weeks = fmax(1.0, ceil(s->days / r->people / WORK_DAYS));
            s->from = r->end;
            r->end += (day)(weeks * WEEK);
            s->until = r->end - 1;
        }
        r->days += s->days;
        r->n_steps += s->n_steps;
        r->n_done += s->n_done;
    }
}

strata_status roadmap_make(const roadmap_facts *facts, const model *m, day start, arena *a,
                           roadmap *out, strata_error *err)
{
    static void (*const makers[ROADMAP_PHASES])(builder *) = {make_foundation, make_operationalise,
                                                              make_activate, make_optimise};
    roadmap r = {.people = m->roadmap.people, .start = start};
    for (size_t k = 0; k < ROADMAP_PHASES; k++) {
        builder b = {.f = facts, .m = m, .a = a, .steps = ARENA_NEW(a, STEPS_MOST, roadmap_step)};
        if (b.steps != NULL) {
            makers[k](&b);
        }
        if (b.steps == NULL || b.failed) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for the roadmap");
        }
        r.stages[k] = (roadmap_stage){.steps = b.steps, .n_steps = b.n};
        for (size_t i = 0; i < b.n; i++) {
            r.stages[k].days += b.steps[i].days;
            r.stages[k].n_done += b.steps[i].done;
        }
    }
    set_dates(&r);
    *out = r;
    return STRATA_OK;
}
