/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/simulation.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/inference/quantile.h"
#include "stats/learning/cut_points.h"
#include "stats/numeric/special.h"

enum { STREAM = 67, GROWTH_STREAM = 71, CHOICE_STREAM = 79, MEASURES = 7, RUNS = 3 };

/* Donors by stratum: those of stratum k at start[k] .. start[k + 1] - 1. */
typedef struct pools {
    sim_donor *donors;
    size_t *start;
    bool *asked; /* by stratum: some account is drawn from it */
    size_t n_strata;
} pools;

static void pools_done(pools *p)
{
    free(p->donors);
    free(p->start);
    free(p->asked);
}

/* Largest first, then by what they came to: equal donors are interchangeable. */
static int by_value(const void *a, const void *b)
{
    const sim_donor *x = a;
    const sim_donor *y = b;
    if (x->stratum != y->stratum) {
        return x->stratum < y->stratum ? -1 : 1;
    }
    if (x->was != y->was) {
        return x->was > y->was ? -1 : 1;
    }
    return (x->is < y->is) - (x->is > y->is);
}

static strata_status pools_make(const simulation_input *in, pools *p, strata_error *err)
{
    p->n_strata = in->n_strata;
    p->donors = STRATA_NEW_ARRAY(in->n_donors + 1, sim_donor);
    p->start = STRATA_NEW_ARRAY(in->n_strata + 2, size_t);
    p->asked = STRATA_NEW_ARRAY(in->n_strata + 1, bool);
    if (p->donors == NULL || p->start == NULL || p->asked == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", in->n_donors);
    }
    for (size_t i = 0; i < in->n_donors; i++) {
        p->donors[i] = in->donors[i];
        p->start[in->donors[i].stratum + 1]++;
    }
    qsort(p->donors, in->n_donors, sizeof *p->donors, by_value);
    for (size_t k = 0; k < in->n_strata; k++) {
        p->start[k + 1] += p->start[k];
    }
    for (size_t i = 0; i < in->n; i++) {
        size_t k = in->accounts[i].stratum;
        p->asked[k] = true;
        if (p->start[k] == p->start[k + 1]) {
            return strata_fail(err, STRATA_E_DATA,
                               "no account of a year ago is like some of today's, so their next 12 "
                               "months cannot be drawn");
        }
    }
    return in->n > 0 ? STRATA_OK
                     : strata_fail(err, STRATA_E_DATA, "there is no customer to simulate");
}

/* --- one replicate --- */

/* What the donors drawn for a stratum say. */
typedef struct drawn {
    double left;     /* share of them */
    size_t first, n; /* stayers, in the arrays of the draw */
} drawn;

typedef struct draw {
    drawn *strata;
    double *ratio,
        *heap;     /* of stayers: ARR then over before; ARR before, added up in the stratum */
    uint32_t *cut; /* of `heap`, by stratum */
} draw;

static void draw_done(draw *d)
{
    free(d->strata);
    free(d->ratio);
    free(d->heap);
    free(d->cut);
}

static void draw_donors(const pools *p, rng *r, draw *d)
{
    size_t at = 0;
    for (size_t k = 0; k < p->n_strata; k++) {
        size_t n = p->asked[k] ? p->start[k + 1] - p->start[k] : 0;
        size_t left = 0;
        double sum = 0.0;
        d->strata[k] = (drawn){.first = at};
        for (size_t i = 0; i < n; i++) {
            const sim_donor *x = &p->donors[p->start[k] + (size_t)rng_below(r, n)];
            if (x->is <= 0) {
                left++;
                continue;
            }
            sum += (double)x->was;
            d->ratio[at] = (double)x->is / (double)x->was;
            d->heap[at++] = sum;
        }
        d->strata[k].n = at - d->strata[k].first;
        if (at > d->strata[k].first) {
            const size_t first = d->strata[k].first;
            cut_points_make(&d->heap[first], at - first, &d->cut[first]);
        }
        d->strata[k].left = n > 0 ? (double)left / (double)n : 0.0;
    }
}

/* Of a stayer, drawn by ARR. */
static double pick_ratio(const draw *d, const drawn *s, double u)
{
    if (s->n == 0) {
        return 1.0; /* all that were drawn left: nobody tells what staying would bring */
    }
    return d->ratio[s->first + cut_points_find(&d->heap[s->first], s->n, &d->cut[s->first], u)];
}

static double triangle(const sim_part *e, double u)
{
    double width = e->high - e->low;
    if (!(width > 0.0)) {
        return e->likely;
    }
    double at = (e->likely - e->low) / width;
    return u < at ? e->low + sqrt(u * width * (e->likely - e->low))
                  : e->high - sqrt((1.0 - u) * width * (e->high - e->likely));
}

static double draw_part(const sim_part *e, rng *r)
{
    double x = triangle(e, rng_uniform(r));
    double z = rng_normal(r);
    if (e->measured) {
        x = e->likely + (z < 0.0 ? e->likely - e->low : e->high - e->likely) * z / STATS_Z95;
    }
    return x;
}

/* What the parts of the plan do in a replicate. */
typedef struct drawn_effects {
    double keeps[SIMULATION_EFFECTS_MAX]; /* 1 at most: no effect keeps more than all who leave */
    double grows[SIMULATION_EFFECTS_MAX]; /* -1 at least: nor takes more than the gain */
} drawn_effects;

/* Growth has a stream of its own, so that without it nothing else is drawn otherwise. */
static void draw_effects(const simulation_input *in, rng *keeps, rng *grows, drawn_effects *out)
{
    for (size_t e = 0; e < in->n_effects; e++) {
        out->keeps[e] = fmin(draw_part(&in->effects[e].keeps, keeps), 1.0);
        out->grows[e] = fmax(draw_part(&in->effects[e].grows, grows), -1.0);
    }
}

typedef struct tally {
    double left, kept, grown, arr; /* accounts; ARR: not above today's; gained; all of it */
} tally;

static void count(tally *t, bool left, double value, double ratio)
{
    double after = left ? 0.0 : value * ratio;
    t->left += left ? 1.0 : 0.0;
    t->kept += after < value ? after : value;
    t->grown += after > value ? after - value : 0.0;
    t->arr += after;
}

typedef struct job {
    const context *cx;
    const simulation_input *in;
    const pools *pools;
    double value;
    double *values; /* [(run * MEASURES + measure) * replicates + replicate] */
} job;

/* What the two effects on an account leave of its chance of leaving, and make of its gain. */
typedef struct plan_shares {
    double leaves, gains;
} plan_shares;

static plan_shares shares_of(const simulation_input *in, const sim_account *a,
                             const drawn_effects *e, const double chosen[2])
{
    plan_shares s = {1.0, 1.0};
    const uint8_t on[2] = {a->first, a->second};
    for (size_t k = 0; k < 2; k++) {
        if (on[k] != NO_EFFECT && chosen[k] < in->effects[on[k]].share) {
            s.leaves *= 1.0 - e->keeps[on[k]];
            s.gains *= 1.0 + e->grows[on[k]];
        }
    }
    return s;
}

/* What becomes of an account, of itself. */
typedef struct fate {
    double leaves, chance; /* it leaves when the first is below the second */
    double ratio;          /* else */
} fate;

static inline fate draw_fate(const draw *d, const sim_account *a, rng *r)
{
    const drawn *s = &d->strata[a->stratum];
    const double leaves = rng_uniform(r);
    const double ratio = pick_ratio(d, s, rng_uniform(r));
    const double chance = s->left * a->risk;
    return (fate){leaves, chance < 1.0 ? chance : 1.0, ratio};
}

/* Who the plan reaches has a stream of its own as well: the same becomes of everybody without. */
static void run_accounts(const job *j, const draw *d, const drawn_effects *e, rng *r, rng *choice,
                         tally out[2])
{
    for (size_t i = 0; i < j->in->n; i++) {
        const sim_account *a = &j->in->accounts[i];
        const fate f = draw_fate(d, a, r);
        count(&out[0], f.leaves < f.chance, (double)a->value, f.ratio);
        if (j->in->n_effects > 0) {
            const double chosen[2] = {rng_uniform(choice), rng_uniform(choice)};
            plan_shares plan = shares_of(j->in, a, e, chosen);
            double grown = f.ratio > 1.0 ? 1.0 + (f.ratio - 1.0) * plan.gains : f.ratio;
            count(&out[1], f.leaves < f.chance * plan.leaves, (double)a->value, grown);
        }
    }
    if (j->in->n_effects == 0) {
        out[1] = out[0];
    }
}

static void put(const job *j, size_t replicate, const tally runs[2])
{
    double m[RUNS][MEASURES];
    double n = (double)j->in->n;
    for (size_t k = 0; k < 2; k++) {
        const tally *t = &runs[k];
        m[k][0] = t->left / n;
        m[k][1] = t->grown / j->value;
        m[k][2] = t->arr / j->value;
        m[k][3] = t->kept / j->value;
        m[k][4] = t->arr;
        m[k][5] = n - t->left;
        /* mean ARR over the share that left: without end where nobody did */
        m[k][6] = t->left > 0.0 ? j->value / t->left : HUGE_VAL;
    }
    for (size_t v = 0; v < MEASURES; v++) {
        m[2][v] = isfinite(m[0][v]) && isfinite(m[1][v]) ? m[1][v] - m[0][v] : HUGE_VAL;
        for (size_t k = 0; k < RUNS; k++) {
            j->values[(k * MEASURES + v) * SIMULATION_REPLICATES + replicate] = m[k][v];
        }
    }
}

static strata_status replicate_once(void *payload, size_t replicate, strata_error *err)
{
    const job *j = payload;
    STRATA_CLEANUP(draw_done)
    draw d = {.strata = STRATA_NEW_ARRAY(j->in->n_strata + 1, drawn),
              .ratio = STRATA_NEW_ARRAY(j->in->n_donors + 1, double),
              .heap = STRATA_NEW_ARRAY(j->in->n_donors + 1, double),
              .cut = STRATA_NEW_ARRAY(j->in->n_donors + 1, uint32_t)};
    if (d.strata == NULL || d.ratio == NULL || d.heap == NULL || d.cut == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory simulating");
    }
    rng r;
    rng growth;
    rng choice;
    drawn_effects effects = {0};
    tally runs[2] = {{0}, {0}};
    rng_init(&r, j->cx->seed, ((uint64_t)STREAM << 20) + replicate);
    draw_donors(j->pools, &r, &d);
    rng_init(&growth, j->cx->seed, ((uint64_t)GROWTH_STREAM << 20) + replicate);
    draw_effects(j->in, &r, &growth, &effects);
    rng_init(&choice, j->cx->seed, ((uint64_t)CHOICE_STREAM << 20) + replicate);
    run_accounts(j, &d, &effects, &r, &choice, runs);
    put(j, replicate, runs);
    return STRATA_OK;
}

/* --- all of them --- */

/* NaN: not a figure in all of the replicates that lie up to there. */
static double finite_quantile(const double *sorted, double p)
{
    double x = quantile_sorted(sorted, SIMULATION_REPLICATES, p);
    return isfinite(x) ? x : (double)NAN;
}

static sim_range range_of(double *values)
{
    sort_values(values, SIMULATION_REPLICATES);
    return (sim_range){finite_quantile(values, 0.1), finite_quantile(values, 0.5),
                       finite_quantile(values, 0.9)};
}

static sim_run run_of(const job *j, size_t run)
{
    double *v = &j->values[run * MEASURES * SIMULATION_REPLICATES];
    return (sim_run){.churn = range_of(v),
                     .expansion = range_of(v + SIMULATION_REPLICATES),
                     .nrr = range_of(v + (size_t)2 * SIMULATION_REPLICATES),
                     .grr = range_of(v + (size_t)3 * SIMULATION_REPLICATES),
                     .arr = range_of(v + (size_t)4 * SIMULATION_REPLICATES),
                     .logos = range_of(v + (size_t)5 * SIMULATION_REPLICATES),
                     .ltv = range_of(v + (size_t)6 * SIMULATION_REPLICATES)};
}

/* By stratum: share that left; of stayers, weighted by ARR, ratio and ratio up to 1. */
typedef struct expectation {
    double left, ratio, least;
} expectation;

static expectation expect(const pools *p, size_t k)
{
    double left = 0.0;
    double was = 0.0;
    double is = 0.0;
    double least = 0.0;
    for (size_t i = p->start[k]; i < p->start[k + 1]; i++) {
        const sim_donor *x = &p->donors[i];
        if (x->is <= 0) {
            left += 1.0;
            continue;
        }
        was += (double)x->was;
        is += (double)x->is;
        least += (double)(x->is < x->was ? x->is : x->was);
    }
    double n = (double)(p->start[k + 1] - p->start[k]);
    return (expectation){left / fmax(n, 1.0), was > 0.0 ? is / was : 1.0,
                         was > 0.0 ? least / was : 1.0};
}

static strata_status put_expected(const simulation_input *in, const pools *p, simulation *out,
                                  strata_error *err)
{
    STRATA_AUTO_FREE expectation *of = STRATA_NEW_ARRAY(p->n_strata + 1, expectation);
    if (of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory simulating");
    }
    for (size_t k = 0; k < p->n_strata; k++) {
        of[k] = expect(p, k);
    }
    for (size_t i = 0; i < in->n; i++) {
        const sim_account *a = &in->accounts[i];
        expectation x = of[a->stratum];
        double leaves = fmin(x.left * a->risk, 1.0);
        double weight = (double)a->value / (double)out->value;
        out->expected_churn += leaves / (double)in->n;
        out->expected_nrr += weight * (1.0 - leaves) * x.ratio;
        out->expected_grr += weight * (1.0 - leaves) * x.least;
    }
    return STRATA_OK;
}

strata_status simulate(const context *cx, const simulation_input *in, simulation *out,
                       strata_error *err)
{
    STRATA_CLEANUP(pools_done) pools p = {0};
    STRATA_TRY(pools_make(in, &p, err));
    STRATA_AUTO_FREE double *values =
        STRATA_NEW_ARRAY((size_t)RUNS * MEASURES * SIMULATION_REPLICATES, double);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory simulating");
    }
    simulation result = {.n = in->n, .n_donors = in->n_donors};
    for (size_t i = 0; i < in->n; i++) {
        result.value += in->accounts[i].value;
    }
    for (size_t i = 0; i < in->n_donors; i++) {
        result.n_left += in->donors[i].is <= 0;
    }
    job j = {.cx = cx, .in = in, .pools = &p, .value = (double)result.value, .values = values};
    STRATA_TRY(parallel_run(cx, SIMULATION_REPLICATES, replicate_once, &j, err));
    result.base = run_of(&j, 0);
    result.plan = run_of(&j, 1);
    result.gain = run_of(&j, 2);
    STRATA_TRY(put_expected(in, &p, &result, err));
    *out = result;
    return STRATA_OK;
}
