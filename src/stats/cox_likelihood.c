/* SPDX-License-Identifier: Apache-2.0 */
/* Partial log-likelihood, score and information in three passes over the rows.
 *
 * Per moment the information is the covariance of the covariates at risk, weighted by exp(beta x):
 * S2/S0 - (S1/S0)(S1/S0)'. The sum over moments of S2/S0 is the sum over rows of weight x
 * (cumulative hazard while at risk) x x x', so that S2 never is summed up: O(n p^2) in one pass
 * without dependence between rows, and S0, S1 in another. Efron's ties count those who end at a
 * moment of d ends with 1 - k/d in step k = 0 .. d-1. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/cox_private.h"

/* |predictor| beyond this means coefficients that no data ask for: the step is halved instead. */
#define PREDICTOR_MAX 300.0

/* A block's parts: log-likelihood, whether some predictor was too large, score (p), sum of row
 * products less sum of moment products (p x p). */
enum { PART_LOGLIK, PART_TOO_LARGE, PART_SCORE };

static size_t parts_of(size_t p)
{
    return PART_SCORE + p + p * p;
}

typedef struct job {
    const cox_design *d;
    const double *beta;
    cox_state *s;
} job;

void cox_state_free(cox_state *s)
{
    if (s == NULL) {
        return;
    }
    free(s->score);
    free(s->information);
    free(s->weight);
    free(s->step);
    free(s->own);
    free(s->cumulative);
    free(s->carry);
    free(s->parts);
    free(s);
}

strata_status cox_state_new(const cox_design *d, cox_state **out, strata_error *err)
{
    STRATA_AUTO(cox_state_free) cox_state *s = STRATA_NEW_ARRAY(1, cox_state);
    if (s != NULL) {
        s->score = STRATA_NEW_ARRAY(d->p, double);
        s->information = STRATA_NEW_ARRAY(d->p * d->p, double);
        s->weight = STRATA_NEW_ARRAY(d->n, double);
        s->step = STRATA_NEW_ARRAY(d->n_moments, double);
        s->own = STRATA_NEW_ARRAY(d->n_moments, double);
        s->cumulative = STRATA_NEW_ARRAY(d->n_moments, double);
        s->carry = STRATA_NEW_ARRAY(d->n_blocks * (d->p + 1), double);
        s->parts = STRATA_NEW_ARRAY(d->n_blocks * (parts_of(d->p) + 3 * d->p), double);
    }
    if (s == NULL || s->score == NULL || s->information == NULL || s->weight == NULL ||
        s->step == NULL || s->own == NULL || s->cumulative == NULL || s->carry == NULL ||
        s->parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a regression on %zu rows", d->n);
    }
    *out = strata_steal(&s);
    return STRATA_OK;
}

static double *block_parts(const job *j, size_t b)
{
    return j->s->parts + b * parts_of(j->d->p);
}

/* Room of a block for three vectors of p. */
static double *block_room(const job *j, size_t b)
{
    return j->s->parts + j->d->n_blocks * parts_of(j->d->p) + b * 3 * j->d->p;
}

static inline void add_row(double *sum, const double *x, size_t p, double w)
{
    for (size_t k = 0; k < p; k++) {
        sum[k] += w * x[k];
    }
}

static strata_status weigh_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t p = d->p;
    uint32_t end = d->begin[d->block[b + 1]];
    bool too_large = false;
    for (uint32_t r = d->begin[d->block[b]]; r < end; r++) {
        const double *x = d->x + (size_t)r * p;
        double eta = 0.0;
        for (size_t k = 0; k < p; k++) {
            eta += j->beta[k] * x[k];
        }
        too_large = too_large || !(fabs(eta) <= PREDICTOR_MAX);
        j->s->weight[r] = exp(eta);
    }
    block_parts(j, b)[PART_TOO_LARGE] = too_large ? 1.0 : 0.0;
    return STRATA_OK;
}

/* Sums over the rows of the block's first stratum that are at risk at its first moment: what the
 * block before carries on with. */
static strata_status sum_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t p = d->p;
    const double *w = j->s->weight;
    double *sum = j->s->carry + b * (p + 1);
    memset(sum, 0, (p + 1) * sizeof *sum);
    uint32_t first = d->block[b];
    for (size_t m = first; m < d->block[b + 1] && d->stratum[m] == d->stratum[first]; m++) {
        for (uint32_t r = d->begin[m]; r < d->begin[m + 1]; r++) {
            sum[0] += w[r];
            add_row(sum + 1, d->x + (size_t)r * p, p, w[r]);
        }
        for (uint32_t e = d->enters != NULL ? d->entrant_begin[m] : 0;
             d->enters != NULL && e < d->entrant_begin[m + 1]; e++) {
            uint32_t r = d->entrants[e];
            sum[0] -= w[r];
            add_row(sum + 1, d->x + (size_t)r * p, p, -w[r]);
        }
    }
    return STRATA_OK;
}

/* Turns each block's own sums into those of everything behind it in the stratum it ends in. */
static void carry_back(const cox_design *d, cox_state *s)
{
    size_t width = d->p + 1;
    for (size_t b = 0; b + 1 < d->n_blocks; b++) {
        memcpy(s->carry + b * width, s->carry + (b + 1) * width, width * sizeof *s->carry);
    }
    memset(s->carry + (d->n_blocks - 1) * width, 0, width * sizeof *s->carry);
    for (size_t b = d->n_blocks - 1; b-- > 0;) {
        uint32_t next = d->block[b + 1];
        double *mine = s->carry + b * width;
        if (cox_ends_stratum(d, next - 1)) {
            memset(mine, 0, width * sizeof *mine);
        } else if (d->stratum[d->block[b + 2] - 1] == d->stratum[next] &&
                   !cox_ends_stratum(d, d->block[b + 2] - 1)) {
            for (size_t k = 0; k < width; k++) {
                mine[k] += s->carry[(b + 1) * width + k];
            }
        }
    }
}

/* Sums over the rows at risk at one moment, and over those of them that end. */
typedef struct risk {
    double s0, d0;
    double *s1, *d1, *mix;
} risk;

/* product += scale x u v' over the lower triangle. */
static inline void add_product(double *product, const double *u, const double *v, size_t p,
                               double scale)
{
    for (size_t i = 0; i < p; i++) {
        double f = scale * u[i];
        for (size_t k = 0; k <= i; k++) {
            product[i * p + k] += f * v[k];
        }
    }
}

/* One moment with its risk sums complete; takes its means' products off the information. */
static void take_moment(const job *j, size_t m, const risk *at, double *parts)
{
    size_t p = j->d->p;
    double d = j->d->deaths[m];
    double g = j->s->g != NULL ? j->s->g[m] : 1.0;
    double *products = parts + PART_SCORE + p;
    if (d < 2.0 || j->d->ties == COX_BRESLOW) {
        double step = d / at->s0;
        parts[PART_LOGLIK] -= d * log(at->s0);
        j->s->step[m] = g * step;
        j->s->own[m] = g * step;
        add_product(products, at->s1, at->s1, p, -g * step / at->s0);
        return;
    }
    double step = 0.0;
    double own = 0.0;
    double squares = 0.0; /* of 1 / denominator, and times the share of the ends taken off */
    double once = 0.0;
    double twice = 0.0;
    for (double k = 0.0; k < d; k += 1.0) {
        double off = k / d;
        double denominator = at->s0 - off * at->d0;
        double inverse = 1.0 / denominator;
        parts[PART_LOGLIK] -= log(denominator);
        step += inverse;
        own += (1.0 - off) * inverse;
        squares += inverse * inverse;
        once += off * inverse * inverse;
        twice += off * off * inverse * inverse;
    }
    j->s->step[m] = g * step;
    j->s->own[m] = g * own;
    /* squares s1 s1' - once (s1 d1' + d1 s1') + twice d1 d1', as two products of its triangle. */
    for (size_t k = 0; k < p; k++) {
        at->mix[k] = squares * at->s1[k] - once * at->d1[k];
    }
    add_product(products, at->s1, at->mix, p, -g);
    for (size_t k = 0; k < p; k++) {
        at->mix[k] = twice * at->d1[k] - once * at->s1[k];
    }
    add_product(products, at->d1, at->mix, p, -g);
}

/* Adds the rows of moment m to those at risk; the ends also apart, and to the score. */
static void add_rows(const job *j, size_t m, risk *at, double *score, double *loglik)
{
    const cox_design *d = j->d;
    size_t p = d->p;
    double g = j->s->g != NULL ? j->s->g[m] : 1.0;
    at->d0 = 0.0;
    memset(at->d1, 0, p * sizeof *at->d1);
    uint32_t deaths_end = d->begin[m] + d->deaths[m];
    for (uint32_t r = d->begin[m]; r < d->begin[m + 1]; r++) {
        const double *x = d->x + (size_t)r * p;
        double w = j->s->weight[r];
        if (r < deaths_end) {
            at->d0 += w;
            for (size_t k = 0; k < p; k++) {
                at->d1[k] += w * x[k];
                score[k] += g * x[k];
                *loglik += j->beta[k] * x[k];
            }
        } else {
            at->s0 += w;
            add_row(at->s1, x, p, w);
        }
    }
    at->s0 += at->d0;
    add_row(at->s1, at->d1, p, 1.0);
}

static void take_out_entrants(const job *j, size_t m, risk *at)
{
    const cox_design *d = j->d;
    size_t p = d->p;
    for (uint32_t e = d->entrant_begin[m]; e < d->entrant_begin[m + 1]; e++) {
        uint32_t r = d->entrants[e];
        at->s0 -= j->s->weight[r];
        add_row(at->s1, d->x + (size_t)r * p, p, -j->s->weight[r]);
    }
    /* Nobody else is there: what is left of the others is rounding. */
    if (d->at_risk[m] == d->deaths[m]) {
        at->s0 = at->d0;
        memcpy(at->s1, at->d1, p * sizeof *at->s1);
    }
}

/* The block's moments from the last to the first. */
static strata_status walk_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t p = d->p;
    double *parts = block_parts(j, b);
    double *room = block_room(j, b);
    const double *carry = j->s->carry + b * (p + 1);
    memset(parts + PART_SCORE, 0, (p + p * p) * sizeof *parts);
    memcpy(room, carry + 1, p * sizeof *room);
    risk at = {.s0 = carry[0], .s1 = room, .d1 = room + p, .mix = room + 2 * p};
    parts[PART_LOGLIK] = 0.0;
    for (size_t m = d->block[b + 1]; m-- > d->block[b];) {
        if (cox_ends_stratum(d, m)) {
            at.s0 = 0.0;
            memset(at.s1, 0, p * sizeof *at.s1);
        }
        add_rows(j, m, &at, parts + PART_SCORE, &parts[PART_LOGLIK]);
        if (d->enters != NULL) {
            take_out_entrants(j, m, &at);
        }
        take_moment(j, m, &at, parts);
    }
    return STRATA_OK;
}

/* Rows weighted by the hazard they went through. */
static strata_status multiply_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    const cox_state *s = j->s;
    size_t p = d->p;
    double *score = block_parts(j, b) + PART_SCORE;
    for (size_t m = d->block[b]; m < d->block[b + 1]; m++) {
        double until_end = s->cumulative[m] - s->step[m] + s->own[m];
        uint32_t deaths_end = d->begin[m] + d->deaths[m];
        for (uint32_t r = d->begin[m]; r < d->begin[m + 1]; r++) {
            double hazard = r < deaths_end ? until_end : s->cumulative[m];
            if (d->enters != NULL && d->enters[r] != COX_NO_MOMENT) {
                hazard -= s->cumulative[d->enters[r]];
            }
            const double *x = d->x + (size_t)r * p;
            double c = s->weight[r] * hazard;
            add_row(score, x, p, -c);
            add_product(score + p, x, x, p, c);
        }
    }
    return STRATA_OK;
}

static void accumulate_steps(const cox_design *d, cox_state *s)
{
    double sum = 0.0;
    for (size_t m = 0; m < d->n_moments; m++) {
        sum += s->step[m];
        s->cumulative[m] = sum;
        if (cox_ends_stratum(d, m)) {
            sum = 0.0;
        }
    }
}

/* Blocks in their order, whatever the threads did. */
static void add_blocks(const job *j)
{
    cox_state *s = j->s;
    size_t p = j->d->p;
    s->loglik = 0.0;
    memset(s->score, 0, p * sizeof *s->score);
    memset(s->information, 0, p * p * sizeof *s->information);
    for (size_t b = 0; b < j->d->n_blocks; b++) {
        const double *parts = block_parts(j, b);
        s->loglik += parts[PART_LOGLIK];
        add_row(s->score, parts + PART_SCORE, p, 1.0);
        add_row(s->information, parts + PART_SCORE + p, p * p, 1.0);
    }
    for (size_t i = 0; i < p; i++) {
        for (size_t k = 0; k < i; k++) {
            s->information[k * p + i] = s->information[i * p + k];
        }
    }
}

strata_status cox_evaluate(const context *cx, const cox_design *d, const double *beta, cox_state *s,
                           strata_error *err)
{
    job j = {.d = d, .beta = beta, .s = s};
    STRATA_TRY(parallel_run(cx, d->n_blocks, weigh_block, &j, err));
    s->possible = true;
    for (size_t b = 0; b < d->n_blocks; b++) {
        s->possible = s->possible && !(block_parts(&j, b)[PART_TOO_LARGE] > 0.0);
    }
    if (!s->possible) {
        s->loglik = -INFINITY;
        return STRATA_OK;
    }
    if (d->n_blocks > 1) {
        STRATA_TRY(parallel_run(cx, d->n_blocks, sum_block, &j, err));
        carry_back(d, s);
    }
    STRATA_TRY(parallel_run(cx, d->n_blocks, walk_block, &j, err));
    accumulate_steps(d, s);
    STRATA_TRY(parallel_run(cx, d->n_blocks, multiply_block, &j, err));
    add_blocks(&j);
    return STRATA_OK;
}
