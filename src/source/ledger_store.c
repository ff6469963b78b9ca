/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "source/ledger_info.h"
#include "store/stmt.h"

enum { MAX_COLUMNS = 6 };

/* What a missing value becomes. */
typedef enum missing { NEVER, AS_DAY, AS_CODE, AS_NAN, AS_DAY_MIN, AS_ZERO } missing;

/* A table's columns behind the account; column 0 is the account. */
typedef struct ledger_spec {
    entity entity;
    const char *sql;
    size_t n_columns;
    struct {
        column_type type;
        missing missing;
    } columns[MAX_COLUMNS];
} ledger_spec;

static const ledger_spec specs[] = {
    {ENTITY_ARR,
     "source/ledger_arr.sql",
     3,
     {{COLUMN_INT32, NEVER}, {COLUMN_INT64, NEVER}, {COLUMN_UINT8, NEVER}}},
    {ENTITY_ORDERS,
     "source/ledger_orders.sql",
     3,
     {{COLUMN_INT32, NEVER}, {COLUMN_INT64, NEVER}, {COLUMN_INT32, NEVER}}},
    {ENTITY_USAGE,
     "source/ledger_usage.sql",
     4,
     {{COLUMN_INT32, NEVER},
      {COLUMN_INT32, AS_CODE},
      {COLUMN_INT32, AS_CODE},
      {COLUMN_INT32, NEVER}}},
    {ENTITY_TICKETS,
     "source/ledger_tickets.sql",
     4,
     {{COLUMN_INT32, NEVER},
      {COLUMN_INT32, AS_DAY},
      {COLUMN_UINT8, NEVER},
      {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_SURVEYS,
     "source/ledger_surveys.sql",
     3,
     {{COLUMN_INT32, NEVER}, {COLUMN_UINT8, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_CONTACTS,
     "source/ledger_contacts.sql",
     3,
     {{COLUMN_INT32, AS_DAY_MIN}, {COLUMN_INT32, AS_DAY}, {COLUMN_UINT8, NEVER}}},
    {ENTITY_TOUCHPOINTS,
     "source/ledger_touchpoints.sql",
     3,
     {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}, {COLUMN_INT8, NEVER}}},
    {ENTITY_OPPORTUNITIES,
     "source/ledger_opportunities.sql",
     5,
     {{COLUMN_INT32, NEVER},
      {COLUMN_INT32, AS_DAY},
      {COLUMN_INT64, AS_ZERO},
      {COLUMN_UINT8, NEVER},
      {COLUMN_UINT8, NEVER}}},
    {ENTITY_HEALTH,
     "source/ledger_health.sql",
     2,
     {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_INTERVENTIONS,
     "source/ledger_interventions.sql",
     2,
     {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
};
enum { N_SPECS = sizeof specs / sizeof *specs };

struct ledger_store {
    store *store;
    const context *cx;
    ledger_facts_info *info;
    ledger_source source;
};

/* One table streaming by. */
typedef struct stream {
    const ledger_spec *spec;
    store_conn *conn;
    stmt *stmt;
    size_t chunk_rows, at; /* of the current chunk */
    bool ended;
    uint32_t *start;
    void *columns[MAX_COLUMNS];
    size_t n_rows, cap_rows, cap_start;
} stream;

struct ledger_cursor {
    const ledger_store *owner;
    int32_t end, next; /* accounts may be asked for from `next` on */
    stream streams[N_SPECS];
};

static void stream_done(stream *s)
{
    stmt_free(s->stmt);
    store_disconnect(s->conn);
    free(s->start);
    for (size_t i = 0; i < MAX_COLUMNS; i++) {
        free(s->columns[i]);
    }
}

static void cursor_close(ledger_cursor *c)
{
    for (size_t i = 0; c != NULL && i < N_SPECS; i++) {
        stream_done(&c->streams[i]);
    }
    free(c);
}
STRATA_DEFINE_AUTO(ledger_cursor, cursor_close)

static size_t size_of(column_type t)
{
    return t == COLUMN_INT64 || t == COLUMN_DOUBLE ? 8 : t == COLUMN_INT32 ? 4 : 1;
}

static strata_status stream_open(stream *s, const ledger_store *l, const ledger_spec *spec,
                                 const int32_t range[2], strata_error *err)
{
    STRATA_TRY(store_connect(l->store, l->cx, &s->conn, err));
    STRATA_TRY(stmt_new(s->conn, spec->sql, &s->stmt, err));
    STRATA_TRY(stmt_bind_int32(s->stmt, "first", range[0], err));
    STRATA_TRY(stmt_bind_int32(s->stmt, "last", range[1] - 1, err));
    STRATA_TRY(stmt_stream(s->stmt, err));
    s->spec = spec;
    return STRATA_OK;
}

static strata_status cursor_open(void *self, int32_t begin, int32_t end, uint32_t wanted, day until,
                                 ledger_cursor **out, strata_error *err)
{
    (void)until; /* kernels pass over later rows faster than a filter takes them out */
    const ledger_store *l = self;
    STRATA_AUTO(cursor_close) ledger_cursor *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    c->owner = l;
    c->next = begin;
    c->end = end;
    const int32_t range[2] = {begin, end};
    for (size_t i = 0; i < N_SPECS; i++) {
        if ((wanted & l->info->info.entities & 1U << specs[i].entity) != 0) {
            STRATA_TRY(stream_open(&c->streams[i], l, &specs[i], range, err));
        }
    }
    *out = strata_steal(&c);
    return STRATA_OK;
}

static strata_status reserve(stream *s, size_t rows, size_t accounts, strata_error *err)
{
    if (accounts + 1 > s->cap_start) {
        uint32_t *start = realloc(s->start, (accounts + 1) * sizeof *start);
        if (start == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        s->start = start;
        s->cap_start = accounts + 1;
    }
    if (rows <= s->cap_rows) {
        return STRATA_OK;
    }
    size_t cap = s->cap_rows == 0 ? 8192 : s->cap_rows;
    while (cap < rows) {
        cap *= 2;
    }
    for (size_t i = 0; i < s->spec->n_columns; i++) {
        void *larger = realloc(s->columns[i], cap * size_of(s->spec->columns[i].type));
        if (larger == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ledger rows", cap);
        }
        s->columns[i] = larger;
    }
    s->cap_rows = cap;
    return STRATA_OK;
}

static const void *chunk_values(const stmt *q, size_t col, column_type t)
{
    switch ((int)t) {
    case COLUMN_INT8:
        return stmt_int8(q, col);
    case COLUMN_UINT8:
        return stmt_uint8(q, col);
    case COLUMN_INT64:
        return stmt_int64(q, col);
    case COLUMN_DOUBLE:
        return stmt_double(q, col);
    default:
        return stmt_int32(q, col);
    }
}

static void fill_missing(void *column, size_t row, missing as)
{
    switch (as) {
    case AS_DAY:
        ((day *)column)[row] = DAY_MISSING;
        break;
    case AS_DAY_MIN:
        ((day *)column)[row] = DAY_MIN;
        break;
    case AS_CODE:
        ((int32_t *)column)[row] = -1;
        break;
    case AS_NAN:
        ((double *)column)[row] = NAN;
        break;
    case AS_ZERO:
        ((int64_t *)column)[row] = 0;
        break;
    case NEVER:
        break;
    }
}

/* Rows from .. from+n-1 of the chunk, behind those the block has. */
static void copy_rows(stream *s, size_t from, size_t n)
{
    for (size_t i = 0; i < s->spec->n_columns; i++) {
        size_t size = size_of(s->spec->columns[i].type);
        const char *values = chunk_values(s->stmt, i + 1, s->spec->columns[i].type);
        memcpy((char *)s->columns[i] + s->n_rows * size, values + from * size, n * size);
        const uint64_t *validity = stmt_validity(s->stmt, i + 1);
        for (size_t row = 0; validity != NULL && row < n; row++) {
            if (!valid_row(validity, from + row)) {
                fill_missing(s->columns[i], s->n_rows + row, s->spec->columns[i].missing);
            }
        }
    }
    s->n_rows += n;
}

/* The next run of chunk rows that belong to accounts first .. first+n-1; notes where accounts
 * begin. `seen` is the number of accounts of the block whose start is known. */
static size_t take_run(const stream *s, const int32_t *account, int32_t first, size_t n,
                       size_t *seen)
{
    int64_t end = (int64_t)first + (int64_t)n;
    size_t i = s->at;
    int32_t before = *seen == 0 ? first - 1 : first + (int32_t)*seen - 1;
    while (i < s->chunk_rows && account[i] < end) {
        if (account[i] != before) {
            before = account[i];
            while ((int64_t)first + (int64_t)*seen <= before) {
                s->start[(*seen)++] = (uint32_t)(s->n_rows + (i - s->at));
            }
        }
        i++;
    }
    return i - s->at;
}

static strata_status stream_read(stream *s, int32_t first, size_t n, strata_error *err)
{
    size_t seen = 0;
    s->n_rows = 0;
    STRATA_TRY(reserve(s, 1, n, err));
    while (!s->ended) {
        if (s->at == s->chunk_rows) {
            s->at = 0;
            STRATA_TRY(stmt_next_chunk(s->stmt, &s->chunk_rows, err));
            s->ended = s->chunk_rows == 0;
            continue;
        }
        const int32_t *account = stmt_int32(s->stmt, 0);
        while (s->at < s->chunk_rows && account[s->at] < first) {
            s->at++; /* accounts that were not asked for */
        }
        STRATA_TRY(reserve(s, s->n_rows + s->chunk_rows, n, err));
        size_t run = take_run(s, account, first, n, &seen);
        if (s->n_rows + run > UINT32_MAX) {
            return strata_fail(err, STRATA_E_DATA, "more than %u rows in one block of accounts",
                               UINT32_MAX);
        }
        copy_rows(s, s->at, run);
        s->at += run;
        if (s->at < s->chunk_rows) {
            break;
        }
    }
    while (seen <= n) {
        s->start[seen++] = (uint32_t)s->n_rows;
    }
    return STRATA_OK;
}

/* The arrays of a stream as the block's rows of its entity. */
static void place_rows(const stream *s, const ledger_store *l, ledger_block *b)
{
    void *const *c = s->columns;
    switch ((int)s->spec->entity) {
    case ENTITY_ARR:
        b->arr = (arr_rows){s->start, c[0], c[1], c[2]};
        break;
    case ENTITY_ORDERS:
        b->orders = (order_rows){s->start, c[0], c[1], c[2]};
        break;
    case ENTITY_USAGE:
        b->usage = (usage_rows){s->start, c[0], c[1],
                                l->info->info.users_first_seen == DAY_MISSING ? NULL : c[2], c[3]};
        break;
    case ENTITY_TICKETS:
        b->tickets = (ticket_rows){s->start, c[0], c[1], c[2], c[3]};
        break;
    case ENTITY_SURVEYS:
        b->surveys = (survey_rows){s->start, c[0], c[1], c[2]};
        break;
    case ENTITY_CONTACTS:
        b->contacts = (contact_rows){s->start, c[0], c[1], c[2]};
        break;
    case ENTITY_TOUCHPOINTS:
        b->touchpoints = (touch_rows){s->start, c[0], c[1], c[2]};
        break;
    case ENTITY_OPPORTUNITIES:
        b->opportunities = (deal_rows){s->start, c[0], c[1], c[2], c[3], c[4]};
        break;
    case ENTITY_HEALTH:
        b->health = (health_rows){s->start, c[0], c[1]};
        break;
    default:
        b->interventions = (intervention_rows){s->start, c[0], c[1]};
        break;
    }
}

static strata_status cursor_read(ledger_cursor *c, int32_t first, size_t n, ledger_block *block,
                                 strata_error *err)
{
    if (first < c->next || (int64_t)first + (int64_t)n > c->end) {
        return strata_fail(err, STRATA_E_INTERNAL, "ledger blocks must be read in ascending order");
    }
    ledger_block b = {
        .first = first, .n_accounts = n, .started_on = c->owner->info->started_on + first};
    for (size_t i = 0; i < N_SPECS; i++) {
        stream *s = &c->streams[i];
        if (s->spec != NULL) {
            STRATA_TRY(stream_read(s, first, n, err));
            place_rows(s, c->owner, &b);
        }
    }
    c->next = first + (int32_t)n;
    *block = b;
    return STRATA_OK;
}

static const ledger_info *store_info(void *self)
{
    return &((const ledger_store *)self)->info->info;
}

strata_status ledger_store_new(store *s, const context *cx, ledger_store **out, strata_error *err)
{
    STRATA_AUTO(ledger_store_free) ledger_store *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    l->store = s;
    l->cx = cx;
    STRATA_TRY(ledger_facts_info_read(store_main(s), &l->info, err));
    l->source = (ledger_source){store_info, cursor_open, cursor_read, cursor_close, l};
    *out = strata_steal(&l);
    return STRATA_OK;
}

void ledger_store_free(ledger_store *l)
{
    if (l != NULL) {
        ledger_facts_info_free(l->info);
        free(l);
    }
}

const ledger_source *ledger_store_source(const ledger_store *l)
{
    return &l->source;
}
