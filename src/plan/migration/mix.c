/* SPDX-License-Identifier: Apache-2.0 */
/* Where the mix of segments is heading: a chain of quarters, learnt from the quarters so far. */
#include <math.h>

#include "base/auto.h"
#include "plan/migration/migration.h"
#include "stats/inference/markov.h"

/* What a forecast learns from: quarters that end at `last`, an index of dates. */
typedef struct learning {
    markov_moves moves;
    uint32_t *counts; /* owned */
    uint64_t start[MARKOV_STATES_MAX];
} learning;

static void learning_done(learning *l)
{
    free(l->counts);
}

static size_t steps_until(size_t last)
{
    return last / MIGRATION_STEP;
}

static void count_moves(const migration_paths *p, size_t last, learning *l)
{
    size_t width = p->n_segments + 1;
    for (size_t i = 0; i < p->n_accounts; i++) {
        uint32_t *of = l->counts + (i % l->moves.n_groups) * width * width;
        for (size_t s = 0; s < l->moves.n_steps; s++) {
            size_t from = migration_state(p, last - (s + 1) * MIGRATION_STEP, i);
            size_t to = migration_state(p, last - s * MIGRATION_STEP, i);
            if (from != p->n_segments || to != p->n_segments) {
                of[from * width + to]++;
            }
        }
        size_t now = migration_state(p, last, i);
        if (now < p->n_segments) {
            l->start[now]++;
        }
    }
}

static strata_status learn(const migration_paths *p, size_t last, learning *l, strata_error *err)
{
    size_t width = p->n_segments + 1;
    size_t n_groups = p->n_accounts < MIGRATION_GROUPS ? p->n_accounts : MIGRATION_GROUPS;
    l->counts = STRATA_NEW_ARRAY(n_groups * width * width + 1, uint32_t);
    if (l->counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting moves");
    }
    l->moves = (markov_moves){.n_states = p->n_segments,
                              .n_groups = n_groups,
                              .n_steps = steps_until(last),
                              .moves = l->counts};
    count_moves(p, last, l);
    return STRATA_OK;
}

/* Sizes by step and segment, from the date at index `last` on. */
static strata_status look_ahead(const context *cx, const migration_paths *p, size_t last, arena *a,
                                const migration_size **out, strata_error *err)
{
    enum { STREAM = 6100, CELLS = MIGRATION_STEPS * MARKOV_STATES_MAX };
    double expected[CELLS];
    double low[CELLS];
    double high[CELLS];
    STRATA_CLEANUP(learning_done) learning l = {0};
    size_t n = MIGRATION_STEPS * p->n_segments;
    migration_size *sizes = ARENA_NEW(a, n + 1, migration_size);
    if (sizes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a forecast");
    }
    STRATA_TRY(learn(p, last, &l, err));
    STRATA_TRY(markov_expect(&l.moves, l.start, MIGRATION_STEPS, expected, err));
    STRATA_TRY(markov_limits(cx, STREAM + last, &l.moves, l.start, MIGRATION_STEPS,
                             (markov_range){low, high}, err));
    for (size_t i = 0; i < n; i++) {
        sizes[i] = (migration_size){expected[i], low[i], high[i]};
    }
    *out = sizes;
    return STRATA_OK;
}

static strata_status count_at(const migration_paths *p, size_t date, arena *a, const size_t **out,
                              strata_error *err)
{
    size_t *counts = ARENA_NEW(a, p->n_segments + 1, size_t);
    if (counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting accounts");
    }
    for (size_t i = 0; i < p->n_accounts; i++) {
        counts[migration_state(p, date, i)]++;
    }
    *out = counts;
    return STRATA_OK;
}

static strata_status try_once(const context *cx, const migration_paths *p, size_t made, arena *a,
                              migration_trial *out, strata_error *err)
{
    const migration_size *sizes = NULL;
    size_t target = made + (size_t)MIGRATION_STEP * MIGRATION_STEPS;
    STRATA_TRY(look_ahead(cx, p, made, a, &sizes, err));
    STRATA_TRY(count_at(p, target, a, &out->actual, err));
    out->made = p->dates[made];
    out->target = p->dates[target];
    out->sizes = sizes + (MIGRATION_STEPS - 1) * p->n_segments;
    return STRATA_OK;
}

static void judge(const migration_paths *p, migration_mix *m)
{
    double off = 0.0;
    size_t n_off = 0;
    for (size_t t = 0; t < m->n_trials; t++) {
        for (size_t s = 0; s < p->n_segments; s++) {
            const migration_size *x = &m->trials[t].sizes[s];
            double actual = (double)m->trials[t].actual[s];
            m->n_figures++;
            m->n_inside += actual >= x->low && actual <= x->high;
            if (actual > 0.0) {
                off += fabs(x->expected - actual) / actual;
                n_off++;
            }
        }
    }
    m->mean_error = n_off > 0 ? off / (double)n_off : 0.0;
}

/* Newest first: made a year ago, and each quarter before that, while there is enough to learn. */
static strata_status try_on_the_past(const context *cx, const migration_paths *p, arena *a,
                                     migration_mix *m, strata_error *err)
{
    migration_trial *trials = ARENA_NEW(a, MIGRATION_TRIALS, migration_trial);
    size_t ahead = (size_t)MIGRATION_STEP * MIGRATION_STEPS;
    size_t now = p->n_dates - 1;
    if (trials == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory trying a forecast");
    }
    for (size_t t = 0; t < MIGRATION_TRIALS; t++) {
        size_t back = ahead + t * MIGRATION_STEP;
        if (now < back || steps_until(now - back) < MIGRATION_LEAST) {
            break;
        }
        STRATA_TRY(try_once(cx, p, now - back, a, &trials[m->n_trials], err));
        m->n_trials++;
    }
    m->trials = trials;
    judge(p, m);
    return STRATA_OK;
}

static strata_status put_past(const migration_paths *p, arena *a, migration_mix *m,
                              strata_error *err)
{
    size_t *past = ARENA_NEW(a, (m->n_steps + 1) * p->n_segments + 1, size_t);
    if (past == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting accounts");
    }
    for (size_t s = 0; s <= m->n_steps; s++) {
        size_t date = p->n_dates - 1 - (m->n_steps - s) * MIGRATION_STEP;
        for (size_t i = 0; i < p->n_accounts; i++) {
            size_t state = migration_state(p, date, i);
            if (state < p->n_segments) {
                past[s * p->n_segments + state]++;
            }
        }
    }
    m->past = past;
    return STRATA_OK;
}

strata_status migration_forecast(const context *cx, const migration_paths *p, arena *a,
                                 migration_mix *out, strata_error *err)
{
    migration_mix m = {.n_steps = steps_until(p->n_dates - 1)};
    STRATA_TRY(put_past(p, a, &m, err));
    if (p->n_segments > MARKOV_STATES_MAX) {
        m.why = "there are too many segments";
    } else if (m.n_steps < MIGRATION_LEAST) {
        m.why = "the data do not reach back a year";
    } else if (p->n_accounts == 0) {
        m.why = "there are no accounts";
    } else {
        STRATA_TRY(look_ahead(cx, p, p->n_dates - 1, a, &m.sizes, err));
        STRATA_TRY(try_on_the_past(cx, p, a, &m, err));
        m.done = true;
    }
    *out = m;
    return STRATA_OK;
}
