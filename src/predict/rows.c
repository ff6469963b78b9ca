/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/rows.h"

#include <math.h>

#include "predict/question.h"

enum { SALT_SAMPLE = 1, SALT_HELD = 2, HELD_OF_TEN = 3 };

uint64_t account_draw(const char *id, uint64_t salt)
{
    uint64_t h = 1469598103934665603ULL ^ salt * 0x9E3779B97F4A7C15ULL; /* FNV-1a */
    for (const char *c = id; *c != '\0'; c++) {
        h = (h ^ (unsigned char)*c) * 1099511628211ULL;
    }
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9ULL; /* SplitMix64's finish, so that all bits count */
    h = (h ^ h >> 27) * 0x94D049BB133111EBULL;
    return h ^ h >> 31;
}

typedef struct collector {
    const rows_request *q;
    const day *dates;
    size_t n_dates, first_date; /* dates swept, and the schedule's number of the first */
    size_t *start;              /* by account: its first row; n_accounts + 1 */
    feature_id *features;       /* to be swept: those in use now */
    size_t *column_of;          /* by swept feature: its column */
    size_t n_features;
    rows *rows;
} collector;

static bool is_row(const rows_request *q, size_t account, day d)
{
    return q->p->exists_from[account] <= d && arr_book_at(q->book, account, d) > 0;
}

/* Share of accounts to keep, so that the rows stay within bounds. */
static double share_to_keep(const collector *k)
{
    size_t n = 0;
    for (size_t i = 0; i < k->q->p->n_accounts; i++) {
        for (size_t j = 0; j < k->n_dates; j++) {
            n += is_row(k->q, i, k->dates[j]);
        }
    }
    return k->q->today || n <= ROWS_MAX ? 1.0 : (double)ROWS_MAX / (double)n;
}

static bool is_kept(const collector *k, size_t account, double share)
{
    uint64_t drawn = account_draw(k->q->p->ids[account], SALT_SAMPLE);
    double draw = (double)drawn;
    return share >= 1.0 || draw < share * 0x1p64;
}

static size_t count_rows(const collector *k, double share)
{
    size_t n = 0;
    for (size_t i = 0; i < k->q->p->n_accounts; i++) {
        k->start[i] = n;
        for (size_t j = 0; j < k->n_dates && is_kept(k, i, share); j++) {
            n += is_row(k->q, i, k->dates[j]);
        }
    }
    k->start[k->q->p->n_accounts] = n;
    return n;
}

static void fill_row(const collector *k, size_t r, size_t account, size_t date)
{
    const rows_request *q = k->q;
    rows *out = k->rows;
    day d = k->dates[date];
    out->account[r] = (uint32_t)account;
    out->date[r] = (uint16_t)(k->first_date + date);
    out->arr[r] = arr_book_at(q->book, account, d);
    out->y[r] = !q->today && predict_outcome(q->book, account, q->target, d, q->schedule->horizon);
    out->held[r] = account_draw(q->p->ids[account], SALT_HELD) % 10 < HELD_OF_TEN;
}

static void fill_attribute(const collector *k, size_t at)
{
    const candidate *c = &k->q->candidates->items[at];
    const column *values = &k->q->p->attributes[c->attribute];
    rows *out = k->rows;
    for (size_t r = 0; r < out->n; r++) {
        uint32_t i = out->account[r];
        double x = NAN;
        if (c->level >= 0) {
            x = values->code[i] == CODE_MISSING ? (double)NAN
                                                : (double)(values->code[i] == c->level);
        } else if (values->num != NULL) {
            x = values->num[i];
        }
        out->x[r * out->n_columns + at] = x;
    }
}

static strata_status take_block(void *job, const panel_block *b, strata_error *err)
{
    (void)err;
    const collector *k = job;
    rows *out = k->rows;
    for (size_t i = 0; i < b->n_accounts; i++) {
        size_t account = (size_t)b->first + i;
        for (size_t r = k->start[account]; r < k->start[account + 1]; r++) {
            size_t j = out->date[r] - k->first_date;
            for (size_t f = 0; f < b->n_features; f++) {
                out->x[r * out->n_columns + k->column_of[f]] =
                    b->values[(j * b->n_features + f) * b->n_accounts + i];
            }
        }
    }
    return STRATA_OK;
}

static strata_status allocate(collector *k, arena *a, size_t n, strata_error *err)
{
    rows *r = k->rows;
    r->n = n;
    r->n_columns = k->q->candidates->n;
    r->account = ARENA_NEW(a, n + 1, uint32_t);
    r->date = ARENA_NEW(a, n + 1, uint16_t);
    r->y = ARENA_NEW(a, n + 1, uint8_t);
    r->arr = ARENA_NEW(a, n + 1, int64_t);
    r->held = ARENA_NEW(a, n + 1, bool);
    r->x = ARENA_NEW(a, n * r->n_columns + 1, double);
    if (r->account == NULL || r->date == NULL || r->y == NULL || r->arr == NULL ||
        r->held == NULL || r->x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows of %zu features", n,
                           r->n_columns);
    }
    for (size_t i = 0; i < n * r->n_columns; i++) {
        r->x[i] = NAN;
    }
    return STRATA_OK;
}

/* Those in use: fewer than were listed, once the unfit are left out. */
static strata_status list_columns(collector *k, arena *a, strata_error *err)
{
    const candidates *c = k->q->candidates;
    k->features = ARENA_NEW(a, c->n + 1, feature_id);
    k->column_of = ARENA_NEW(a, c->n + 1, size_t);
    if (k->features == NULL || k->column_of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu features", c->n);
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->items[i].left_out == USED && c->items[i].feature != FEATURE_COUNT) {
            k->features[k->n_features] = c->items[i].feature;
            k->column_of[k->n_features++] = i;
        }
    }
    return STRATA_OK;
}

strata_status rows_collect(const context *cx, const rows_request *q, arena *a, rows *out,
                           double *sampled, strata_error *err)
{
    rows result = {0};
    const schedule *s = q->schedule;
    collector k = {.q = q, .rows = &result};
    k.dates = q->today ? &s->as_of : s->dates;
    k.n_dates = q->today ? 1 : s->n;
    k.first_date = q->today ? s->n : 0;
    k.start = ARENA_NEW(a, q->p->n_accounts + 1, size_t);
    if (k.start == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", q->p->n_accounts);
    }
    double share = share_to_keep(&k);
    STRATA_TRY(allocate(&k, a, count_rows(&k, share), err));
    for (size_t i = 0; i < q->p->n_accounts; i++) {
        size_t r = k.start[i];
        for (size_t j = 0; j < k.n_dates && r < k.start[i + 1]; j++) {
            if (is_row(q, i, k.dates[j])) {
                fill_row(&k, r++, i, j);
            }
        }
    }
    STRATA_TRY(list_columns(&k, a, err));
    if (k.n_dates > 0 && k.n_features > 0) {
        STRATA_TRY(panel_sweep(cx, q->p->ledgers, k.features, k.n_features, k.dates, k.n_dates,
                               take_block, &k, err));
    }
    for (size_t c = 0; c < q->candidates->n; c++) {
        const candidate *item = &q->candidates->items[c];
        if (item->left_out == USED && item->feature == FEATURE_COUNT) {
            fill_attribute(&k, c);
        }
    }
    *out = result;
    *sampled = share;
    return STRATA_OK;
}
