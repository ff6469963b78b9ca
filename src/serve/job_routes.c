/* SPDX-License-Identifier: Apache-2.0 */
/* /v1/jobs: orders taken, looked at, followed and cancelled. */
#include <string.h>

#include "serve/parts.h"

enum { AGAIN_S = 5 }; /* when to ask again for what there is no room for */

/* Runs an order on the computing thread. */
strata_status job_run(void *payload, const job_order *order, const context *cx, job_outcome *out,
                      strata_error *err)
{
    server *s = payload;
    STRATA_CLEANUP(command_work_done)
    command_work w = {.s = s,
                      .def = order->def,
                      .pairs = order->pairs,
                      .n_pairs = order->n_pairs,
                      .may_change = order->may_change,
                      .form = order->form};
    context own = work_context(s, cx->cancelled);
    own.progress = cx->progress;
    own.notice = cx->notice;
    own.payload = cx->payload;
    STRATA_TRY(command_render(&w, &own, err));
    return command_outcome(&w, out, err);
}

/* Every entry of a job that was begun gets its end, however it ends. */
void job_ended(void *payload, const job_order *order, job_state how, const char *failure)
{
    strata_error ignored = {0};
    const audit_entry e = {.what = order->def->name,
                           .state = job_state_names[how],
                           .job = order->id,
                           .who = order->who,
                           .role = order->role,
                           .message = failure};
    if (order->changes && audit_write(payload, &e, &ignored) != STRATA_OK) {
        return; /* that it was asked for stands there */
    }
}

static strata_status reply_job(exchange *x, unsigned status, job *b, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    job_describe(b, &text);
    strbuf_add_char(&text, '\n');
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = http_bytes_take(&text);
    STRATA_TRY(reply_bytes(x, "application/json", NULL, bytes, err));
    x->reply->status = status;
    return STRATA_OK;
}

/* --- ordering --- */

static strata_status read_pairs(const exchange *x, job_order *order, strata_error *err)
{
    const http_request *r = x->request;
    const char *type = r->headers[HEADER_CONTENT_TYPE];
    if (r->body_len == 0) {
        order->pairs = r->query;
        order->n_pairs = r->n_query;
        return STRATA_OK;
    }
    if (type == NULL || strncmp(type, "application/json", 16) != 0 || r->n_query > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "parameters go into the address or into a body of application/json");
    }
    return job_pairs(r->arena, r->body, r->body_len, &order->pairs, &order->n_pairs, err);
}

/* What would be refused when its turn comes is refused now. */
static strata_status try_order(const exchange *x, job_order *order, strata_error *err)
{
    call c = {.arena = x->request->arena};
    STRATA_TRY(call_request(&c, order->def, order->pairs, order->n_pairs, order->may_change, err));
    for (size_t i = 0; i < c.n_given; i++) {
        order->changes |= c.given[i].option->use == OPTION_CHANGES;
    }
    return STRATA_OK;
}

static strata_status take_order(exchange *x, job_order *order, strata_error *err)
{
    STRATA_AUTO(job_free) job *b = NULL;
    STRATA_TRY(try_order(x, order, err));
    job_name(order);
    if (order->changes) {
        const audit_entry e = {.what = order->def->name,
                               .state = "asked",
                               .job = order->id,
                               .who = order->who,
                               .role = order->role,
                               .pairs = order->pairs,
                               .n_pairs = order->n_pairs};
        STRATA_TRY(audit_write(x->s, &e, err));
    }
    strata_status st = jobs_add(x->s->jobs, order, &b, err);
    if (st != STRATA_OK) {
        job_ended(x->s, order, JOB_FAILED, err->message);
    }
    if (st == STRATA_E_LOCKED) {
        server_fail(x->reply, 429, "too-many", err->message);
        x->reply->retry_after = AGAIN_S;
        return STRATA_OK;
    }
    STRATA_TRY(st);
    compute_wake(x->s->compute);
    STRATA_TRY(reply_job(x, 202, b, err));
    (void)snprintf(x->reply->location, sizeof x->reply->location, "/v1/jobs/%s", job_id(b));
    return STRATA_OK;
}

static strata_status order_job(exchange *x, const char *name, strata_error *err)
{
    job_order order = {.def = command_find(portfolio_commands, name), .role = x->role};
    if (order.def == NULL) {
        return fail_unknown_command(name, err);
    }
    STRATA_TRY(read_pairs(x, &order, err));
    order.changes = !request_changes_nothing(order.def, order.pairs, order.n_pairs);
    if (!guard_allows(x, order.changes ? ACCESS_ANALYST : ACCESS_VIEWER, order.changes)) {
        return STRATA_OK;
    }
    if (!form_find(x->request->headers[HEADER_ACCEPT], order.def->answer == ANSWER_FILE,
                   &order.form)) {
        fail_form(x, order.def);
        return STRATA_OK;
    }
    order.may_change = x->s->options.allow_write && x->role >= ACCESS_ANALYST;
    memcpy(order.who, x->who, sizeof order.who);
    return take_order(x, &order, err);
}

/* --- looking --- */

static strata_status list_jobs(exchange *x, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    jobs_describe(x->s->jobs, &text);
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = http_bytes_take(&text);
    return reply_bytes(x, "application/json", NULL, bytes, err);
}

/* Its answer, or one of its files. */
static strata_status show_result(exchange *x, job *b, const char *file, strata_error *err)
{
    const char *type = NULL;
    bool gone = false;
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = job_result(b, file, &type, &gone);
    if (gone) {
        server_fail(x->reply, 410, "gone",
                    job_handed_over(b)
                        ? "the files of this job are not kept any more: they made room for later "
                          "answers. That they were handed over is recorded, so the same order "
                          "would bring the moves after them only: order it again with since, the "
                          "date of the export before"
                        : "the answer of this job is not kept any more: it made room for later "
                          "ones, or was too large; order it again");
        return STRATA_OK;
    }
    if (bytes == NULL && file != NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND, "the job has no file '%.60s' (yet)", file);
    }
    if (bytes == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND, "the job has no answer (yet)");
    }
    if (strncmp(type, "text/html", 9) == 0) {
        x->reply->policy = "document";
    }
    x->reply->file_name = file != NULL ? arena_strdup(x->request->arena, file) : NULL;
    return reply_bytes(x, type, NULL, bytes, err);
}

static strata_status cancel_job(exchange *x, job *b, strata_error *err)
{
    bool own = strcmp(job_who(b), x->who) == 0;
    if (!guard_allows(x, own ? ACCESS_VIEWER : ACCESS_ANALYST, false)) {
        return STRATA_OK;
    }
    job_cancel(b);
    return reply_job(x, 200, b, err);
}

static void follow_job(exchange *x, job *b)
{
    x->reply->follow = job_follow(b);
    if (x->reply->follow == NULL) {
        server_fail(x->reply, 429, "too-many", "too many clients follow jobs already");
        x->reply->retry_after = AGAIN_S;
        return;
    }
    x->reply->status = 200;
    x->reply->type = "text/event-stream";
}

static strata_status look_at_job(exchange *x, job *b, const char *part, strata_error *err)
{
    if (x->request->method == HTTP_DELETE && part[0] == '\0') {
        return cancel_job(x, b, err);
    }
    if (!request_asks(x->request)) {
        server_fail(x->reply, 405, "method", "this address takes GET, HEAD");
        x->reply->allow = part[0] == '\0' ? "GET, HEAD, DELETE" : "GET, HEAD";
        return STRATA_OK;
    }
    if (strcmp(part, "/result") == 0) {
        return show_result(x, b, NULL, err);
    }
    if (strncmp(part, "/files/", 7) == 0) {
        return show_result(x, b, part + 7, err);
    }
    if (strcmp(part, "/events") == 0) {
        follow_job(x, b);
        return STRATA_OK;
    }
    return part[0] == '\0'
               ? reply_job(x, 200, b, err)
               : strata_fail(err, STRATA_E_NOTFOUND, "a job has result, files and events");
}

strata_status answer_jobs(exchange *x, strata_error *err)
{
    const char *name = x->request->path + sizeof "/v1/jobs/" - 1;
    char id[20] = "";
    size_t len = strcspn(name, "/");
    if (x->request->method == HTTP_POST) {
        return order_job(x, name, err);
    }
    STRATA_TRY(no_parameters(x->request, err));
    if (name[0] == '\0' && request_asks(x->request)) {
        return list_jobs(x, err);
    }
    memcpy(id, name, len < sizeof id ? len : 0);
    STRATA_AUTO(job_free) job *b = jobs_find(x->s->jobs, id);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND, "there is no job '%.40s' (any more)", name);
    }
    return look_at_job(x, b, name + len, err);
}
