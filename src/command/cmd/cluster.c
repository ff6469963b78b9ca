/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/strbuf.h"
#include "cluster/clusters.h"
#include "cluster/record.h"
#include "command/list.h"
#include "command/look.h"
#include "command/saved.h"
#include "report/clusters/clusters.h"
#include "segment/given.h"

typedef struct asked {
    look l;
    cluster_request request;
    saved_fit before;
    clusters found;
    const char *where; /* as it was given; NULL: none */
} asked;

static void asked_done(asked *a)
{
    look_done(&a->l);
}

/* --- what is asked --- */

static strata_status read_missing(const call *c, cluster_missing *out, strata_error *err)
{
    const char *text = call_value(c, "missing");
    *out = CLUSTER_MISSING_MEDIAN;
    if (text == NULL || strcmp(text, "median") == 0) {
        return STRATA_OK;
    }
    if (strcmp(text, "leave-out") != 0) {
        return strata_fail(err, STRATA_E_USAGE, "--missing is median or leave-out, not '%.100s'",
                           text);
    }
    *out = CLUSTER_MISSING_LEAVE;
    return STRATA_OK;
}

static strata_status read_request(asked *q, strata_error *err)
{
    call *c = q->l.c;
    const bound_model *b = q->l.bound;
    const char *method = call_value(c, "method");
    const char *features = call_value(c, "features");
    const char *const *expressions = NULL;
    size_t n = 0;
    long k = 0;
    if (method != NULL) {
        STRATA_TRY(cluster_method_parse(method, &q->request.method, err));
    }
    STRATA_TRY(call_count(c, "k", 0, CLUSTER_K_MOST, 0, &k, err));
    if (call_value(c, "k") != NULL && k < CLUSTER_K_LEAST) {
        return strata_fail(err, STRATA_E_USAGE, "--k is a number from %d to %d", CLUSTER_K_LEAST,
                           CLUSTER_K_MOST);
    }
    q->request.k = (size_t)k;
    STRATA_TRY(read_missing(c, &q->request.missing, err));
    if (features != NULL) {
        STRATA_TRY(call_expressions(c->arena, features, &expressions, &n, err));
    }
    STRATA_TRY(cluster_candidates_make(c->arena, b, expressions, n, &q->request.candidates, err));
    q->where = call_value(c, "where");
    if (q->where != NULL) {
        STRATA_TRY(
            given_condition(c->arena, q->where, "--where", &b->scope, &q->request.where, err));
    }
    return STRATA_OK;
}

/* The view keeps what the features and --where read. */
static strata_status look_at(asked *q, strata_error *err)
{
    look *l = &q->l;
    const cluster_source src = {.p = l->project->portfolio,
                                .b = l->bound,
                                .overrides = l->overrides,
                                .where = q->request.where};
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(cluster_slots(&src, q->request.candidates.items, q->request.candidates.n,
                             l->c->arena, &slots, &n, err));
    STRATA_TRY(look_view(l, slots, n, err));
    STRATA_TRY(study_new(&l->c->cx, l->view, 0, &l->study, err));
    STRATA_TRY(cluster_last_fit(store_main(l->project->store), l->project->portfolio, l->as_of,
                                q->where, l->c->arena, &q->before, err));
    q->request.before = &q->before;
    return STRATA_OK;
}

/* --- what is kept --- */

static strata_status names_of(const asked *q, const char ***out, strata_error *err)
{
    const char **names = ARENA_NEW(q->l.c->arena, q->found.fit.k + 1, const char *);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t c = 0; c < q->found.fit.k; c++) {
        names[c] = q->found.refit.of[c].name;
    }
    *out = names;
    return STRATA_OK;
}

static strata_status save_fit(asked *q, document *d, strata_error *err)
{
    look *l = &q->l;
    const char **names = NULL;
    int32_t number = 0;
    STRATA_TRY(names_of(q, &names, err));
    cluster_record r = {.p = l->project->portfolio,
                        .points = &q->found.points,
                        .fit = &q->found.fit,
                        .names = names,
                        .method = q->request.method,
                        .where = q->where,
                        .as_of = l->as_of,
                        .seed = l->c->cx.seed,
                        .model_digest = l->bound->model->digest,
                        .version = STRATA_VERSION};
    STRATA_AUTO(store_close) store *writer = NULL;
    STRATA_TRY(project_open_writer(l->project, &writer, err));
    STRATA_TRY(cluster_save(writer, &r, &number, err));
    doc_section *s = document_section(d, NULL, "saved-fit", "Saved");
    char as_of[DAY_TEXT];
    day_format(l->as_of, as_of);
    doc_paragraph(s,
                  "These clusters are kept in the store (fit %d, as of %s): the next ones take "
                  "their names over where they go on.",
                  (int)number, as_of);
    return STRATA_OK;
}

/* The command again, as the file says it. */
static const char *command_of(const asked *q)
{
    const call *c = q->l.c;
    arena *a = c->arena;
    const char *text = "strata cluster";
    static const char *const options[] = {"method", "k", "features", "where", "missing", "seed"};
    for (size_t i = 0; i < sizeof options / sizeof options[0] && text != NULL; i++) {
        const char *value = call_value(c, options[i]);
        if (value != NULL) {
            text = arena_printf(a, "%s --%s '%s'", text, options[i], value);
        }
    }
    return text != NULL
               ? arena_printf(a, "%s --as-dimension %s", text, call_value(c, "as-dimension"))
               : NULL;
}

/* A tier for each cluster that a rule finds; of those that --where names, where it was given. */
static strata_status make_tiers(const asked *q, saved_rule *tiers, size_t *n, strata_error *err)
{
    const clusters_input in = {
        .c = &q->found, .v = q->l.view, .seed = q->l.c->cx.seed, .a = q->l.c->arena};
    *n = 0;
    for (size_t c = 0; c < q->found.fit.k; c++) {
        const char *when = q->found.rules.of[c].expression;
        if (when == NULL) {
            continue;
        }
        saved_rule *t = &tiers[(*n)++];
        t->key = q->found.refit.of[c].name;
        t->when =
            q->where != NULL ? arena_printf(q->l.c->arena, "(%s) and (%s)", q->where, when) : when;
        if (t->when == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        STRATA_TRY(report_cluster_description(&in, c, &t->description, err));
    }
    return STRATA_OK;
}

static strata_status save_dimension(asked *q, document *d, strata_error *err)
{
    look *l = &q->l;
    call *c = l->c;
    char as_of[DAY_TEXT];
    day_format(l->as_of, as_of);
    saved_rule *tiers = ARENA_NEW(c->arena, q->found.fit.k + 1, saved_rule);
    saved_rules s = {.name = call_value(c, "as-dimension"),
                     .label = arena_printf(c->arena, "Clusters of %s", as_of),
                     .who = command_of(q),
                     .as_of = l->as_of,
                     .rules = tiers,
                     .others = q->where != NULL ? "Others" : "Not placed"};
    if (tiers == NULL || s.label == NULL || s.who == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    saved_files f = {0};
    STRATA_TRY(make_tiers(q, tiers, &s.n, err));
    STRATA_TRY(saved_rules_write(l->project, c->arena, &s, call_has(c, "replace"), &f, err));
    doc_section *part = document_section(d, NULL, "saved", "Saved as a dimension");
    doc_paragraph(
        part,
        "The rules of %zu clusters: `%s`. Accounts that meet none, for lack of a value or "
        "otherwise, are in '%s'.",
        s.n, f.yaml, s.others);
    call_tell_saved(c, d, part, l->project->model, &(call_saved){.name = s.name, .files = &f});
    return STRATA_OK;
}

/* --- */

static void add_steps(const asked *q, document *d)
{
    const call *c = q->l.c;
    if (!call_has(c, "as-dimension")) {
        doc_next_step(d, "strata cluster --as-dimension cluster");
    }
    if (!call_has(c, "save")) {
        doc_next_step(d, "strata cluster --save");
    }
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(asked_done) asked q = {0};
    STRATA_TRY(look_open(c, &q.l, err));
    STRATA_TRY(look_dates(&q.l, NULL, err));
    STRATA_TRY(read_request(&q, err));
    STRATA_TRY(look_at(&q, err));
    STRATA_TRY(clusters_make(q.l.study, &q.request, c->arena, &q.found, err));
    clusters_input in = {.c = &q.found,
                         .v = q.l.view,
                         .seed = c->cx.seed,
                         .members = call_has(c, "members"),
                         .a = c->arena};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_clusters_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&q.l, "clusters", strbuf_text(&title), &d, err));
    STRATA_TRY(report_clusters(d, NULL, &in, err));
    if (call_has(c, "as-dimension")) {
        STRATA_TRY(save_dimension(&q, d, err));
    }
    if (call_has(c, "save")) {
        STRATA_TRY(save_fit(&q, d, err));
    }
    add_steps(&q, d);
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "method",
     .arg = "METHOD",
     .help = "k-means (default), ward, average, complete, mixture, mixture-diagonal, mixture-tied "
             "or mixture-spherical"},
    {.name = "k", .arg = "N", .help = "clusters, 2 to 12 (default: the recommended number)"},
    {.name = "features",
     .arg = "EXPR,...",
     .help = "what accounts are compared by (default: chosen, see the list of those left out)"},
    {.name = "where", .arg = "EXPR", .help = "only accounts for which this holds"},
    {.name = "missing",
     .arg = "POLICY",
     .help = "median: missing values take it (default); leave-out: accounts that miss one"},
    {.name = "members", .help = "list the accounts too, each with its cluster"},
    {.name = "save",
     .use = OPTION_CHANGES,
     .help = "keep the fit, so that the next one takes its names over"},
    {.name = "as-dimension",
     .use = OPTION_CHANGES,
     .arg = "NAME",
     .help = "write the rules as a dimension, saved/NAME.yaml in the project"},
    {.name = "replace",
     .use = OPTION_CHANGES,
     .help = "with --as-dimension: write it anew when it is there already"},
    {0}};
static const command_example examples[] = {
    {"strata cluster", "groups of alike accounts, with names, rules and how sure they are"},
    {"strata cluster --features 'arr, active_users_30d / seats, tenure' --k 4",
     "by what you say, as many as you say"},
    {"strata cluster --method ward --where 'tenure > 180 days'", "another method, some accounts"},
    {"strata cluster --members --table members -f csv", "who is in which cluster"},
    {"strata cluster --as-dimension cluster", "the rules as a dimension of the model"},
    {0}};
const command_def command_cluster = {
    .name = "cluster",
    .summary = "Groups of alike accounts found in the data, named and restated as rules",
    .description =
        "Puts accounts together that are alike in usage, value, health and support, or in the "
        "features given.\n"
        "Numbers of clusters from 2 to 12 are compared by silhouette, gap statistic and BIC, and "
        "one of 3 to 6 is\n"
        "recommended. Each cluster gets a name from what sets it apart, a profile, a rule of a few "
        "thresholds with\n"
        "its fidelity, and a stability from drawing the accounts anew.\n\n"
        "--save keeps a fit: the next one of the same accounts takes the names over where a "
        "cluster goes on, and\n"
        "says which were born, split, merged or died.",
    .options = options,
    .examples = examples,
    .table = "clusters",
    .run = run};
