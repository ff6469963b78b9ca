/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/bridge.h"

strata_status bridge_periods(arena *a, calendar c, day as_of, size_t n, const day **ends,
                             strata_error *err)
{
    day *days = ARENA_NEW(a, n + 1, day);
    if (days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu periods", n);
    }
    int last = calendar_period(c, as_of);
    for (size_t i = 0; i < n; i++) {
        days[i] = calendar_start(c, last - (int)(n - 1 - i)) - 1;
    }
    days[n] = as_of;
    *ends = days;
    return STRATA_OK;
}

int64_t bridge_gains(const bridge_cell *c)
{
    return c->minor[ARR_NEW] + c->minor[ARR_EXPANSION] + c->minor[ARR_REACTIVATION];
}

int64_t bridge_losses(const bridge_cell *c)
{
    return c->minor[ARR_CONTRACTION] + c->minor[ARR_CHURN];
}

/* The walk over one account: period of its last step, and per kind the period last counted. */
typedef struct account_walk {
    bridge *b;
    size_t group;
    size_t period;                  /* of the step, n_periods: after the last */
    size_t counted[ARR_KIND_COUNT]; /* period + 1; 0: none yet */
} account_walk;

static bridge_cell *cell_of(const bridge *b, size_t period, size_t group)
{
    return &b->cells[period * (b->n_groups + 2) + group];
}

/* The account's ARR at the end of period p - 1, where p begins. */
static void open_period(account_walk *w, size_t p, int64_t arr)
{
    bridge_cell *c = cell_of(w->b, p, w->group);
    c->opening += arr;
    c->accounts_opening += arr > 0;
}

static void close_period(account_walk *w, size_t p, int64_t arr)
{
    bridge_cell *c = cell_of(w->b, p, w->group);
    c->closing += arr;
    c->accounts_closing += arr > 0;
}

/* Time goes on to day d with the ARR unchanged. */
static void go_to(account_walk *w, day d, int64_t arr)
{
    while (w->period < w->b->n_periods && d > w->b->ends[w->period + 1]) {
        close_period(w, w->period, arr);
        w->period++;
        if (w->period < w->b->n_periods) {
            open_period(w, w->period, arr);
        }
    }
}

static void count_step(account_walk *w, const arr_step *s)
{
    bridge_cell *c = cell_of(w->b, w->period, w->group);
    c->minor[s->kind] += s->minor;
    c->movements[s->kind]++;
    if (w->counted[s->kind] != w->period + 1) {
        c->accounts[s->kind]++;
        w->counted[s->kind] = w->period + 1;
    }
}

static void walk_account(bridge *b, const arr_book *book, size_t account, size_t group,
                         bool without_brief)
{
    account_walk w = {.b = b, .group = group};
    arr_walk walk = arr_walk_of(book, account);
    arr_step s;
    int64_t arr = 0;
    bool more = arr_walk_next(&walk, &s);
    for (; more && s.day <= b->ends[0]; more = arr_walk_next(&walk, &s)) {
        arr = walk.arr;
    }
    open_period(&w, 0, arr);
    for (; more && s.day <= b->ends[b->n_periods]; more = arr_walk_next(&walk, &s)) {
        go_to(&w, s.day, arr);
        day from = b->ends[w.period];
        if (!without_brief || !arr_step_is_brief(&s, from, b->ends[w.period + 1])) {
            count_step(&w, &s);
        }
        arr = walk.arr;
    }
    go_to(&w, DAY_MAX, arr);
}

static void add_cell(bridge_cell *to, const bridge_cell *x)
{
    to->opening += x->opening;
    to->closing += x->closing;
    to->accounts_opening += x->accounts_opening;
    to->accounts_closing += x->accounts_closing;
    for (int k = 0; k < ARR_KIND_COUNT; k++) {
        to->minor[k] += x->minor[k];
        to->movements[k] += x->movements[k];
        to->accounts[k] += x->accounts[k];
    }
}

strata_status bridge_make(arena *a, const arr_book *book, const bridge_spec *spec, bridge **out,
                          strata_error *err)
{
    const groups *g = spec->groups;
    const day *ends = spec->ends;
    size_t n_periods = spec->n_periods;
    size_t n_groups = g != NULL ? g->n : 0;
    if (n_periods == 0 || ends[n_periods] > book->until) {
        return strata_fail(err, STRATA_E_USAGE, "there are no periods up to the as-of date");
    }
    for (size_t p = 0; p < n_periods; p++) {
        if (ends[p] >= ends[p + 1]) {
            return strata_fail(err, STRATA_E_USAGE, "period %zu ends before it begins", p + 1);
        }
    }
    bridge *b = ARENA_NEW(a, 1, bridge);
    bridge_cell *cells = ARENA_NEW(a, n_periods * (n_groups + 2), bridge_cell);
    if (b == NULL || cells == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu periods of %zu groups",
                           n_periods, n_groups);
    }
    *b = (bridge){.ends = ends, .n_periods = n_periods, .n_groups = n_groups, .cells = cells};
    for (size_t i = 0; i < book->n_accounts; i++) {
        size_t group = g != NULL && g->code[i] < n_groups ? g->code[i] : n_groups;
        walk_account(b, book, i, group, spec->without_brief);
    }
    for (size_t p = 0; p < n_periods; p++) {
        for (size_t group = 0; group <= n_groups; group++) {
            add_cell(cell_of(b, p, n_groups + 1), cell_of(b, p, group));
        }
    }
    *out = b;
    return STRATA_OK;
}
