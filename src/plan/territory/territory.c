/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/territory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/coverage/stakes.h"
#include "plan/territory/items.h"
#include "rule/rule.h"

/* Of the search for a point of the frontier, beside the plan's. */
static const double POINT_EFFORT = 0.1;

strata_status territory_slots(const portfolio *p, arena *a, const size_t **slots, size_t *n,
                              strata_error *err)
{
    const size_t *work = NULL;
    size_t n_work = 0;
    const char *const names[] = {"last_touch", "region", "health"};
    enum { NAMES = sizeof names / sizeof names[0] };
    STRATA_TRY(workload_slots(p, a, &work, &n_work, err));
    size_t *list = ARENA_NEW(a, n_work + NAMES, size_t);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    memcpy(list, work, n_work * sizeof *list);
    *n = n_work;
    for (size_t i = 0; i < NAMES; i++) {
        size_t slot = portfolio_slot(p, names[i]);
        if (slot != SIZE_MAX) {
            list[(*n)++] = slot;
        }
    }
    *slots = list;
    return STRATA_OK;
}

strata_status territory_managers(const csm_list *csms, strata_error *err)
{
    if (csms->n == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "there are no managers to divide accounts among; add the source csms "
                           "(csm_id, name, capacity_hours) and csm_id to accounts");
    }
    if (csms->n == 1) {
        return strata_fail(err, STRATA_E_DATA,
                           "there is one manager only, '%s': nothing to divide; every account with "
                           "a manager is in one book",
                           csms->items[0].name);
    }
    return STRATA_OK;
}

/* --- fair shares --- */

/* `total` in proportion to `weight`, whole, adding up: what is left over goes to the first. */
static void divide(int64_t total, const int64_t *weight, size_t n, int64_t *out)
{
    int64_t sum = 0;
    int64_t given = 0;
    for (size_t j = 0; j < n; j++) {
        sum += weight[j];
    }
    if (sum <= 0) { /* nobody has a share: nothing is given */
        memset(out, 0, n * sizeof *out);
        return;
    }
    for (size_t j = 0; j < n; j++) {
        out[j] = llround(floor((double)total * ((double)weight[j] / (double)sum)));
        given += out[j];
    }
    for (size_t j = 0; given < total; j = (j + 1) % n) {
        if (weight[j] > 0) {
            out[j]++;
            given++;
        }
    }
}

static strata_status put_shares(territory_items *t, territory *out, double month_hours, arena *a,
                                strata_error *err)
{
    size_t m = out->csms->n;
    int64_t *capacity = ARENA_NEW(a, m, int64_t);
    int64_t *weight = ARENA_NEW(a, m, int64_t);
    int64_t *minutes = ARENA_NEW(a, m, int64_t);
    int64_t *value = ARENA_NEW(a, m, int64_t);
    if (capacity == NULL || weight == NULL || minutes == NULL || value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu managers", m);
    }
    for (size_t j = 0; j < m; j++) {
        capacity[j] = csm_minutes_a_year(&out->csms->items[j], month_hours);
        out->capacity_unknown = out->capacity_unknown || capacity[j] < 0;
        out->total_capacity += capacity[j] > 0 ? capacity[j] : 0;
    }
    for (size_t j = 0; j < m; j++) {
        weight[j] = out->capacity_unknown ? 1 : capacity[j];
    }
    if (!out->capacity_unknown && out->total_capacity == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "no manager has hours: capacity_hours is 0 for all %zu", m);
    }
    divide(out->total_minutes, weight, m, minutes);
    divide(out->total_value, weight, m, value);
    t->p.load_target = out->minutes_share = minutes;
    t->p.value_target = out->value_share = value;
    out->capacity = capacity;
    return STRATA_OK;
}

static strata_status put_limits(territory_items *t, const territory *out,
                                const territory_request *r, arena *a, strata_error *err)
{
    size_t m = out->csms->n;
    int64_t *slack = ARENA_NEW(a, m, int64_t);
    int64_t *value_slack = ARENA_NEW(a, m, int64_t);
    int64_t *most = ARENA_NEW(a, m, int64_t);
    if (slack == NULL || value_slack == NULL || most == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu managers", m);
    }
    for (size_t j = 0; j < m; j++) {
        slack[j] = llround(floor(r->within * (double)out->minutes_share[j]));
        value_slack[j] = llround(floor(r->within * (double)out->value_share[j]));
        int64_t hours = out->capacity[j];
        if (hours < 0) {
            most[j] = out->total_minutes;
        } else if (isnan(r->limit)) {
            most[j] = hours > out->before[j].minutes ? hours : out->before[j].minutes;
        } else {
            most[j] = llround(floor((double)hours * r->limit));
        }
    }
    t->p.load_slack = slack;
    t->p.value_slack = value_slack;
    t->p.load_most = most;
    t->p.value_weight =
        out->total_value > 0 ? (double)out->total_minutes / (double)out->total_value : 0.0;
    return STRATA_OK;
}

/* --- books --- */

static void add_to_book(const view *v, const workload *w, size_t account, territory_book *b)
{
    const double *renewal = view_column(v, "renewal_in").num;
    const double *health = view_column(v, "health").num;
    b->minutes += w->total[account];
    b->value_minor += view_value_minor(v, account);
    b->accounts++;
    b->renewals += renewal != NULL && renewal[account] <= TERRITORY_RENEWALS_DAYS;
    b->at_risk += health != NULL && health[account] < HEALTH_RED_UNDER;
}

static strata_status sum_books(const territory_ground *g, const territory_items *t,
                               const int32_t *book, arena *a, const territory_book **out,
                               strata_error *err)
{
    size_t m = t->p.n_books;
    territory_book *sums = ARENA_NEW(a, m, territory_book);
    if (sums == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu books", m);
    }
    for (size_t i = 0; i < t->p.n; i++) {
        if (book[i] >= 0) {
            add_to_book(g->v, g->w, t->account[i], &sums[book[i]]);
        }
    }
    *out = sums;
    return STRATA_OK;
}

static void measure_above(const territory *t, const territory_book *books, int64_t *minutes,
                          int64_t *value)
{
    *minutes = *value = 0;
    for (size_t j = 0; j < t->csms->n; j++) {
        int64_t m = books[j].minutes - t->minutes_share[j];
        int64_t x = books[j].value_minor - t->value_share[j];
        *minutes += m > 0 ? m : 0;
        *value += x > 0 ? x : 0;
    }
}

/* --- moves --- */

typedef struct sortable_move {
    territory_move move;
    int64_t value;
} sortable_move;

static int by_value(const void *x, const void *y)
{
    const sortable_move *a = x;
    const sortable_move *b = y;
    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }
    return (a->move.account > b->move.account) - (a->move.account < b->move.account);
}

static strata_status list_moves(const view *v, const territory_items *t, arena *a, territory *out,
                                strata_error *err)
{
    const territory_solution *s = &out->solution;
    size_t most = s->n_moved + s->n_placed;
    sortable_move *sorted = ARENA_NEW(a, most + 1, sortable_move);
    territory_move *moves = ARENA_NEW(a, most + 1, territory_move);
    size_t n = 0;
    if (sorted == NULL || moves == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu moves", most);
    }
    for (size_t i = 0; i < t->p.n; i++) {
        if (s->book[i] != t->p.home[i]) {
            sorted[n++] = (sortable_move){
                {t->account[i], t->p.home[i], s->book[i], t->p.home[i] < 0 ? 0 : t->p.price[i]},
                view_value_minor(v, t->account[i])};
        }
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 0; i < n; i++) {
        moves[i] = sorted[i].move;
    }
    out->moves = moves;
    out->n_moves = n;
    out->n_placed = s->n_placed;
    return STRATA_OK;
}

/* --- frontier --- */

static strata_status put_point(const context *cx, const territory_ground *g,
                               const territory_items *t, size_t most, arena *a, territory *out,
                               strata_error *err)
{
    territory_solution s = out->solution;
    territory_problem p = t->p;
    const territory_book *books = NULL;
    p.most_moves = most;
    p.effort = POINT_EFFORT;
    if (most != s.n_moved) {
        STRATA_TRY(territory_solve(cx, &p, a, &s, err));
    }
    STRATA_TRY(sum_books(g, t, s.book, a, &books, err));
    territory_point *at = &out->frontier[out->n_frontier++];
    *at = (territory_point){.most_moves = most,
                            .n_moved = s.n_moved,
                            .price = s.price,
                            .gap = territory_gap(&s),
                            .missed = territory_missed(&s),
                            .met = s.over == 0};
    measure_above(out, books, &at->minutes_above, &at->value_above);
    return STRATA_OK;
}

/* None, and shares of what the plan moves. */
static strata_status put_frontier(const context *cx, const territory_ground *g,
                                  const territory_items *t, arena *a, territory *out,
                                  strata_error *err)
{
    const double shares[TERRITORY_FRONTIER] = {0.0, 0.05, 0.1, 0.25, 0.5, 1.0};
    size_t last = SIZE_MAX;
    for (size_t k = 0; k < TERRITORY_FRONTIER; k++) {
        double whole = ceil(shares[k] * (double)out->solution.n_moved);
        size_t most = (size_t)whole;
        if (most != last) {
            STRATA_TRY(put_point(cx, g, t, most, a, out, err));
        }
        last = most;
    }
    return STRATA_OK;
}

/* --- all of it --- */

static strata_status solve(const context *cx, const territory_ground *g, const territory_items *t,
                           arena *a, territory *out, strata_error *err)
{
    STRATA_TRY(territory_solve(cx, &t->p, a, &out->solution, err));
    if (out->solution.over > 0) {
        return territory_conflict(cx, t, out, a, &out->conflict, err);
    }
    STRATA_TRY(sum_books(g, t, out->solution.book, a, &out->after, err));
    measure_above(out, out->after, &out->minutes_above[1], &out->value_above[1]);
    STRATA_TRY(list_moves(g->v, t, a, out, err));
    return put_frontier(cx, g, t, a, out, err);
}

strata_status territory_plan(const context *cx, const territory_ground *g,
                             const territory_request *r, arena *a, territory *out,
                             strata_error *err)
{
    territory plan = {.csms = g->csms};
    territory_items t = {0};
    STRATA_TRY(territory_managers(g->csms, err));
    STRATA_TRY(territory_items_list(g, r, a, &t, &plan, err));
    if (plan.total_minutes == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "no account with a manager of the csms source takes any work; look at "
                           "csm_id of accounts and at the touch levels of 'engagement'");
    }
    STRATA_TRY(put_shares(&t, &plan, g->month_hours, a, err));
    STRATA_TRY(sum_books(g, &t, t.p.home, a, &plan.before, err));
    measure_above(&plan, plan.before, &plan.minutes_above[0], &plan.value_above[0]);
    STRATA_TRY(put_limits(&t, &plan, r, a, err));
    plan.health_known = view_column(g->v, "health").num != NULL;
    STRATA_TRY(solve(cx, g, &t, a, &plan, err));
    *out = plan;
    return STRATA_OK;
}
