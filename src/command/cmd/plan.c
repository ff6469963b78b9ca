/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/ask/plan_work.h"
#include "command/session.h"
#include "history/history.h"
#include "report/plan/plan.h"
#include "store/stmt.h"

/* The other model, bound to the same portfolio, and both segmented. */
typedef struct planning {
    call *c;
    project *p;
    model *other;
    bound_model *other_bound;
    override_set other_pins;
    bool other_is_after; /* a file that was named; else the recorded model, which is before */
    const char *other_name;
    segmentation *own, *others;
} planning;

static void planning_done(planning *x)
{
    segmentation_free(x->own);
    segmentation_free(x->others);
    bound_model_free(x->other_bound);
    model_free(x->other);
    project_close(x->p);
}

/* --- the other model --- */

static strata_status newest_run(const planning *x, history_run *out, strata_error *err)
{
    const history_run *runs = NULL;
    size_t n = 0;
    STRATA_TRY(history_runs(store_main(x->p->store), x->c->arena, &runs, &n, err));
    if (n == 0) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "no review is recorded yet to compare with; record one with 'strata "
                           "run', or name a model file: strata plan NEW.yaml");
    }
    *out = runs[0];
    for (size_t i = 1; i < n; i++) {
        *out = runs[i].as_of > out->as_of ? runs[i] : *out;
    }
    return STRATA_OK;
}

static strata_status load_recorded(planning *x, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    history_run run = {0};
    bool more = false;
    char date[DAY_TEXT];
    STRATA_TRY(newest_run(x, &run, err));
    STRATA_TRY(stmt_new(store_main(x->p->store), "history/run_model.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "run_id", run.run_id, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    text_view text = more ? stmt_get_text(s, 0) : (text_view){NULL, 0};
    day_format(run.as_of, date);
    x->other_name = arena_printf(x->c->arena, "the review of %s", date);
    if (text.ptr == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "the review of %s was recorded without its model; name a model file: "
                           "strata plan NEW.yaml",
                           date);
    }
    strata_status st = model_parse(x->p->model_path, text.ptr, text.len, &x->other, err);
    return st == STRATA_OK ? STRATA_OK
                           : strata_wrap(err, st, "the model recorded with the review of %s", date);
}

static strata_status load_other(planning *x, strata_error *err)
{
    if (x->c->text != NULL) {
        x->other_is_after = true;
        x->other_name = "the changed model";
        STRATA_TRY(
            model_parse_contained(x->p->model_path, x->c->text, x->c->text_len, &x->other, err));
    } else if (x->c->n_args == 0) {
        STRATA_TRY(load_recorded(x, err));
    } else {
        x->other_is_after = true;
        x->other_name = x->c->args[0];
        STRATA_TRY(model_load(x->c->args[0], &x->other, err));
    }
    return project_bind(x->p, x->other, &x->other_bound, &x->other_pins, err);
}

/* --- both models over a year --- */

static strata_status segment(const planning *x, const bound_model *b, const override_set *pins,
                             day as_of, segmentation **out, strata_error *err)
{
    static const size_t keep[] = {FEATURE_ARR, FEATURE_SPEND_365D};
    day dates[PLAN_DATES];
    dates[PLAN_DATES - 1] = as_of;
    day before = as_of;
    for (size_t i = PLAN_DATES - 1; i-- > 0;) {
        before = day_month_start(before) - 1;
        dates[i] = before;
    }
    segmentation_request request = SEGMENTATION_REQUEST(.dates = dates, .n_dates = PLAN_DATES,
                                                        .keep_slots = keep, .n_keep_slots = 2);
    request.keep_date = PLAN_DATES - 1;
    return segmentation_run(&x->c->cx, x->p->portfolio, b, pins, &request, out, err);
}

/* Hours and plays under both models. */
static strata_status put_work(const planning *x, document *d, day as_of, strata_error *err)
{
    PLAN_WORK_ASK_AUTO plan_work_ask work = {0};
    const bool after = x->other_is_after;
    const plan_work_request request = {
        .p = x->p,
        .before = after ? x->p->bound : x->other_bound,
        .after = after ? x->other_bound : x->p->bound,
        .pins_before = after ? &x->p->overrides : &x->other_pins,
        .pins_after = after ? &x->other_pins : &x->p->overrides,
        .as_of = as_of,
        .replay = call_has(x->c, "replay"),
    };
    STRATA_TRY(plan_work_ask_open(x->c, &request, &work, err));
    return report_plan_work(d, NULL, &work.input, err);
}

static strata_status describe(const planning *x, day as_of, size_t most, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    plan_side own = {x->p->bound, x->own};
    plan_side other = {x->other_bound, x->others};
    column arr = segmentation_column(x->own, FEATURE_ARR);
    column spend = segmentation_column(x->own, FEATURE_SPEND_365D);
    bool has_arr = x->p->portfolio->symbols[FEATURE_ARR].missing_because == NULL;
    const model *after = x->other_is_after ? x->other : x->p->model;
    const char *dimension = call_value(x->c, "dimension");
    plan_input in = {.p = x->p->portfolio,
                     .before = x->other_is_after ? own : other,
                     .after = x->other_is_after ? other : own,
                     .before_name = x->other_is_after ? x->p->model_path : x->other_name,
                     .after_name = x->other_is_after ? x->other_name : x->p->model_path,
                     .dimension = dimension != NULL ? dimension : after->primary,
                     .as_of = as_of,
                     .value = has_arr ? arr.num : spend.num,
                     .value_label = has_arr ? "ARR" : "Spend in 365 days",
                     .most = most};
    STRATA_TRY(session_document(x->c, x->p, "plan", "What the changed model would do", as_of,
                                (int64_t)x->p->portfolio->n_accounts, -1, &d, err));
    STRATA_TRY(report_plan(d, NULL, &in, err));
    STRATA_TRY(put_work(x, d, as_of, err));
    if (!call_has(x->c, "replay") && x->c->text == NULL) {
        doc_next_step(d, x->other_is_after
                             ? arena_printf(x->c->arena, "strata plan %s --replay", x->other_name)
                             : "strata plan --replay");
    }
    doc_next_step(d, "strata run");
    doc_next_step(d, "strata quality");
    return call_show(x->c, d, err);
}

/* The dimension asked for has to be in the model after. */
static strata_status check_dimension(const planning *x, strata_error *err)
{
    const char *name = call_value(x->c, "dimension");
    const bound_def *def = NULL;
    if (name == NULL) {
        return STRATA_OK;
    }
    if (x->other_is_after && bound_find(x->other_bound, name) != NULL) {
        return STRATA_OK;
    }
    return session_dimension(x->p, name, &def, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(planning_done) planning x = {.c = c};
    day as_of = DAY_MISSING;
    long most = 0;
    STRATA_TRY(session_load(c, &x.p, err));
    STRATA_TRY(session_as_of(c, x.p, &as_of, err));
    STRATA_TRY(
        call_count(c, "limit", 0, 1000000000L, c->format == RENDER_TABLE ? 20 : 0, &most, err));
    STRATA_TRY(load_other(&x, err));
    STRATA_TRY(check_dimension(&x, err));
    STRATA_TRY(session_warn(c, x.other_is_after ? x.other_bound : x.p->bound, err));
    STRATA_TRY(segment(&x, x.p->bound, &x.p->overrides, as_of, &x.own, err));
    STRATA_TRY(segment(&x, x.other_bound, &x.other_pins, as_of, &x.others, err));
    return describe(&x, as_of, (size_t)most, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "whose movers to list (default: the primary one of the changed model)"},
    {.name = "limit", .arg = "N", .help = "accounts listed (default 20 in a table, else all)"},
    {.name = "replay",
     .help = "replay the last year under both models: hours at quarter ends, and plays that would "
             "have begun"},
    {0}};
static const command_example examples[] = {
    {"strata plan", "what the edited strata.yaml changes against the last recorded review"},
    {"strata plan new.yaml --dimension value", "what another model file would change"},
    {"strata plan new.yaml --replay", "the hours and plays of the last year too"},
    {0}};
const command_def command_plan = {
    .name = "plan",
    .summary = "What a changed model would do, before it is applied",
    .usage = "[NEW.yaml]",
    .description =
        "Compares strata.yaml with another model file, or, without one, the model of the newest "
        "recorded review\nwith strata.yaml as it is now, on the same data: which definitions "
        "differ, which accounts and how\nmuch ARR would move from where to where and by which "
        "clause, sizes before and after, how often\nmemberships would have changed over the "
        "last twelve month ends, and the hours that would move with accounts,\nby segment and "
        "manager. With --replay, also the plays that would have begun. Writes nothing.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .run = run};
