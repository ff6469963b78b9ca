/* SPDX-License-Identifier: Apache-2.0 */
/* Partial log-likelihood, score and information in a few passes over the rows.
 *
 * Per moment the information is the covariance of the covariates at risk, weighted by exp(beta x):
 * S2/S0 - (S1/S0)(S1/S0)'. The sum over moments of S2/S0 is the sum over rows of weight x
 * (cumulative hazard while at risk) x x x', so that S2 never is summed up: O(n p^2) in one pass
 * without dependence between rows, and S0, S1 in another. Efron's ties count those who end at a
 * moment of d ends with 1 - k/d in step k = 0 .. d-1. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/survival/cox_private.h"

/* |predictor| beyond this means coefficients that no data ask for: the step is halved instead. */
#define PREDICTOR_MAX 300.0

/* A block's parts: log-likelihood, whether some predictor was too large, score (p), sum of row
 * products less sum of moment products (p x p). */
enum { PART_LOGLIK, PART_TOO_LARGE, PART_SCORE };

/* Rows taken at once: their part of a column stays in the first-level cache. */
enum { CHUNK = 256 };

static size_t parts_of(size_t p)
{
    return PART_SCORE + p + p * p;
}

/* Two sums of weights and weighted covariates, and a vector of p. */
static size_t room_of(size_t p)
{
    return 3 * p + 2;
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
        s->parts = STRATA_NEW_ARRAY(d->n_blocks * (parts_of(d->p) + room_of(d->p)), double);
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

static double *block_room(const job *j, size_t b)
{
    return j->s->parts + j->d->n_blocks * parts_of(j->d->p) + b * room_of(j->d->p);
}

static inline void add_to(double *sum, const double *v, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        sum[k] += v[k];
    }
}

static inline const double *column(const cox_design *d, size_t k)
{
    return d->x + k * d->n;
}

/* Sum of a[i] b[i] in four sums side by side, in the same order whatever the compiler. */
static double dot(const double *a, const double *b, size_t n)
{
    double s[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (size_t l = 0; l < 4; l++) {
            s[l] += a[i + l] * b[i + l];
        }
    }
    for (; i < n; i++) {
        s[0] += a[i] * b[i];
    }
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static double sum_of(const double *a, size_t n)
{
    double s = 0.0;
    for (size_t i = 0; i < n; i++) {
        s += a[i];
    }
    return s;
}

/* eta[i] for `n` rows from `r` on. */
static void predict(const job *j, size_t r, size_t n, double *eta)
{
    memset(eta, 0, n * sizeof *eta);
    for (size_t k = 0; k < j->d->p; k++) {
        const double *x = column(j->d, k) + r;
        double beta = j->beta[k];
        for (size_t i = 0; i < n; i++) {
            eta[i] += beta * x[i];
        }
    }
}

static strata_status weigh_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t end = d->begin[d->block[b + 1]];
    bool too_large = false;
    for (size_t r = d->begin[d->block[b]]; r < end; r += CHUNK) {
        double eta[CHUNK];
        size_t n = end - r < CHUNK ? end - r : CHUNK;
        predict(j, r, n, eta);
        for (size_t i = 0; i < n; i++) {
            too_large = too_large || !(fabs(eta[i]) <= PREDICTOR_MAX);
            j->s->weight[r + i] = exp(eta[i]);
        }
    }
    block_parts(j, b)[PART_TOO_LARGE] = too_large ? 1.0 : 0.0;
    return STRATA_OK;
}

/* sum[0] += weights, sum[1 + k] += weighted covariate k of rows r .. r + n - 1. */
static void add_rows(const job *j, size_t r, size_t n, double *sum)
{
    const double *w = j->s->weight + r;
    sum[0] += sum_of(w, n);
    for (size_t k = 0; k < j->d->p; k++) {
        sum[1 + k] += dot(w, column(j->d, k) + r, n);
    }
}

/* Takes off those that come into sight at moment m or later. */
static void take_off_entrants(const job *j, size_t m, double *sum)
{
    const cox_design *d = j->d;
    for (uint32_t e = d->entrant_begin[m]; e < d->entrant_begin[m + 1]; e++) {
        uint32_t r = d->entrants[e];
        sum[0] -= j->s->weight[r];
        for (size_t k = 0; k < d->p; k++) {
            sum[1 + k] -= j->s->weight[r] * column(d, k)[r];
        }
    }
}

/* Sums over the rows of the block's first stratum that are at risk at its first moment: what the
 * block before carries on with. */
static strata_status sum_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    double *sum = j->s->carry + b * (d->p + 1);
    memset(sum, 0, (d->p + 1) * sizeof *sum);
    uint32_t first = d->block[b];
    uint32_t end = first;
    for (; end < d->block[b + 1] && d->stratum[end] == d->stratum[first]; end++) {
        if (d->enters != NULL) {
            take_off_entrants(j, end, sum);
        }
    }
    add_rows(j, d->begin[first], d->begin[end] - d->begin[first], sum);
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

/* Sums over the rows at risk at one moment, and over those of them that end: weights, then weighted
 * covariates. */
typedef struct risk {
    double *all, *ending; /* 1 + p */
    double *mix;          /* p */
    double factor;        /* of the likelihood, so far; its logarithm is taken now and then only */
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

/* Divides the likelihood by a denominator, which PREDICTOR_MAX keeps from 1e-131 to 1e141. */
static inline void divide_likelihood(risk *at, double denominator, double *loglik)
{
    at->factor *= denominator;
    if (!(at->factor < 1e150 && at->factor > 1e-150)) {
        *loglik -= log(at->factor);
        at->factor = 1.0;
    }
}

/* Efron's steps of one moment of several ends. */
static void take_ties(const job *j, size_t m, risk *at, double *parts)
{
    size_t p = j->d->p;
    double d = j->d->deaths[m];
    double g = j->s->g != NULL ? j->s->g[m] : 1.0;
    double *products = parts + PART_SCORE + p;
    double step = 0.0;
    double own = 0.0;
    double squares = 0.0; /* of 1 / denominator, and times the share of the ends taken off */
    double once = 0.0;
    double twice = 0.0;
    for (uint32_t k = 0; k < j->d->deaths[m]; k++) {
        double off = k / d;
        double denominator = at->all[0] - off * at->ending[0];
        double inverse = 1.0 / denominator;
        divide_likelihood(at, denominator, &parts[PART_LOGLIK]);
        step += inverse;
        own += (1.0 - off) * inverse;
        squares += inverse * inverse;
        once += off * inverse * inverse;
        twice += off * off * inverse * inverse;
    }
    j->s->step[m] = g * step;
    j->s->own[m] = g * own;
    /* squares s1 s1' - once (s1 d1' + d1 s1') + twice d1 d1', as two products of its triangle. */
    const double *s1 = at->all + 1;
    const double *d1 = at->ending + 1;
    for (size_t k = 0; k < p; k++) {
        at->mix[k] = squares * s1[k] - once * d1[k];
    }
    add_product(products, s1, at->mix, p, -g);
    for (size_t k = 0; k < p; k++) {
        at->mix[k] = twice * d1[k] - once * s1[k];
    }
    add_product(products, d1, at->mix, p, -g);
}

/* One moment with its risk sums complete; takes its means' products off the information. */
static void take_moment(const job *j, size_t m, risk *at, double *parts)
{
    if (j->d->deaths[m] > 1 && j->d->ties == COX_EFRON) {
        take_ties(j, m, at, parts);
        return;
    }
    size_t p = j->d->p;
    double g = j->s->g != NULL ? j->s->g[m] : 1.0;
    double step = j->d->deaths[m] / at->all[0];
    for (uint32_t k = 0; k < j->d->deaths[m]; k++) {
        divide_likelihood(at, at->all[0], &parts[PART_LOGLIK]);
    }
    j->s->step[m] = g * step;
    j->s->own[m] = g * step;
    add_product(parts + PART_SCORE + p, at->all + 1, at->all + 1, p, -g * step / at->all[0]);
}

/* Adds the rows of moment m to those at risk and takes off who is not there yet. */
static void meet_moment(const job *j, size_t m, risk *at)
{
    const cox_design *d = j->d;
    size_t width = d->p + 1;
    if (cox_ends_stratum(d, m)) {
        memset(at->all, 0, width * sizeof *at->all);
    }
    memset(at->ending, 0, width * sizeof *at->ending);
    size_t others = (size_t)d->begin[m] + d->deaths[m];
    add_rows(j, d->begin[m], d->deaths[m], at->ending);
    add_rows(j, others, d->begin[m + 1] - others, at->all);
    add_to(at->all, at->ending, width);
    if (d->enters != NULL) {
        take_off_entrants(j, m, at->all);
        /* Nobody else is there: what is left of the others is rounding. */
        if (d->at_risk[m] == d->deaths[m]) {
            memcpy(at->all, at->ending, width * sizeof *at->all);
        }
    }
}

/* The block's moments from the last to the first. */
static strata_status walk_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t width = d->p + 1;
    double *parts = block_parts(j, b);
    double *room = block_room(j, b);
    memset(parts + PART_SCORE, 0, (d->p + d->p * d->p) * sizeof *parts);
    parts[PART_LOGLIK] = 0.0;
    memcpy(room, j->s->carry + b * width, width * sizeof *room);
    risk at = {.all = room, .ending = room + width, .mix = room + 2 * width, .factor = 1.0};
    for (size_t m = d->block[b + 1]; m-- > d->block[b];) {
        meet_moment(j, m, &at);
        take_moment(j, m, &at, parts);
        for (size_t k = 0; j->s->g != NULL && k < d->p; k++) {
            parts[PART_SCORE + k] += j->s->g[m] * sum_of(column(d, k) + d->begin[m], d->deaths[m]);
        }
    }
    parts[PART_LOGLIK] -= log(at.factor);
    return STRATA_OK;
}

/* How much rows r .. r + n - 1 count: weight x hazard while at risk. *m: moment of row r; moves on
 * with the rows. */
static void weigh_hazard(const job *j, size_t r, size_t n, size_t *m, double *c)
{
    const cox_design *d = j->d;
    const cox_state *s = j->s;
    for (size_t i = r; i < r + n; i++) {
        while (i >= d->begin[*m + 1]) {
            (*m)++;
        }
        double hazard = s->cumulative[*m];
        if (i < d->begin[*m] + (size_t)d->deaths[*m]) {
            hazard += s->own[*m] - s->step[*m];
        }
        if (d->enters != NULL && d->enters[i] != COX_NO_MOMENT) {
            hazard -= s->cumulative[d->enters[i]];
        }
        c[i - r] = s->weight[i] * hazard;
    }
}

/* Products of the block's rows, a chunk at a time and in columns. */
static strata_status multiply_block(void *payload, size_t b, strata_error *err)
{
    (void)err;
    const job *j = payload;
    const cox_design *d = j->d;
    size_t p = d->p;
    double *score = block_parts(j, b) + PART_SCORE;
    double *products = score + p;
    size_t end = d->begin[d->block[b + 1]];
    size_t m = d->block[b];
    for (size_t r = d->begin[m]; r < end; r += CHUNK) {
        double c[CHUNK] = {0};
        double cx[CHUNK];
        size_t n = end - r < CHUNK ? end - r : CHUNK;
        weigh_hazard(j, r, n, &m, c);
        for (size_t i = 0; i < p; i++) {
            const double *x = column(d, i) + r;
            for (size_t k = 0; k < n; k++) {
                cx[k] = c[k] * x[k];
            }
            score[i] -= sum_of(cx, n);
            for (size_t k = 0; k <= i; k++) {
                products[i * p + k] += dot(cx, column(d, k) + r, n);
            }
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
        add_to(s->score, parts + PART_SCORE, p);
        add_to(s->information, parts + PART_SCORE + p, p * p);
    }
    if (s->g == NULL) {
        add_to(s->score, j->d->ended, p);
        s->loglik += dot(j->beta, j->d->ended, p);
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
