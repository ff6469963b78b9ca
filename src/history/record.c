/* SPDX-License-Identifier: Apache-2.0 */
/* Writing reviews: what is recorded is compared with where accounts are now, and
 * only the differences are written. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "history/history.h"
#include "history/keys.h"
#include "segment/view.h"
#include "store/append.h"
#include "store/stmt.h"

enum { ROWS = 2048 };

/* The writer of one transaction. `recorded` is where the store says that accounts
 * are: by definition, then account. */
typedef struct recorder {
    const history_review *r;
    store_conn *conn;
    arena *arena;
    segment_code **recorded;
    int32_t run_id;
} recorder;

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory recording a review");
}

static const bound_def *def_of(const bound_model *b, text_view name)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].kind == DEF_DIMENSION) {
            const char *own = b->model->dimensions[b->defs[i].index].name;
            if (strlen(own) == name.len && memcmp(own, name.ptr, name.len) == 0) {
                return &b->defs[i];
            }
        }
    }
    return NULL;
}

static strata_status alloc_recorded(recorder *w, strata_error *err)
{
    const bound_model *b = w->r->b;
    w->recorded = ARENA_NEW(w->arena, b->n_defs, segment_code *);
    if (w->recorded == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].kind != DEF_DIMENSION) {
            continue;
        }
        w->recorded[i] = ARENA_NEW(w->arena, w->r->p->n_accounts, segment_code);
        if (w->recorded[i] == NULL) {
            return out_of_memory(err);
        }
        for (size_t k = 0; k < w->r->p->n_accounts; k++) {
            w->recorded[i][k] = SEGMENT_ABSENT;
        }
    }
    return STRATA_OK;
}

/* --- rows to be closed --- */

typedef struct closing {
    appender *to;
    text_view dimension[ROWS], account[ROWS];
    size_t n;
} closing;

static strata_status flush_closing(closing *c, strata_error *err)
{
    const append_column columns[] = {{.type = COLUMN_TEXT, .data = c->dimension},
                                     {.type = COLUMN_TEXT, .data = c->account}};
    size_t n = c->n;
    c->n = 0;
    return n > 0 ? append_rows(c->to, columns, 2, n, err) : STRATA_OK;
}

static text_view view_of(const char *text)
{
    return (text_view){.ptr = text, .len = text != NULL ? strlen(text) : 0};
}

static strata_status close_row(closing *c, text_view dimension, text_view account,
                               strata_error *err)
{
    if (c->n == ROWS) {
        STRATA_TRY(flush_closing(c, err));
    }
    c->dimension[c->n] = dimension;
    c->account[c->n] = account;
    c->n++;
    return STRATA_OK;
}

/* What still holds according to the store. Accounts and dimensions that are gone are closed. */
static strata_status read_recorded(recorder *w, closing *gone, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(w->conn, "history/open_spans.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    const bound_def *def = NULL;
    size_t account = 0;
    char last[256] = "";
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t row = 0; row < n; row++) {
            text_view dimension = stmt_text(s, 0, row);
            text_view id = stmt_text(s, 1, row);
            if (strlen(last) != dimension.len || memcmp(last, dimension.ptr, dimension.len) != 0) {
                size_t len = dimension.len < sizeof last - 1 ? dimension.len : sizeof last - 1;
                memcpy(last, dimension.ptr, len);
                last[len] = '\0';
                def = def_of(w->r->b, dimension);
                account = 0;
            }
            size_t found = def != NULL ? history_account(w->r->p, id, account) : SIZE_MAX;
            if (found == SIZE_MAX) {
                STRATA_TRY(close_row(gone, dimension, id, err));
                continue;
            }
            account = found;
            w->recorded[def - w->r->b->defs][found] =
                history_code(w->r->b, def, stmt_text(s, 2, row));
        }
        STRATA_TRY(flush_closing(gone, err));
    }
    return STRATA_OK;
}

/* --- one review --- */

typedef struct span_rows {
    appender *to;
    text_view dimension[ROWS], account[ROWS], segment[ROWS], cause[ROWS], clause[ROWS],
        before[ROWS], after[ROWS];
    day from[ROWS], until[ROWS];
    int32_t run[ROWS];
    size_t n;
} span_rows;

static strata_status flush_spans(span_rows *s, strata_error *err)
{
    const append_column columns[] = {
        {.type = COLUMN_TEXT, .data = s->dimension}, {.type = COLUMN_TEXT, .data = s->account},
        {.type = COLUMN_TEXT, .data = s->segment},   {.type = COLUMN_DAY, .data = s->from},
        {.type = COLUMN_DAY, .data = s->until},      {.type = COLUMN_INT32, .data = s->run},
        {.type = COLUMN_TEXT, .data = s->cause},     {.type = COLUMN_TEXT, .data = s->clause},
        {.type = COLUMN_TEXT, .data = s->before},    {.type = COLUMN_TEXT, .data = s->after}};
    size_t n = s->n;
    s->n = 0;
    return n > 0 ? append_rows(s->to, columns, sizeof columns / sizeof columns[0], n, err)
                 : STRATA_OK;
}

/* What is written of one review: where its accounts are, and the changes found
 * between it and the review before. */
typedef struct review_step {
    size_t date; /* index into review->dates */
    bool first;  /* nothing was recorded before */
    const membership_change *changes;
    size_t n_changes, at; /* `at` moves along: changes come by definition, then account */
    closing *closing;
    span_rows *spans;
} review_step;

static const membership_change *change_of(review_step *step, uint32_t def, uint32_t account)
{
    while (step->at < step->n_changes) {
        const membership_change *c = &step->changes[step->at];
        if (c->def > def || (c->def == def && c->account > account)) {
            return NULL;
        }
        if (c->def == def && c->account == account) {
            return c;
        }
        step->at++;
    }
    return NULL;
}

/* Why an account is not where it was recorded. The segmentation's own change
 * tells only if it starts from where the record stands; else it is the rules
 * that are not those of the review before. */
static void set_cause(const recorder *w, review_step *step, size_t def, size_t account,
                      segment_code recorded)
{
    span_rows *s = step->spans;
    const bound_def *d = &w->r->b->defs[def];
    const membership_change *change = change_of(step, (uint32_t)def, (uint32_t)account);
    const char *cause = "definition";
    const char *texts[3] = {NULL, NULL, NULL};
    segment_code before = step->date > 0 ? segmentation_codes(w->r->s, d, step->date - 1)[account]
                                         : (segment_code)SEGMENT_ABSENT;
    if (step->first) {
        cause = "first";
    } else if (recorded == SEGMENT_ABSENT) {
        cause = change_cause_name(CHANGE_NEW);
    } else if (change != NULL && before == recorded) {
        cause = change_cause_name(change->cause);
        texts[0] = change->clause;
        texts[1] = change->before;
        texts[2] = change->after;
    }
    s->cause[s->n] = view_of(cause);
    s->clause[s->n] = view_of(texts[0]);
    s->before[s->n] = view_of(texts[1]);
    s->after[s->n] = view_of(texts[2]);
}

static strata_status move_account(recorder *w, review_step *step, size_t def, size_t account,
                                  segment_code to, strata_error *err)
{
    const bound_def *d = &w->r->b->defs[def];
    segment_code from = w->recorded[def][account];
    text_view dimension = view_of(w->r->b->model->dimensions[d->index].name);
    text_view id = view_of(w->r->p->ids[account]);
    if (from != SEGMENT_ABSENT) {
        STRATA_TRY(close_row(step->closing, dimension, id, err));
    }
    w->recorded[def][account] = to;
    if (to == SEGMENT_ABSENT) {
        return STRATA_OK;
    }
    span_rows *s = step->spans;
    if (s->n == ROWS) {
        STRATA_TRY(flush_spans(s, err));
    }
    s->dimension[s->n] = dimension;
    s->account[s->n] = id;
    s->segment[s->n] = view_of(history_segment_key(w->r->b, d, to));
    s->from[s->n] = w->r->dates[step->date];
    s->until[s->n] = DAY_MISSING;
    s->run[s->n] = w->run_id;
    set_cause(w, step, def, account, from);
    s->n++;
    return STRATA_OK;
}

static strata_status move_accounts(recorder *w, review_step *step, strata_error *err)
{
    const bound_model *b = w->r->b;
    for (size_t def = 0; def < b->n_defs; def++) {
        if (b->defs[def].kind != DEF_DIMENSION) {
            continue;
        }
        const segment_code *codes = segmentation_codes(w->r->s, &b->defs[def], step->date);
        for (size_t i = 0; i < w->r->p->n_accounts; i++) {
            if (codes[i] != w->recorded[def][i]) {
                STRATA_TRY(move_account(w, step, def, i, codes[i], err));
            }
        }
    }
    return STRATA_OK;
}

static strata_status close_listed(recorder *w, day d, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(w->conn, "history/close_spans.sql", &s, err));
    STRATA_TRY(stmt_bind_day(s, "day", d, err));
    return stmt_execute(s, err);
}

static strata_status write_spans(recorder *w, review_step *step, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *closing_to = NULL;
    STRATA_AUTO(appender_free) appender *spans_to = NULL;
    STRATA_AUTO_FREE closing *c = STRATA_NEW_ARRAY(1, closing);
    STRATA_AUTO_FREE span_rows *spans = STRATA_NEW_ARRAY(1, span_rows);
    if (c == NULL || spans == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(stmt_run(w->conn, "history/closing_table.sql", err));
    STRATA_TRY(appender_new(w->conn, "closing", &closing_to, err));
    STRATA_TRY(appender_new(w->conn, "membership", &spans_to, err));
    c->to = closing_to;
    spans->to = spans_to;
    step->closing = c;
    step->spans = spans;
    if (w->recorded == NULL) {
        STRATA_TRY(alloc_recorded(w, err));
        STRATA_TRY(read_recorded(w, c, err));
    }
    STRATA_TRY(move_accounts(w, step, err));
    STRATA_TRY(flush_closing(c, err));
    STRATA_TRY(appender_finish(closing_to, err));
    /* Old stays end before new ones begin: the new rows are open and would be closed too. */
    STRATA_TRY(close_listed(w, w->r->dates[step->date], err));
    STRATA_TRY(flush_spans(spans, err));
    return appender_finish(spans_to, err);
}

static strata_status next_run_id(recorder *w, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more = false;
    STRATA_TRY(stmt_new(w->conn, "history/next_run_id.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    w->run_id = more ? (int32_t)stmt_get_int(s, 0) : 1;
    return STRATA_OK;
}

static strata_status write_run(recorder *w, size_t date, strata_error *err)
{
    const history_review *r = w->r;
    const history_sizes *sizes = &r->sizes[date - r->first];
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(next_run_id(w, err));
    STRATA_TRY(stmt_new(w->conn, "history/run_insert.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "run_id", w->run_id, err));
    STRATA_TRY(stmt_bind_day(s, "as_of", r->dates[date], err));
    STRATA_TRY(stmt_bind_text(s, "model_digest", r->b->model->digest, err));
    STRATA_TRY(stmt_bind_text(s, "data_digest", r->p->data_digest, err));
    STRATA_TRY(stmt_bind_text(s, "version", r->note.version, err));
    STRATA_TRY(stmt_bind_uint64(s, "seed", r->note.seed, err));
    STRATA_TRY(stmt_bind_int64(s, "n_accounts", sizes->n_accounts, err));
    STRATA_TRY(sizes->has_arr ? stmt_bind_int64(s, "arr", sizes->arr_minor, err)
                              : stmt_bind_null(s, "arr", err));
    STRATA_TRY(stmt_bind_text(s, "model_name", r->note.model_name, err));
    STRATA_TRY(stmt_bind_text(s, "model_text", r->note.model_text, err));
    return stmt_execute(s, err);
}

static strata_status write_segments(recorder *w, size_t date, strata_error *err)
{
    const history_sizes *sizes = &w->r->sizes[date - w->r->first];
    STRATA_AUTO(appender_free) appender *to = NULL;
    STRATA_TRY(appender_new(w->conn, "run_segment", &to, err));
    for (size_t i = 0; i < sizes->n_rows; i++) {
        const history_size *row = &sizes->rows[i];
        const bound_def *def = &w->r->b->defs[row->def];
        text_view dimension = view_of(w->r->b->model->dimensions[def->index].name);
        text_view segment = view_of(history_segment_key(w->r->b, def, row->code));
        const uint64_t no_arr = 0;
        const append_column columns[] = {{.type = COLUMN_INT32, .data = &w->run_id},
                                         {.type = COLUMN_TEXT, .data = &dimension},
                                         {.type = COLUMN_TEXT, .data = &segment},
                                         {.type = COLUMN_INT64, .data = &row->accounts},
                                         {.type = COLUMN_INT64,
                                          .data = &row->arr_minor,
                                          .validity = sizes->has_arr ? NULL : &no_arr}};
        STRATA_TRY(append_rows(to, columns, sizeof columns / sizeof columns[0], 1, err));
    }
    return appender_finish(to, err);
}

static strata_status forget_from(recorder *w, day d, strata_error *err)
{
    static const char *const statements[] = {"history/delete_runs_from.sql",
                                             "history/delete_spans_from.sql",
                                             "history/reopen_spans_from.sql"};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        STRATA_AUTO(stmt_free) stmt *s = NULL;
        STRATA_TRY(stmt_new(w->conn, statements[i], &s, err));
        STRATA_TRY(stmt_bind_day(s, "day", d, err));
        STRATA_TRY(stmt_execute(s, err));
    }
    return stmt_run(w->conn, "history/delete_run_segments.sql", err);
}

static strata_status record_all(const context *cx, recorder *w, strata_error *err)
{
    const history_review *r = w->r;
    change_list changes = segmentation_changes(r->s);
    history_run before = {0};
    STRATA_TRY(forget_from(w, r->dates[r->first], err));
    STRATA_TRY(history_before(w->conn, r->dates[r->first], w->arena, &before, err));
    size_t at = 0;
    for (size_t date = r->first; date < r->n_dates; date++) {
        STRATA_TRY(context_check(cx, err));
        while (at < changes.n && changes.items[at].date < date) {
            at++;
        }
        size_t end = at;
        while (end < changes.n && changes.items[end].date == date) {
            end++;
        }
        review_step step = {.date = date,
                            .first = before.run_id == 0 && date == r->first,
                            .changes = end > at ? &changes.items[at] : NULL,
                            .n_changes = end - at};
        STRATA_TRY(write_run(w, date, err));
        STRATA_TRY(write_segments(w, date, err));
        STRATA_TRY(write_spans(w, &step, err));
        context_progress(cx, "recording reviews", date - r->first + 1, r->n_dates - r->first);
    }
    return STRATA_OK;
}

strata_status history_record(const context *cx, store *s, const history_review *review,
                             strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    recorder w = {.r = review, .conn = store_main(s), .arena = a};
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(w.conn, &tx, err));
    STRATA_TRY(record_all(cx, &w, err));
    return store_commit(&tx, err);
}
