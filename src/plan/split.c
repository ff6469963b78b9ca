/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/split.h"

#include <math.h>
#include <stdlib.h>

#include "stats/linear_program.h"

enum { PIECES = 10 };

/* Accounts of a segment with about the same at stake for each hour. */
typedef struct piece {
    size_t segment;
    double hours, stake; /* minor units */
} piece;

typedef struct candidate {
    uint32_t account;
    segment_code segment;
    double hours, rate; /* at stake for each hour */
} candidate;

typedef struct pieces {
    piece *items;
    size_t n;
} pieces;

static int by_segment_and_rate(const void *a, const void *b)
{
    const candidate *x = a;
    const candidate *y = b;
    if (x->segment != y->segment) {
        return x->segment < y->segment ? -1 : 1;
    }
    if (x->rate > y->rate || x->rate < y->rate) {
        return x->rate > y->rate ? -1 : 1;
    }
    return x->account < y->account ? -1 : x->account > y->account;
}

static double free_hours(const workload *w, size_t i)
{
    return (double)(w->minutes[WORK_TOUCHPOINT][i] + w->minutes[WORK_REVIEW][i]) / MINUTES_PER_HOUR;
}

static size_t find_candidates(const workload *w, const stakes *s, split_segment *segments,
                              candidate *out)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (w->codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        double hours = free_hours(w, i);
        split_segment *of = &segments[w->codes[i]];
        of->planned += hours;
        of->committed += (double)w->total[i] / MINUTES_PER_HOUR - hours;
        if (hours > 0.0) {
            out[n++] = (candidate){(uint32_t)i, w->codes[i], hours, (double)s->minor[i] / hours};
        }
    }
    qsort(out, n, sizeof *out, by_segment_and_rate);
    return n;
}

/* Equal counts of accounts, the richest first. */
static void cut(const candidate *all, size_t n, const stakes *s, pieces *out)
{
    for (size_t first = 0; first < n;) {
        size_t end = first;
        while (end < n && all[end].segment == all[first].segment) {
            end++;
        }
        size_t before = SIZE_MAX;
        for (size_t i = first; i < end; i++) {
            size_t tenth = (i - first) * PIECES / (end - first);
            if (tenth != before) {
                out->items[out->n++] = (piece){.segment = all[first].segment};
                before = tenth;
            }
            piece *p = &out->items[out->n - 1];
            p->hours += all[i].hours;
            p->stake += (double)s->minor[all[i].account];
        }
        first = end;
    }
}

/* --- the programme: a variable for each piece, then one for each segment's committed work --- */

typedef struct programme {
    lp_variable *variables;
    lp_row *rows; /* the hours there are, then the committed work of each segment */
    size_t *numbers;
    double *ones;
} programme;

static strata_status new_programme(size_t n_pieces, size_t n_segments, arena *a, programme *out,
                                   strata_error *err)
{
    size_t n = n_pieces + n_segments;
    *out = (programme){.variables = ARENA_NEW(a, n + 1, lp_variable),
                       .rows = ARENA_NEW(a, n_segments + 1, lp_row),
                       .numbers = ARENA_NEW(a, n + 1, size_t),
                       .ones = ARENA_NEW(a, n + 1, double)};
    bool there =
        out->variables != NULL && out->rows != NULL && out->numbers != NULL && out->ones != NULL;
    return there ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory for the split");
}

static linear_program fill(const programme *g, const pieces *p, const split *x, double effect)
{
    size_t n = p->n + x->n_segments;
    for (size_t i = 0; i < n; i++) {
        g->numbers[i] = i;
        g->ones[i] = 1.0;
    }
    for (size_t i = 0; i < p->n; i++) {
        const piece *one = &p->items[i];
        g->variables[i] =
            (lp_variable){.cost = effect * one->stake / one->hours, .high = one->hours};
    }
    g->rows[0] = (lp_row){
        .low = -HUGE_VAL, .high = x->hours, .n = n, .variables = g->numbers, .weights = g->ones};
    for (size_t k = 0; k < x->n_segments; k++) {
        g->variables[p->n + k] = (lp_variable){.high = HUGE_VAL};
        g->rows[k + 1] = (lp_row){.low = x->segments[k].committed,
                                  .high = HUGE_VAL,
                                  .n = 1,
                                  .variables = &g->numbers[p->n + k],
                                  .weights = &g->ones[p->n + k]};
    }
    return (linear_program){.maximise = true,
                            .n_variables = n,
                            .n_rows = x->n_segments + 1,
                            .variables = g->variables,
                            .rows = g->rows};
}

static strata_status name_conflict(const context *cx, const linear_program *lp, arena *a,
                                   split *out, strata_error *err)
{
    const size_t *rows = NULL;
    size_t n = 0;
    STRATA_TRY(linear_program_conflict(cx, lp, a, &rows, &n, err));
    size_t *segments = ARENA_NEW(a, n + 1, size_t);
    if (segments == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i] > 0) {
            segments[out->n_conflict++] = rows[i] - 1;
        }
    }
    out->conflict = segments;
    return STRATA_OK;
}

static void read_pieces(const pieces *p, const double *x, const touch_effect *effect,
                        split_segment *segments)
{
    static const double NOTHING = 1e-6; /* hours */
    for (size_t i = 0; i < p->n; i++) {
        const piece *one = &p->items[i];
        split_segment *s = &segments[one->segment];
        double rate = one->stake / one->hours;
        double worth = x[i] * rate;
        s->given += x[i];
        s->likely += effect->likely * worth;
        s->low += effect->low * worth;
        s->high += effect->high * worth;
        s->last = x[i] > NOTHING ? effect->likely * rate : s->last;
        if (one->hours - x[i] > NOTHING) {
            s->next = fmax(s->next, effect->likely * rate);
        }
    }
}

static void add_up(split *x, const pieces *p, double effect)
{
    double stake = 0.0;
    for (size_t k = 0; k < x->n_segments; k++) {
        const split_segment *s = &x->segments[k];
        x->all.committed += s->committed;
        x->all.planned += s->planned;
        x->all.given += s->given;
        x->all.likely += s->likely;
        x->all.low += s->low;
        x->all.high += s->high;
    }
    for (size_t i = 0; i < p->n; i++) {
        stake += p->items[i].stake;
    }
    x->evenly = x->all.planned > 0.0 ? effect * stake * x->all.given / x->all.planned : 0.0;
}

static strata_status solve(const context *cx, const linear_program *lp, const pieces *p,
                           const touch_effect *effect, arena *a, split *x, strata_error *err)
{
    lp_result r = {0};
    STRATA_TRY(linear_program_solve(cx, lp, a, &r, err));
    if (r.outcome == LP_INFEASIBLE) {
        return name_conflict(cx, lp, a, x, err);
    }
    if (r.x == NULL || r.outcome != LP_OPTIMAL) {
        return strata_fail(err, STRATA_E_NUMERIC, "the split of hours could not be solved");
    }
    x->possible = true;
    read_pieces(p, r.x, effect, x->segments);
    add_up(x, p, effect->likely);
    x->all.next = fmax(0.0, r.price[0]);
    return STRATA_OK;
}

strata_status split_best(const context *cx, const split_input *in, arena *a, split *out,
                         strata_error *err)
{
    size_t n = in->e->n_segments;
    split x = {.n_segments = n,
               .hours = (double)in->minutes / MINUTES_PER_HOUR,
               .segments = ARENA_NEW(a, n + 1, split_segment)};
    candidate *all = ARENA_NEW(a, in->w->n + 1, candidate);
    pieces p = {.items = ARENA_NEW(a, n * PIECES + 1, piece)};
    programme g;
    if (x.segments == NULL || all == NULL || p.items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the split of hours");
    }
    for (size_t k = 0; k < n; k++) {
        x.segments[k].last = NAN;
    }
    cut(all, find_candidates(in->w, in->s, x.segments, all), in->s, &p);
    STRATA_TRY(new_programme(p.n, n, a, &g, err));
    const linear_program lp = fill(&g, &p, &x, in->effect->likely);
    STRATA_TRY(solve(cx, &lp, &p, in->effect, a, &x, err));
    *out = x;
    return STRATA_OK;
}
