/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/rows/<command>: one table of what a command answers, page by page. */
#include <string.h>

#include "document/tree.h"
#include "render/json/rows_choose.h"
#include "serve/parts.h"

enum { GROUPS_MAX = 1000 };

typedef struct page_work {
    exchange *x;
    command_work command;
    size_t limit, from;
    rows_choice choice;
    const char *groups;      /* how many rows have which value of this column; NULL: the rows */
    const char *cursor;      /* NULL: from the beginning */
    char state[DIGEST_TEXT]; /* of the project's files */
    char key[DIGEST_TEXT];   /* of the table in that state */
    strbuf out;
} page_work;

/* "owner:Kira S." */
static strata_status add_only(page_work *w, const char *text, strata_error *err)
{
    rows_choice *c = &w->choice;
    const char *colon = strchr(text, ':');
    if (colon == NULL || c->n_only == ROWS_ONLY_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%.60s': only takes a column and its value with a colon between, at "
                           "most %d times",
                           text, ROWS_ONLY_MAX);
    }
    const char *key = arena_strndup(w->x->request->arena, text, (size_t)(colon - text));
    if (key == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    c->only[c->n_only].column = key;
    c->only[c->n_only++].value = colon + 1;
    return STRATA_OK;
}

/* Where a parameter goes that the server reads itself as it is; NULL: it is another one. */
static const char **own_text(page_work *w, const char *name)
{
    const struct {
        const char *name;
        const char **to;
    } own[] = {{"cursor", &w->cursor},
               {"table", &w->command.table},
               {"order", &w->choice.order},
               {"find", &w->choice.find},
               {"groups", &w->groups}};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strcmp(name, own[i].name) == 0) {
            return own[i].to;
        }
    }
    return NULL;
}

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
        const char **text = own_text(w, p->name);
        if (text != NULL) {
            *text = p->value;
        } else if (strcmp(p->name, "limit") == 0) {
            STRATA_TRY(page_limit(p->value, &w->limit, err));
        } else if (strcmp(p->name, "only") == 0) {
            STRATA_TRY(add_only(w, p->value, err));
        } else if (strcmp(p->name, "command_limit") == 0) {
            pairs[c->n_pairs++] = (call_pair){"limit", p->value};
        } else {
            pairs[c->n_pairs++] = *p;
        }
    }
    c->pairs = pairs;
    return STRATA_OK;
}

static void table_key(const command_work *c, const char *table, const char *state,
                      char out[DIGEST_TEXT])
{
    digest d;
    digest_init(&d);
    digest_add_text(&d, state);
    digest_add_text(&d, c->def->name);
    digest_add_text(&d, table != NULL ? table : "");
    for (size_t i = 0; i < c->n_pairs; i++) {
        digest_add_text(&d, c->pairs[i].name);
        digest_add_text(&d, c->pairs[i].value);
    }
    digest_finish(&d, out);
}

/* Of the list: the table in that state, which of its rows, in which order. */
static void cursor_mark(const page_work *w, char out[CURSOR_MARK + 1])
{
    char key[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_add_text(&d, w->key);
    digest_add_text(&d, w->choice.order != NULL ? w->choice.order : "");
    digest_add_text(&d, w->choice.find != NULL ? w->choice.find : "");
    for (size_t i = 0; i < w->choice.n_only; i++) {
        digest_add_text(&d, w->choice.only[i].column);
        digest_add_text(&d, w->choice.only[i].value);
    }
    digest_finish(&d, key);
    memcpy(out, key, CURSOR_MARK);
    out[CURSOR_MARK] = '\0';
}

/* Rows of the table as it is (`places` NULL), or of those chosen, in their order. */
static strata_status write_rows(page_work *w, const char *mark, const json_rows *r,
                                const row_places *places, strata_error *err)
{
    size_t n = places != NULL ? places->n : r->rows.ends.n;
    size_t first = w->from < n ? w->from : n;
    size_t count = w->limit < n - first ? w->limit : n - first;
    size_t *rows = ARENA_NEW(w->x->request->arena, count + 1, size_t);
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = places != NULL ? places->data[first + i] : first + i;
    }
    strbuf_printf(&w->out, "{\"columns\":%s,\"rows\":[",
                  r->columns.len > 0 ? strbuf_text(&r->columns) : "[]");
    json_rows_put(r, rows, count, &w->out);
    strbuf_add_char(&w->out, ']');
    json_rows_put_said(r, rows, count, &w->out);
    strbuf_printf(&w->out, ",\n\"total\":%zu,\"from\":%zu", n, first);
    cursor_put_next(&w->out, mark, first + count, n);
    return strbuf_status(&w->out, err);
}

static strata_status write_groups(page_work *w, const json_rows *r, strata_error *err)
{
    size_t n = 0;
    strbuf_add(&w->out, "{\"groups\":");
    STRATA_TRY(json_rows_count(r, w->groups, GROUPS_MAX, &n, &w->out, err));
    strbuf_printf(&w->out, ",\n\"of\":%zu,\"total\":%zu}\n", n, r->rows.ends.n);
    return strbuf_status(&w->out, err);
}

static strata_status write_page(page_work *w, const char *mark, const json_rows *r,
                                strata_error *err)
{
    if (w->groups != NULL) {
        return write_groups(w, r, err);
    }
    if (w->choice.order == NULL && w->choice.find == NULL && w->choice.n_only == 0) {
        return write_rows(w, mark, r, NULL, err);
    }
    row_places places = {0};
    strata_status st = json_rows_choose(r, &w->choice, &places, err);
    if (st == STRATA_OK) {
        st = write_rows(w, mark, r, &places, err);
    }
    vec_free(&places);
    return st;
}

/* Whether what was just computed tells of the files as they were then: nobody wrote meanwhile. */
static bool is_of_state(const command_work *w, const char *state)
{
    char now[DIGEST_TEXT];
    project_files_state(&w->s->files, now);
    return !w->def->momentary && strcmp(now, state) == 0;
}

/* The table out of what is kept; else computed now and kept, if nobody wrote meanwhile. */
static strata_status run_page(void *payload, const context *cx, strata_error *err)
{
    page_work *w = payload;
    server *s = w->x->s;
    char mark[CURSOR_MARK + 1];
    cursor_mark(w, mark);
    STRATA_TRY(cursor_from(w->x, w->cursor, mark, &w->from, err));
    const json_rows *kept = tables_find(&s->tables, w->key);
    if (kept != NULL) {
        return write_page(w, mark, kept, err);
    }
    STRATA_CLEANUP(json_rows_done) json_rows rows;
    json_rows_init(&rows);
    w->command.rows = &rows;
    STRATA_TRY(command_render(&w->command, cx, err));
    STRATA_TRY(write_page(w, mark, &rows, err));
    if (is_of_state(&w->command, w->state)) {
        tables_keep(&s->tables, w->key, &rows);
    } else {
        w->x->reply->etag[0] = '\0';
    }
    return STRATA_OK;
}

/* --- the tables of a document of which the first rows are handed out --- */

static strata_status keep_table(const command_work *w, const document *d, const doc_table *t,
                                strata_error *err)
{
    char key[DIGEST_TEXT];
    strata_error none = {0};
    table_key(w, t->id, w->state, key);
    if (tables_find(&w->s->tables, key) != NULL) { /* kept with another number of first rows */
        return STRATA_OK;
    }
    STRATA_CLEANUP(json_rows_done) json_rows rows;
    json_rows_init(&rows);
    strata_status st = json_rows_take(&rows, d, t->id, true, &none);
    if (st == STRATA_E_USAGE) { /* several that differ in columns: they have no pages */
        return STRATA_OK;
    }
    if (st != STRATA_OK) {
        *err = none;
        return st;
    }
    tables_keep(&w->s->tables, key, &rows);
    return STRATA_OK;
}

/* Sections nest a few levels deep. */
static strata_status keep_section(const command_work *w, const document *d, const doc_section *s,
                                  strata_error *err)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_TABLE && n->as.table->n_rows > w->most) {
            STRATA_TRY(keep_table(w, d, n->as.table, err));
        } else if (n->kind == NODE_SECTION) {
            STRATA_TRY(keep_section(w, d, n->as.section, err));
        }
    }
    return STRATA_OK;
}

strata_status pages_keep(const command_work *w, const document *d, strata_error *err)
{
    return w->state != NULL && is_of_state(w, w->state) ? keep_section(w, d, &d->root, err)
                                                        : STRATA_OK;
}

/* `w->out` is initialised. */
static strata_status answer_with(page_work *w, strata_error *err)
{
    exchange *x = w->x;
    char key[DIGEST_TEXT];
    STRATA_TRY(split_pairs(w, err));
    request_key(x, "application/json", w->state, key);
    table_key(&w->command, w->command.table, w->state, w->key);
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
