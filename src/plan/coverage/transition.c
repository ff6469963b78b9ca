/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/coverage/transition.h"

#include <math.h>
#include <string.h>

enum { WEEK = 7, WORK_DAYS = 5, WEEKS_LEAST = 4 };

day transition_start(const model *m, day as_of)
{
    if (m->roadmap.start != DAY_MISSING) {
        return m->roadmap.start;
    }
    return day_monday_from(as_of + 1);
}

static void add(wave_sum *sum, const transition_input *in, size_t i, int64_t minutes)
{
    sum->n++;
    sum->value_minor += view_value_minor(in->v, i);
    sum->stake_minor += in->s->minor[i];
    sum->minutes += minutes;
}

static void count_held(transition *t, uint32_t *held, size_t i, uint32_t reasons)
{
    if (held[i] == 0) {
        t->n_held++;
        for (size_t r = 0; r < MODEL_EXCEPTIONS_MAX; r++) {
            t->reasons[r] += reasons >> r & 1U;
        }
    }
    held[i] = reasons;
}

typedef struct marks {
    uint8_t *touch, *moves;
    uint32_t *held;
} marks;

static void plan_touch(const transition_input *in, marks *m, transition *t)
{
    for (size_t i = 0; i < in->w->n; i++) {
        const coverage_case *c = &in->c->cases[i];
        if (c->fit == FIT_UNDER) {
            m->touch[i] = c->not_held ? WAVE_HOLD : WAVE_RAISE;
        } else if (c->fit == FIT_OVER) {
            uint32_t reasons = in->held[i];
            if (reasons != 0) {
                add(&t->held_touch, in, i, c->minutes);
                count_held(t, m->held, i, reasons);
                continue;
            }
            m->touch[i] = WAVE_LOWER;
        }
        if (m->touch[i] != WAVE_NONE) {
            add(&t->waves[m->touch[i]], in, i, c->minutes);
        }
    }
}

static void plan_moves(const transition_input *in, marks *m, transition *t)
{
    for (size_t k = 0; in->t != NULL && k < in->t->n_moves; k++) {
        size_t i = in->t->moves[k].account;
        uint32_t reasons = in->held[i];
        if (reasons != 0) {
            add(&t->held_moves, in, i, in->w->total[i]);
            count_held(t, m->held, i, reasons);
        } else {
            m->moves[i] = 1;
            add(&t->waves[WAVE_BOOKS], in, i, in->w->total[i]);
        }
    }
}

static void set_dates(const transition_input *in, transition *t)
{
    const model_roadmap *r = &in->v->b->model->roadmap;
    const double each[WAVES] = {[WAVE_HOLD] = r->days[EFFORT_ACCOUNT],
                                [WAVE_RAISE] = r->days[EFFORT_ACCOUNT],
                                [WAVE_LOWER] = r->days[EFFORT_HANDOVER],
                                [WAVE_BOOKS] = r->days[EFFORT_HANDOVER]};
    t->people = in->n_csms > 0 ? (double)in->n_csms : r->people;
    t->start = transition_start(in->v->b->model, in->v->as_of);
    t->end = t->start;
    for (size_t k = 0; k < WAVES; k++) {
        wave_sum *w = &t->waves[k];
        w->from = w->until = DAY_MISSING;
        if (w->n > 0) {
            w->days = (double)w->n * each[k];
            double weeks = fmax(WEEKS_LEAST, ceil(w->days / t->people / WORK_DAYS));
            w->from = t->end;
            t->end += (day)(weeks * WEEK);
            w->until = t->end - 1;
        }
    }
}

territory_book transition_book(const transition_books *x, size_t j)
{
    territory_book b = x->t->before[j];
    for (size_t k = 0; k < x->t->n_moves; k++) {
        const territory_move *m = &x->t->moves[k];
        int sign = (m->to == (int32_t)j) - (m->from == (int32_t)j);
        if (sign != 0 && x->plan->moves[m->account] != 0) {
            b.minutes += sign * (int64_t)x->w->total[m->account];
            b.value_minor += sign * view_value_minor(x->v, m->account);
            b.accounts = sign > 0 ? b.accounts + 1 : b.accounts - 1;
        }
    }
    return b;
}

int64_t transition_above(const transition_books *x)
{
    int64_t sum = 0;
    for (size_t j = 0; j < x->t->csms->n; j++) {
        int64_t above = transition_book(x, j).minutes - x->t->minutes_share[j];
        sum += above > 0 ? above : 0;
    }
    return sum;
}

strata_status transition_plan(const transition_input *in, arena *a, transition *out,
                              strata_error *err)
{
    transition t = {0};
    size_t n = in->w->n;
    marks m = {.touch = ARENA_NEW(a, n + 1, uint8_t),
               .moves = ARENA_NEW(a, n + 1, uint8_t),
               .held = ARENA_NEW(a, n + 1, uint32_t)};
    if (m.touch == NULL || m.moves == NULL || m.held == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the transition");
    }
    memset(m.touch, WAVE_NONE, n + 1);
    plan_touch(in, &m, &t);
    plan_moves(in, &m, &t);
    set_dates(in, &t);
    t.touch = m.touch;
    t.moves = m.moves;
    t.held = m.held;
    *out = t;
    return STRATA_OK;
}
