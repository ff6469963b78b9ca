/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/keep.h"

#include <string.h>

#include "store/append.h"
#include "store/stmt.h"

enum { ROWS = 2048 };

static void add_numbers(digest *d, const double *x, size_t n)
{
    digest_add(d, &n, sizeof n);
    digest_add(d, x, n * sizeof *x);
}

static strata_status digest_of(const predictor *p, arena *a, char out[DIGEST_TEXT],
                               strata_error *err)
{
    digest d;
    digest_init(&d);
    digest_add_text(&d, learner_name(p->kind));
    for (size_t k = 0; k < p->n_used; k++) {
        digest_add_text(&d, p->candidates.items[p->used[k]].name);
    }
    if (p->kind == LEARNER_TREES) {
        const unsigned char *bytes = NULL;
        size_t n = 0;
        STRATA_TRY(boost_save(p->trees, a, &bytes, &n, err));
        digest_add(&d, bytes, n);
    } else {
        add_numbers(&d, &p->logistic.intercept, 1);
        add_numbers(&d, p->logistic.beta, p->logistic.d);
        add_numbers(&d, p->logistic.mean, p->logistic.d);
    }
    add_numbers(&d, &p->calibration.intercept, 1);
    add_numbers(&d, &p->calibration.slope, 1);
    add_numbers(&d, p->calibration.knot_share, p->calibration.n_knots);
    digest_finish(&d, out);
    return STRATA_OK;
}

strata_status kept_prediction_of(const prediction *p, arena *a, kept_prediction *out,
                                 strata_error *err)
{
    if (p->why != NULL || !p->tells) {
        return strata_fail(err, STRATA_E_DATA, "nothing to save: %s",
                           p->why != NULL ? p->why
                                          : "on later dates the model was no better than chance");
    }
    uint32_t *account = ARENA_NEW(a, p->now.n + 1, uint32_t);
    double *chance = ARENA_NEW(a, p->now.n + 1, double);
    if (account == NULL || chance == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu predictions", p->now.n);
    }
    memcpy(account, p->now.account, p->now.n * sizeof *account);
    memcpy(chance, p->chance, p->now.n * sizeof *chance);
    kept_prediction k = {.target = p->target,
                         .day = p->schedule.as_of,
                         .horizon = p->schedule.horizon,
                         .method = p->chosen,
                         .n = p->now.n,
                         .n_learned = p->today.learned.n,
                         .account = account,
                         .chance = chance,
                         .auc = p->judged[p->chosen].auc.auc};
    STRATA_TRY(digest_of(&p->today, a, k.digest, err));
    *out = k;
    return STRATA_OK;
}

static strata_status bind_key(stmt *s, const kept_prediction *k, strata_error *err)
{
    STRATA_TRY(stmt_bind_int32(s, "target", (int32_t)k->target, err));
    STRATA_TRY(stmt_bind_int32(s, "day", k->day, err));
    return stmt_bind_int32(s, "horizon_days", horizon_days(k->horizon), err);
}

static strata_status forget(store_conn *c, const char *sql, const kept_prediction *k,
                            strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, sql, &s, err));
    STRATA_TRY(bind_key(s, k, err));
    return stmt_execute(s, err);
}

static strata_status note_run(const context *cx, store_conn *c, const portfolio *p,
                              const kept_prediction *k, strata_error *err)
{
    char span[HORIZON_TEXT];
    horizon_text(k->horizon, span);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "predict/run_insert.sql", &s, err));
    STRATA_TRY(bind_key(s, k, err));
    STRATA_TRY(stmt_bind_text(s, "horizon", span, err));
    STRATA_TRY(stmt_bind_text(s, "method", learner_name(k->method), err));
    STRATA_TRY(stmt_bind_text(s, "digest", k->digest, err));
    STRATA_TRY(stmt_bind_text(s, "data_digest", p->data_digest, err));
    STRATA_TRY(stmt_bind_text(s, "version", STRATA_VERSION, err));
    STRATA_TRY(stmt_bind_uint64(s, "seed", cx->seed, err));
    STRATA_TRY(stmt_bind_int64(s, "n_accounts", (int64_t)k->n, err));
    STRATA_TRY(stmt_bind_int64(s, "n_learned", (int64_t)k->n_learned, err));
    STRATA_TRY(stmt_bind_double(s, "auc", k->auc, err));
    return stmt_execute(s, err);
}

/* Rows of one prediction, as the table's columns. */
typedef struct buffer {
    text_view id[ROWS];
    int32_t day[ROWS], horizon[ROWS];
    uint8_t target[ROWS];
    double chance[ROWS];
} buffer;

static strata_status append(appender *to, const portfolio *p, const kept_prediction *k, buffer *b,
                            strata_error *err)
{
    for (size_t first = 0; first < k->n; first += ROWS) {
        size_t n = k->n - first < ROWS ? k->n - first : ROWS;
        for (size_t i = 0; i < n; i++) {
            const char *id = p->ids[k->account[first + i]];
            b->id[i] = (text_view){.ptr = id, .len = strlen(id)};
            b->day[i] = k->day;
            b->target[i] = (uint8_t)k->target;
            b->horizon[i] = horizon_days(k->horizon);
            b->chance[i] = k->chance[first + i];
        }
        const append_column columns[] = {{.type = COLUMN_TEXT, .data = b->id},
                                         {.type = COLUMN_INT32, .data = b->day},
                                         {.type = COLUMN_UINT8, .data = b->target},
                                         {.type = COLUMN_INT32, .data = b->horizon},
                                         {.type = COLUMN_DOUBLE, .data = b->chance}};
        STRATA_TRY(append_rows(to, columns, sizeof columns / sizeof columns[0], n, err));
    }
    return STRATA_OK;
}

strata_status predictions_keep(const context *cx, store *s, const portfolio *p,
                               const kept_prediction *items, size_t n, strata_error *err)
{
    STRATA_AUTO_FREE buffer *b = calloc(1, sizeof *b);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    store_conn *c = store_main(s);
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_AUTO(appender_free) appender *to = NULL;
    STRATA_TRY(store_begin(c, &tx, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(forget(c, "predict/delete_day.sql", &items[i], err));
        STRATA_TRY(forget(c, "predict/delete_run.sql", &items[i], err));
        STRATA_TRY(note_run(cx, c, p, &items[i], err));
    }
    STRATA_TRY(appender_new(c, "prediction", &to, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(append(to, p, &items[i], b, err));
    }
    STRATA_TRY(appender_finish(to, err));
    appender_free(strata_steal(&to));
    return store_commit(&tx, err);
}
