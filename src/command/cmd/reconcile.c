/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command/ask/metrics.h"
#include "report/cohorts/metrics.h"

typedef struct reconcile_job {
    cohort_ask ask;
    renewal_book *renewals;
    metric_setup setup;
} reconcile_job;

static void job_done(reconcile_job *j)
{
    renewal_book_free(j->renewals);
    cohort_ask_done(&j->ask);
}

/* Cuts a suffix off the name; false when it has another or none. */
static bool cut(char *name, const char *suffix)
{
    size_t len = strlen(name);
    size_t n = strlen(suffix);
    if (len <= n || strcmp(name + len - n, suffix) != 0) {
        return false;
    }
    name[len - n] = '\0';
    return true;
}

/* The switches behind a definition's name: 1 in, 0 out, -1 not named. */
typedef struct side_switches {
    int reactivation, cancellation;
    bool without_brief;
} side_switches;

static side_switches cut_switches(char *name)
{
    side_switches s = {-1, -1, false};
    for (bool more = true; more;) {
        more = false;
        for (int in = 0; in < 2; in++) {
            if (cut(name, in ? "+reactivation" : "-reactivation")) {
                s.reactivation = in;
                more = true;
            }
            if (cut(name, in ? "+cancellation" : "-cancellation")) {
                s.cancellation = in;
                more = true;
            }
        }
        if (cut(name, "-same_month")) {
            s.without_brief = more = true;
        }
    }
    return s;
}

/* Churn dated as the side asks. */
static strata_status date_side(reconcile_job *j, bool by_notice, metric_setup *s, strata_error *err)
{
    const arr_book *book = NULL;
    arr_words *words = NULL;
    STRATA_TRY(metrics_ask_book(&j->ask, by_notice, &book, err));
    if (by_notice && !book->by_notice) {
        return strata_fail(err, STRATA_E_DATA,
                           "churn dated at the cancellation does not differ: up to the as-of date "
                           "no subscription is known to have been cancelled before its end; arr "
                           "subscriptions say so in the column cancelled_on");
    }
    if (book != s->book) {
        STRATA_TRY(
            arr_words_load(store_main(j->ask.project->store), j->ask.c->arena, book, &words, err));
        s->book = book;
        s->words = words;
    }
    return STRATA_OK;
}

/* "nrr:movements+reactivation-same_month"; a dialect alone is of NRR. */
static strata_status find_side(reconcile_job *j, const char *text, reconcile_side *out,
                               strata_error *err)
{
    arena *a = j->ask.c->arena;
    char *name = arena_strdup(a, text);
    *out = (reconcile_side){.setup = j->setup};
    if (name == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const side_switches on = cut_switches(name);
    size_t at = metric_find(name);
    if (at == SIZE_MAX && strchr(name, ':') == NULL) {
        const char *of_nrr = arena_printf(a, "nrr:%s", name);
        at = of_nrr != NULL ? metric_find(of_nrr) : SIZE_MAX;
    }
    if (at == SIZE_MAX) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no metric '%.100s'; 'strata metrics --dialect all --wide' "
                           "names them, such as nrr:movements",
                           text);
    }
    out->def = &metric_defs[at];
    out->setup.without_brief = j->setup.without_brief || on.without_brief;
    out->setup.reactivation =
        on.reactivation >= 0 ? on.reactivation : metrics_ask_reactivation(&j->ask, out->def);
    return on.cancellation < 0 ? STRATA_OK : date_side(j, on.cancellation == 1, &out->setup, err);
}

static strata_status show(reconcile_job *j, const reconciliation *r, strata_error *err)
{
    call *c = j->ask.c;
    long most = 0;
    STRBUF_AUTO strbuf title;
    STRATA_AUTO(document_free) document *d = NULL;
    strbuf_init(&title, 0);
    STRATA_TRY(
        call_count(c, "limit", 0, 1000000000L, c->format == RENDER_TABLE ? 20 : 0, &most, err));
    report_reconcile_title(&title, j->ask.project->model->business.currency, r);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(cohort_ask_document(&j->ask, "reconcile", strbuf_text(&title), &d, err));
    report_reconcile(d, NULL, j->ask.p, &j->setup, r, (size_t)most);
    doc_next_step(d, "strata metrics --dialect all");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(job_done) reconcile_job j = {0};
    reconcile_side sides[2];
    reconciliation *r = NULL;
    STRATA_TRY(metrics_ask_open(c, &j.ask, err));
    STRATA_TRY(metrics_setup_make(&j.ask, &j.setup, &j.renewals, err));
    for (int k = 0; k < 2; k++) {
        STRATA_TRY(find_side(&j, c->args[k], &sides[k], err));
    }
    STRATA_TRY(reconcile_make(&c->cx, c->arena, &sides[0], &sides[1], &r, err));
    return show(&j, r, err);
}

static const command_option options[] = {
    METRICS_OPTION_SINCE,
    METRICS_OPTION_LAST,
    METRICS_OPTION_SAME_MONTH,
    METRICS_OPTION_CHURN_DATED,
    {.name = "limit", .arg = "N", .help = "accounts listed (default 20 in a table, else all)"},
    {0}};
static const command_example examples[] = {
    {"strata reconcile nrr:point_to_point nrr:movements", "why two dashboards disagree on NRR"},
    {"strata reconcile nrr grr --last 6m", "what expansion makes"},
    {"strata reconcile movements movements+reactivation", "what counting returns makes"},
    {"strata reconcile nrr nrr+cancellation", "what dating churn at the notice makes"},
    {0}};
const command_def command_reconcile = {
    .name = "reconcile",
    .summary = "Why two definitions of a metric differ, account by account",
    .usage = "A B",
    .description =
        "Sets two definitions against each other over the same time: what each account adds to "
        "numerator\nand denominator of either, why, and how much of the difference that makes. "
        "Causes add up to the\ndifference exactly.\n\n"
        "A definition is a metric and a dialect (nrr:movements); a dialect alone is of NRR. Behind "
        "it,\n+reactivation or -reactivation says whether accounts that come back count, "
        "-same_month that those\nthat came and went within one calendar month do not, "
        "+cancellation or -cancellation "
        "whether churn is\ndated when notice was given.",
    .options = options,
    .examples = examples,
    .table = "accounts",
    .least_args = 2,
    .most_args = 2,
    .run = run};
