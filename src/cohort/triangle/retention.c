/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/triangle/retention.h"

#include "stats/inference/bootstrap.h"

/* Drawing again costs accounts x 1000; above this many the linearised interval serves as well. */
enum { DRAW_ACCOUNTS_MAX = 1000 };
/* Streams of random numbers, apart from those of other analyses. */
static const uint64_t STREAM = (uint64_t)1 << 32;

static const char *const names[MEASURE_COUNT] = {"logo",   "nrr",        "grr",   "revenue",
                                                 "orders", "quantity",   "units", "usage",
                                                 "seats",  "seats-gross"};
static const char *const kind_names[] = {"observed", "partial", "too few", "censored"};

const char *measure_name(measure m)
{
    return names[m];
}

bool measure_is_quantity(measure m)
{
    return m == MEASURE_QUANTITY || m == MEASURE_UNITS;
}

bool measure_is_seats(measure m)
{
    return m == MEASURE_SEATS || m == MEASURE_SEATS_GROSS;
}

bool measure_is_share(measure m)
{
    return m == MEASURE_LOGO || m == MEASURE_ORDERS || m == MEASURE_USAGE;
}

const char *cohort_cell_kind_name(cohort_cell_kind k)
{
    return kind_names[k];
}

const cohort_cell *retention_cell(const retention *r, size_t shown_group, size_t age)
{
    return &r->cells[shown_group * r->n_ages + age];
}

/* --- cells --- */

/* What a measure divides by what. */
static void set_fraction(const retention_request *r, const triangle_sums *s, cohort_cell *c)
{
    bool previous = r->previous;
    c->accounts = (size_t)(previous ? s->before : s->accounts);
    c->active = (size_t)(previous ? s->stayed : s->active);
    if (measure_is_share(r->measure)) {
        c->part = (int64_t)c->active;
        c->base = (int64_t)c->accounts;
        c->value = s->active;
    } else if (r->measure == MEASURE_REVENUE) {
        c->part = s->revenue;
        c->base = s->accounts;
        c->value = s->revenue;
    } else if (r->measure == MEASURE_GRR || r->measure == MEASURE_SEATS_GROSS) {
        c->part = previous ? s->stayed_kept : s->kept;
        c->base = previous ? s->before_amount : s->base;
        c->value = c->part;
    } else if (measure_is_quantity(r->measure)) {
        c->part = s->amount;
        c->base = previous ? s->before_amount : s->base;
        c->value = s->amount;
        c->accounts = (size_t)s->accounts;
    } else {
        c->part = previous ? s->stayed_amount : s->amount;
        c->base = previous ? s->before_amount : s->base;
        c->value = c->part;
    }
}

cohort_cell cohort_cell_make(const retention_request *r, const triangle_sums *s)
{
    cohort_cell c = {.kind = COHORT_CENSORED};
    if (s->time == TRIANGLE_AHEAD) {
        return c;
    }
    set_fraction(r, s, &c);
    c.over = s->time == TRIANGLE_OVER;
    bool few = (double)c.accounts < r->minimum_accounts || c.base <= 0;
    c.kind = few ? COHORT_TOO_FEW : c.over ? COHORT_OBSERVED : COHORT_PARTIAL;
    c.stated = !few;
    if (c.stated) {
        c.rate = (double)c.part / (double)c.base;
    }
    if (c.stated && measure_is_share(r->measure)) {
        interval range = wilson_interval(c.active, c.accounts);
        c.low = range.low;
        c.high = range.high;
        c.ranged = true;
    }
    return c;
}

/* --- intervals of ratios --- */

typedef struct sample_room {
    int64_t *part, *base;
} sample_room;

/* Accounts whose base is above 0; false when one without has a part, so that no ratio of theirs
 * would be that of the cell. */
static bool gather(const retention_request *r, const triangle_members *m, sample_room room,
                   size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < m->n; i++) {
        cohort_cell c = {0};
        set_fraction(r, &m->items[i].sums, &c);
        if (c.base > 0) {
            room.part[*n] = c.part;
            room.base[(*n)++] = c.base;
        } else if (c.part != 0) {
            return false;
        }
    }
    return *n > 1;
}

static strata_status set_range(const context *cx, arena *a, const retention *r, cell_place place,
                               cohort_cell *c, strata_error *err)
{
    triangle_members m = {0};
    size_t n = 0;
    if (!c->stated || measure_is_share(r->request.measure)) {
        return STRATA_OK;
    }
    STRATA_TRY(triangle_list(a, r->in, place, &m, err));
    sample_room room = {ARENA_NEW(a, m.n + 1, int64_t), ARENA_NEW(a, m.n + 1, int64_t)};
    if (room.part == NULL || room.base == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", m.n);
    }
    if (!gather(&r->request, &m, room, &n)) {
        return STRATA_OK;
    }
    ratio_sample sample = {.n = n, .base = room.base, .parts = {room.part}, .n_parts = 1};
    uint64_t stream = STREAM + place.group * r->n_ages + place.age;
    interval range = {0, 0};
    if (n > DRAW_ACCOUNTS_MAX) {
        linearised_ratios(&sample, &range);
    } else {
        STRATA_TRY(bootstrap_ratios(cx, stream, &sample, &range, err));
    }
    c->low = range.low;
    c->high = range.high;
    c->ranged = true;
    return STRATA_OK;
}

/* Memory of one cell's accounts is let go before the next. */
static strata_status set_range_alone(const context *cx, const retention *r, cell_place place,
                                     cohort_cell *c, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(arena_new(&a, err));
    return set_range(cx, a, r, place, c, err);
}

static strata_status set_ranges(const context *cx, const retention *r, cohort_cell *cells,
                                cohort_cell *all, strata_error *err)
{
    for (size_t k = 0; k < r->n_ages; k++) {
        cell_place place = {r->by_arr, r->first, r->n_groups, k, TRIANGLE_OVER};
        STRATA_TRY(set_range_alone(cx, r, place, &all[k], err));
    }
    for (size_t i = 0; r->request.all_ranges && i < r->n_groups * r->n_ages; i++) {
        cell_place place = {r->by_arr, r->first + i / r->n_ages, 1, i % r->n_ages,
                            cells[i].over ? TRIANGLE_OVER : TRIANGLE_RUNNING};
        STRATA_TRY(set_range_alone(cx, r, place, &cells[i], err));
    }
    return STRATA_OK;
}

/* --- the whole --- */

static strata_status check_request(const triangle_input *in, const retention_request *r,
                                   strata_error *err)
{
    if (in->kind != RETENTION_EXACTLY && !measure_is_share(r->measure)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s is known for exact ages only; other kinds go with logo, orders and "
                           "usage",
                           measure_name(r->measure));
    }
    if (r->previous && r->measure == MEASURE_REVENUE) {
        return strata_fail(err, STRATA_E_USAGE,
                           "revenue adds up since the start; there is none against the age before");
    }
    if (r->previous && in->kind == RETENTION_OR_LATER) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'or later' ages hold each other; compare them with the start");
    }
    return STRATA_OK;
}

static strata_status name_ages(arena *a, const triangle_input *in, size_t n,
                               const char *const **out, strata_error *err)
{
    const char **ages = ARENA_NEW(a, n + 1, const char *);
    bool ok = ages != NULL;
    for (size_t k = 0; ok && k < n; k++) {
        bool bracket = in->kind == RETENTION_BRACKET;
        int from = bracket ? in->brackets[k] : (int)k;
        bool open = in->kind == RETENTION_OR_LATER || (bracket && k + 1 == in->n_brackets);
        int to = bracket && !open ? in->brackets[k + 1] - 1 : from;
        ages[k] = open        ? arena_printf(a, "%d+", from)
                  : to > from ? arena_printf(a, "%d-%d", from, to)
                              : arena_printf(a, "%d", from);
        ok = ages[k] != NULL;
    }
    *out = ages;
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ages", n);
}

static void fill(const triangle *t, retention *r, cohort_cell *cells, cohort_cell *all,
                 size_t *cohorts)
{
    for (size_t k = 0; k < r->n_ages; k++) {
        triangle_sums sum = {0};
        for (size_t g = 0; g < r->n_groups; g++) {
            const triangle_sums *s = &t->cells[(r->first + g) * r->n_ages + k];
            cells[g * r->n_ages + k] = cohort_cell_make(&r->request, s);
            if (s->time == TRIANGLE_OVER) {
                triangle_sums_add(&sum, s);
                sum.time = TRIANGLE_OVER;
                cohorts[k] += s->accounts > 0;
            }
        }
        all[k] = cohort_cell_make(&r->request, &sum);
    }
}

static void count_entered(const triangle_input *in, retention *r)
{
    for (size_t i = 0; i < in->arr->n_accounts; i++) {
        size_t code = in->groups->code[i];
        if (code >= r->first && code < r->first + r->n_groups) {
            day first = r->by_arr || in->presence == PRESENCE_ARR ? in->arr->first[i]
                        : in->presence == PRESENCE_ORDERS         ? in->orders->first[i]
                                                                  : in->origin[i];
            bool there = first != DAY_MISSING && first <= in->clock.as_of;
            r->entered += there;
            r->early += there && first < age_start(&in->clock, in->origin[i], 0);
            r->unseen += triangle_seen(in, in->origin[i]) > 0;
        }
    }
}

strata_status retention_make(const context *cx, arena *a, const triangle_input *in,
                             const retention_request *request, const retention **out,
                             strata_error *err)
{
    STRATA_TRY(check_request(in, request, err));
    retention *r = ARENA_NEW(a, 1, retention);
    if (r == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    triangle *t = NULL;
    measure m = request->measure;
    bool by_arr = m == MEASURE_NRR || m == MEASURE_GRR ||
                  (in->presence == PRESENCE_ARR && in->kind == RETENTION_EXACTLY);
    STRATA_TRY(by_arr ? triangle_arr(cx, a, in, &t, err) : triangle_presence(cx, a, in, &t, err));
    size_t n = in->groups->n;
    size_t shown = request->last > 0 && request->last < n ? request->last : n;
    *r = (retention){.request = *request,
                     .in = in,
                     .by_arr = by_arr,
                     .first = n - shown,
                     .n_groups = shown,
                     .n_ages = t->n_ages};
    cohort_cell *cells = ARENA_NEW(a, shown * t->n_ages + 1, cohort_cell);
    cohort_cell *all = ARENA_NEW(a, t->n_ages + 1, cohort_cell);
    size_t *cohorts = ARENA_NEW(a, t->n_ages + 1, size_t);
    if (cells == NULL || all == NULL || cohorts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ages", t->n_ages);
    }
    STRATA_TRY(name_ages(a, in, t->n_ages, &r->ages, err));
    fill(t, r, cells, all, cohorts);
    STRATA_TRY(set_ranges(cx, r, cells, all, err));
    r->cells = cells;
    r->all = all;
    r->cohorts = cohorts;
    for (size_t g = 0; g < shown; g++) {
        r->accounts += in->groups->accounts[r->first + g];
    }
    count_entered(in, r);
    *out = r;
    return STRATA_OK;
}
