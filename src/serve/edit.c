/* SPDX-License-Identifier: Apache-2.0 */
/* /v1/model: the model file read, checked, planned and replaced. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/session.h"
#include "model/bind.h"
#include "serve/edit.h"
#include "store/stmt.h"

static void text_digest(const char *text, size_t len, char out[DIGEST_TEXT])
{
    digest d;
    digest_init(&d);
    digest_add(&d, text, len);
    digest_finish(&d, out);
}

static const char *model_path(const exchange *x)
{
    return arena_printf(x->request->arena, "%s/strata.yaml", x->s->options.folder);
}

strata_status edit_read_model(const exchange *x, char **text, size_t *len, char out[DIGEST_TEXT],
                              strata_error *err)
{
    const char *path = model_path(x);
    if (path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(file_read(path, MODEL_BYTES_MAX, text, len, err));
    text_digest(*text, *len, out);
    return STRATA_OK;
}

static strata_status show_model(exchange *x, strata_error *err)
{
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    char mark[DIGEST_TEXT];
    STRATA_TRY(edit_read_model(x, &text, &len, mark, err));
    if (reply_known(x, mark)) {
        return STRATA_OK;
    }
    return reply_json(x, json_pack("{s:s%, s:s}", "text", text, len, "digest", mark), err);
}

/* --- checking --- */

/* "strata.yaml:14:23: unknown ..." taken apart. */
static json_t *problem(const exchange *x, const char *kind, const char *message)
{
    const char *path = model_path(x);
    size_t n = path != NULL ? strlen(path) : 0;
    long place[2] = {0, 0};
    const char *at = message;
    if (n > 0 && strncmp(message, path, n) == 0 && message[n] == ':') {
        at = message + n + 1;
        for (int i = 0; i < 2; i++) {
            char *end = NULL;
            place[i] = strtol(at, &end, 10);
            at = *end == ':' ? end + 1 : at;
        }
        at += strspn(at, " ");
    }
    bool placed = place[0] > 0 && place[1] > 0;
    return json_pack(
        "{s:s, s:o, s:o, s:s}", "kind", kind, "line", placed ? json_integer(place[0]) : json_null(),
        "column", placed ? json_integer(place[1]) : json_null(), "message", placed ? at : message);
}

/* The project with the model that was sent in place of strata.yaml: that one may be broken, which
 * is when people need this most. */
strata_status edit_open(const edit_work *w, const context *cx, project **out, strata_error *err)
{
    project_options options = server_project(w->x->s);
    STRATA_AUTO(project_close) project *p = NULL;
    options.text = w->text;
    options.text_len = w->text_len;
    STRATA_TRY(project_open(cx, &options, &p, err));
    STRATA_TRY(project_load(p, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

static strata_status list_doubts(edit_work *w, const project *p, strata_error *err)
{
    const model_warning *found = NULL;
    size_t n = 0;
    STRATA_TRY(session_check_playbooks(p->bound, err));
    STRATA_TRY(model_check(p->bound, &found, &n, err));
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(found[i].note ? w->notes : w->warnings,
                                    problem(w->x, found[i].kind, found[i].text));
    }
    return STRATA_OK;
}

static strata_status check_text(edit_work *w, const context *cx, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(edit_open(w, cx, &p, err));
    return list_doubts(w, p, err);
}

strata_status edit_check(void *payload, const context *cx, strata_error *err)
{
    edit_work *w = payload;
    strata_status st = check_text(w, cx, err);
    if (st == STRATA_E_MODEL || st == STRATA_E_USAGE || st == STRATA_E_DATA) {
        w->wrong = true;
        (void)json_array_append_new(w->errors, problem(w->x, "error", err->message));
        return STRATA_OK;
    }
    return st;
}

void edit_begin(edit_work *w, exchange *x)
{
    *w = (edit_work){.x = x,
                     .text = x->request->body,
                     .text_len = x->request->body_len,
                     .errors = json_array(),
                     .warnings = json_array(),
                     .notes = json_array()};
}

json_t *edit_findings(const edit_work *w)
{
    return json_pack("{s:b, s:O, s:O, s:O}", "ok", (int)!w->wrong, "errors", w->errors, "warnings",
                     w->warnings, "notes", w->notes);
}

void edit_done(edit_work *w)
{
    json_decref(w->errors);
    json_decref(w->warnings);
    json_decref(w->notes);
    command_work_done(&w->plan);
}

static strata_status need_body(const exchange *x, strata_error *err)
{
    if (x->request->body_len == 0 || strlen(x->request->body) != x->request->body_len) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the body is to be the text of a model file (application/yaml)");
    }
    return STRATA_OK;
}

strata_status answer_model_check(exchange *x, strata_error *err)
{
    STRATA_CLEANUP(edit_done) edit_work w;
    edit_begin(&w, x);
    STRATA_TRY(need_body(x, err));
    STRATA_TRY(work_do(x, edit_check, &w, err));
    return reply_json(x, edit_findings(&w), err);
}

/* --- planning --- */

static strata_status run_plan(void *payload, const context *cx, strata_error *err)
{
    return command_render(payload, cx, err);
}

strata_status answer_model_plan(exchange *x, strata_error *err)
{
    STRATA_CLEANUP(edit_done) edit_work w;
    edit_begin(&w, x);
    STRATA_TRY(need_body(x, err));
    w.plan = (command_work){.s = x->s,
                            .def = &command_plan,
                            .pairs = x->request->query,
                            .n_pairs = x->request->n_query,
                            .text = x->request->body,
                            .text_len = x->request->body_len};
    if (!form_find(x->request->headers[HEADER_ACCEPT], false, &w.plan.form)) {
        fail_form(x, w.plan.def);
        return STRATA_OK;
    }
    STRATA_TRY(work_do(x, run_plan, &w.plan, err));
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = http_bytes_take(&w.plan.out);
    return reply_bytes(x, w.plan.form.type, NULL, bytes, err);
}

/* --- replacing --- */

/* Sources stay as they are in the file: who may change the model may not thereby read other files
 * of the machine. */
static bool same_sources(const model *a, const model *b)
{
    bool same = a->n_sources == b->n_sources &&
                (a->ingest.merges == NULL) == (b->ingest.merges == NULL) &&
                (a->ingest.merges == NULL ||
                 strcmp(a->ingest.merges_written, b->ingest.merges_written) == 0);
    for (size_t i = 0; same && i < a->n_sources; i++) {
        same = strcmp(a->sources[i].entity, b->sources[i].entity) == 0 &&
               strcmp(a->sources[i].path_written, b->sources[i].path_written) == 0;
    }
    return same;
}

/* The model that the newest review was recorded with. */
static strata_status last_reviewed(const project *p, model **out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more = false;
    STRATA_TRY(stmt_new(store_main(p->store), "history/newest_model.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    text_view text = more ? stmt_get_text(s, 0) : (text_view){NULL, 0};
    strata_error why = {0};
    if (text.ptr == NULL ||
        model_parse(p->model_path, text.ptr, text.len, out, &why) != STRATA_OK) {
        return strata_fail(
            err, STRATA_E_MODEL,
            "strata.yaml is broken, and no review is recorded that tells which files "
            "its sources are: mend it where it lies");
    }
    return STRATA_OK;
}

/* Sources of a file that cannot be read are those of the newest review: without that, a broken file
 * would let a replacement name any file of the machine. */
static strata_status check_replacement(const project *p, strata_error *err)
{
    STRATA_AUTO(model_free) model *before = NULL;
    strata_error broken = {0};
    if (model_load(p->model_path, &before, &broken) != STRATA_OK) {
        STRATA_TRY(last_reviewed(p, &before, err));
    }
    return same_sources(before, p->model)
               ? STRATA_OK
               : strata_fail(err, STRATA_E_MODEL,
                             "the files that 'sources' and 'merges' name cannot be changed over "
                             "HTTP: edit strata.yaml where it lies");
}

static strata_status replace(exchange *x, edit_work *w, const context *cx, strata_error *err)
{
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    char now[DIGEST_TEXT];
    const char *wanted = x->request->headers[HEADER_IF_MATCH];
    STRATA_TRY(edit_read_model(x, &text, &len, now, err));
    /* The digest itself, or the entity tag, which is the beginning of it in quotes. */
    char tag[40];
    (void)snprintf(tag, sizeof tag, "\"%.32s\"", now);
    if (strcmp(wanted, now) != 0 && !http_has_tag(wanted, tag)) {
        server_fail(x->reply, 412, "changed",
                    "strata.yaml has been changed since it was read; read it again");
        return STRATA_OK;
    }
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(edit_open(w, cx, &p, err));
    STRATA_TRY(check_replacement(p, err));
    STRATA_TRY(list_doubts(w, p, err));
    STRATA_TRY(file_write(model_path(x), x->request->body, x->request->body_len, err));
    text_digest(x->request->body, x->request->body_len, w->digest);
    return STRATA_OK;
}

static strata_status run_replace(void *payload, const context *cx, strata_error *err)
{
    edit_work *w = payload;
    return replace(w->x, w, cx, err);
}

static strata_status put_model(exchange *x, strata_error *err)
{
    STRATA_CLEANUP(edit_done) edit_work w;
    edit_begin(&w, x);
    STRATA_TRY(need_body(x, err));
    if (x->request->headers[HEADER_IF_MATCH] == NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "say with If-Match which model is to be replaced: its digest, as GET "
                           "/v1/model has it");
    }
    STRATA_TRY(audit_begin(x, "model", err));
    strata_status st = work_do(x, run_replace, &w, err);
    audit_end(x, "model",
              st != STRATA_OK           ? err->message
              : x->reply->status == 412 ? "changed"
                                        : NULL);
    STRATA_TRY(st);
    if (x->reply->status == 412) {
        return STRATA_OK;
    }
    json_t *found = edit_findings(&w);
    (void)json_object_set_new(found, "digest", json_string(w.digest));
    return reply_json(x, found, err);
}

strata_status answer_model(exchange *x, strata_error *err)
{
    return x->request->method == HTTP_PUT ? put_model(x, err) : show_model(x, err);
}
