/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/rows/accounts: accounts page by page. GET /v1/whatif/columns: columns as plain numbers.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "render/cell_text.h"
#include "render/json/remarks.h"
#include "serve/parts.h"

enum { FEATURES_MAX = 16 };

/* What is asked for, and what comes of it. */
typedef struct rows_work {
    exchange *x;
    const call_pair *pairs; /* those of `strata accounts` */
    size_t n_pairs;
    size_t limit;
    const char *cursor; /* NULL: from the beginning */
    const char *names[FEATURES_MAX];
    size_t n_names;
    void (*write)(struct rows_work *w, const views_asked *asked, const account_list *list);
    char state[DIGEST_TEXT];
    size_t from;
    strbuf out;
} rows_work;

/* --- cursors: which state of the project and which list, and how far --- */

static void cursor_mark(const rows_work *w, char out[CURSOR_MARK + 1])
{
    char key[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_add_text(&d, w->state);
    for (size_t i = 0; i < w->n_pairs; i++) {
        if (strcmp(w->pairs[i].name, "columns") != 0) {
            digest_add_text(&d, w->pairs[i].name);
            digest_add_text(&d, w->pairs[i].value);
        }
    }
    digest_finish(&d, key);
    memcpy(out, key, CURSOR_MARK);
    out[CURSOR_MARK] = '\0';
}

static strata_status read_cursor(rows_work *w, strata_error *err)
{
    char own[CURSOR_MARK + 1];
    cursor_mark(w, own);
    return cursor_from(w->x, w->cursor, own, &w->from, err);
}

/* --- pages --- */

static void write_columns(strbuf *out, const views_asked *a)
{
    strbuf_add(out, "{\"columns\":[");
    for (size_t i = 0; i < a->ask.request.n_columns; i++) {
        list_column_look shown = views_column_look(a, a->ask.columns[i]);
        strbuf_add(out, i > 0 ? ",{\"key\":" : "{\"key\":");
        json_put_string(out, list_column_key(a->look.bound, a->ask.columns[i]));
        strbuf_add(out, ",\"label\":");
        json_put_string(out, shown.label);
        strbuf_add(out, ",\"type\":");
        json_put_string(out, cell_type_name(shown.type));
        if (shown.type == CELL_NUMBER) {
            strbuf_printf(out, ",\"decimals\":%d", shown.decimals);
        }
        strbuf_add_char(out, '}');
    }
}

static void write_page(rows_work *w, const views_asked *a, const account_list *list)
{
    char mark[CURSOR_MARK + 1];
    size_t end = w->from < list->n ? w->from : list->n;
    size_t first = end;
    end += w->limit < list->n - end ? w->limit : list->n - end;
    STRBUF_AUTO strbuf reasons;
    strbuf_init(&reasons, 0);
    json_remarks missing = {.out = &reasons, .kind = JSON_MISSING, .part = "rows"};
    cursor_mark(w, mark);
    write_columns(&w->out, a);
    strbuf_add(&w->out, "],\"rows\":[");
    for (size_t r = first; r < end; r++) {
        strbuf_add(&w->out, r > first ? ",\n[" : "\n[");
        missing.row = r - first;
        for (size_t i = 0; i < a->ask.request.n_columns; i++) {
            doc_cell cell = list_column_cell(a->look.view, a->ask.columns[i], list->accounts[r]);
            strbuf_add(&w->out, i > 0 ? "," : "");
            json_put_cell(&w->out, &cell);
            json_remark(&missing,
                        &(doc_column){.key = list_column_key(a->look.bound, a->ask.columns[i])},
                        &cell, 0);
        }
        strbuf_add_char(&w->out, ']');
    }
    doc_cell value = cell_money(list->value_minor);
    strbuf_add_char(&w->out, ']');
    json_remarks_close(&missing);
    strbuf_add(&w->out, strbuf_text(&reasons));
    strbuf_printf(&w->out, ",\n\"total\":%zu,\"from\":%zu,\"value\":", list->n, first);
    json_put_cell(&w->out, &value);
    cursor_put_next(&w->out, mark, end, list->n);
}

/* Each column whole, in the order of account ids; NaN where nothing is known, and for all of an
 * account that is outside the population. */
static void write_numbers(rows_work *w, const views_asked *a, const account_list *list)
{
    const view *v = a->look.view;
    (void)list;
    const segment_code *codes = segmentation_codes(v->s, view_primary(v), v->now_at);
    for (size_t k = 0; k < w->n_names; k++) {
        list_column found = {0};
        (void)list_column_find(a->look.bound, w->names[k], &found);
        column c = segmentation_column(v->s, found.slot);
        for (size_t i = 0; i < v->p->n_accounts; i++) {
            if (codes[i] >= SEGMENTS_MAX) {
                continue;
            }
            double value = c.num != NULL ? c.num[i] : (double)NAN;
            value = c.code != NULL && c.code[i] != CODE_MISSING ? (double)c.code[i] : value;
            strbuf_add_n(&w->out, (const char *)&value, sizeof value);
        }
    }
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "columns are sent as they lie in memory");

/* --- the turn on the computing thread --- */

static strata_status show_nothing(void *payload, const call *c, const document *d,
                                  strata_error *err)
{
    (void)payload;
    (void)c;
    (void)d;
    (void)err;
    return STRATA_OK;
}

static strata_status run_rows(void *payload, const context *cx, strata_error *err)
{
    rows_work *w = payload;
    server *s = w->x->s;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_CLEANUP(views_asked_done) views_asked asked = {0};
    const account_list *list = NULL;
    const call_sink sink = {.show = show_nothing};
    const project_options opening = server_project(s);
    STRATA_TRY(arena_new(&a, err));
    call c = {.cx = *cx, .arena = a, .format = RENDER_JSON, .sink = &sink, .project = &opening};
    STRATA_TRY(call_request(&c, &command_accounts, w->pairs, w->n_pairs, false, err));
    asked.c = &c;
    STRATA_TRY(read_cursor(w, err));
    STRATA_TRY(views_find(&s->views, w->state, &asked, w->names, w->n_names, err));
    STRATA_TRY(views_list(&s->views, &asked, &list, err));
    w->write(w, &asked, list);
    return strbuf_status(&w->out, err);
}

/* Splits what the server reads itself from what `strata accounts` reads. */
static strata_status split_pairs(rows_work *w, strata_error *err)
{
    const http_request *r = w->x->request;
    call_pair *pairs = ARENA_NEW(r->arena, r->n_query + 1, call_pair);
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->n_query; i++) {
        if (strcmp(r->query[i].name, "limit") == 0) {
            STRATA_TRY(page_limit(r->query[i].value, &w->limit, err));
        } else if (strcmp(r->query[i].name, "cursor") == 0) {
            w->cursor = r->query[i].value;
        } else {
            pairs[w->n_pairs++] = r->query[i];
        }
    }
    w->pairs = pairs;
    return STRATA_OK;
}

/* Out of the cache, or computed; `w->out` is initialised. */
static strata_status answer_rows_with(rows_work *w, const char *type, strata_error *err)
{
    exchange *x = w->x;
    char key[DIGEST_TEXT];
    request_key(x, type, w->state, key);
    if (reply_known(x, key)) {
        return STRATA_OK;
    }
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = cache_find(x->s->cache, key);
    if (bytes == NULL) {
        strata_status st = work_do(x, run_rows, w, err);
        if (x->reply->status == 409) {
            return STRATA_OK;
        }
        STRATA_TRY(st);
        bytes = http_bytes_take(&w->out);
        /* Pages behind the first come from a list in memory: answers that took long must not make
         * room for them. */
        if (bytes != NULL && w->cursor == NULL) {
            keep_answer(x, type, key, bytes);
        } else {
            x->reply->etag[0] = '\0';
        }
    }
    return reply_bytes(x, type, key, bytes, err);
}

strata_status answer_rows(exchange *x, strata_error *err)
{
    rows_work w = {.x = x, .limit = PAGE_USUAL, .write = write_page};
    STRATA_TRY(split_pairs(&w, err));
    strbuf_init(&w.out, 0);
    strata_status st = answer_rows_with(&w, "application/json", err);
    strbuf_done(&w.out);
    return st;
}

/* "arr,health" */
static strata_status split_names(rows_work *w, const char *list, strata_error *err)
{
    for (const char *at = list; *at != '\0';) {
        size_t len = strcspn(at, ",");
        if (w->n_names == FEATURES_MAX) {
            return strata_fail(err, STRATA_E_USAGE, "features takes at most %d names",
                               FEATURES_MAX);
        }
        w->names[w->n_names] = arena_strndup(w->x->request->arena, at, len);
        if (w->names[w->n_names++] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        at += len + (at[len] == ',' ? 1 : 0);
    }
    return w->n_names > 0 ? STRATA_OK
                          : strata_fail(err, STRATA_E_USAGE,
                                        "features is missing: names with commas between, such as "
                                        "arr,health");
}

strata_status answer_columns(exchange *x, strata_error *err)
{
    rows_work w = {.x = x, .write = write_numbers};
    const char *as_of = http_query(x->request, "as_of");
    const char *features = http_query(x->request, "features");
    call_pair pair = {"as_of", as_of};
    for (size_t i = 0; i < x->request->n_query; i++) {
        const char *name = x->request->query[i].name;
        if (strcmp(name, "as_of") != 0 && strcmp(name, "features") != 0) {
            return strata_fail(err, STRATA_E_USAGE, "there is no parameter '%.60s' here", name);
        }
    }
    STRATA_TRY(split_names(&w, features != NULL ? features : "", err));
    w.pairs = &pair;
    w.n_pairs = as_of != NULL ? 1 : 0;
    strbuf_init(&w.out, 0);
    strata_status st = answer_rows_with(&w, "application/octet-stream", err);
    strbuf_done(&w.out);
    return st;
}
