/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/clones.h"
#include "base/parallel.h"
#include "stats/learning/logistic_private.h"

/* Sums over rows are made in blocks that the data alone cut, and added in their order, so that they
 * do not depend on threads. */
enum { BLOCKS_MAX = 16, BLOCK_ROWS_MIN = 512 };

typedef struct block_sums {
    double loglik, least_positive, most_negative;
    double *gradient, *information; /* q and q x q */
} block_sums;

typedef struct look_job {
    const logistic_design *d;
    const double *theta;
    size_t n_blocks;
    block_sums sums[BLOCKS_MAX];
} look_job;

double log1p_exp(double x)
{
    return fmax(x, 0.0) + log1p(exp(-fabs(x)));
}

strata_status logistic_place_new(const logistic_design *d, logistic_place **out, strata_error *err)
{
    size_t q = d->p + 1;
    STRATA_AUTO(logistic_place_free) logistic_place *p = STRATA_NEW_ARRAY(1, logistic_place);
    if (p != NULL) {
        p->theta = STRATA_NEW_ARRAY(q, double);
        p->gradient = STRATA_NEW_ARRAY(q, double);
        p->information = STRATA_NEW_ARRAY(q * q, double);
    }
    if (p == NULL || p->theta == NULL || p->gradient == NULL || p->information == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %zu coefficients", q);
    }
    *out = strata_steal(&p);
    return STRATA_OK;
}

void logistic_place_free(logistic_place *p)
{
    if (p != NULL) {
        free(p->theta);
        free(p->gradient);
        free(p->information);
        free(p);
    }
}

/* Half of the time of a fit. Each number is added to by itself, in the order of the rows. */
STRATA_CLONES static void add_slopes(const double *restrict z, size_t q, double residual,
                                     double curvature, double *restrict gradient,
                                     double *restrict information)
{
    for (size_t k = 0; k < q; k++) {
        double *row = &information[k * q];
        double by = curvature * z[k];
        gradient[k] += residual * z[k];
#pragma omp simd
        for (size_t l = 0; l <= k; l++) {
            row[l] += by * z[l];
        }
    }
}

static void add_row(const look_job *job, size_t i, block_sums *s)
{
    const logistic_design *d = job->d;
    size_t q = d->p + 1;
    const double *z = &d->z[i * q];
    double margin = 0.0;
    for (size_t k = 0; k < q; k++) {
        margin += job->theta[k] * z[k];
    }
    double weight = d->weight[i];
    double small = exp(-fabs(margin)); /* no overflow on either side */
    double chance = margin >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
    double curvature = weight * small / ((1.0 + small) * (1.0 + small));
    double residual = weight * ((double)d->y[i] - chance);
    s->loglik -= weight * log1p_exp(d->y[i] ? -margin : margin);
    if (d->y[i]) {
        s->least_positive = fmin(s->least_positive, margin);
    } else {
        s->most_negative = fmax(s->most_negative, margin);
    }
    add_slopes(z, q, residual, curvature, s->gradient, s->information);
}

static strata_status add_block(void *payload, size_t task, strata_error *err)
{
    (void)err;
    look_job *job = payload;
    size_t from = job->d->n * task / job->n_blocks;
    size_t to = job->d->n * (task + 1) / job->n_blocks;
    for (size_t i = from; i < to; i++) {
        add_row(job, i, &job->sums[task]);
    }
    return STRATA_OK;
}

/* Adds the blocks up, and the ridge's part. */
static void put_together(const look_job *job, logistic_place *p)
{
    size_t q = job->d->p + 1;
    p->loglik = 0.0;
    p->least_positive = INFINITY;
    p->most_negative = -INFINITY;
    for (size_t k = 0; k < q; k++) {
        p->gradient[k] = 0.0;
    }
    for (size_t k = 0; k < q * q; k++) {
        p->information[k] = 0.0;
    }
    for (size_t b = 0; b < job->n_blocks; b++) {
        const block_sums *s = &job->sums[b];
        p->loglik += s->loglik;
        p->least_positive = fmin(p->least_positive, s->least_positive);
        p->most_negative = fmax(p->most_negative, s->most_negative);
        for (size_t k = 0; k < q; k++) {
            p->gradient[k] += s->gradient[k];
        }
        for (size_t k = 0; k < q * q; k++) {
            p->information[k] += s->information[k];
        }
    }
    p->value = p->loglik;
    for (size_t k = 0; k + 1 < q; k++) {
        p->value -= 0.5 * job->d->ridge * p->theta[k] * p->theta[k];
        p->gradient[k] -= job->d->ridge * p->theta[k];
    }
}

strata_status logistic_look(const context *cx, const logistic_design *d, logistic_place *p,
                            strata_error *err)
{
    size_t q = d->p + 1;
    look_job job = {.d = d, .theta = p->theta, .n_blocks = d->n / BLOCK_ROWS_MIN};
    job.n_blocks = job.n_blocks < 1 ? 1 : job.n_blocks > BLOCKS_MAX ? BLOCKS_MAX : job.n_blocks;
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(job.n_blocks * q * (q + 1), double);
    if (room == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %zu coefficients", q);
    }
    for (size_t b = 0; b < job.n_blocks; b++) {
        double *mine = &room[b * q * (q + 1)];
        job.sums[b] = (block_sums){0.0, INFINITY, -INFINITY, mine, mine + q};
    }
    STRATA_TRY(parallel_run(cx, job.n_blocks, add_block, &job, err));
    put_together(&job, p);
    return STRATA_OK;
}
