/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "cohort/triangle/change.h"

/* The pass that most triangles take. It is bound by fetching cells, so each thing that happens is
 * written where it takes the fewest of them: entering, which nearly all accounts do at age 0, as
 * three sums next to those of the other groups, and all else into a cell as large as a line of the
 * cache. */

enum { CACHE_LINE = 64 };

/* Accounts that get their first ARR in an age. [age][group] */
typedef struct entry {
    int64_t accounts, base;
    wide paid; /* ARR x its time within the age */
} entry;

/* What changed without those first rows. Of each group as many ages as it has begun. */
typedef struct move {
    wide paid;
    int64_t active, amount, kept, lost, won, dropped;
} move;
_Static_assert(sizeof(move) == CACHE_LINE, "a cell is a line of the cache");

/* A day: its period, counted from the first group's, and the time since that period began. */
typedef struct moment {
    int32_t period;
    int32_t part;
} moment;

typedef struct shared_plane {
    entry *entries;
    move *moves;
} shared_plane;

typedef struct shared_job {
    const triangle_input *in;
    size_t n_ages, n_tasks;
    day first; /* the first group's; nothing before it has an age */
    moment *days;
    int32_t *begins;      /* by group: its period */
    size_t *cells;        /* by group: its cell of age 0; groups + 1, the last is how many */
    shared_plane *planes; /* by task */
} shared_job;

static void shared_job_done(shared_job *j)
{
    for (size_t i = 0; j->planes != NULL && i < j->n_tasks; i++) {
        free(j->planes[i].entries);
        free(j->planes[i].moves);
    }
    free(j->planes);
    free(j->days);
    free(j->begins);
    free(j->cells);
}

static strata_status out_of_memory(const shared_job *j, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts at %zu ages",
                       j->in->groups->n, j->n_ages);
}

/* Days one after the other: asking the calendar about each would take as long as the pass. */
static void make_days(shared_job *j, size_t n)
{
    const age_clock *c = &j->in->clock;
    int32_t period = -1;
    int32_t part = 0;
    int32_t unit = 0;
    day next_period = j->first;
    day next_month = j->first;
    for (size_t i = 0; i < n; i++) {
        day d = j->first + (day)i;
        if (d == next_period) {
            next_period = age_start(c, j->first, ++period + 1);
            part = 0;
        }
        if (d == next_month) {
            civil at = day_to_civil(d);
            next_month = d + days_in_month(at.year, at.month);
            unit = AGE_MONTH_UNITS / days_in_month(at.year, at.month);
        }
        j->days[i] = (moment){.period = period, .part = part};
        part += unit;
    }
}

static strata_status make_tables(shared_job *j, strata_error *err)
{
    const age_clock *c = &j->in->clock;
    const groups *g = j->in->groups;
    j->first = g->first[0];
    size_t n = (size_t)(c->as_of - j->first) + 1;
    j->days = STRATA_NEW_ARRAY(n, moment);
    j->begins = STRATA_NEW_ARRAY(g->n, int32_t);
    j->cells = STRATA_NEW_ARRAY(g->n + 1, size_t);
    j->planes = STRATA_NEW_ARRAY(j->n_tasks, shared_plane);
    if (!j->days || !j->begins || !j->cells || !j->planes) {
        return out_of_memory(j, err);
    }
    make_days(j, n);
    for (size_t k = 0; k < g->n; k++) {
        j->begins[k] = age_on(c, j->first, g->first[k]);
        j->cells[k + 1] = j->cells[k] + (size_t)age_begun(c, g->first[k]) + 1;
    }
    return STRATA_OK;
}

/* --- one account --- */

typedef struct place {
    size_t age;
    int64_t time; /* within the age */
} place;

/* What lies before age 0 counts as its start. */
static inline place place_of(const shared_job *j, int32_t begin, day d)
{
    moment m = j->days[d < j->first ? 0 : d - j->first];
    bool early = d < j->first || m.period < begin;
    return (place){.age = early ? 0 : (size_t)(m.period - begin), .time = early ? 0 : m.part};
}

/* ARR goes from `from` to `to` in an age that began with `before`. */
static inline void add_move(move *m, int64_t base, int64_t before, int64_t from, int64_t to)
{
    m->amount += to - from;
    m->kept += lower(to, base) - lower(from, base);
    m->dropped += lower(from, before) - lower(to, before);
    if (from == 0 || to == 0) {
        m->active += (to > 0) - (from > 0);
        m->lost += before > 0 ? (to == 0) - (from == 0) : 0;
    }
    if (before == 0) {
        m->won += to - from;
    }
}

static void walk_account(const shared_job *j, size_t account, const shared_plane *p)
{
    const arr_book *b = j->in->arr;
    const groups *g = j->in->groups;
    size_t group = g->code[account];
    int32_t begin = j->begins[group];
    move *moves = &p->moves[j->cells[group]];
    uint32_t row = b->start[account];
    uint32_t end = b->start[account + 1];
    while (end > row && b->day[end - 1] > j->in->clock.as_of) {
        end--;
    }
    while (row < end && b->after[row] == 0) {
        row++;
    }
    if (row == end) {
        return;
    }
    int64_t base = b->after[row];
    place at = place_of(j, begin, b->day[row]);
    entry *e = &p->entries[at.age * g->n + group];
    e->accounts++;
    e->base += base;
    e->paid += (wide)base * at.time;
    int64_t before = 0;
    int64_t state = base;
    for (row++; row < end; row++) {
        place next = place_of(j, begin, b->day[row]);
        int64_t after = b->after[row];
        before = next.age == at.age ? before : state;
        move *m = &moves[next.age];
        m->paid += (wide)(after - state) * next.time;
        add_move(m, base, before, state, after);
        state = after;
        at = next;
    }
}

/* --- all accounts --- */

static strata_status walk_task(void *payload, size_t task, strata_error *err)
{
    shared_job *j = payload;
    const groups *g = j->in->groups;
    size_t n = j->in->arr->n_accounts;
    size_t end = n * (task + 1) / j->n_tasks;
    size_t n_moves = j->cells[g->n];
    shared_plane *p = &j->planes[task];
    p->entries = STRATA_NEW_ARRAY(g->n * j->n_ages, entry);
    p->moves = aligned_alloc(CACHE_LINE, n_moves * sizeof *p->moves);
    if (p->entries == NULL || p->moves == NULL) {
        return out_of_memory(j, err);
    }
    memset(p->moves, 0, n_moves * sizeof *p->moves);
    for (size_t i = n * task / j->n_tasks; i < end; i++) {
        if (g->code[i] < g->n) {
            walk_account(j, i, p);
        }
    }
    return STRATA_OK;
}

static change change_of(const entry *e, const move *m, int64_t start_time)
{
    int64_t amount = m->amount + e->base;
    return (change){.entered = e->accounts,
                    .base = e->base,
                    .active = m->active + e->accounts,
                    .amount = amount,
                    .kept = m->kept + e->base,
                    .lost = m->lost,
                    .won = m->won + e->base,
                    .dropped = m->dropped,
                    .paid = m->paid + e->paid + (wide)amount * start_time};
}

/* Of all tasks, as changes by age. */
static void add_group(const shared_job *j, size_t group, change *out)
{
    const age_clock *c = &j->in->clock;
    size_t n_ages = j->cells[group + 1] - j->cells[group];
    for (size_t age = 0; age < n_ages; age++) {
        int64_t start = age_time(c, j->first, age_start(c, j->first, (int)age));
        out[age] = (change){0};
        for (size_t t = 0; t < j->n_tasks; t++) {
            const shared_plane *p = &j->planes[t];
            change one = change_of(&p->entries[age * j->in->groups->n + group],
                                   &p->moves[j->cells[group] + age], start);
            change_add(&out[age], &one);
        }
    }
}

/* --- cells --- */

static void fill_group(const shared_job *j, size_t group, const change *changes,
                       triangle_sums *cells)
{
    const age_clock *c = &j->in->clock;
    day origin = j->in->groups->first[group];
    int complete = age_complete(c, origin);
    int begun = age_begun(c, origin);
    change run = {0};
    for (int age = 0; age <= begun; age++) {
        change before = run;
        change_add(&run, &changes[age]);
        triangle_sums s = triangle_sums_of(&run, &before, &changes[age]);
        if (age == 0) {
            triangle_mend_first(&s);
        }
        day end = age <= complete ? age_end(c, origin, age) : c->as_of;
        s.revenue = triangle_money(c, (wide)run.amount * age_time(c, origin, end + 1) - run.paid);
        s.time = age <= complete ? TRIANGLE_OVER : TRIANGLE_RUNNING;
        cells[age] = s;
    }
}

strata_status triangle_fill_shared(const context *cx, const triangle_input *in, triangle *t,
                                   strata_error *err)
{
    STRATA_CLEANUP(shared_job_done)
    shared_job j = {.in = in, .n_ages = t->n_ages, .n_tasks = triangle_tasks(in->arr->n_accounts)};
    STRATA_TRY(make_tables(&j, err));
    STRATA_TRY(parallel_run(cx, j.n_tasks, walk_task, &j, err));
    STRATA_AUTO_FREE change *changes = STRATA_NEW_ARRAY(t->n_ages, change);
    if (changes == NULL) {
        return out_of_memory(&j, err);
    }
    for (size_t g = 0; g < t->n_groups; g++) {
        add_group(&j, g, changes);
        fill_group(&j, g, changes, &t->cells[g * t->n_ages]);
    }
    return STRATA_OK;
}
