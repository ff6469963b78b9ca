/* SPDX-License-Identifier: Apache-2.0 */
/* Rates out of the sums, and the months to come under them. */
#include <string.h>

#include "cohort/forecast/rates_private.h"

/* Monthly rates of one cell. */
typedef struct rate {
    double lost_logos, lost_arr, contraction, expansion;
} rate;

typedef struct projection {
    const rates *r;
    size_t segments; /* with the one of accounts in no segment */
    flow *sums;      /* [segment][band], of the accounts drawn */
    rate *rate;      /* the same */
    lapse lapsed;
    newcomers fresh; /* of an average month */
    stock *state;    /* [segment][age] */
    stock *next;
} projection;

static void projection_done(projection *p)
{
    free(p->sums);
    free(p->rate);
    free(p->state);
    free(p->next);
}

/* --- sums of the accounts drawn --- */

static void add_flow(flow *to, const flow *from, double times)
{
    to->logos += times * from->logos;
    to->arr += times * from->arr;
    to->lost_logos += times * from->lost_logos;
    to->lost_arr += times * from->lost_arr;
    to->contraction += times * from->contraction;
    to->expansion += times * from->expansion;
}

static void add_block(projection *p, size_t block, double times)
{
    const rates *r = p->r;
    size_t n_cells = p->segments * RATES_BANDS;
    for (size_t c = 0; c < n_cells; c++) {
        const flow *from = &r->flows[block * n_cells + c];
        if (from->logos > 0.0) {
            add_flow(&p->sums[c], from, times);
        }
    }
    const lapse *l = &r->lapses[block];
    p->lapsed.logos += times * l->logos;
    p->lapsed.arr += times * l->arr;
    p->lapsed.back_logos += times * l->back_logos;
    p->lapsed.back_arr += times * l->back_arr;
}

/* An average month's new accounts; with `draw`, of as many months drawn again. */
static newcomers fresh_month(const rates *r, rng *draw)
{
    newcomers sum = {0};
    size_t window = (size_t)r->window;
    for (size_t m = 0; m < window; m++) {
        size_t month = draw != NULL ? (size_t)rng_below(draw, window) : m;
        for (size_t block = 0; block < r->n_blocks; block++) {
            sum.logos += r->newcomers[block * window + month].logos;
            sum.arr += r->newcomers[block * window + month].arr;
        }
    }
    double months = window > 0 ? (double)window : 1.0;
    return (newcomers){sum.logos / months, sum.arr / months};
}

static strata_status sum_blocks(projection *p, rng *draw, strata_error *err)
{
    size_t n = p->r->n_blocks;
    STRATA_AUTO_FREE uint32_t *times = STRATA_NEW_ARRAY(n, uint32_t);
    if (times == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing accounts");
    }
    for (size_t k = 0; k < n; k++) {
        times[draw != NULL ? (size_t)rng_below(draw, n) : k]++;
    }
    for (size_t block = 0; block < n; block++) {
        if (times[block] > 0) {
            add_block(p, block, (double)times[block]);
        }
    }
    p->fresh = fresh_month(p->r, draw);
    return STRATA_OK;
}

/* --- rates --- */

static double ratio(double part, double whole)
{
    return whole > 0.0 ? part / whole : 0.0;
}

static rate rate_of(const flow *f)
{
    return (rate){ratio(f->lost_logos, f->logos), ratio(f->lost_arr, f->arr),
                  ratio(f->contraction, f->arr), ratio(f->expansion, f->arr)};
}

static double between(double own, double shared, double weight)
{
    return weight * own + (1.0 - weight) * shared;
}

/* Own rate and that of the larger whole, by the months behind the own one. */
static rate drawn_towards(const flow *own, const rate *shared)
{
    double w = own->logos / (own->logos + RATES_PRIOR);
    rate r = rate_of(own);
    return (rate){
        between(r.lost_logos, shared->lost_logos, w), between(r.lost_arr, shared->lost_arr, w),
        between(r.contraction, shared->contraction, w), between(r.expansion, shared->expansion, w)};
}

static void make_rates(projection *p)
{
    flow all = {0};
    for (size_t c = 0; c < p->segments * RATES_BANDS; c++) {
        add_flow(&all, &p->sums[c], 1.0);
    }
    rate overall = rate_of(&all);
    for (size_t band = 0; band < RATES_BANDS; band++) {
        flow whole = {0};
        for (size_t s = 0; s < p->segments; s++) {
            add_flow(&whole, &p->sums[s * RATES_BANDS + band], 1.0);
        }
        rate shared = drawn_towards(&whole, &overall);
        for (size_t s = 0; s < p->segments; s++) {
            size_t c = s * RATES_BANDS + band;
            bool own = s + 1 < p->segments && p->r->n_segments > 1;
            p->rate[c] = own ? drawn_towards(&p->sums[c], &shared) : shared;
        }
    }
}

/* --- months to come --- */

/* A month of everyone in p->state; returns who was lost. */
static stock step(projection *p)
{
    stock lost = {0};
    size_t ages = RATES_LAST_AGE + 1;
    memset(p->next, 0, p->segments * ages * sizeof *p->next);
    for (size_t s = 0; s < p->segments; s++) {
        for (size_t age = 0; age < ages; age++) {
            stock at = p->state[s * ages + age];
            const rate *r = &p->rate[s * RATES_BANDS + rates_band(p->r, (int)age)];
            stock *to = &p->next[s * ages + (age + 1 < ages ? age + 1 : age)];
            double growth = 1.0 - r->lost_arr - r->contraction + r->expansion;
            to->logos += at.logos * (1.0 - r->lost_logos);
            to->arr += at.arr * (growth > 0.0 ? growth : 0.0);
            lost.logos += at.logos * r->lost_logos;
            lost.arr += at.arr * r->lost_arr;
        }
    }
    stock *swap = p->state;
    p->state = p->next;
    p->next = swap;
    return lost;
}

/* Those who come back in a month join the oldest of no segment. */
static void come_back(projection *p, stock *lapsed)
{
    double logos = lapsed->logos * ratio(p->lapsed.back_logos, p->lapsed.logos);
    double rate_arr = ratio(p->lapsed.back_arr, p->lapsed.arr);
    stock *to = &p->state[p->segments * (RATES_LAST_AGE + 1) - 1];
    to->logos += logos;
    to->arr += lapsed->arr * rate_arr;
    /* Whoever is back is no longer lapsed, with what he had. */
    double left = lapsed->logos > 0.0 ? 1.0 - logos / lapsed->logos : 1.0;
    lapsed->logos *= left;
    lapsed->arr *= left;
}

static stock total(const projection *p)
{
    stock sum = {0};
    for (size_t i = 0; i < p->segments * (RATES_LAST_AGE + 1); i++) {
        sum.logos += p->state[i].logos;
        sum.arr += p->state[i].arr;
    }
    return sum;
}

static void run_months(projection *p, int horizon, stock lapsed, const newcomers *fresh,
                       double *logos, double *arr)
{
    stock now = total(p);
    logos[0] = now.logos;
    arr[0] = now.arr;
    for (int m = 1; m <= horizon; m++) {
        stock lost = step(p);
        come_back(p, &lapsed);
        lapsed.logos += lost.logos;
        lapsed.arr += lost.arr;
        if (fresh != NULL) {
            stock *none = &p->state[(p->segments - 1) * (RATES_LAST_AGE + 1)];
            none->logos += fresh->logos;
            none->arr += fresh->arr;
        }
        now = total(p);
        logos[m] = now.logos;
        arr[m] = now.arr;
    }
}

static void set_today(projection *p)
{
    memcpy(p->state, p->r->today, p->segments * (RATES_LAST_AGE + 1) * sizeof *p->state);
}

strata_status rates_project(const rates *r, int horizon, rng *draw, rates_path *out,
                            strata_error *err)
{
    size_t segments = r->n_segments + 1;
    STRATA_CLEANUP(projection_done)
    projection p = {.r = r,
                    .segments = segments,
                    .sums = STRATA_NEW_ARRAY(segments * RATES_BANDS, flow),
                    .rate = STRATA_NEW_ARRAY(segments * RATES_BANDS, rate),
                    .state = STRATA_NEW_ARRAY(segments * (RATES_LAST_AGE + 1), stock),
                    .next = STRATA_NEW_ARRAY(segments * (RATES_LAST_AGE + 1), stock)};
    if (!p.sums || !p.rate || !p.state || !p.next) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory projecting %zu segments", segments);
    }
    STRATA_TRY(sum_blocks(&p, draw, err));
    make_rates(&p);
    set_today(&p);
    run_months(&p, horizon, (stock){0}, NULL, out->logos, out->arr);
    set_today(&p);
    run_months(&p, horizon, r->lapsed_today, &p.fresh, out->all_logos, out->all_arr);
    return STRATA_OK;
}
