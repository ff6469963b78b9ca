/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server.h"

#include <string.h>

#include "base/file.h"
#include "serve/parts.h"

enum { LIMIT_S = 120, CACHE_BYTES = 128 << 20 };

const char *const serve_role_names[ACCESS_COUNT] = {[ACCESS_NONE] = "none",
                                                    [ACCESS_VIEWER] = "viewer",
                                                    [ACCESS_ANALYST] = "analyst",
                                                    [ACCESS_ADMIN] = "admin"};

/* The accounts go, and with them what was evaluated over them. */
static void forget_views(void *payload)
{
    server *s = payload;
    views_clear(&s->views);
}

static void note_files(void *payload, const model *m)
{
    server *s = payload;
    project_files_set(&s->files, m);
}

/* A model that is broken now names them when it is mended. */
static void find_files(server *s, const char *path)
{
    STRATA_AUTO(model_free) model *m = NULL;
    strata_error ignored = {0};
    if (model_load(path, &m, &ignored) == STRATA_OK) {
        note_files(s, m);
    }
}

static bool next_job(void *payload)
{
    return jobs_run_next(payload);
}

strata_status server_new(const server_options *options, server **out, strata_error *err)
{
    STRATA_AUTO(server_free) server *s = STRATA_NEW_ARRAY(1, server);
    char path[4096];
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    s->options = *options;
    project_files_init(&s->files, options->folder);
    s->options.limit_s = options->limit_s > 0 ? options->limit_s : LIMIT_S;
    (void)snprintf(path, sizeof path, "%s/strata.yaml", options->folder);
    if (!file_exists(path)) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no '%s'; make a project with 'strata init', or name one with "
                           "--project",
                           path);
    }
    STRATA_TRY(
        cache_new(options->cache_bytes > 0 ? options->cache_bytes : CACHE_BYTES, &s->cache, err));
    if (options->tokens != NULL) {
        STRATA_TRY(token_guard_new(options->tokens, &s->guard, err));
    }
    s->keep.leaving = forget_views;
    s->keep.read = note_files;
    s->keep.payload = s;
    find_files(s, path);
    const jobs_options ordered = {
        .run = job_run, .ended = job_ended, .payload = s, .most_bytes = options->results_bytes};
    STRATA_TRY(jobs_new(&ordered, &s->jobs, err));
    STRATA_TRY(compute_new(&s->compute, err));
    compute_background(s->compute, next_job, s->jobs);
    *out = strata_steal(&s);
    return STRATA_OK;
}

void server_free(server *s)
{
    if (s == NULL) {
        return;
    }
    if (s->jobs != NULL) {
        jobs_stop(s->jobs);
    }
    compute_free(s->compute);
    jobs_free(s->jobs);
    cache_free(s->cache);
    token_guard_free(s->guard);
    views_clear(&s->views);
    tables_clear(&s->tables);
    project_keep_done(&s->keep);
    project_files_done(&s->files);
    free(s);
}

void server_stop(server *s)
{
    jobs_stop(s->jobs);
    compute_stop(s->compute);
}

/* --- failures --- */

void server_fail(http_reply *reply, unsigned status, const char *code, const char *message)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_add(&text, "{\"error\": {\"code\": ");
    json_put_string(&text, code);
    strbuf_add(&text, ", \"message\": ");
    json_put_string(&text, message);
    strbuf_printf(&text, ", \"status\": %u}}\n", status);
    http_bytes_free(reply->body);
    reply->status = status;
    reply->type = "application/json";
    reply->encoding = NULL;
    reply->policy = NULL;
    reply->etag[0] = '\0';
    reply->body = http_bytes_take(&text);
}

void server_fail_with(http_reply *reply, const strata_error *err)
{
    enum { AGAIN_S = 2 };
    unsigned status = (unsigned)strata_status_http(err->status);
    server_fail(reply, status, strata_status_slug(err->status), err->message);
    reply->retry_after = status == 503 ? AGAIN_S : 0;
}

/* --- routes --- */

enum { GETS = 1, POSTS = 2, PUTS = 4, DELETES = 8 };

typedef struct route {
    const char *path; /* ends in '/': everything below it */
    unsigned methods;
    const char *allow;
    serve_role role; /* at least, for what is no GET */
    bool changes;    /* what is no GET changes the project */
    bool plain;      /* it takes no parameters in the address */
    answer_fn *answer;
} route;

static const route routes[] = {
    {"/v1/project", GETS, "GET, HEAD", ACCESS_VIEWER, false, true, answer_project},
    {"/v1/openapi.json", GETS, "GET, HEAD", ACCESS_VIEWER, false, true, answer_openapi},
    {"/v1/jobs/", GETS | POSTS | DELETES, "GET, HEAD, POST, DELETE", ACCESS_VIEWER, false, false,
     answer_jobs},
    {"/v1/model", GETS | PUTS, "GET, HEAD, PUT", ACCESS_ADMIN, true, true, answer_model},
    {"/v1/model/check", POSTS, "POST", ACCESS_ANALYST, false, true, answer_model_check},
    {"/v1/model/plan", POSTS, "POST", ACCESS_ANALYST, false, false, answer_model_plan},
    {"/v1/rows/accounts", GETS, "GET, HEAD", ACCESS_VIEWER, false, false, answer_rows},
    {"/v1/rows/", GETS, "GET, HEAD", ACCESS_VIEWER, false, false, answer_page_of},
    {"/v1/whatif/columns", GETS, "GET, HEAD", ACCESS_VIEWER, false, false, answer_columns},
    {"/v1/whatif/edit", POSTS, "POST", ACCESS_ANALYST, false, true, answer_retune},
    {"/v1/whatif/rules", GETS, "GET, HEAD", ACCESS_VIEWER, false, true, answer_rules},
};

static unsigned method_bit(http_method m)
{
    static const unsigned bits[] = {[HTTP_GET] = GETS, [HTTP_HEAD] = GETS,      [HTTP_POST] = POSTS,
                                    [HTTP_PUT] = PUTS, [HTTP_DELETE] = DELETES, [HTTP_OTHER] = 0};
    return bits[m];
}

static const route *find_route(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t n = strlen(routes[i].path);
        bool below = routes[i].path[n - 1] == '/';
        if (below ? strncmp(path, routes[i].path, n) == 0 : strcmp(path, routes[i].path) == 0) {
            return &routes[i];
        }
    }
    return NULL;
}

static void fail_method(http_reply *reply, const char *allow)
{
    char message[128];
    (void)snprintf(message, sizeof message, "this address takes %s", allow);
    server_fail(reply, 405, "method", message);
    reply->allow = allow;
}

static const route commands = {"/v1/", GETS,  "GET, HEAD",   ACCESS_VIEWER,
                               false,  false, answer_command};

strata_status fail_unknown_command(const char *name, strata_error *err)
{
    static const struct {
        const char *name, *why;
    } elsewhere[] = {
        {"sql", "no SQL is taken from a request"},
        {"init", "a project is made on the machine that it lies on"},
        {"synth", "a project is made on the machine that it lies on"},
        {"token", "tokens are made on the machine that the server runs on"},
        {"serve", "it is what answers here"},
        {"mcp", "it speaks over standard input and output"},
        {"completion", "it is about the terminal"},
        {"help", "/v1/openapi.json says what there is"},
    };
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        if (strcmp(elsewhere[i].name, name) == 0) {
            return strata_fail(err, STRATA_E_NOTFOUND, "%s is of the command line only: %s", name,
                               elsewhere[i].why);
        }
    }
    return strata_fail(
        err, STRATA_E_NOTFOUND,
        "there is nothing called '%.200s' here; /v1/openapi.json lists what there is", name);
}

/* NULL, with the reply, when nothing answers there. */
static const route *route_of(exchange *x)
{
    const char *name = x->request->path + sizeof "/v1" - 1; /* "" for /v1 itself */
    name += name[0] == '/';
    const route *r = find_route(x->request->path);
    const command_def *def = r == NULL ? command_find(portfolio_commands, name) : NULL;
    char message[320];
    if (def != NULL && def->effect == COMMAND_CHANGES) {
        (void)snprintf(message, sizeof message,
                       "%s changes the project: ask for it with POST /v1/jobs/%s", name, name);
        server_fail(x->reply, 405, "method", message);
        x->reply->allow = "";
        return NULL;
    }
    if (r == NULL && def == NULL) {
        strata_error err = {0};
        if (fail_unknown_command(name, &err) != STRATA_OK) {
            server_fail_with(x->reply, &err);
        }
        return NULL;
    }
    r = r == NULL ? &commands : r;
    if ((method_bit(x->request->method) & r->methods) == 0) {
        fail_method(x->reply, r->allow);
        return NULL;
    }
    return r;
}

strata_status no_parameters(const http_request *r, strata_error *err)
{
    return r->n_query == 0 ? STRATA_OK
                           : strata_fail(err, STRATA_E_USAGE, "there is no parameter '%.60s' here",
                                         r->query[0].name);
}

static strata_status answer_v1(exchange *x, strata_error *err)
{
    bool asks = request_asks(x->request);
    if (strcmp(x->request->path, "/v1/session") == 0 &&
        (x->request->method == HTTP_POST || x->request->method == HTTP_DELETE)) {
        return answer_session(x, err);
    }
    if (!guard_allows(x, ACCESS_VIEWER, false)) {
        return STRATA_OK;
    }
    const route *r = route_of(x);
    if (r == NULL || !guard_allows(x, asks ? ACCESS_VIEWER : r->role, !asks && r->changes)) {
        return STRATA_OK;
    }
    STRATA_TRY(r->plain ? no_parameters(x->request, err) : STRATA_OK);
    return r->answer(x, err);
}

void server_answer(server *s, const http_request *request, http_reply *reply)
{
    strata_error err = {0};
    exchange x = {.s = s, .request = request, .reply = reply};
    notices_init(&x.notices);
    bool data = strncmp(request->path, "/v1/", 4) == 0 || strcmp(request->path, "/v1") == 0;
    if (guard_let_in(&x, &err) && (data ? answer_v1 : answer_page)(&x, &err) != STRATA_OK) {
        server_fail_with(reply, &err);
    }
    const char *said = notices_header(&x.notices);
    reply->notices = said != NULL ? strdup(said) : NULL;
    notices_done(&x.notices);
}
