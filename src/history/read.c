/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/vec.h"
#include "history/history.h"
#include "history/keys.h"
#include "store/stmt.h"

typedef VEC(history_run) run_vec;
typedef VEC(history_span) span_vec;

static void run_vec_done(run_vec *v)
{
    vec_free(v);
}
#define RUNS_AUTO STRATA_CLEANUP(run_vec_done)

static void span_vec_done(span_vec *v)
{
    vec_free(v);
}
#define SPANS_AUTO STRATA_CLEANUP(span_vec_done)

/* The texts of one row; `full` once the arena had no room for one. */
typedef struct row_texts {
    const stmt *s;
    arena *arena;
    bool full;
} row_texts;

static const char *keep(row_texts *t, size_t at)
{
    text_view text = stmt_get_text(t->s, at);
    if (text.ptr == NULL) {
        return NULL;
    }
    const char *copy = arena_strndup(t->arena, text.ptr, text.len);
    t->full = t->full || copy == NULL;
    return copy;
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading history");
}

static history_run read_run(row_texts *t)
{
    const stmt *s = t->s;
    return (history_run){.run_id = (int32_t)stmt_get_int(s, 0),
                         .as_of = stmt_get_day(s, 1),
                         .model_name = keep(t, 2),
                         .model_digest = keep(t, 3),
                         .data_digest = keep(t, 4),
                         .version = keep(t, 5),
                         .seed = (uint64_t)stmt_get_int(s, 6),
                         .created_at = stmt_get_int(s, 7),
                         .n_accounts = stmt_get_int(s, 8),
                         .arr_minor = stmt_is_null(s, 9) ? -1 : stmt_get_int(s, 9)};
}

strata_status history_runs(store_conn *conn, arena *a, const history_run **out, size_t *n,
                           strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "history/runs.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    RUNS_AUTO run_vec runs = {0};
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        row_texts t = {.s = s, .arena = a};
        if (!vec_push(&runs, read_run(&t)) || t.full) {
            return out_of_memory(err);
        }
    }
    history_run *kept = ARENA_NEW(a, runs.n + 1, history_run);
    if (kept == NULL) {
        return out_of_memory(err);
    }
    if (runs.n > 0) {
        memcpy(kept, runs.data, runs.n * sizeof *kept);
    }
    *out = kept;
    *n = runs.n;
    return STRATA_OK;
}

strata_status history_before(store_conn *conn, day d, arena *a, history_run *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "history/last_run_before.sql", &s, err));
    STRATA_TRY(stmt_bind_day(s, "day", d, err));
    STRATA_TRY(stmt_execute(s, err));
    bool more = false;
    STRATA_TRY(stmt_next(s, &more, err));
    history_run found = {.arr_minor = -1};
    row_texts t = {.s = s, .arena = a};
    if (more) {
        found.run_id = (int32_t)stmt_get_int(s, 0);
        found.as_of = stmt_get_day(s, 1);
        found.model_digest = keep(&t, 2);
    }
    if (t.full) {
        return out_of_memory(err);
    }
    *out = found;
    return STRATA_OK;
}

static history_span read_span(row_texts *t)
{
    const stmt *s = t->s;
    return (history_span){.dimension = keep(t, 0),
                          .segment = keep(t, 1),
                          .valid_from = stmt_get_day(s, 2),
                          .valid_to = stmt_get_day(s, 3),
                          .cause = keep(t, 4),
                          .clause = keep(t, 5),
                          .before = keep(t, 6),
                          .after = keep(t, 7)};
}

strata_status history_of_account(store_conn *conn, const char *account_id, arena *a,
                                 const history_span **out, size_t *n, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "history/account_spans.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "account_id", account_id, err));
    STRATA_TRY(stmt_execute(s, err));
    SPANS_AUTO span_vec spans = {0};
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        row_texts t = {.s = s, .arena = a};
        if (!vec_push(&spans, read_span(&t)) || t.full) {
            return out_of_memory(err);
        }
    }
    history_span *kept = ARENA_NEW(a, spans.n + 1, history_span);
    if (kept == NULL) {
        return out_of_memory(err);
    }
    if (spans.n > 0) {
        memcpy(kept, spans.data, spans.n * sizeof *kept);
    }
    *out = kept;
    *n = spans.n;
    return STRATA_OK;
}

static strata_status has_review_on(store_conn *conn, day d, arena *a, bool *out, strata_error *err)
{
    history_run before = {0};
    STRATA_TRY(history_before(conn, d + 1, a, &before, err));
    *out = before.run_id != 0 && before.as_of == d;
    return STRATA_OK;
}

strata_status history_codes_at(store_conn *conn, const history_codes *of, arena *a,
                               segment_code **out, strata_error *err)
{
    const portfolio *p = of->p;
    bool there = false;
    STRATA_TRY(has_review_on(conn, of->d, a, &there, err));
    if (!there) {
        *out = NULL;
        return STRATA_OK;
    }
    segment_code *codes = ARENA_NEW(a, p->n_accounts, segment_code);
    if (codes == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < p->n_accounts; i++) {
        codes[i] = SEGMENT_ABSENT;
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "history/spans_at.sql", &s, err));
    STRATA_TRY(stmt_bind_day(s, "day", of->d, err));
    STRATA_TRY(stmt_bind_text(s, "dimension", of->b->model->dimensions[of->def->index].name, err));
    STRATA_TRY(stmt_execute(s, err));
    size_t account = 0;
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t row = 0; row < n; row++) {
            size_t found = history_account(p, stmt_text(s, 0, row), account);
            if (found != SIZE_MAX) {
                account = found;
                codes[found] = history_code(of->b, of->def, stmt_text(s, 1, row));
            }
        }
    }
    *out = codes;
    return STRATA_OK;
}
