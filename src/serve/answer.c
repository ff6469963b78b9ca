/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/<command>: what a command answers, out of the cache or computed. */
#include <string.h>

#include "base/machine.h"
#include "serve/parts.h"

/* --- replies --- */

enum { GZIP_FROM = 860 }; /* bytes; smaller ones fit a packet anyway */

static http_bytes *compressed(exchange *x, const char *key, http_bytes *bytes)
{
    char packed_key[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_add_text(&d, key);
    digest_add_text(&d, "gzip");
    digest_finish(&d, packed_key);
    http_bytes *packed = key != NULL ? cache_find(x->s->cache, packed_key) : NULL;
    if (packed != NULL) {
        return packed;
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (!http_gzip(http_bytes_data(bytes), http_bytes_len(bytes), &text)) {
        return NULL;
    }
    packed = http_bytes_take(&text);
    if (packed != NULL && key != NULL) {
        cache_add(x->s->cache, packed_key, packed);
    }
    return packed;
}

strata_status reply_bytes(exchange *x, const char *type, const char *key, http_bytes *bytes,
                          strata_error *err)
{
    if (bytes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    http_bytes *packed = NULL;
    if (http_takes(x->request->headers[HEADER_ACCEPT_ENCODING], "gzip") &&
        http_bytes_len(bytes) >= GZIP_FROM) {
        packed = compressed(x, key, bytes);
    }
    x->reply->status = 200;
    x->reply->type = type;
    x->reply->encoding = packed != NULL ? "gzip" : NULL;
    if (http_bytes_notices(bytes) != NULL) {
        notices_put_kept(&x->notices, http_bytes_notices(bytes));
    }
    x->reply->body = packed != NULL ? packed : http_bytes_keep(bytes);
    return STRATA_OK;
}

strata_status reply_json(exchange *x, json_t *value, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    json_put_value(&text, value);
    json_decref(value);
    strbuf_add_char(&text, '\n');
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = http_bytes_take(&text);
    return reply_bytes(x, "application/json", NULL, bytes, err);
}

void request_key(const exchange *x, const char *form, char state[DIGEST_TEXT],
                 char out[DIGEST_TEXT])
{
    char own[DIGEST_TEXT];
    day today = server_today(x->s);
    digest d;
    state = state != NULL ? state : own;
    project_files_state(&x->s->files, state);
    digest_init(&d);
    digest_add_text(&d, STRATA_VERSION);
    digest_add_text(&d, state);
    digest_add(&d, &today, sizeof today);
    digest_add_text(&d, x->request->path);
    digest_add_text(&d, form);
    for (size_t i = 0; i < x->request->n_query; i++) {
        digest_add_text(&d, x->request->query[i].name);
        digest_add_text(&d, x->request->query[i].value);
    }
    digest_finish(&d, out);
}

bool reply_known(exchange *x, const char key[DIGEST_TEXT])
{
    http_reply *r = x->reply;
    r->etag[0] = '"';
    memcpy(r->etag + 1, key, 32);
    memcpy(r->etag + 33, "\"", 2);
    if (http_has_tag(x->request->headers[HEADER_IF_NONE_MATCH], r->etag)) {
        r->status = 304;
        return true;
    }
    return false;
}

void keep_answer(exchange *x, const char *form, const char key[DIGEST_TEXT], http_bytes *bytes)
{
    char now[DIGEST_TEXT];
    http_bytes_set_notices(bytes, notices_header(&x->notices));
    request_key(x, form, NULL, now);
    if (strcmp(now, key) == 0) {
        cache_add(x->s->cache, key, bytes);
    } else {
        x->reply->etag[0] = '\0';
    }
}

/* --- commands --- */

/* Parameters that the server itself reads. */
static strata_status own_parameters(const exchange *x, command_work *w, strata_error *err)
{
    call_pair *pairs = ARENA_NEW(x->request->arena, x->request->n_query + 1, call_pair);
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < x->request->n_query; i++) {
        const call_pair *p = &x->request->query[i];
        if (strcmp(p->name, "table") == 0) {
            w->table = p->value;
        } else if (strcmp(p->name, "rows") == 0 && w->def->answer == ANSWER_DOCUMENT) {
            STRATA_TRY(page_limit(p->value, &w->most, err));
        } else {
            pairs[w->n_pairs++] = *p;
        }
    }
    w->pairs = pairs;
    return STRATA_OK;
}

static strata_status run_command(void *payload, const context *cx, strata_error *err)
{
    return command_render(payload, cx, err);
}

/* The document's bytes, or those of the file that is the answer. */
static strata_status compute_answer(exchange *x, command_work *w, const char *key, http_bytes **out,
                                    strata_error *err)
{
    STRATA_TRY(own_parameters(x, w, err));
    STRATA_TRY(work_do(x, run_command, w, err));
    http_bytes *bytes =
        w->n_files > 0 && !w->shown ? http_bytes_keep(w->files[0].bytes) : http_bytes_take(&w->out);
    if (bytes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (!w->def->momentary) {
        keep_answer(x, w->form.type, key, bytes);
    }
    *out = bytes;
    return STRATA_OK;
}

/* A file is of the type that `type` asks for, if it asks. */
static void read_form(const exchange *x, command_work *w)
{
    const char *type = http_query(x->request, "type");
    if (w->def->answer == ANSWER_FILE && type != NULL) {
        (void)form_of_ending(type, &w->form); /* the command says what is wrong with it */
    }
}

strata_status answer_command(exchange *x, strata_error *err)
{
    char key[DIGEST_TEXT];
    char state[DIGEST_TEXT];
    STRATA_CLEANUP(command_work_done)
    command_work w = {
        .s = x->s, .def = command_find(portfolio_commands, x->request->path + sizeof "/v1/" - 1)};
    bool file = w.def->answer == ANSWER_FILE;
    if (!form_find(x->request->headers[HEADER_ACCEPT], file, &w.form)) {
        fail_form(x, w.def);
        return STRATA_OK;
    }
    read_form(x, &w);
    if (w.form.format == RENDER_HTML) {
        x->reply->policy = "document";
    }
    request_key(x, w.form.type, state, key);
    w.state = state;
    if (!w.def->momentary && reply_known(x, key)) {
        return STRATA_OK;
    }
    STRATA_AUTO(http_bytes_free) http_bytes *bytes =
        w.def->momentary ? NULL : cache_find(x->s->cache, key);
    if (bytes == NULL) {
        STRATA_TRY(compute_answer(x, &w, key, &bytes, err));
    }
    if (file) {
        const char *what = http_query(x->request, "what");
        x->reply->file_name = arena_printf(x->request->arena, "%s.%s",
                                           what != NULL ? what : "accounts", w.form.ending);
    }
    return reply_bytes(x, w.form.type, key, bytes, err);
}
