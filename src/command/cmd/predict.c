/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/session.h"
#include "panel/dates.h"
#include "predict/keep.h"
#include "report/predictions/predictions.h"

enum { LISTED = 20, WITH_MAX = 32, WHAT_IFS = 5, KEPT_MAX = 120 };
static const char WITHIN[] = "90 days";

typedef struct asking {
    call *c;
    project *project;
    arr_book *book;
    predict_request request;
    const char *with[WITH_MAX];
    prediction found;
    double *typical;
    kept_prediction kept[KEPT_MAX];
    size_t n_kept, n_silent; /* dates on which nothing could be said */
} asking;

static void asking_done(asking *a)
{
    prediction_done(&a->found);
    arr_book_free(a->book);
    project_close(a->project);
}

static strata_status read_target(asking *a, strata_error *err)
{
    a->request.target = predict_target_find(a->c->args[0]);
    if (a->request.target == PREDICT_TARGETS) {
        return strata_fail(err, STRATA_E_USAGE,
                           "what to predict is churn or expansion, not '%.60s'", a->c->args[0]);
    }
    const char *within = call_value(a->c, "within");
    return horizon_parse(within != NULL ? within : WITHIN, &a->request.horizon, err);
}

/* "industry,channel" */
static strata_status read_with(asking *a, strata_error *err)
{
    const char *list = call_value(a->c, "with");
    while (list != NULL && *list != '\0') {
        size_t len = strcspn(list, ",");
        if (a->request.n_with == WITH_MAX) {
            return strata_fail(err, STRATA_E_USAGE, "--with takes at most %d attributes", WITH_MAX);
        }
        const char *name = arena_strndup(a->c->arena, list, len);
        if (name == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        a->with[a->request.n_with++] = name;
        list += len + (list[len] == ',');
    }
    a->request.with = a->with;
    return STRATA_OK;
}

static strata_status open_all(asking *a, strata_error *err)
{
    predict_request *q = &a->request;
    STRATA_TRY(read_target(a, err));
    STRATA_TRY(read_with(a, err));
    STRATA_TRY(session_load(a->c, &a->project, err));
    STRATA_TRY(session_as_of(a->c, a->project, &q->as_of, err));
    q->p = a->project->portfolio;
    q->bound = a->project->bound;
    q->overrides = &a->project->overrides;
    q->dimension = bound_primary(q->bound);
    STRATA_TRY(arr_book_load(&a->c->cx, q->p->ledgers, q->as_of, &a->book, err));
    q->book = a->book;
    STRATA_TRY(predict_run(&a->c->cx, q, a->c->arena, &a->found, err));
    return a->found.tells
               ? typical_values(&a->found.now, &a->found.candidates, a->c->arena, &a->typical, err)
               : STRATA_OK;
}

static strata_status explain_listed(asking *a, predictions_input *in, strata_error *err)
{
    long limit = LISTED;
    STRATA_TRY(call_list_limit(a->c, 0, LISTED, &limit, err));
    size_t n = a->found.now.n < (size_t)limit ? a->found.now.n : (size_t)limit;
    const uint32_t *order = prediction_order(&a->found, a->c->arena);
    account_reasons *listed = ARENA_NEW(a->c->arena, n + 1, account_reasons);
    if (order == NULL || listed == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(reasons_of(&a->found.today, &a->found.now, order[i], a->typical, a->c->arena,
                              &listed[i], err));
    }
    in->listed = listed;
    in->n_listed = n;
    return STRATA_OK;
}

static strata_status new_document(const asking *a, const strbuf *title, document **out,
                                  strata_error *err)
{
    STRATA_TRY(strbuf_status(title, err));
    int64_t n = 0;
    int64_t arr = 0;
    for (size_t i = 0; i < a->request.p->n_accounts; i++) {
        n += a->request.p->exists_from[i] <= a->request.as_of;
        arr += arr_book_at(a->book, i, a->request.as_of);
    }
    return session_document(a->c, a->project, "predictions", strbuf_text(title), a->request.as_of,
                            n, arr, out, err);
}

static strata_status show_account(asking *a, predictions_input *in, const char *id,
                                  strata_error *err)
{
    const prediction *f = &a->found;
    size_t account = 0;
    STRATA_TRY(session_account(a->project, id, &account, err));
    if (!f->tells) {
        return strata_fail(err, STRATA_E_DATA, "nothing can be said about '%.60s': %s", id,
                           f->why != NULL ? f->why
                                          : "on later dates the model was no better than chance");
    }
    size_t row = 0;
    while (row < f->now.n && f->now.account[row] != account) {
        row++;
    }
    if (row == f->now.n) {
        return strata_fail(err, STRATA_E_DATA, "'%.60s' is no customer on that date", id);
    }
    account_reasons reasons = {0};
    what_if best[WHAT_IFS];
    predictions_account one = {.reasons = &reasons, .what_ifs = best};
    STRATA_TRY(reasons_of(&f->today, &f->now, row, a->typical, a->c->arena, &reasons, err));
    STRATA_TRY(what_ifs(
        &f->today,
        &(what_if_question){&f->now, row, a->typical, f->target == PREDICT_CHURN, WHAT_IFS}, best,
        &one.n_what_ifs, a->c->arena, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_predictions_account_title(&title, in, &one);
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(new_document(a, &title, &d, err));
    report_predictions_account(d, in, &one);
    doc_next_step(d, arena_printf(a->c->arena, "strata explain %s", in->p->ids[account]));
    return call_show(a->c, d, err);
}

static void put_next_steps(const asking *a, document *d)
{
    const char *target = a->c->args[0];
    if (a->found.why == NULL) {
        doc_next_step(d, arena_printf(a->c->arena, "strata predict %s --card", target));
    }
    if (a->n_kept > 0) {
        doc_next_step(d, "strata segments predictive");
    } else if (a->found.tells) {
        doc_next_step(d, arena_printf(a->c->arena, "strata predict %s --save", target));
    }
}

static strata_status show(asking *a, strata_error *err)
{
    predictions_input in = {.found = &a->found,
                            .p = a->request.p,
                            .bound = a->request.bound,
                            .dimension = a->request.dimension,
                            .currency = a->project->model->business.currency,
                            .seed = a->c->cx.seed};
    const char *id = call_value(a->c, "account");
    if (id != NULL) {
        return show_account(a, &in, id, err);
    }
    bool card = call_has(a->c, "card");
    if (a->found.tells && !card) {
        STRATA_TRY(explain_listed(a, &in, err));
    }
    if (!a->found.tells && a->c->format == RENDER_CSV) {
        context_notice(&a->c->cx, "no account can be listed: %s",
                       a->found.why != NULL ? a->found.why : "the model was no better than chance");
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (card) {
        report_predictions_card_title(&title, &in);
    } else {
        report_predictions_title(&title, &in);
    }
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(new_document(a, &title, &d, err));
    if (a->n_kept > 0) {
        report_predictions_kept(d, &in, a->n_kept, a->n_silent);
    }
    if (card) {
        report_predictions_card(d, &in);
    } else {
        report_predictions(d, &in);
        put_next_steps(a, d);
    }
    return call_show(a->c, d, err);
}

/* --- keeping --- */

/* As of a past date, from what was known by then. */
static strata_status keep_past(asking *a, day as_of, strata_error *err)
{
    predict_request q = a->request;
    q.as_of = as_of;
    q.dimension = NULL;
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_CLEANUP(prediction_done) prediction past = {0};
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(predict_run(&a->c->cx, &q, scratch, &past, err));
    if (past.why != NULL || !past.tells) {
        a->n_silent++;
        return STRATA_OK;
    }
    STRATA_TRY(kept_prediction_of(&past, a->c->arena, &a->kept[a->n_kept], err));
    a->n_kept++;
    return STRATA_OK;
}

/* Month ends before the as-of date. */
static strata_status keep_months(asking *a, strata_error *err)
{
    const char *every = call_value(a->c, "every");
    day as_of = a->request.as_of;
    day from = as_of;
    STRATA_TRY(call_date(a->c, "from", months_before(as_of, 12), &from, err));
    if (every == NULL) {
        return call_value(a->c, "from") == NULL
                   ? STRATA_OK
                   : strata_fail(err, STRATA_E_USAGE, "--from goes with --every month");
    }
    if (strcmp(every, "month") != 0) {
        return strata_fail(err, STRATA_E_USAGE, "--every is month, not '%.40s'", every);
    }
    for (day d = day_month_end(from); d < as_of; d = day_month_end(d + 1)) {
        if (a->n_kept + a->n_silent + 1 >= KEPT_MAX) {
            return strata_fail(err, STRATA_E_USAGE, "--from is more than %d months ago", KEPT_MAX);
        }
        STRATA_TRY(context_check(&a->c->cx, err));
        STRATA_TRY(keep_past(a, d, err));
    }
    return STRATA_OK;
}

static strata_status keep(asking *a, strata_error *err)
{
    STRATA_TRY(keep_months(a, err));
    STRATA_TRY(kept_prediction_of(&a->found, a->c->arena, &a->kept[a->n_kept], err));
    a->n_kept++;
    STRATA_AUTO(store_close) store *writer = NULL;
    STRATA_TRY(project_open_writer(a->project, &writer, err));
    return predictions_keep(&a->c->cx, writer, a->request.p, a->kept, a->n_kept, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(asking_done) asking a = {.c = c};
    bool save = call_has(c, "save");
    if (!save && (call_value(c, "every") != NULL || call_value(c, "from") != NULL)) {
        return strata_fail(err, STRATA_E_USAGE, "--every and --from go with --save");
    }
    if (c->format == RENDER_CSV && call_has(c, "card")) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the model card is many tables; take --format json, markdown or html");
    }
    if (save && call_value(c, "account") != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "--save keeps all accounts; leave out --account");
    }
    STRATA_TRY(open_all(&a, err));
    if (save) {
        STRATA_TRY(keep(&a, err));
    }
    return show(&a, err);
}

static const command_option options[] = {
    {.name = "within",
     .arg = "SPAN",
     .help = "how far ahead: 90d (default), 6w, 12m; in words in quotes"},
    {.name = "account", .arg = "ID", .help = "one account, with all that makes its chance"},
    {.name = "limit", .arg = "N", .help = "accounts listed (default 20)"},
    {.name = "card", .help = "the model card: data, features, how good it is, when not to use it"},
    {.name = "with",
     .arg = "LIST",
     .help = "attributes of the accounts file that never change, to be looked at too"},
    {.name = "save",
     .use = OPTION_CHANGES,
     .help = "keep the chances as the feature churn_risk or expansion_chance"},
    {.name = "every",
     .arg = "PERIOD",
     .help = "month: with --save, past month ends too, each from what was known by then"},
    {.name = "from", .arg = "DATE", .help = "first of those dates (default: 12 months before)"},
    {0}};
static const command_example examples[] = {
    {"strata predict churn", "who is likely to leave within 90 days, and why"},
    {"strata predict churn --account A000035", "one account, part by part"},
    {"strata predict churn --save --every month", "keep them, for risk bands and their history"},
    {"strata predict expansion --within 12m --card", "the card of the model"},
    {0}};
const command_def command_predict = {
    .name = "predict",
    .summary = "Who is likely to churn or to expand, why, and how far to trust it",
    .usage = "churn|expansion",
    .description =
        "Learns from the company's own past: customers on past dates a month apart, what was known "
        "of each on that\n"
        "date and nothing later, and what came of it within the horizon. A logistic regression and "
        "boosted trees are\n"
        "fitted to the oldest dates, tuned and calibrated on later ones, and judged on the newest; "
        "the trees are used\n"
        "only where they are better there beyond chance. Features that know the outcome are "
        "refused "
        "and named.\n\n"
        "Each account's chance comes with what makes it differ from the average account's, in "
        "parts "
        "that add up.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 1,
    .table = "accounts",
    .run = run};
