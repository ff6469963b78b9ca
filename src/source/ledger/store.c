/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/store.h"

#include <stdlib.h>

#include "source/ledger/info.h"
#include "source/ledger/pages.h"
#include "source/ledger/rows.h"

struct ledger_store {
    store *store;
    const context *cx;
    ledger_facts_info *info;
    uint32_t packed; /* bit per entity that is read from its pages */
    ledger_source source;
};

/* One ledger streaming by, from its pages or row by row. */
typedef struct stream {
    const ledger_spec *spec; /* NULL: not wanted */
    bool packed;
    store_conn *conn;
    ledger_rows rows;
    ledger_pages pages;
    ledger_arrays block;
} stream;

struct ledger_cursor {
    const ledger_store *owner;
    int32_t end, next; /* accounts may be asked for from `next` on */
    stream streams[LEDGER_SPECS];
};

static void cursor_close(ledger_cursor *c)
{
    for (size_t i = 0; c != NULL && i < LEDGER_SPECS; i++) {
        stream *s = &c->streams[i];
        ledger_rows_close(&s->rows);
        ledger_pages_close(&s->pages);
        ledger_arrays_free(&s->block);
        store_disconnect(s->conn);
    }
    free(c);
}
STRATA_DEFINE_AUTO(ledger_cursor, cursor_close)

static strata_status stream_open(stream *s, const ledger_store *l, const ledger_spec *spec,
                                 const int32_t range[2], strata_error *err)
{
    STRATA_TRY(store_connect(l->store, l->cx, &s->conn, err));
    s->spec = spec;
    s->packed = spec->pages != NULL && (l->packed & 1U << spec->entity) != 0;
    return s->packed ? ledger_pages_open(&s->pages, s->conn, spec, range, err)
                     : ledger_rows_open(&s->rows, s->conn, spec, range, err);
}

static strata_status stream_read(stream *s, int32_t first, size_t n, strata_error *err)
{
    return s->packed ? ledger_pages_read(&s->pages, first, n, &s->block, err)
                     : ledger_rows_read(&s->rows, first, n, &s->block, err);
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
    for (size_t i = 0; i < LEDGER_SPECS; i++) {
        if ((wanted & l->info->info.entities & 1U << ledger_specs[i].entity) != 0) {
            STRATA_TRY(stream_open(&c->streams[i], l, &ledger_specs[i], range, err));
        }
    }
    *out = strata_steal(&c);
    return STRATA_OK;
}

/* The arrays of a stream as the block's rows of its entity. */
static void place_rows(const stream *s, const ledger_store *l, ledger_block *b)
{
    void *const *c = s->block.columns;
    const uint32_t *start = s->block.start;
    switch ((int)s->spec->entity) {
    case ENTITY_ARR:
        b->arr = (arr_rows){start, c[0], c[1], c[2]};
        break;
    case ENTITY_ORDERS:
        b->orders = (order_rows){start, c[0], c[1], c[2]};
        break;
    case ENTITY_USAGE:
        b->usage = (usage_rows){start, c[0], c[1],
                                l->info->info.users_first_seen == DAY_MISSING ? NULL : c[2], c[3]};
        break;
    case ENTITY_TICKETS:
        b->tickets = (ticket_rows){start, c[0], c[1], c[2], c[3]};
        break;
    case ENTITY_SURVEYS:
        b->surveys = (survey_rows){start, c[0], c[1], c[2]};
        break;
    case ENTITY_CONTACTS:
        b->contacts = (contact_rows){start, c[0], c[1], c[2], c[3]};
        break;
    case ENTITY_TOUCHPOINTS:
        b->touchpoints = (touch_rows){start, c[0], c[1], c[2]};
        break;
    case ENTITY_OPPORTUNITIES:
        b->opportunities = (deal_rows){start, c[0], c[1], c[2], c[3], c[4]};
        break;
    case ENTITY_HEALTH:
        b->health = (health_rows){start, c[0], c[1]};
        break;
    case ENTITY_PREDICTIONS:
        b->predictions = (prediction_rows){start, c[0], c[1], c[2]};
        break;
    default:
        b->interventions = (intervention_rows){start, c[0], c[1]};
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
    for (size_t i = 0; i < LEDGER_SPECS; i++) {
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
    STRATA_TRY(ledger_pages_fresh(store_main(s), &l->packed, err));
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
