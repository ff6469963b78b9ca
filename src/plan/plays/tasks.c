/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plays/tasks.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/stmt.h"

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory listing tasks");
}

/* --- what was done --- */

typedef VEC(intervention) intervention_vec;
static void intervention_vec_done(intervention_vec *v)
{
    vec_free(v);
}

static strata_status read_row(const stmt *s, arena *a, intervention *out, strata_error *err)
{
    text_view book = stmt_get_text(s, 2);
    text_view kind = stmt_get_text(s, 3);
    intervention one = {.account = (int32_t)stmt_get_int(s, 0),
                        .day = (day)stmt_get_int(s, 1),
                        .playbook = arena_strndup(a, book.ptr, book.len)};
    one.kind = kind.ptr != NULL ? arena_strndup(a, kind.ptr, kind.len) : NULL;
    if (one.playbook == NULL || (kind.ptr != NULL && one.kind == NULL)) {
        return out_of_memory(err);
    }
    *out = one;
    return STRATA_OK;
}

strata_status interventions_load(store_conn *c, day until, arena *a, intervention_list *out,
                                 strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_CLEANUP(intervention_vec_done) intervention_vec found = {0};
    STRATA_TRY(stmt_new(c, "plan/interventions.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "until", until, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        intervention one;
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        STRATA_TRY(read_row(s, a, &one, err));
        if (!vec_push(&found, one)) {
            return out_of_memory(err);
        }
    }
    intervention *items = ARENA_NEW(a, found.n + 1, intervention);
    if (items == NULL) {
        return out_of_memory(err);
    }
    if (found.n > 0) {
        memcpy(items, found.data, found.n * sizeof *items);
    }
    *out = (intervention_list){items, found.n};
    return STRATA_OK;
}

/* First row of the account or behind it. */
static size_t rows_of(const intervention_list *list, int32_t account)
{
    size_t low = 0;
    size_t n = list->n;
    while (n > 0) {
        size_t half = n / 2;
        bool before = list->items[low + half].account < account;
        low = before ? low + half + 1 : low;
        n = before ? n - half - 1 : half;
    }
    return low;
}

static size_t count_recorded(const bound_playbooks *books, const intervention_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        for (size_t k = 0; k < books->n; k++) {
            n += strcmp(books->items[k].p->name, list->items[i].playbook) == 0;
        }
    }
    return n;
}

/* --- which steps are open --- */

static size_t step_done_by(const playbook *p, const intervention *x, const bool *done)
{
    size_t first = SIZE_MAX;
    for (size_t s = p->n_steps; s-- > 0;) {
        first = done[s] ? first : s;
    }
    for (size_t s = 0; s < p->n_steps && x->kind != NULL; s++) {
        if (strcmp(p->steps[s].key, x->kind) == 0) {
            return s;
        }
    }
    return first;
}

static void mark_done(const playbook *p, const play *one, const intervention_list *list, bool *done)
{
    int32_t account = (int32_t)one->account;
    for (size_t i = rows_of(list, account); i < list->n && list->items[i].account == account; i++) {
        const intervention *x = &list->items[i];
        if (x->day >= one->began && strcmp(x->playbook, p->name) == 0) {
            size_t s = step_done_by(p, x, done);
            if (s != SIZE_MAX) {
                done[s] = true;
            }
        }
    }
}

typedef VEC(task) task_vec;
static void task_vec_done(task_vec *v)
{
    vec_free(v);
}

static strata_status add_play(const tasks_scope *scope, size_t at, task_vec *tasks, task_list *out,
                              strata_error *err)
{
    const play *one = &scope->running->running[at];
    const playbook *p = scope->books->items[one->playbook].p;
    bool done[PLAYBOOK_STEPS_MOST] = {false};
    size_t n_done = 0;
    mark_done(p, one, scope->done, done);
    size_t next = SIZE_MAX;
    for (size_t s = p->n_steps; s-- > 0;) {
        n_done += done[s];
        next = done[s] ? next : s;
    }
    if (next != SIZE_MAX && one->began + p->steps[next].due_days <= scope->until) {
        day due = one->began + p->steps[next].due_days;
        task t = {one->account, one->playbook, (uint32_t)next, one->began, due};
        if (!vec_push(tasks, t)) {
            return out_of_memory(err);
        }
    }
    out->n_done += n_done;
    out->n_plays_done += n_done == p->n_steps;
    return STRATA_OK;
}

/* --- in order --- */

typedef struct ordered {
    task t;
    day day; /* when it counts: all that is due already counts alike */
    int priority;
    double worth;
} ordered;

#define COMPARE(a, b)                                                                              \
    do {                                                                                           \
        if ((a) < (b) || (b) < (a)) {                                                              \
            return (a) < (b) ? -1 : 1;                                                             \
        }                                                                                          \
    } while (0)

static int by_due(const void *left, const void *right)
{
    const ordered *a = left;
    const ordered *b = right;
    COMPARE(a->day, b->day);
    COMPARE(a->priority, b->priority);
    COMPARE(-a->worth, -b->worth);
    COMPARE(a->t.account, b->t.account);
    COMPARE(a->t.playbook, b->t.playbook);
    COMPARE(a->t.step, b->t.step);
    return 0;
}

static strata_status put_in_order(const task_vec *tasks, const bound_playbooks *books, day as_of,
                                  const double *worth, arena *a, task_list *out, strata_error *err)
{
    STRATA_AUTO_FREE ordered *order = STRATA_NEW_ARRAY(tasks->n + 1, ordered);
    task *items = ARENA_NEW(a, tasks->n + 1, task);
    if (order == NULL || items == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < tasks->n; i++) {
        const task *t = &tasks->data[i];
        order[i] =
            (ordered){.t = *t,
                      .day = t->due > as_of ? t->due : as_of,
                      .priority = books->items[t->playbook].p->priority,
                      .worth = worth != NULL && worth[t->account] > 0.0 ? worth[t->account] : 0.0};
    }
    qsort(order, tasks->n, sizeof *order, by_due);
    for (size_t i = 0; i < tasks->n; i++) {
        items[i] = order[i].t;
    }
    out->items = items;
    out->n = tasks->n;
    return STRATA_OK;
}

strata_status tasks_list(const tasks_scope *scope, arena *a, task_list *out, strata_error *err)
{
    STRATA_CLEANUP(task_vec_done) task_vec tasks = {0};
    const plays *running = scope->running;
    task_list list = {0};
    list.n_recorded = count_recorded(scope->books, scope->done);
    for (size_t i = 0; i < running->n; i++) {
        STRATA_TRY(add_play(scope, i, &tasks, &list, err));
    }
    STRATA_TRY(put_in_order(&tasks, scope->books, running->as_of, scope->worth, a, &list, err));
    *out = list;
    return STRATA_OK;
}
