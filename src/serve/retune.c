/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/whatif/edit: the text of strata.yaml with other thresholds, to be looked at and then put
 * to /v1/model. */
#include <string.h>

#include "model/retune.h"
#include "serve/edit.h"

typedef struct retune_work {
    edit_work edit;
    char digest[DIGEST_TEXT]; /* of the text as it was */
    retune_move *moves;
    size_t n_moves;
    retuned out;
} retune_work;

static void retune_done(retune_work *w)
{
    edit_done(&w->edit);
}

static strata_status fail_body(strata_error *err)
{
    return strata_fail(
        err, STRATA_E_USAGE,
        "the body is to be application/json: {\"moves\": [{\"dimension\": \"value\", "
        "\"feature\": \"arr\", \"from\": 15000, \"to\": 20000}]}, 1 to %d moves",
        RETUNE_MOVES_MAX);
}

static bool read_move(const json_t *one, retune_move *out)
{
    const json_t *dimension = json_object_get(one, "dimension");
    const json_t *feature = json_object_get(one, "feature");
    const json_t *from = json_object_get(one, "from");
    const json_t *to = json_object_get(one, "to");
    *out = (retune_move){.dimension = json_string_value(dimension),
                         .feature = json_string_value(feature),
                         .from = json_number_value(from),
                         .to = json_number_value(to)};
    return out->dimension != NULL && out->feature != NULL && json_is_number(from) &&
           json_is_number(to) && json_object_size(one) == 4;
}

/* Names stay in `body`. */
static strata_status read_moves(retune_work *w, const json_t *body, strata_error *err)
{
    const json_t *list = json_object_get(body, "moves");
    size_t n = json_array_size(list);
    if (json_object_size(body) != 1 || n == 0 || n > RETUNE_MOVES_MAX) {
        return fail_body(err);
    }
    w->moves = ARENA_NEW(w->edit.x->request->arena, n, retune_move);
    if (w->moves == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        if (!read_move(json_array_get(list, i), &w->moves[i])) {
            return fail_body(err);
        }
    }
    w->n_moves = n;
    return STRATA_OK;
}

static strata_status run_retune(void *payload, const context *cx, strata_error *err)
{
    retune_work *w = payload;
    arena *a = w->edit.x->request->arena;
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(edit_open(&w->edit, cx, &p, err));
    const retune_file file = {p->model_path, w->edit.text, w->edit.text_len};
    STRATA_TRY(model_retune(p->bound, &file, w->moves, w->n_moves, a, &w->out, err));
    project_close(strata_steal(&p));
    w->edit.text = w->out.text;
    w->edit.text_len = w->out.len;
    return edit_check(&w->edit, cx, err);
}

static json_t *changes_json(const retuned *r)
{
    json_t *all = json_array();
    for (size_t i = 0; i < r->n_changes; i++) {
        const retune_change *c = &r->changes[i];
        (void)json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s?, s:s?}",
                                                   "dimension", c->dimension, "segment", c->segment,
                                                   "feature", c->feature, "before", c->before,
                                                   "after", c->after, "line", c->line, "taken_from",
                                                   c->taken_from, "description", c->description));
    }
    return all;
}

static json_t *lines_json(const retuned *r)
{
    json_t *all = json_array();
    for (size_t i = 0; i < r->n_lines; i++) {
        const retune_line *l = &r->lines[i];
        (void)json_array_append_new(all, json_pack("{s:s%, s:i, s:s}", "mark", &l->mark, (size_t)1,
                                                   "line", l->line, "text", l->text));
    }
    return all;
}

static strata_status answer_moves(retune_work *w, const json_t *body, strata_error *err)
{
    STRATA_TRY(read_moves(w, body, err));
    STRATA_TRY(work_do(w->edit.x, run_retune, w, err));
    json_t *found = edit_findings(&w->edit);
    (void)json_object_set_new(found, "text", json_stringn(w->out.text, w->out.len));
    (void)json_object_set_new(found, "digest", json_string(w->digest));
    (void)json_object_set_new(found, "changes", changes_json(&w->out));
    (void)json_object_set_new(found, "diff", lines_json(&w->out));
    return reply_json(w->edit.x, found, err);
}

strata_status answer_retune(exchange *x, strata_error *err)
{
    const char *type = x->request->headers[HEADER_CONTENT_TYPE];
    if (type == NULL || strncmp(type, "application/json", 16) != 0 || x->request->n_query > 0) {
        return fail_body(err);
    }
    STRATA_CLEANUP(retune_done) retune_work w = {0};
    STRATA_AUTO_FREE char *text = NULL;
    edit_begin(&w.edit, x);
    STRATA_TRY(edit_read_model(x, &text, &w.edit.text_len, w.digest, err));
    w.edit.text = text;
    json_t *body = json_loadb(x->request->body, x->request->body_len, JSON_REJECT_DUPLICATES, NULL);
    strata_status st = answer_moves(&w, body, err);
    json_decref(body);
    return st;
}
