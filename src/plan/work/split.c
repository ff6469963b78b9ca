/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/split.h"

#include <math.h>
#include <stdlib.h>

#include "stats/numeric/linear_program.h"

enum { PIECES = 10 };

/* What touch keeps of the ARR at stake, and adds to the ARR that may be gained: shares. */
typedef struct effects {
    split_price keeps, adds;
} effects;

static split_price price_of(const touch_effect *e)
{
    return e->source != EFFECT_NONE ? (split_price){e->likely, e->low, e->high} : (split_price){0};
}

/* Accounts of a segment that bring about the same for each hour. */
typedef struct piece {
    size_t segment;
    int64_t minutes, stake, room; /* room: ARR that may be gained; minor units */
} piece;

typedef struct candidate {
    uint32_t account;
    segment_code segment;
    int64_t minutes;
    double rate; /* likely, for each minute */
} candidate;

typedef struct pieces {
    piece *items;
    size_t n;
    effects effects;
} pieces;

static double worth_of(split_price keeps, split_price adds, int64_t stake, int64_t room)
{
    return keeps.likely * (double)stake + adds.likely * (double)room;
}

/* What an hour of the piece brings. */
static split_price hour_of(const pieces *p, const piece *x)
{
    double hours = (double)x->minutes / MINUTES_PER_HOUR;
    double stake = (double)x->stake / hours;
    double room = (double)x->room / hours;
    const effects *e = &p->effects;
    return (split_price){.likely = e->keeps.likely * stake + e->adds.likely * room,
                         .low = e->keeps.low * stake + e->adds.low * room,
                         .high = e->keeps.high * stake + e->adds.high * room};
}

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

static size_t find_candidates(const split_input *in, const effects *e, split_segment *segments,
                              candidate *out)
{
    const workload *w = in->w;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (w->codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        int64_t minutes = (int64_t)w->minutes[WORK_TOUCHPOINT][i] + w->minutes[WORK_REVIEW][i];
        split_segment *of = &segments[w->codes[i]];
        of->planned += minutes;
        of->committed += w->total[i] - minutes;
        if (minutes > 0) {
            double worth = worth_of(e->keeps, e->adds, in->s->minor[i], in->s->grows[i]);
            out[n++] = (candidate){(uint32_t)i, w->codes[i], minutes, worth / (double)minutes};
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
            p->minutes += all[i].minutes;
            p->stake += s->minor[all[i].account];
            p->room += s->grows[all[i].account];
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

static linear_program fill(const programme *g, const pieces *p, const split *x)
{
    size_t n = p->n + x->n_segments;
    for (size_t i = 0; i < n; i++) {
        g->numbers[i] = i;
        g->ones[i] = 1.0;
    }
    for (size_t i = 0; i < p->n; i++) {
        const piece *one = &p->items[i];
        g->variables[i] = (lp_variable){.cost = hour_of(p, one).likely,
                                        .high = (double)one->minutes / MINUTES_PER_HOUR};
    }
    g->rows[0] = (lp_row){.low = -HUGE_VAL,
                          .high = (double)x->minutes / MINUTES_PER_HOUR,
                          .n = n,
                          .variables = g->numbers,
                          .weights = g->ones};
    for (size_t k = 0; k < x->n_segments; k++) {
        g->variables[p->n + k] = (lp_variable){.high = HUGE_VAL};
        g->rows[k + 1] = (lp_row){.low = (double)x->segments[k].committed / MINUTES_PER_HOUR,
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

static const double NOTHING = 1e-6; /* hours */

/* The piece of a segment (SIZE_MAX: of any) after `at` in order of what an hour brings, ties in
 * order of pieces: the best first, or with `up` the worst first. SIZE_MAX: none. */
static size_t next_piece(const pieces *p, size_t segment, size_t at, bool up)
{
    size_t best = SIZE_MAX;
    double found = 0.0;
    const double from = at != SIZE_MAX ? hour_of(p, &p->items[at]).likely : 0.0;
    for (size_t i = 0; i < p->n; i++) {
        if (segment != SIZE_MAX && p->items[i].segment != segment) {
            continue;
        }
        const double rate = hour_of(p, &p->items[i]).likely;
        const double order = up ? from - rate : rate - from; /* above 0: before `at` */
        if (at != SIZE_MAX && (order > 0.0 || (!(order < 0.0) && i <= at))) {
            continue;
        }
        if (best == SIZE_MAX || (up ? rate < found : rate > found)) {
            best = i;
            found = rate;
        }
    }
    return best;
}

/* What further hours bring beside x, those that bring most first; *taken: as many as there is work
 * for. */
static split_price more_hours(const pieces *p, const double *x, size_t segment, double hours,
                              double *taken)
{
    split_price sum = {0};
    *taken = 0.0;
    for (size_t i = next_piece(p, segment, SIZE_MAX, false); i != SIZE_MAX && *taken < hours;
         i = next_piece(p, segment, i, false)) {
        const double left = (double)p->items[i].minutes / MINUTES_PER_HOUR - x[i];
        const double take = fmin(fmax(left, 0.0), hours - *taken);
        const split_price hour = hour_of(p, &p->items[i]);
        sum.likely += take * hour.likely;
        sum.low += take * hour.low;
        sum.high += take * hour.high;
        *taken += take;
    }
    return sum;
}

/* What is lost without as many of the hours x, those that bring least first; NaN: there are fewer.
 */
static double fewer_hours(const pieces *p, const double *x, size_t segment, double hours)
{
    double sum = 0.0;
    for (size_t i = next_piece(p, segment, SIZE_MAX, true); i != SIZE_MAX && hours > NOTHING;
         i = next_piece(p, segment, i, true)) {
        const double take = fmin(fmax(x[i], 0.0), hours);
        sum += take * hour_of(p, &p->items[i]).likely;
        hours -= take;
    }
    return hours > NOTHING ? (double)NAN : sum;
}

/* Of one segment, from the hours that its pieces are given. */
static void read_segment(const pieces *p, const double *x, size_t k, split_segment *out)
{
    double hours = 0.0;
    double protects = 0.0;
    double grows = 0.0;
    split_price sum = {0};
    for (size_t i = 0; i < p->n; i++) {
        const piece *one = &p->items[i];
        if (one->segment != k) {
            continue;
        }
        split_price hour = hour_of(p, one);
        double full = (double)one->minutes / MINUTES_PER_HOUR;
        hours += x[i];
        protects += x[i] / full * p->effects.keeps.likely * (double)one->stake;
        grows += x[i] / full * p->effects.adds.likely * (double)one->room;
        sum.low += x[i] * hour.low;
        sum.high += x[i] * hour.high;
        if (full - x[i] > NOTHING && hour.likely > out->next.likely) {
            out->next = hour;
        }
    }
    out->ten_more = more_hours(p, x, k, SPLIT_TEN_HOURS, &out->ten_hours);
    out->ten_less = fewer_hours(p, x, k, SPLIT_TEN_HOURS);
    double whole = floor(hours * MINUTES_PER_HOUR + NOTHING); /* never more than there are */
    out->given = (int64_t)whole;
    out->worth =
        (split_worth){llround(protects), llround(grows), llround(sum.low), llround(sum.high)};
}

static void add_up(split *x, const pieces *p)
{
    double everything = 0.0;
    for (size_t k = 0; k < x->n_segments; k++) {
        const split_segment *s = &x->segments[k];
        x->all.committed += s->committed;
        x->all.planned += s->planned;
        x->all.given += s->given;
        x->all.worth.protects += s->worth.protects;
        x->all.worth.grows += s->worth.grows;
        x->all.worth.low += s->worth.low;
        x->all.worth.high += s->worth.high;
        x->all.next = s->next.likely > x->all.next.likely ? s->next : x->all.next;
    }
    for (size_t i = 0; i < p->n; i++) {
        everything +=
            worth_of(p->effects.keeps, p->effects.adds, p->items[i].stake, p->items[i].room);
    }
    x->evenly = x->all.planned > 0
                    ? llround(everything * (double)x->all.given / (double)x->all.planned)
                    : 0;
}

static strata_status solve(const context *cx, const linear_program *lp, const pieces *p, arena *a,
                           split *x, strata_error *err)
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
    for (size_t k = 0; k < x->n_segments; k++) {
        read_segment(p, r.x, k, &x->segments[k]);
    }
    for (size_t i = 0; i < p->n; i++) {
        x->best += r.x[i] * hour_of(p, &p->items[i]).likely;
    }
    add_up(x, p);
    x->all.ten_more = more_hours(p, r.x, SIZE_MAX, SPLIT_TEN_HOURS, &x->all.ten_hours);
    x->all.ten_less = fewer_hours(p, r.x, SIZE_MAX, SPLIT_TEN_HOURS);
    return STRATA_OK;
}

strata_status split_best(const context *cx, const split_input *in, arena *a, split *out,
                         strata_error *err)
{
    size_t n = in->e->n_segments;
    split x = {
        .n_segments = n, .minutes = in->minutes, .segments = ARENA_NEW(a, n + 1, split_segment)};
    candidate *all = ARENA_NEW(a, in->w->n + 1, candidate);
    pieces p = {.items = ARENA_NEW(a, n * PIECES + 1, piece),
                .effects = {price_of(in->effect), price_of(in->growth)}};
    programme g;
    if (x.segments == NULL || all == NULL || p.items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the split of hours");
    }
    cut(all, find_candidates(in, &p.effects, x.segments, all), in->s, &p);
    STRATA_TRY(new_programme(p.n, n, a, &g, err));
    const linear_program lp = fill(&g, &p, &x);
    STRATA_TRY(solve(cx, &lp, &p, a, &x, err));
    *out = x;
    return STRATA_OK;
}
