/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/rows/<command>: one table of what a command answers, page by page. */
#include <string.h>

#include "serve/parts.h"

typedef struct page_work {
    exchange *x;
    command_work command;
    size_t limit, from;
    const char *cursor;      /* NULL: from the beginning */
    char state[DIGEST_TEXT]; /* of the project's files */
    char key[DIGEST_TEXT];   /* of the table in that state */
    strbuf out;
} page_work;

/* What the server reads itself is taken from what the command reads. */
static strata_status split_pairs(page_work *w, strata_error *err)
{
    const http_request *r = w->x->request;
    command_work *c = &w->command;
    call_pair *pairs = ARENA_NEW(r->arena, r->n_query + 1, call_pair);
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->n_query; i++) {
        const call_pair *p = &r->query[i];
        if (strcmp(p->name, "limit") == 0) {
            STRATA_TRY(page_limit(p->value, &w->limit, err));
        } else if (strcmp(p->name, "cursor") == 0) {
            w->cursor = p->value;
        } else if (strcmp(p->name, "table") == 0) {
            c->table = p->value;
        } else if (strcmp(p->name, "command_limit") == 0) {
            pairs[c->n_pairs++] = (call_pair){"limit", p->value};
        } else {
            pairs[c->n_pairs++] = *p;
        }
    }
    c->pairs = pairs;
    return STRATA_OK;
}

static void table_key(page_work *w)
{
    const command_work *c = &w->command;
    digest d;
    digest_init(&d);
    digest_add_text(&d, w->state);
    digest_add_text(&d, c->def->name);
    digest_add_text(&d, c->table != NULL ? c->table : "");
    for (size_t i = 0; i < c->n_pairs; i++) {
        digest_add_text(&d, c->pairs[i].name);
        digest_add_text(&d, c->pairs[i].value);
    }
    digest_finish(&d, w->key);
}

static void write_page(page_work *w, const char *mark, const json_rows *r)
{
    size_t n = r->ends.n;
    size_t first = w->from < n ? w->from : n;
    size_t end = first + (w->limit < n - first ? w->limit : n - first);
    strbuf_printf(&w->out, "{\"columns\":%s,\"rows\":[",
                  r->columns.len > 0 ? strbuf_text(&r->columns) : "[]");
    json_rows_put(r, first, end, &w->out);
    strbuf_printf(&w->out, "],\n\"total\":%zu,\"from\":%zu", n, first);
    cursor_put_next(&w->out, mark, end, n);
}

/* The table out of what is kept; else computed now and kept, if nobody wrote meanwhile. */
static strata_status run_page(void *payload, const context *cx, strata_error *err)
{
    page_work *w = payload;
    server *s = w->x->s;
    char mark[CURSOR_MARK + 1];
    char now[DIGEST_TEXT];
    memcpy(mark, w->key, CURSOR_MARK);
    mark[CURSOR_MARK] = '\0';
    STRATA_TRY(cursor_from(w->x, w->cursor, mark, &w->from, err));
    const json_rows *kept = tables_find(&s->tables, w->key);
    if (kept != NULL) {
        write_page(w, mark, kept);
        return strbuf_status(&w->out, err);
    }
    STRATA_CLEANUP(json_rows_done) json_rows rows;
    json_rows_init(&rows);
    w->command.rows = &rows;
    STRATA_TRY(command_render(&w->command, cx, err));
    write_page(w, mark, &rows);
    state_of_folder(s->options.folder, now);
    if (w->command.def->momentary || strcmp(now, w->state) != 0) {
        w->x->reply->etag[0] = '\0';
    } else {
        tables_keep(&s->tables, w->key, &rows);
    }
    return strbuf_status(&w->out, err);
}

/* `w->out` is initialised. */
static strata_status answer_with(page_work *w, strata_error *err)
{
    exchange *x = w->x;
    char key[DIGEST_TEXT];
    STRATA_TRY(split_pairs(w, err));
    request_key(x, "application/json", w->state, key);
    table_key(w);
    if (!w->command.def->momentary && reply_known(x, key)) {
        return STRATA_OK;
    }
    strata_status st = work_do(x, run_page, w, err);
    if (x->reply->status == 409) {
        return STRATA_OK;
    }
    STRATA_TRY(st);
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = http_bytes_take(&w->out);
    return reply_bytes(x, "application/json", NULL, bytes, err);
}

strata_status answer_page_of(exchange *x, strata_error *err)
{
    const char *name = x->request->path + sizeof "/v1/rows/" - 1;
    const command_def *def = command_find(portfolio_commands, name);
    if (def == NULL) {
        return fail_unknown_command(name, err);
    }
    if (def->effect != COMMAND_ASKS || def->answer == ANSWER_FILE || def->answer == ANSWER_FILES) {
        return strata_fail(err, STRATA_E_NOTFOUND, "%s answers with no table to be paged", name);
    }
    page_work w = {
        .x = x,
        .limit = PAGE_USUAL,
        .command = {.s = x->s, .def = def, .form = {RENDER_JSON, "application/json", "json"}}};
    strbuf_init(&w.out, 0);
    strata_status st = answer_with(&w, err);
    command_work_done(&w.command);
    strbuf_done(&w.out);
    return st;
}
