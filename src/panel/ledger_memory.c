/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/ledger_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct ledger_memory {
    arena *arena; /* owns all arrays below */
    ledger_source source;
    ledger_info info;
    ledger_block all; /* every account as one block */
};

/* The beginning of every fact. */
typedef struct fact_head {
    int32_t account;
    day day;
} fact_head;

/* Sorts by account, day and place in the input. */
typedef struct sort_key {
    int32_t account;
    day day;
    uint32_t place;
} sort_key;

typedef struct builder {
    ledger_memory *m;
    const ledger_facts *facts;
    uint32_t *order; /* of the entity at hand: place of the k-th row in the input */
} builder;

static void builder_done(builder *b)
{
    ledger_memory_free(b->m);
    free(b->order);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for a ledger in memory");
}

static int compare_keys(const void *a, const void *b)
{
    const sort_key *x = a;
    const sort_key *y = b;
    if (x->account != y->account) {
        return x->account < y->account ? -1 : 1;
    }
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

static const fact_head *head_of(const void *facts, size_t size, size_t k)
{
    return (const void *)((const char *)facts + k * size);
}

static strata_status read_keys(const void *facts, size_t n, size_t size, size_t n_accounts,
                               sort_key *keys, strata_error *err)
{
    for (size_t k = 0; k < n; k++) {
        const fact_head *h = head_of(facts, size, k);
        if (h->account < 0 || (size_t)h->account >= n_accounts) {
            return strata_fail(err, STRATA_E_USAGE,
                               "fact %zu is of account %d: accounts are numbered 0 to %zu", k,
                               (int)h->account, n_accounts - 1);
        }
        if (h->day < DAY_MIN || h->day > DAY_MAX) {
            return strata_fail(err, STRATA_E_USAGE,
                               "fact %zu is of day %d, which is outside the calendar", k,
                               (int)h->day);
        }
        keys[k] = (sort_key){h->account, h->day, (uint32_t)k};
    }
    return STRATA_OK;
}

static bool is_sorted(const sort_key *keys, size_t n)
{
    for (size_t k = 1; k < n; k++) {
        if (compare_keys(&keys[k - 1], &keys[k]) > 0) {
            return false;
        }
    }
    return true;
}

static void note_day(ledger_info *info, entity e, day d)
{
    info->undated |= d == DAY_MIN ? 1U << e : 0;
    if (d == DAY_MIN || e == ENTITY_PREDICTIONS) {
        return; /* "no date known", of contacts; and what was said about the facts is no fact */
    }
    day *first = &info->first_day_of[e];
    *first = *first == DAY_MISSING || d < *first ? d : *first;
    info->first_day = info->first_day == DAY_MISSING || d < info->first_day ? d : info->first_day;
    info->last_day = d > info->last_day ? d : info->last_day; /* DAY_MISSING is the lowest */
}

/* Finds the order of an entity's facts, and where each account's rows begin. */
static strata_status sort_facts(builder *b, entity e, const void *facts, size_t n, size_t size,
                                const uint32_t **start, strata_error *err)
{
    ledger_memory *m = b->m;
    size_t n_accounts = m->info.n_accounts;
    free(b->order);
    b->order = NULL;
    if (n == 0 && !(b->facts->entities & (1u << e))) {
        return STRATA_OK;
    }
    m->info.entities |= 1u << e;
    uint32_t *starts = ARENA_NEW(m->arena, n_accounts + 1, uint32_t);
    STRATA_AUTO_FREE sort_key *keys = STRATA_NEW_ARRAY(n, sort_key);
    b->order = STRATA_NEW_ARRAY(n, uint32_t);
    if (!starts || !keys || !b->order) {
        return no_memory(err);
    }
    STRATA_TRY(read_keys(facts, n, size, n_accounts, keys, err));
    if (!is_sorted(keys, n)) {
        qsort(keys, n, sizeof *keys, compare_keys);
    }
    for (size_t k = 0; k < n; k++) {
        b->order[k] = keys[k].place;
        starts[keys[k].account + 1]++;
        note_day(&m->info, e, keys[k].day);
    }
    for (size_t i = 0; i < n_accounts; i++) {
        starts[i + 1] += starts[i];
    }
    *start = starts;
    return STRATA_OK;
}

/* The field of `width` bytes at `offset` of every fact, in the order found; NULL: no memory. */
static const void *copy_field(const builder *b, const void *facts, size_t n, size_t size,
                              size_t offset, size_t width)
{
    char *copy = arena_alloc(b->m->arena, n + 1, width);
    for (size_t k = 0; copy && k < n; k++) {
        memcpy(copy + k * width, (const char *)facts + b->order[k] * size + offset, width);
    }
    return copy;
}

#define COPY_FIELD(facts, n, field)                                                                \
    copy_field(b, (facts), (n), sizeof *(facts), offsetof(__typeof__(*(facts)), field),            \
               sizeof((facts)->field))

static strata_status build_arr(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    arr_rows *rows = &b->m->all.arr;
    STRATA_TRY(sort_facts(b, ENTITY_ARR, f->arr, f->n_arr, sizeof *f->arr, &rows->start, err));
    rows->day = COPY_FIELD(f->arr, f->n_arr, day);
    rows->arr_after = COPY_FIELD(f->arr, f->n_arr, arr_after);
    rows->kind = COPY_FIELD(f->arr, f->n_arr, kind);
    return rows->day && rows->arr_after && rows->kind ? STRATA_OK : no_memory(err);
}

static strata_status build_orders(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    order_rows *rows = &b->m->all.orders;
    STRATA_TRY(
        sort_facts(b, ENTITY_ORDERS, f->orders, f->n_orders, sizeof *f->orders, &rows->start, err));
    rows->day = COPY_FIELD(f->orders, f->n_orders, day);
    rows->amount = COPY_FIELD(f->orders, f->n_orders, amount);
    rows->orders = COPY_FIELD(f->orders, f->n_orders, orders);
    return rows->day && rows->amount && rows->orders ? STRATA_OK : no_memory(err);
}

static strata_status build_usage(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    usage_rows *rows = &b->m->all.usage;
    STRATA_TRY(
        sort_facts(b, ENTITY_USAGE, f->usage, f->n_usage, sizeof *f->usage, &rows->start, err));
    rows->day = COPY_FIELD(f->usage, f->n_usage, day);
    rows->feature = COPY_FIELD(f->usage, f->n_usage, feature);
    rows->user = COPY_FIELD(f->usage, f->n_usage, user);
    rows->events = COPY_FIELD(f->usage, f->n_usage, events);
    return rows->day && rows->feature && rows->user && rows->events ? STRATA_OK : no_memory(err);
}

static strata_status build_tickets(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    ticket_rows *rows = &b->m->all.tickets;
    STRATA_TRY(sort_facts(b, ENTITY_TICKETS, f->tickets, f->n_tickets, sizeof *f->tickets,
                          &rows->start, err));
    rows->day = COPY_FIELD(f->tickets, f->n_tickets, day);
    rows->closed = COPY_FIELD(f->tickets, f->n_tickets, closed);
    rows->severity = COPY_FIELD(f->tickets, f->n_tickets, severity);
    rows->csat = COPY_FIELD(f->tickets, f->n_tickets, csat);
    return rows->day && rows->closed && rows->severity && rows->csat ? STRATA_OK : no_memory(err);
}

static strata_status build_surveys(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    survey_rows *rows = &b->m->all.surveys;
    STRATA_TRY(sort_facts(b, ENTITY_SURVEYS, f->surveys, f->n_surveys, sizeof *f->surveys,
                          &rows->start, err));
    rows->day = COPY_FIELD(f->surveys, f->n_surveys, day);
    rows->kind = COPY_FIELD(f->surveys, f->n_surveys, kind);
    rows->score = COPY_FIELD(f->surveys, f->n_surveys, score);
    return rows->day && rows->kind && rows->score ? STRATA_OK : no_memory(err);
}

static strata_status build_contacts(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    contact_rows *rows = &b->m->all.contacts;
    STRATA_TRY(sort_facts(b, ENTITY_CONTACTS, f->contacts, f->n_contacts, sizeof *f->contacts,
                          &rows->start, err));
    rows->day = COPY_FIELD(f->contacts, f->n_contacts, day);
    rows->active_until = COPY_FIELD(f->contacts, f->n_contacts, active_until);
    rows->role = COPY_FIELD(f->contacts, f->n_contacts, role);
    rows->department = COPY_FIELD(f->contacts, f->n_contacts, department);
    bool fine = rows->day && rows->active_until && rows->role && rows->department;
    return fine ? STRATA_OK : no_memory(err);
}

static strata_status build_touchpoints(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    touch_rows *rows = &b->m->all.touchpoints;
    STRATA_TRY(sort_facts(b, ENTITY_TOUCHPOINTS, f->touchpoints, f->n_touchpoints,
                          sizeof *f->touchpoints, &rows->start, err));
    rows->day = COPY_FIELD(f->touchpoints, f->n_touchpoints, day);
    rows->minutes = COPY_FIELD(f->touchpoints, f->n_touchpoints, minutes);
    rows->responded = COPY_FIELD(f->touchpoints, f->n_touchpoints, responded);
    return rows->day && rows->minutes && rows->responded ? STRATA_OK : no_memory(err);
}

static strata_status build_opportunities(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    deal_rows *rows = &b->m->all.opportunities;
    STRATA_TRY(sort_facts(b, ENTITY_OPPORTUNITIES, f->opportunities, f->n_opportunities,
                          sizeof *f->opportunities, &rows->start, err));
    rows->day = COPY_FIELD(f->opportunities, f->n_opportunities, day);
    rows->due = COPY_FIELD(f->opportunities, f->n_opportunities, due);
    rows->amount = COPY_FIELD(f->opportunities, f->n_opportunities, amount);
    rows->kind = COPY_FIELD(f->opportunities, f->n_opportunities, kind);
    rows->stage = COPY_FIELD(f->opportunities, f->n_opportunities, stage);
    return rows->day && rows->due && rows->amount && rows->kind && rows->stage ? STRATA_OK
                                                                               : no_memory(err);
}

static strata_status build_health(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    health_rows *rows = &b->m->all.health;
    STRATA_TRY(
        sort_facts(b, ENTITY_HEALTH, f->health, f->n_health, sizeof *f->health, &rows->start, err));
    rows->day = COPY_FIELD(f->health, f->n_health, day);
    rows->score = COPY_FIELD(f->health, f->n_health, score);
    return rows->day && rows->score ? STRATA_OK : no_memory(err);
}

static strata_status build_interventions(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    intervention_rows *rows = &b->m->all.interventions;
    STRATA_TRY(sort_facts(b, ENTITY_INTERVENTIONS, f->interventions, f->n_interventions,
                          sizeof *f->interventions, &rows->start, err));
    rows->day = COPY_FIELD(f->interventions, f->n_interventions, day);
    rows->minutes = COPY_FIELD(f->interventions, f->n_interventions, minutes);
    return rows->day && rows->minutes ? STRATA_OK : no_memory(err);
}

static strata_status build_predictions(builder *b, strata_error *err)
{
    const ledger_facts *f = b->facts;
    prediction_rows *rows = &b->m->all.predictions;
    STRATA_TRY(sort_facts(b, ENTITY_PREDICTIONS, f->predictions, f->n_predictions,
                          sizeof *f->predictions, &rows->start, err));
    rows->day = COPY_FIELD(f->predictions, f->n_predictions, day);
    rows->kind = COPY_FIELD(f->predictions, f->n_predictions, kind);
    rows->probability = COPY_FIELD(f->predictions, f->n_predictions, probability);
    return rows->day && rows->kind && rows->probability ? STRATA_OK : no_memory(err);
}

static strata_status build_all(builder *b, strata_error *err)
{
    static strata_status (*const build[])(builder *, strata_error *) = {
        build_arr,     build_orders,        build_usage,       build_tickets,
        build_surveys, build_contacts,      build_touchpoints, build_opportunities,
        build_health,  build_interventions, build_predictions,
    };
    strata_status st = STRATA_OK;
    for (size_t e = 0; e < sizeof build / sizeof(build[0]) && st == STRATA_OK; e++) {
        st = build[e](b, err);
    }
    return st;
}

/* Product features and users by their first day. */
static strata_status find_first_uses(ledger_memory *m, size_t n_rows, strata_error *err)
{
    const usage_rows *u = &m->all.usage;
    int32_t most = -1;
    for (size_t r = 0; r < n_rows; r++) {
        if (u->events[r] < 1) {
            return strata_fail(err, STRATA_E_USAGE,
                               "usage with %d events: leave out rows without any",
                               (int)u->events[r]);
        }
        most = u->feature[r] > most ? u->feature[r] : most;
        if (u->user[r] >= 0 &&
            (m->info.users_first_seen == DAY_MISSING || u->day[r] < m->info.users_first_seen)) {
            m->info.users_first_seen = u->day[r];
        }
    }
    m->info.n_usage_features = most < 0 ? 0 : (size_t)most + 1;
    day *first = ARENA_NEW(m->arena, m->info.n_usage_features, day);
    if (!first) {
        return no_memory(err);
    }
    for (size_t c = 0; c < m->info.n_usage_features; c++) {
        first[c] = DAY_MISSING;
    }
    for (size_t r = 0; r < n_rows; r++) {
        day *f = u->feature[r] >= 0 ? &first[u->feature[r]] : NULL;
        if (f && (*f == DAY_MISSING || u->day[r] < *f)) {
            *f = u->day[r];
        }
    }
    m->info.feature_first_seen = first;
    return STRATA_OK;
}

static day earlier(day a, day b)
{
    return a == DAY_MISSING || (b != DAY_MISSING && b < a) ? b : a;
}

/* First day with ARR above 0, an order or usage; DAY_MISSING when there is none. */
static day first_fact(const ledger_block *all, size_t i)
{
    day first = DAY_MISSING;
    for (size_t r = all->arr.start ? all->arr.start[i] : 0;
         all->arr.start && r < all->arr.start[i + 1]; r++) {
        if (all->arr.arr_after[r] > 0) {
            first = all->arr.day[r];
            break;
        }
    }
    for (size_t r = all->orders.start ? all->orders.start[i] : 0;
         all->orders.start && r < all->orders.start[i + 1]; r++) {
        if (all->orders.orders[r] > 0) {
            first = earlier(first, all->orders.day[r]);
            break;
        }
    }
    if (all->usage.start && all->usage.start[i] < all->usage.start[i + 1]) {
        first = earlier(first, all->usage.day[all->usage.start[i]]);
    }
    return first;
}

static strata_status find_starts(ledger_memory *m, const day *started_on, strata_error *err)
{
    day *starts = ARENA_NEW(m->arena, m->info.n_accounts, day);
    if (!starts) {
        return no_memory(err);
    }
    for (size_t i = 0; i < m->info.n_accounts; i++) {
        bool known = started_on && started_on[i] != DAY_MISSING;
        starts[i] = known ? started_on[i] : first_fact(&m->all, i);
    }
    m->all.started_on = starts;
    return STRATA_OK;
}

static const ledger_info *memory_info(void *self)
{
    return &((ledger_memory *)self)->info;
}

struct ledger_cursor {
    const ledger_block *all;
    uint32_t wanted;
};

static strata_status memory_open(void *self, int32_t begin, int32_t end, uint32_t wanted, day until,
                                 ledger_cursor **out, strata_error *err)
{
    (void)begin;
    (void)end;
    (void)until; /* later rows do no harm */
    ledger_cursor *c = STRATA_NEW_ARRAY(1, ledger_cursor);
    if (!c) {
        return no_memory(err);
    }
    *c = (ledger_cursor){&((ledger_memory *)self)->all, wanted};
    *out = c;
    return STRATA_OK;
}

static void memory_close(ledger_cursor *c)
{
    free(c);
}

static const uint32_t *start_of(const ledger_cursor *c, entity e, const uint32_t *start,
                                int32_t first)
{
    return start && (c->wanted & (1u << e)) ? start + first : NULL;
}

static strata_status memory_read(ledger_cursor *c, int32_t first, size_t n, ledger_block *block,
                                 strata_error *err)
{
    (void)err;
    const ledger_block *all = c->all;
    ledger_block b = *all;
    b.first = first;
    b.n_accounts = n;
    b.started_on = all->started_on + first;
    b.arr.start = start_of(c, ENTITY_ARR, all->arr.start, first);
    b.orders.start = start_of(c, ENTITY_ORDERS, all->orders.start, first);
    b.usage.start = start_of(c, ENTITY_USAGE, all->usage.start, first);
    b.tickets.start = start_of(c, ENTITY_TICKETS, all->tickets.start, first);
    b.surveys.start = start_of(c, ENTITY_SURVEYS, all->surveys.start, first);
    b.contacts.start = start_of(c, ENTITY_CONTACTS, all->contacts.start, first);
    b.touchpoints.start = start_of(c, ENTITY_TOUCHPOINTS, all->touchpoints.start, first);
    b.opportunities.start = start_of(c, ENTITY_OPPORTUNITIES, all->opportunities.start, first);
    b.health.start = start_of(c, ENTITY_HEALTH, all->health.start, first);
    b.interventions.start = start_of(c, ENTITY_INTERVENTIONS, all->interventions.start, first);
    b.predictions.start = start_of(c, ENTITY_PREDICTIONS, all->predictions.start, first);
    *block = b;
    return STRATA_OK;
}

strata_status ledger_memory_new(const ledger_facts *facts, ledger_memory **out, strata_error *err)
{
    STRATA_CLEANUP(builder_done) builder b = {.facts = facts};
    b.m = STRATA_NEW_ARRAY(1, ledger_memory);
    if (!b.m) {
        return no_memory(err);
    }
    ledger_memory *m = b.m;
    STRATA_TRY(arena_new(&m->arena, err));
    m->source = (ledger_source){memory_info, memory_open, memory_read, memory_close, m};
    m->info = (ledger_info){.n_accounts = facts->n_accounts,
                            .entities = facts->entities | 1u << ENTITY_ACCOUNTS,
                            .users_first_seen = DAY_MISSING,
                            .first_day = DAY_MISSING,
                            .last_day = DAY_MISSING};
    for (int e = 0; e < ENTITY_COUNT; e++) {
        m->info.first_day_of[e] = DAY_MISSING;
    }
    STRATA_TRY(build_all(&b, err));
    STRATA_TRY(find_first_uses(m, facts->n_usage, err));
    STRATA_TRY(find_starts(m, facts->started_on, err));
    *out = strata_steal(&b.m);
    return STRATA_OK;
}

const ledger_source *ledger_memory_source(const ledger_memory *m)
{
    return &m->source;
}

void ledger_memory_free(ledger_memory *m)
{
    if (m) {
        arena_free(m->arena);
        free(m);
    }
}
