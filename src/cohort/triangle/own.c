/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "cohort/triangle/change.h"

/* Periods and time by day, for days from `first` on; by days there are no periods. */
typedef struct calendar_table {
    day first;
    int32_t *period;
    int64_t *time;
    int64_t *period_time; /* of the start of each day's period */
} calendar_table;

/* Accounts complete ages on different days: `out` takes them away at the first age that they do not
 * complete, `now` holds them as they are in the midst of it. */
typedef struct running {
    int64_t reached;
    triangle_sums sums;
    wide earned;
} running;

typedef struct plane { /* all [group][age] */
    change *in, *out;
    running *now;
    uint8_t *over; /* some account completed the age */
} plane;

typedef struct own_job {
    const triangle_input *in;
    size_t n_ages, n_tasks;
    calendar_table days;
    plane *planes; /* by task */
} own_job;

/* The clock of an account, out of the tables. */
typedef struct anchor {
    day start;
    int32_t period;
    int64_t time;
    int complete, begun;
} anchor;

static void plane_done(plane *p)
{
    free(p->in);
    free(p->out);
    free(p->now);
    free(p->over);
}

static void own_job_done(own_job *j)
{
    for (size_t i = 0; j->planes != NULL && i < j->n_tasks; i++) {
        plane_done(&j->planes[i]);
    }
    free(j->planes);
    free(j->days.period);
    free(j->days.time);
    free(j->days.period_time);
}

static strata_status plane_new(const own_job *j, plane *out, strata_error *err)
{
    size_t n = j->in->groups->n * j->n_ages;
    *out = (plane){.in = STRATA_NEW_ARRAY(n, change),
                   .out = STRATA_NEW_ARRAY(n, change),
                   .now = STRATA_NEW_ARRAY(n, running),
                   .over = STRATA_NEW_ARRAY(n, uint8_t)};
    bool ok = out->in != NULL && out->out != NULL && out->now != NULL && out->over != NULL;
    return ok ? STRATA_OK
              : strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts at %zu ages",
                            j->in->groups->n, j->n_ages);
}

/* --- tables --- */

static strata_status make_tables(own_job *j, strata_error *err)
{
    const age_clock *c = &j->in->clock;
    day first = age_start(c, triangle_first_origin(j->in), 0);
    size_t n = (size_t)(c->as_of - first) + 2;
    calendar_table *t = &j->days;
    *t = (calendar_table){.first = first,
                          .period = STRATA_NEW_ARRAY(n, int32_t),
                          .time = STRATA_NEW_ARRAY(n, int64_t),
                          .period_time = STRATA_NEW_ARRAY(n, int64_t)};
    if (t->period == NULL || t->time == NULL || t->period_time == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu days", n);
    }
    for (size_t i = 0; i < n; i++) {
        day d = first + (day)i;
        t->period[i] = c->by_days ? 0 : calendar_period(c->calendar, d);
        t->time[i] = age_time(c, first, d);
        bool begins = i == 0 || t->period[i] != t->period[i - 1];
        t->period_time[i] = begins ? t->time[i] : t->period_time[i - 1];
    }
    return STRATA_OK;
}

static anchor anchor_of(const own_job *j, day origin)
{
    const age_clock *c = &j->in->clock;
    size_t at = (size_t)(origin - j->days.first);
    return (anchor){.start = c->by_days ? origin : DAY_MIN,
                    .period = j->days.period[at],
                    .time = c->by_days ? j->days.time[at] : j->days.period_time[at],
                    .complete = age_complete(c, origin),
                    .begun = age_begun(c, origin)};
}

/* Age and time of a day; what lies before age 0 counts as its start. */
static inline int table_age(const own_job *j, const anchor *a, day d)
{
    if (d < j->days.first) {
        return 0;
    }
    int age = j->in->clock.by_days ? age_on(&j->in->clock, a->start, d)
                                   : j->days.period[d - j->days.first] - a->period;
    return age < 0 ? 0 : age;
}

static inline int64_t table_time(const own_job *j, const anchor *a, day d)
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

/* The changes of the next age that has any. */
static inline int next_change(const own_job *j, const anchor *a, account_walk *w, change *c)
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

static void walk_account(const own_job *j, size_t account, const anchor *a, const plane *p,
                         size_t first)
{
    account_walk w = {.b = j->in->arr,
                      .row = j->in->arr->start[account],
                      .end = rows_end(j->in->arr, account, j->in->clock.as_of)};
    change state = {0};
    change last = {0};
    while (w.row < w.end && table_age(j, a, w.b->day[w.row]) <= a->complete) {
        change c;
        int age = next_change(j, a, &w, &c);
        change_add(&p->in[first + (size_t)age], &c);
        change_add(&state, &c);
    }
    size_t next_age = a->complete < 0 ? 0 : (size_t)a->complete + 1;
    size_t next = first + next_age;
    for (int age = 0; age <= a->complete; age++) {
        p->over[first + (size_t)age] = 1;
    }
    if (next_age < j->n_ages) {
        change_add(&p->out[next], &state);
    }
    if (a->begun <= a->complete) {
        return;
    }
    change before = state;
    if (w.row < w.end) {
        (void)next_change(j, a, &w, &last);
        change_add(&state, &last);
    }
    triangle_sums s = triangle_sums_of(&state, &before, &last);
    if (a->begun == 0) {
        triangle_mend_first(&s);
    }
    triangle_sums_add(&p->now[next].sums, &s);
    p->now[next].reached++;
    p->now[next].earned +=
        (wide)state.amount * table_time(j, a, j->in->clock.as_of + 1) - state.paid;
}

/* --- all accounts --- */

static strata_status walk_task(void *payload, size_t task, strata_error *err)
{
    own_job *j = payload;
    const groups *g = j->in->groups;
    size_t n = j->in->arr->n_accounts;
    size_t end = n * (task + 1) / j->n_tasks;
    STRATA_TRY(plane_new(j, &j->planes[task], err));
    for (size_t i = n * task / j->n_tasks; i < end; i++) {
        if (g->code[i] < g->n) {
            anchor a = anchor_of(j, j->in->origin[i]);
            walk_account(j, i, &a, &j->planes[task], g->code[i] * j->n_ages);
        }
    }
    return STRATA_OK;
}

static void add_plane(plane *to, const plane *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        change_add(&to->in[i], &p->in[i]);
        change_add(&to->out[i], &p->out[i]);
        triangle_sums_add(&to->now[i].sums, &p->now[i].sums);
        to->now[i].reached += p->now[i].reached;
        to->now[i].earned += p->now[i].earned;
        to->over[i] |= p->over[i];
    }
}

/* --- cells --- */

static void take_away(change *run, const change *out)
{
    run->entered -= out->entered;
    run->base -= out->base;
    run->active -= out->active;
    run->amount -= out->amount;
    run->kept -= out->kept;
    run->paid -= out->paid;
}

static void fill_group(const own_job *j, size_t group, triangle_sums *cells)
{
    const age_clock *c = &j->in->clock;
    const plane *p = &j->planes[0];
    day origin = j->days.first; /* an age ends at the same time since any account's start */
    change run = {0};
    for (size_t k = 0; k < j->n_ages; k++) {
        size_t at = group * j->n_ages + k;
        take_away(&run, &p->out[at]);
        change before = run;
        change_add(&run, &p->in[at]);
        if (p->over[at]) {
            cells[k] = triangle_sums_of(&run, &before, &p->in[at]);
            int64_t end = age_time(c, origin, age_end(c, origin, (int)k) + 1);
            cells[k].revenue = triangle_money(c, (wide)run.amount * end - run.paid);
            cells[k].time = TRIANGLE_OVER;
            if (k == 0) {
                triangle_mend_first(&cells[k]);
            }
        } else if (p->now[at].reached > 0) {
            cells[k] = p->now[at].sums;
            cells[k].revenue = triangle_money(c, p->now[at].earned);
            cells[k].time = TRIANGLE_RUNNING;
        }
    }
}

strata_status triangle_fill_own(const context *cx, const triangle_input *in, triangle *t,
                                strata_error *err)
{
    STRATA_CLEANUP(own_job_done)
    own_job j = {.in = in, .n_ages = t->n_ages, .n_tasks = triangle_tasks(in->arr->n_accounts)};
    j.planes = STRATA_NEW_ARRAY(j.n_tasks, plane);
    if (j.planes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu tasks", j.n_tasks);
    }
    STRATA_TRY(make_tables(&j, err));
    STRATA_TRY(parallel_run(cx, j.n_tasks, walk_task, &j, err));
    for (size_t k = 1; k < j.n_tasks; k++) {
        add_plane(&j.planes[0], &j.planes[k], t->n_groups * t->n_ages);
    }
    for (size_t g = 0; g < t->n_groups; g++) {
        fill_group(&j, g, &t->cells[g * t->n_ages]);
    }
    return STRATA_OK;
}
