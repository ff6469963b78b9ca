/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/record.h"

#include <string.h>

#include "base/auto.h"
#include "base/vec.h"
#include "store/append.h"
#include "store/stmt.h"

enum { ROWS = 2048 };

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for a saved fit of clusters");
}

/* --- reading --- */

typedef VEC(const char *) text_vec;
static void text_vec_done(text_vec *v)
{
    vec_free(v);
}

typedef struct reading {
    store_conn *conn;
    const portfolio *p;
    arena *arena;
    saved_fit fit;
} reading;

static strata_status open_part(const reading *r, const char *name, stmt **out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(r->conn, name, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "fit", r->fit.fit, err));
    STRATA_TRY(stmt_execute(s, err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

static const char *keep_text(const reading *r, text_view text)
{
    return text.ptr != NULL ? arena_strndup(r->arena, text.ptr, text.len) : NULL;
}

/* The texts of one column of a part. */
static strata_status read_texts(const reading *r, const char *part, size_t col,
                                const char *const **out, size_t *n, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_CLEANUP(text_vec_done) text_vec texts = {0};
    STRATA_TRY(open_part(r, part, &s, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        const char *text = keep_text(r, stmt_get_text(s, col));
        if (text == NULL || !vec_push(&texts, text)) {
            return out_of_memory(err);
        }
    }
    const char **kept = ARENA_NEW(r->arena, texts.n + 1, const char *);
    if (kept == NULL) {
        return out_of_memory(err);
    }
    if (texts.n > 0) {
        memcpy(kept, texts.data, texts.n * sizeof *kept);
    }
    *out = kept;
    *n = texts.n;
    return STRATA_OK;
}

static strata_status read_centres(reading *r, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    size_t n = r->fit.k * r->fit.d;
    double *centres = ARENA_NEW(r->arena, n + 1, double);
    if (centres == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(open_part(r, "cluster/fit_centres.sql", &s, err));
    size_t at = 0;
    for (bool more = true;; at++) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        if (at < n) {
            centres[at] = stmt_get_double(s, 0);
        }
    }
    if (at != n) {
        return strata_fail(err, STRATA_E_STORE,
                           "saved clusters %d are damaged: %zu values of centres, not %zu",
                           (int)r->fit.fit, at, n);
    }
    r->fit.centres = centres;
    return STRATA_OK;
}

/* Members come in the order of their ids, as accounts do. */
static strata_status read_members(reading *r, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    size_t n = r->p->n_accounts;
    uint32_t *cluster = ARENA_NEW(r->arena, n + 1, uint32_t);
    if (cluster == NULL) {
        return out_of_memory(err);
    }
    memset(cluster, 0xff, n * sizeof *cluster); /* CLUSTER_NONE */
    STRATA_TRY(open_part(r, "cluster/fit_members.sql", &s, err));
    char id[512];
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        text_view text = stmt_get_text(s, 0);
        int64_t label = stmt_get_int(s, 1);
        size_t account = SIZE_MAX;
        if (text.ptr != NULL && text.len < sizeof id) {
            memcpy(id, text.ptr, text.len);
            id[text.len] = '\0';
            account = portfolio_account(r->p, id);
        }
        bool found = account != SIZE_MAX && label >= 0 && (size_t)label < r->fit.k;
        if (found) {
            cluster[account] = (uint32_t)label;
        }
        r->fit.n_gone += !found;
    }
    r->fit.cluster = cluster;
    return STRATA_OK;
}

strata_status cluster_last_fit(store_conn *conn, const portfolio *p, day as_of, const char *where,
                               arena *a, saved_fit *out, strata_error *err)
{
    reading r = {.conn = conn, .p = p, .arena = a};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "cluster/last_fit.sql", &s, err));
    STRATA_TRY(stmt_bind_day(s, "day", as_of, err));
    STRATA_TRY(stmt_bind_text(s, "where", where, err));
    STRATA_TRY(stmt_execute(s, err));
    bool more = false;
    STRATA_TRY(stmt_next(s, &more, err));
    if (!more) {
        *out = (saved_fit){0};
        return STRATA_OK;
    }
    r.fit.fit = (int32_t)stmt_get_int(s, 0);
    r.fit.as_of = stmt_get_day(s, 1);
    r.fit.method = keep_text(&r, stmt_get_text(s, 2));
    r.fit.where = where;
    if (r.fit.method == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(read_texts(&r, "cluster/fit_features.sql", 0, &r.fit.expressions, &r.fit.d, err));
    STRATA_TRY(read_texts(&r, "cluster/fit_groups.sql", 1, &r.fit.names, &r.fit.k, err));
    STRATA_TRY(read_centres(&r, err));
    STRATA_TRY(read_members(&r, err));
    *out = r.fit;
    return STRATA_OK;
}

/* --- writing --- */

static text_view view_of(const char *text)
{
    return (text_view){.ptr = text, .len = strlen(text)};
}

static strata_status write_fit(store_conn *conn, const cluster_record *r, int32_t *number,
                               strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *next = NULL;
    STRATA_TRY(stmt_new(conn, "cluster/next_fit.sql", &next, err));
    STRATA_TRY(stmt_execute(next, err));
    bool more = false;
    STRATA_TRY(stmt_next(next, &more, err));
    *number = more ? (int32_t)stmt_get_int(next, 0) : 1;
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    const char *missing = r->points->missing == CLUSTER_MISSING_MEDIAN ? "median" : "leave-out";
    STRATA_TRY(stmt_new(conn, "cluster/fit_insert.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "fit", *number, err));
    STRATA_TRY(stmt_bind_day(s, "as_of", r->as_of, err));
    STRATA_TRY(stmt_bind_text(s, "method", cluster_method_name(r->method), err));
    STRATA_TRY(stmt_bind_text(s, "where", r->where, err));
    STRATA_TRY(stmt_bind_text(s, "missing", missing, err));
    STRATA_TRY(stmt_bind_uint64(s, "seed", r->seed, err));
    STRATA_TRY(stmt_bind_int64(s, "accounts", (int64_t)r->points->n, err));
    STRATA_TRY(stmt_bind_text(s, "model_digest", r->model_digest, err));
    STRATA_TRY(stmt_bind_text(s, "data_digest", r->p->data_digest, err));
    STRATA_TRY(stmt_bind_text(s, "version", r->version, err));
    return stmt_execute(s, err);
}

static strata_status write_features(store_conn *conn, const cluster_record *r, int32_t number,
                                    strata_error *err)
{
    STRATA_AUTO(appender_free) appender *to = NULL;
    STRATA_TRY(appender_new(conn, "cluster_feature", &to, err));
    for (size_t j = 0; j < r->points->d; j++) {
        int32_t place = (int32_t)j;
        text_view expression = view_of(r->points->features[j].expression);
        const append_column row[] = {{.type = COLUMN_INT32, .data = &number},
                                     {.type = COLUMN_INT32, .data = &place},
                                     {.type = COLUMN_TEXT, .data = &expression}};
        STRATA_TRY(append_rows(to, row, 3, 1, err));
    }
    return appender_finish(to, err);
}

static strata_status write_groups(store_conn *conn, const cluster_record *r, int32_t number,
                                  strata_error *err)
{
    STRATA_AUTO(appender_free) appender *to = NULL;
    STRATA_TRY(appender_new(conn, "cluster_group", &to, err));
    for (size_t c = 0; c < r->fit->k; c++) {
        int32_t cluster = (int32_t)c;
        int64_t accounts = (int64_t)r->fit->size[c];
        text_view name = view_of(r->names[c]);
        const append_column row[] = {{.type = COLUMN_INT32, .data = &number},
                                     {.type = COLUMN_INT32, .data = &cluster},
                                     {.type = COLUMN_TEXT, .data = &name},
                                     {.type = COLUMN_INT64, .data = &accounts}};
        STRATA_TRY(append_rows(to, row, 4, 1, err));
    }
    return appender_finish(to, err);
}

static strata_status write_centres(store_conn *conn, const cluster_record *r, int32_t number,
                                   strata_error *err)
{
    STRATA_AUTO(appender_free) appender *to = NULL;
    size_t d = r->points->d;
    STRATA_TRY(appender_new(conn, "cluster_centre", &to, err));
    for (size_t at = 0; at < r->fit->k * d; at++) {
        int32_t cluster = (int32_t)(at / d);
        int32_t place = (int32_t)(at % d);
        double value = cluster_scale_invert(&r->points->scales[at % d], r->fit->centres[at]);
        const append_column row[] = {{.type = COLUMN_INT32, .data = &number},
                                     {.type = COLUMN_INT32, .data = &cluster},
                                     {.type = COLUMN_INT32, .data = &place},
                                     {.type = COLUMN_DOUBLE, .data = &value}};
        STRATA_TRY(append_rows(to, row, 4, 1, err));
    }
    return appender_finish(to, err);
}

static strata_status write_members(store_conn *conn, const cluster_record *r, int32_t number,
                                   strata_error *err)
{
    STRATA_AUTO(appender_free) appender *to = NULL;
    int32_t fit[ROWS];
    text_view id[ROWS];
    int32_t cluster[ROWS];
    STRATA_TRY(appender_new(conn, "cluster_member", &to, err));
    for (size_t from = 0; from < r->points->n; from += ROWS) {
        size_t n = r->points->n - from < ROWS ? r->points->n - from : ROWS;
        for (size_t i = 0; i < n; i++) {
            fit[i] = number;
            id[i] = view_of(r->p->ids[r->points->account[from + i]]);
            cluster[i] = (int32_t)r->fit->label[from + i];
        }
        const append_column rows[] = {{.type = COLUMN_INT32, .data = fit},
                                      {.type = COLUMN_TEXT, .data = id},
                                      {.type = COLUMN_INT32, .data = cluster}};
        STRATA_TRY(append_rows(to, rows, 3, n, err));
    }
    return appender_finish(to, err);
}

strata_status cluster_save(store *s, const cluster_record *r, int32_t *number, strata_error *err)
{
    store_conn *conn = store_main(s);
    int32_t fit = 0;
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(conn, &tx, err));
    STRATA_TRY(write_fit(conn, r, &fit, err));
    STRATA_TRY(write_features(conn, r, fit, err));
    STRATA_TRY(write_groups(conn, r, fit, err));
    STRATA_TRY(write_centres(conn, r, fit, err));
    STRATA_TRY(write_members(conn, r, fit, err));
    STRATA_TRY(store_commit(&tx, err));
    *number = fit;
    return STRATA_OK;
}
