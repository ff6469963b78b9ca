/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/parallel.h"
#include "cohort/triangle/make.h"

typedef struct presence_job {
    const triangle_input *in;
    size_t n_columns, n_lives, n_tasks; /* n_lives: ages, where columns are brackets */
    struct presence_plane {
        triangle_sums *over, *now;
        uint8_t *time; /* triangle_time */
    } * planes;
} presence_job;

static void presence_job_done(presence_job *j)
{
    for (size_t i = 0; j->planes != NULL && i < j->n_tasks; i++) {
        free(j->planes[i].over);
        free(j->planes[i].now);
        free(j->planes[i].time);
    }
    free(j->planes);
}

void life_done(life *l)
{
    free(l->on);
    free(l->amount);
    free(l->revenue);
}

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ages", n);
}

strata_status life_new(life *l, size_t n_ages, strata_error *err)
{
    *l = (life){.on = STRATA_NEW_ARRAY(n_ages + 1, uint8_t),
                .amount = STRATA_NEW_ARRAY(n_ages + 1, int64_t),
                .revenue = STRATA_NEW_ARRAY(n_ages + 1, int64_t)};
    return l->on && l->amount && l->revenue ? STRATA_OK : out_of_memory(n_ages, err);
}

/* --- what happened --- */

static void live_arr(const triangle_input *in, size_t account, int begun, life *l)
{
    const arr_book *b = in->arr;
    day origin = in->origin[account];
    int from = 0;
    uint8_t on = 0;
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        if (b->day[k] > in->clock.as_of) {
            break;
        }
        int age = age_on(&in->clock, origin, b->day[k]);
        age = age < 0 ? 0 : age;
        for (; from < age; from++) {
            l->on[from] = on;
        }
        on = b->after[k] > 0;
    }
    for (; from <= begun; from++) {
        l->on[from] = on;
    }
}

static void live_orders(const triangle_input *in, size_t account, life *l)
{
    const order_book *b = in->orders;
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        int age = age_on(&in->clock, in->origin[account], b->day[k]);
        if (age >= 0 && b->day[k] <= in->clock.as_of) {
            l->on[age] |= b->orders[k] > 0;
            l->amount[age] += in->units ? b->units[k] : b->orders[k];
            l->revenue[age] += b->amount[k];
        }
    }
}

static void live_usage(const triangle_input *in, size_t account, life *l)
{
    const usage_book *b = in->usage;
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        int age = age_on(&in->clock, in->origin[account], b->day[k]);
        if (age >= 0 && b->day[k] <= in->clock.as_of) {
            l->on[age] = 1;
        }
    }
}

/* The first age by whose end the account counts. */
static int entered(const triangle_input *in, size_t account)
{
    day first = in->presence == PRESENCE_ARR      ? in->arr->first[account]
                : in->presence == PRESENCE_ORDERS ? in->orders->first[account]
                                                  : in->origin[account];
    if (first == DAY_MISSING || first > in->clock.as_of) {
        return INT32_MAX;
    }
    int age = age_on(&in->clock, in->origin[account], first);
    return age < 0 ? 0 : age;
}

/* --- ages to columns --- */

static void later_too(int begun, life *l)
{
    for (int k = begun; k > 0; k--) {
        l->on[k - 1] |= l->on[k];
    }
}

static void into_brackets(const triangle_input *in, int begun, life *l)
{
    for (int k = 0; k <= begun; k++) {
        int b = triangle_bracket(in, k);
        if (b != k) { /* never behind k: edges ascend by at least 1 */
            uint8_t on = l->on[k];
            l->on[k] = 0;
            l->on[b < 0 ? k : b] |= b < 0 ? 0 : on;
        }
    }
}

void life_live(const triangle_input *in, size_t account, life *l)
{
    int begun = age_begun(&in->clock, in->origin[account]);
    size_t n = (size_t)begun + 1;
    memset(l->on, 0, n);
    memset(l->amount, 0, n * sizeof *l->amount);
    memset(l->revenue, 0, n * sizeof *l->revenue);
    if (in->presence == PRESENCE_ARR) {
        live_arr(in, account, begun, l);
    } else if (in->presence == PRESENCE_ORDERS) {
        live_orders(in, account, l);
    } else {
        live_usage(in, account, l);
    }
    for (size_t k = 1; k < n; k++) {
        l->revenue[k] += l->revenue[k - 1];
    }
    if (in->kind == RETENTION_OR_LATER) {
        later_too(begun, l);
    } else if (in->kind == RETENTION_BRACKET) {
        into_brackets(in, begun, l);
    }
}

void life_column(const life *l, size_t k, triangle_sums *out)
{
    size_t before = k > 0 ? k - 1 : 0;
    bool was = k == 0 || l->on[before];
    *out = (triangle_sums){.accounts = 1,
                           .active = l->on[k],
                           .base = l->amount[0],
                           .amount = l->amount[k],
                           .revenue = l->revenue[k],
                           .before = was,
                           .before_amount = l->amount[before],
                           .stayed = was && l->on[k],
                           .stayed_amount = was ? l->amount[k] : 0};
}

int triangle_entered(const triangle_input *in, size_t account)
{
    int age = entered(in, account);
    return in->kind == RETENTION_BRACKET && age < INT32_MAX ? triangle_bracket(in, age) : age;
}

/* --- all accounts --- */

static void add_account(const presence_job *j, size_t account, struct presence_plane *p, life *l)
{
    const triangle_input *in = j->in;
    size_t first = (size_t)in->groups->code[account] * j->n_columns;
    day origin = in->origin[account];
    int begun = triangle_begun(in, origin);
    int complete = triangle_complete(in, origin);
    int from = triangle_entered(in, account);
    life_live(in, account, l);
    for (int k = triangle_seen(in, origin); k <= begun; k++) {
        size_t at = first + (size_t)k;
        uint8_t time = k <= complete ? TRIANGLE_OVER : TRIANGLE_RUNNING;
        p->time[at] = time > p->time[at] ? time : p->time[at];
        if (k >= from) {
            triangle_sums s;
            life_column(l, (size_t)k, &s);
            triangle_sums_add(k <= complete ? &p->over[at] : &p->now[at], &s);
        }
    }
}

static strata_status walk_accounts(void *payload, size_t task, strata_error *err)
{
    presence_job *j = payload;
    struct presence_plane *p = &j->planes[task];
    const groups *g = j->in->groups;
    size_t n = j->in->arr->n_accounts;
    size_t n_cells = g->n * j->n_columns + 1;
    STRATA_CLEANUP(life_done) life l = {0};
    STRATA_TRY(life_new(&l, j->n_lives, err));
    p->over = STRATA_NEW_ARRAY(n_cells, triangle_sums);
    p->now = STRATA_NEW_ARRAY(n_cells, triangle_sums);
    p->time = STRATA_NEW_ARRAY(n_cells, uint8_t);
    if (!p->over || !p->now || !p->time) {
        return out_of_memory(j->n_columns, err);
    }
    for (size_t i = n * task / j->n_tasks; i < n * (task + 1) / j->n_tasks; i++) {
        if (g->code[i] < g->n) {
            add_account(j, i, p, &l);
        }
    }
    return STRATA_OK;
}

static void sum_planes(const presence_job *j, triangle *t)
{
    for (size_t i = 0; i < t->n_groups * t->n_ages; i++) {
        triangle_sums over = {0};
        triangle_sums now = {0};
        uint8_t time = TRIANGLE_AHEAD;
        for (size_t p = 0; p < j->n_tasks; p++) {
            triangle_sums_add(&over, &j->planes[p].over[i]);
            triangle_sums_add(&now, &j->planes[p].now[i]);
            time = j->planes[p].time[i] > time ? j->planes[p].time[i] : time;
        }
        t->cells[i] = time == TRIANGLE_OVER ? over : now;
        t->cells[i].time = (triangle_time)time;
    }
}

/* Ages that lie behind the columns. */
static size_t lives(const triangle_input *in)
{
    triangle_input exact = *in;
    exact.kind = RETENTION_EXACTLY;
    return triangle_ages(&exact);
}

strata_status triangle_presence(const context *cx, arena *a, const triangle_input *in,
                                triangle **out, strata_error *err)
{
    triangle *t = NULL;
    STRATA_TRY(triangle_new(a, in, &t, err));
    STRATA_CLEANUP(presence_job_done)
    presence_job j = {.in = in,
                      .n_columns = t->n_ages,
                      .n_lives = lives(in),
                      .n_tasks = triangle_tasks(in->arr->n_accounts)};
    j.planes = STRATA_NEW_ARRAY(j.n_tasks, struct presence_plane);
    if (j.planes == NULL) {
        return out_of_memory(t->n_ages, err);
    }
    STRATA_TRY(parallel_run(cx, j.n_tasks, walk_accounts, &j, err));
    sum_planes(&j, t);
    *out = t;
    return STRATA_OK;
}
