/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "cohort/triangle_make.h"

/* A row of the ledger changes its account's state from its age on. So a pass over the rows adds
 * each change to the cell of its group and age, and running sums over the ages give the states: the
 * work grows with the rows, not with accounts x ages.
 *
 * Revenue until day E of ARR a(t) is the integral of a, which by parts is ARR x time at E less the
 * sum of each change x its time. Time counts from the account's own start of age 0, so ARR x time
 * at the end of an age needs the group's ARR alone. */

/* Changes of a group at an age. */
typedef struct change {
    int64_t entered, base;
    int64_t active, amount, kept; /* net */
    int64_t lost;                 /* active before, not now */
    int64_t won;                  /* ARR of those not active before */
    int64_t dropped;              /* by how much ARR fell, account by account */
    wide paid;                    /* change of ARR x its time */
} change;

/* Accounts with a clock of their own complete ages on different days: `out` takes them away at the
 * first age that they do not complete, `now` holds them as they are in the midst of it. */
typedef struct running {
    int64_t reached;
    triangle_sums sums;
    wide earned;
} running;

typedef struct plane {
    change *in, *out; /* [group][age] */
    running *now;
    uint8_t *over; /* some account completed the age */
} plane;

/* Periods and time by day, for days from `first` on; by days there is no table. */
typedef struct calendar_table {
    day first;
    int32_t *period;
    int64_t *time;
} calendar_table;

typedef struct arr_job {
    const triangle_input *in;
    size_t n_ages, n_tasks;
    bool shared; /* one clock for all accounts of a group */
    calendar_table days;
    int64_t *period_time; /* of the start of each day's period, by day as `days` */
    plane *planes;        /* by task */
} arr_job;

/* The clock of an account (or of its group), out of the tables. */
typedef struct anchor {
    day start;
    int32_t period;
    int64_t time;
    int complete, begun;
} anchor;

static void arr_job_done(arr_job *j)
{
    for (size_t i = 0; j->planes != NULL && i < j->n_tasks; i++) {
        free(j->planes[i].in);
        free(j->planes[i].out);
        free(j->planes[i].now);
        free(j->planes[i].over);
    }
    free(j->planes);
    free(j->days.period);
    free(j->days.time);
    free(j->period_time);
}

static strata_status out_of_memory(const arr_job *j, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts at %zu ages",
                       j->in->groups->n, j->n_ages);
}

/* --- tables --- */

static day first_origin(const triangle_input *in)
{
    day first = in->clock.as_of;
    for (size_t i = 0; i < in->arr->n_accounts; i++) {
        if (in->groups->code[i] < in->groups->n && in->origin[i] < first) {
            first = in->origin[i];
        }
    }
    return first;
}

static strata_status make_tables(arr_job *j, strata_error *err)
{
    const age_clock *c = &j->in->clock;
    day first = age_start(c, first_origin(j->in), 0);
    size_t n = (size_t)(c->as_of - first) + 2;
    j->days = (calendar_table){.first = first,
                               .period = STRATA_NEW_ARRAY(n, int32_t),
                               .time = STRATA_NEW_ARRAY(n, int64_t)};
    j->period_time = STRATA_NEW_ARRAY(n, int64_t);
    if (j->days.period == NULL || j->days.time == NULL || j->period_time == NULL) {
        return out_of_memory(j, err);
    }
    for (size_t i = 0; i < n; i++) {
        day d = first + (day)i;
        j->days.period[i] = c->by_days ? 0 : calendar_period(c->calendar, d);
        j->days.time[i] = age_time(c, first, d);
        bool begins = i == 0 || j->days.period[i] != j->days.period[i - 1];
        j->period_time[i] = begins ? j->days.time[i] : j->period_time[i - 1];
    }
    return STRATA_OK;
}

static anchor anchor_of(const arr_job *j, day origin)
{
    const age_clock *c = &j->in->clock;
    size_t at = (size_t)(origin - j->days.first);
    return (anchor){.start = c->by_days ? origin : DAY_MIN,
                    .period = j->days.period[at],
                    .time = c->by_days ? j->days.time[at] : j->period_time[at],
                    .complete = age_complete(c, origin),
                    .begun = age_begun(c, origin)};
}

/* Age and time of a day; what lies before age 0 counts as its start. */
static inline int table_age(const arr_job *j, const anchor *a, day d)
{
    if (d < j->days.first) {
        return 0;
    }
    int age = j->in->clock.by_days ? age_on(&j->in->clock, a->start, d)
                                   : j->days.period[d - j->days.first] - a->period;
    return age < 0 ? 0 : age;
}

static inline int64_t table_time(const arr_job *j, const anchor *a, day d)
{
    int64_t time = d < j->days.first ? 0 : j->days.time[d - j->days.first] - a->time;
    return time < 0 ? 0 : time;
}

/* --- one account --- */

typedef struct account_walk {
    const arr_book *b;
    uint32_t row, end;
    int64_t state, base; /* at the end of the age so far */
} account_walk;

static inline int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The changes of the next age that has any. */
static inline int next_change(const arr_job *j, const anchor *a, account_walk *w, change *c)
{
    const arr_book *b = w->b;
    int age = table_age(j, a, b->day[w->row]);
    int64_t before = w->state;
    int64_t base = w->base;
    *c = (change){0};
    do {
        int64_t after = b->after[w->row];
        c->paid += (wide)(after - w->state) * table_time(j, a, b->day[w->row]);
        if (w->base == 0 && after > 0) {
            w->base = after;
            c->entered = 1;
            c->base = after;
        }
        w->state = after;
        w->row++;
    } while (w->row < w->end && table_age(j, a, b->day[w->row]) == age);
    int64_t after = w->state;
    c->active = (after > 0) - (before > 0);
    c->amount = after - before;
    c->kept = lower(after, w->base) - lower(before, base);
    c->lost = before > 0 && after == 0;
    c->won = before == 0 ? after : 0;
    c->dropped = before > after ? before - after : 0;
    return age;
}

static inline void add_change(change *to, const change *c)
{
    to->entered += c->entered;
    to->base += c->base;
    to->active += c->active;
    to->amount += c->amount;
    to->kept += c->kept;
    to->lost += c->lost;
    to->won += c->won;
    to->dropped += c->dropped;
    to->paid += c->paid;
}

static inline account_walk walk_of(const arr_book *b, size_t account, day as_of)
{
    uint32_t end = b->start[account + 1];
    while (end > b->start[account] && b->day[end - 1] > as_of) {
        end--;
    }
    return (account_walk){.b = b, .row = b->start[account], .end = end};
}

/* As next_change() for all rows, added to the cells in place: the path that most triangles take.
 * Rows of one age in a row are one change, so what they do to the state is added once. */
static void walk_shared(const arr_job *j, size_t account, const anchor *a, change *in)
{
    account_walk w = walk_of(j->in->arr, account, j->in->clock.as_of);
    const day *days = w.b->day;
    const int64_t *afters = w.b->after;
    int64_t state = 0;
    int64_t base = 0;
    while (w.row < w.end) {
        int age = table_age(j, a, days[w.row]);
        change *c = &in[age];
        int64_t before = state;
        int64_t kept = lower(state, base);
        do {
            int64_t after = afters[w.row];
            c->paid += (wide)(after - state) * table_time(j, a, days[w.row]);
            if (base == 0 && after > 0) {
                base = after;
                c->entered++;
                c->base += after;
            }
            state = after;
            w.row++;
        } while (w.row < w.end && table_age(j, a, days[w.row]) == age);
        c->active += (state > 0) - (before > 0);
        c->amount += state - before;
        c->kept += lower(state, base) - kept;
        c->lost += before > 0 && state == 0;
        c->won += before == 0 ? state : 0;
        c->dropped += before > state ? before - state : 0;
    }
}

/* What the account is after all its changes so far, as sums of an age: `c` those of the age. */
static triangle_sums sums_of(const change *state, const change *before, const change *c)
{
    return (triangle_sums){.accounts = state->entered,
                           .active = state->active,
                           .base = state->base,
                           .amount = state->amount,
                           .kept = state->kept,
                           .before = before->active,
                           .before_amount = before->amount,
                           .stayed = before->active - c->lost,
                           .stayed_amount = state->amount - c->won,
                           .stayed_kept = before->amount - c->dropped};
}

/* In age 0 there is no age before: all count as active then. */
static void mend_first(triangle_sums *s)
{
    s->before = s->accounts;
    s->before_amount = s->base;
    s->stayed = s->active;
    s->stayed_amount = s->amount;
    s->stayed_kept = s->kept;
}

static void walk_own(const arr_job *j, size_t account, const anchor *a, const plane *p,
                     size_t first)
{
    account_walk w = walk_of(j->in->arr, account, j->in->clock.as_of);
    change state = {0};
    change last = {0};
    while (w.row < w.end && table_age(j, a, w.b->day[w.row]) <= a->complete) {
        change c;
        int age = next_change(j, a, &w, &c);
        add_change(&p->in[first + (size_t)age], &c);
        add_change(&state, &c);
    }
    size_t next_age = a->complete < 0 ? 0 : (size_t)a->complete + 1;
    size_t next = first + next_age;
    for (int age = 0; age <= a->complete; age++) {
        p->over[first + (size_t)age] = 1;
    }
    if (next_age < j->n_ages) {
        add_change(&p->out[next], &state);
    }
    if (a->begun <= a->complete) {
        return;
    }
    change before = state;
    if (w.row < w.end) {
        (void)next_change(j, a, &w, &last);
        add_change(&state, &last);
    }
    triangle_sums s = sums_of(&state, &before, &last);
    if (a->begun == 0) {
        mend_first(&s);
    }
    triangle_sums_add(&p->now[next].sums, &s);
    p->now[next].reached++;
    p->now[next].earned +=
        (wide)state.amount * table_time(j, a, j->in->clock.as_of + 1) - state.paid;
}

/* --- all accounts --- */

static strata_status new_plane(const arr_job *j, plane *p, strata_error *err)
{
    size_t n = j->in->groups->n * j->n_ages + 1;
    p->in = STRATA_NEW_ARRAY(n, change);
    p->out = j->shared ? NULL : STRATA_NEW_ARRAY(n, change);
    p->now = j->shared ? NULL : STRATA_NEW_ARRAY(n, running);
    p->over = j->shared ? NULL : STRATA_NEW_ARRAY(n, uint8_t);
    bool ok = p->in != NULL && (j->shared || (p->out && p->now && p->over));
    return ok ? STRATA_OK : out_of_memory(j, err);
}

static strata_status walk_accounts(void *payload, size_t task, strata_error *err)
{
    arr_job *j = payload;
    const groups *g = j->in->groups;
    size_t n = j->in->arr->n_accounts;
    size_t end = n * (task + 1) / j->n_tasks;
    STRATA_TRY(new_plane(j, &j->planes[task], err));
    STRATA_AUTO_FREE anchor *anchors = STRATA_NEW_ARRAY(g->n + 1, anchor);
    if (anchors == NULL) {
        return out_of_memory(j, err);
    }
    for (size_t k = 0; j->shared && k < g->n; k++) {
        anchors[k] = anchor_of(j, g->first[k] < j->days.first ? j->days.first : g->first[k]);
    }
    for (size_t i = n * task / j->n_tasks; i < end; i++) {
        size_t code = g->code[i];
        if (code >= g->n) {
            continue;
        }
        if (j->shared) {
            walk_shared(j, i, &anchors[code], &j->planes[task].in[code * j->n_ages]);
        } else {
            anchor a = anchor_of(j, j->in->origin[i]);
            walk_own(j, i, &a, &j->planes[task], code * j->n_ages);
        }
    }
    return STRATA_OK;
}

static void add_planes(const arr_job *j)
{
    plane *to = &j->planes[0];
    size_t n = j->in->groups->n * j->n_ages;
    for (size_t t = 1; t < j->n_tasks; t++) {
        const plane *p = &j->planes[t];
        for (size_t i = 0; i < n; i++) {
            add_change(&to->in[i], &p->in[i]);
            if (!j->shared) {
                add_change(&to->out[i], &p->out[i]);
                triangle_sums_add(&to->now[i].sums, &p->now[i].sums);
                to->now[i].reached += p->now[i].reached;
                to->now[i].earned += p->now[i].earned;
                to->over[i] |= p->over[i];
            }
        }
    }
}

/* --- running sums --- */

static void take_away(change *run, const change *out)
{
    run->entered -= out->entered;
    run->base -= out->base;
    run->active -= out->active;
    run->amount -= out->amount;
    run->kept -= out->kept;
    run->paid -= out->paid;
}

/* Time from the start of age 0 to the end of an age, or to the end of the as-of day. */
static int64_t time_at_end(const arr_job *j, day origin, int age, bool over)
{
    const age_clock *c = &j->in->clock;
    return age_time(c, origin, over ? age_end(c, origin, age) + 1 : c->as_of + 1);
}

static triangle_time time_of_cell(const arr_job *j, size_t group, size_t at, int age)
{
    const plane *p = &j->planes[0];
    if (j->shared) {
        const age_clock *c = &j->in->clock;
        day origin = j->in->groups->first[group];
        return age <= age_complete(c, origin) ? TRIANGLE_OVER
               : age <= age_begun(c, origin)  ? TRIANGLE_RUNNING
                                              : TRIANGLE_AHEAD;
    }
    return p->over[at] ? TRIANGLE_OVER : p->now[at].reached > 0 ? TRIANGLE_RUNNING : TRIANGLE_AHEAD;
}

static void sum_group(const arr_job *j, size_t group, triangle_sums *cells)
{
    const plane *p = &j->planes[0];
    const age_clock *c = &j->in->clock;
    /* Ages of accounts with clocks of their own end at the same time since the start. */
    day origin = j->shared ? j->in->groups->first[group] : j->days.first;
    change run = {0};
    for (size_t k = 0; k < j->n_ages; k++) {
        size_t at = group * j->n_ages + k;
        triangle_time time = time_of_cell(j, group, at, (int)k);
        if (!j->shared) {
            take_away(&run, &p->out[at]);
        }
        change before = run;
        add_change(&run, &p->in[at]);
        run.lost = run.won = run.dropped = 0;
        wide earned = 0;
        if (j->shared || time == TRIANGLE_OVER) {
            cells[k] = sums_of(&run, &before, &p->in[at]);
            earned =
                (wide)run.amount * time_at_end(j, origin, (int)k, time == TRIANGLE_OVER) - run.paid;
            if (k == 0) {
                mend_first(&cells[k]);
            }
        } else {
            cells[k] = p->now[at].sums;
            earned = p->now[at].earned;
        }
        if (time == TRIANGLE_AHEAD) {
            cells[k] = (triangle_sums){0};
        } else {
            cells[k].revenue = triangle_money(c, earned);
            cells[k].time = time;
        }
    }
}

strata_status triangle_arr(const context *cx, arena *a, const triangle_input *in, triangle **out,
                           strata_error *err)
{
    triangle *t = NULL;
    STRATA_TRY(triangle_new(a, in, &t, err));
    STRATA_CLEANUP(arr_job_done)
    arr_job j = {.in = in,
                 .n_ages = t->n_ages,
                 .n_tasks = triangle_tasks(in->arr->n_accounts),
                 .shared = in->groups->first != NULL && !in->clock.by_days};
    j.planes = STRATA_NEW_ARRAY(j.n_tasks, plane);
    if (j.planes == NULL) {
        return out_of_memory(&j, err);
    }
    if (t->n_ages > 0 && t->n_groups > 0) {
        STRATA_TRY(make_tables(&j, err));
        STRATA_TRY(parallel_run(cx, j.n_tasks, walk_accounts, &j, err));
        add_planes(&j);
        for (size_t g = 0; g < t->n_groups; g++) {
            sum_group(&j, g, &t->cells[g * t->n_ages]);
        }
    }
    *out = t;
    return STRATA_OK;
}
