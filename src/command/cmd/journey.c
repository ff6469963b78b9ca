/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "command/look.h"
#include "report/journey/journey.h"

enum { LANDMARK = 90, LANDMARK_LEAST = 7, LANDMARK_MOST = 300, LISTED = 20 };

typedef struct asking {
    look look;
    arr_book *arr;
    order_book *orders;
    journey_request request;
    journey found;
    activation activation;
    const char *caution;
} asking;

static void asking_done(asking *x)
{
    arr_book_free(x->arr);
    order_book_free(x->orders);
    look_done(&x->look);
}

/* What the stages read, to be kept as of the as-of date. */
static strata_status stage_slots(const look *l, const size_t **out, size_t *n, strata_error *err)
{
    const bound_model *b = l->bound;
    uint8_t *read = ARENA_NEW(l->c->arena, b->scope.n_symbols, uint8_t);
    size_t *slots = ARENA_NEW(l->c->arena, b->scope.n_symbols, size_t);
    if (read == NULL || slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing features");
    }
    for (size_t s = 0; s < b->model->n_stages; s++) {
        size_t k = 0;
        const size_t *of = rule_slots(b->stages[s], &k);
        while (k-- > 0) {
            read[of[k]] = 1;
        }
    }
    *n = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (read[slot]) {
            slots[(*n)++] = slot;
        }
    }
    *out = slots;
    return STRATA_OK;
}

static strata_status find_worth(const view *v, arena *a, const int64_t **out, strata_error *err)
{
    int64_t *worth = ARENA_NEW(a, v->p->n_accounts + 1, int64_t);
    if (worth == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", v->p->n_accounts);
    }
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        worth[i] = view_value_minor(v, i);
    }
    *out = v->value != NULL ? worth : NULL;
    return STRATA_OK;
}

static strata_status open_all(call *c, asking *x, strata_error *err)
{
    long landmark = 0;
    const size_t *slots = NULL;
    size_t n = 0;
    look *l = &x->look;
    STRATA_TRY(call_count(c, "at", LANDMARK_LEAST, LANDMARK_MOST, LANDMARK, &landmark, err));
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_journey(l, err));
    STRATA_TRY(session_as_of(c, l->project, &l->as_of, err));
    const portfolio *p = l->project->portfolio;
    STRATA_TRY(stage_slots(l, &slots, &n, err));
    STRATA_TRY(look_view(l, slots, n, err));
    STRATA_TRY(arr_book_load(&c->cx, p->ledgers, l->as_of, &x->arr, err));
    STRATA_TRY(order_book_load(&c->cx, p->ledgers, l->as_of, &x->orders, err));
    x->request = (journey_request){.p = p,
                                   .b = l->bound,
                                   .arr = x->arr,
                                   .orders = x->orders,
                                   .has_arr = l->view->has_arr,
                                   .as_of = l->as_of,
                                   .landmark_days = (int)landmark};
    STRATA_TRY(find_worth(l->view, c->arena, &x->request.worth, err));
    STRATA_TRY(call_date(c, "since", DAY_MISSING, &x->request.since, err));
    if (x->request.since > l->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--since lies after the as-of date");
    }
    return STRATA_OK;
}

static strata_status make(call *c, asking *x, strata_error *err)
{
    groups *g = NULL;
    const look *l = &x->look;
    const char *by = call_value(c, "by");
    if (by != NULL) {
        char text[DAY_TEXT];
        STRATA_TRY(groups_by_value(&c->cx, c->arena, x->request.p, l->bound, l->overrides, by,
                                   l->as_of, &g, err));
        day_format(l->as_of, text);
        x->caution = arena_printf(c->arena,
                                  "Accounts are grouped by what they were on %s; a group that "
                                  "accounts leave when they do badly looks better than it was.",
                                  text);
    }
    STRATA_TRY(journey_make(&c->cx, &x->request, g, c->arena, &x->found, err));
    return activation_make(&c->cx, &x->request, &x->found.paths, c->arena, &x->activation, err);
}

static strata_status find_stage(const journey *j, const char *name, size_t *out, strata_error *err)
{
    const char *names[MODEL_STAGES_MAX + 1];
    for (size_t s = 0; s < j->paths.n_stages; s++) {
        names[s] = j->paths.stages[s].name;
        if (strcasecmp(names[s], name) == 0) {
            *out = s;
            return STRATA_OK;
        }
    }
    for (size_t s = 0; s < j->paths.n_left_out; s++) {
        if (strcasecmp(j->paths.left_out[s].name, name) == 0) {
            return strata_fail(err, STRATA_E_DATA, "stage '%.100s' cannot be judged: it %s", name,
                               j->paths.left_out[s].why);
        }
    }
    return strata_fail(
        err, STRATA_E_NOTFOUND, "the journey has no stage '%.100s'%s", name,
        nearest_hint_or(name, names, j->paths.n_stages, "; 'strata journey' lists them").text);
}

static strata_status show(call *c, asking *x, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    STRATA_AUTO(document_free) document *d = NULL;
    size_t stage = SIZE_MAX;
    long most = 0;
    const char *name = call_value(c, "stage");
    strbuf_init(&title, 0);
    STRATA_TRY(call_list_limit(c, 1, LISTED, &most, err));
    if (name != NULL) {
        STRATA_TRY(find_stage(&x->found, name, &stage, err));
        report_journey_stage_title(&title, &x->found, x->look.view, stage);
        c->render.table = call_value(c, "table") == NULL ? "accounts" : c->render.table;
    } else {
        report_journey_title(&title, &x->found);
    }
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(&x->look, "journey", strbuf_text(&title), &d, err));
    const journey_page page = {.d = d,
                               .v = x->look.view,
                               .j = &x->found,
                               .activation = &x->activation,
                               .most = (size_t)most,
                               .caution = x->caution,
                               .template_name = x->look.template_model != NULL
                                                    ? x->look.template_model->template_name
                                                    : NULL,
                               .arena = c->arena};
    STRATA_TRY(name != NULL ? report_journey_stage(&page, stage, err) : report_journey(&page, err));
    doc_next_step(d, name != NULL ? "strata explain ACCOUNT" : "strata journey --stage STAGE");
    doc_next_step(d, "strata survival");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(asking_done) asking x = {0};
    STRATA_TRY(open_all(c, &x, err));
    STRATA_TRY(make(c, &x, err));
    return show(c, &x, err);
}

static const command_option options[] = {
    {.name = "stage", .arg = "NAME", .help = "list the accounts that are in this stage now"},
    {.name = "by",
     .arg = "EXPR",
     .help = "compare groups: an attribute, a dimension or any expression, as of the as-of date"},
    {.name = "since",
     .arg = "DATE",
     .help = "follow accounts that started on this day or later (default: when the data that the "
             "stages read begins)"},
    {.name = "at",
     .arg = "DAYS",
     .help = "age at which activation milestones are judged (default 90)"},
    {.name = "limit", .arg = "N", .help = "accounts in a list (default 20)"},
    {0}};
static const command_example examples[] = {
    {"strata journey", "funnel, time in stage, stuck accounts, what goes with staying"},
    {"strata journey --stage Habit", "who is there, and what each lacks for the next stage"},
    {"strata journey --by industry --since 2025-01-01", "young accounts, compared"},
    {0}};
const command_def command_journey = {
    .name = "journey",
    .summary = "How far accounts come, stage by stage, and where they get stuck",
    .description =
        "Follows accounts through the stages that the model's 'journey' names: how many come to "
        "each, how long that\ntakes, and who is in one for longer than expected, with the clause "
        "that the next stage's condition lacks.\nThen which early milestones go with staying: "
        "found on one half of the accounts, confirmed on the other,\namong accounts that were "
        "still customers at the age at which they are judged.\n\n"
        "A model without a journey is shown that of the template 'lifecycle' ('shop' for orders).",
    .options = options,
    .examples = examples,
    .table = "funnel",
    .run = run};
