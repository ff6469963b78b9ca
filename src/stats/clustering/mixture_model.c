/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "stats/clustering/mixture_private.h"
#include "stats/numeric/cholesky.h"

#define LOG_2_PI 1.8378770664093454836
#define FEWEST 1e-6 /* points that a component must have */
#define PIVOT 1e-12 /* of a variance must be left when the coordinates before it are known */

size_t mixture_cells(mixture_shape shape, size_t d)
{
    return mixture_has_triangles(shape) ? d * (d + 1) / 2 : d;
}

size_t mixture_parameters(mixture_shape shape, size_t k, size_t d)
{
    size_t spread = 0;
    switch (shape) {
    case MIXTURE_FULL:
        spread = k * (d * (d + 1) / 2);
        break;
    case MIXTURE_DIAGONAL:
        spread = k * d;
        break;
    case MIXTURE_TIED:
        spread = d * (d + 1) / 2;
        break;
    case MIXTURE_SPHERICAL:
        spread = k;
        break;
    }
    return k * d + spread + k - 1;
}

size_t mixture_room(const mixture_model *m)
{
    return m->k * (3 + 2 * m->d + 3 * m->cells) + m->d * m->d;
}

void mixture_place(mixture_model *m, mixture_sums *sums, double *room)
{
    m->weight = room;
    m->mean = m->weight + m->k;
    m->covariance = m->mean + m->k * m->d;
    m->whiten = m->covariance + m->k * m->cells;
    m->constant = m->whiten + m->k * m->cells;
    m->work = m->constant + m->k;
    sums->weight = m->work + m->d * m->d;
    sums->first = sums->weight + m->k;
    sums->second = sums->first + m->k * m->d;
}

/* Covariance of one component about its new mean, from the sums about the old one. */
static void covariance_of(const mixture_model *now, const mixture_sums *sums, size_t c, double *out)
{
    double n = sums->weight[c];
    const double *first = sums->first + c * now->d;
    const double *second = sums->second + c * now->cells;
    for (size_t i = 0; i < now->d; i++) {
        for (size_t j = mixture_has_triangles(now->shape) ? 0 : i; j <= i; j++) {
            *out++ = *second++ / n - first[i] / n * (first[j] / n);
        }
    }
}

/* One covariance for all: the mean of theirs by weight. */
static void tie(const mixture_model *m)
{
    for (size_t i = 0; i < m->cells; i++) {
        double sum = 0.0;
        for (size_t c = 0; c < m->k; c++) {
            sum += m->weight[c] * m->covariance[c * m->cells + i];
        }
        for (size_t c = 0; c < m->k; c++) {
            m->covariance[c * m->cells + i] = sum;
        }
    }
}

static void even_out(double *variance, size_t d)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++) {
        sum += variance[j];
    }
    for (size_t j = 0; j < d; j++) {
        variance[j] = sum / (double)d;
    }
}

static size_t diagonal_cell(const mixture_model *m, size_t i)
{
    return mixture_has_triangles(m->shape) ? i * (i + 1) / 2 + i : i;
}

/* W = L^-1 of the lower triangle L (d x d), row by row. */
static void invert_triangle(const double *factor, size_t d, double *w)
{
    for (size_t i = 0; i < d; i++) {
        double *row = w + i * (i + 1) / 2;
        for (size_t j = 0; j < i; j++) {
            double sum = 0.0;
            for (size_t l = j; l < i; l++) {
                sum += factor[i * d + l] * w[l * (l + 1) / 2 + j];
            }
            row[j] = -sum / factor[i * d + i];
        }
        row[i] = 1.0 / factor[i * d + i];
    }
}

static bool whiten_triangle(mixture_model *m, size_t c)
{
    const double *cov = m->covariance + c * m->cells;
    for (size_t i = 0; i < m->d; i++) {
        for (size_t j = 0; j <= i; j++) {
            m->work[i * m->d + j] = cov[i * (i + 1) / 2 + j];
        }
    }
    if (cholesky(m->work, m->d, PIVOT) < m->d) {
        return false;
    }
    invert_triangle(m->work, m->d, m->whiten + c * m->cells);
    return true;
}

static bool whiten_diagonal(mixture_model *m, size_t c)
{
    for (size_t i = 0; i < m->d; i++) {
        double variance = m->covariance[c * m->cells + i];
        if (!(variance > 0.0) || !isfinite(variance)) {
            return false;
        }
        m->whiten[c * m->cells + i] = 1.0 / sqrt(variance);
    }
    return true;
}

static bool prepare(mixture_model *m, size_t c)
{
    if (!(mixture_has_triangles(m->shape) ? whiten_triangle(m, c) : whiten_diagonal(m, c))) {
        return false;
    }
    double constant = log(m->weight[c]) - 0.5 * (double)m->d * LOG_2_PI;
    for (size_t i = 0; i < m->d; i++) {
        constant += log(m->whiten[c * m->cells + diagonal_cell(m, i)]);
    }
    m->constant[c] = constant;
    return isfinite(constant);
}

size_t mixture_maximise(const mixture_model *now, const mixture_sums *sums, double ridge,
                        mixture_model *next)
{
    double n = 0.0;
    for (size_t c = 0; c < now->k; c++) {
        n += sums->weight[c];
        if (!(sums->weight[c] >= FEWEST)) {
            return c;
        }
    }
    for (size_t c = 0; c < now->k; c++) {
        next->weight[c] = sums->weight[c] / n;
        for (size_t j = 0; j < now->d; j++) {
            size_t at = c * now->d + j;
            next->mean[at] = now->mean[at] + sums->first[at] / sums->weight[c];
        }
        covariance_of(now, sums, c, next->covariance + c * now->cells);
        if (now->shape == MIXTURE_SPHERICAL) {
            even_out(next->covariance + c * now->cells, now->d);
        }
    }
    if (now->shape == MIXTURE_TIED) {
        tie(next);
    }
    for (size_t c = 0; c < now->k; c++) {
        for (size_t i = 0; i < now->d; i++) {
            next->covariance[c * now->cells + diagonal_cell(now, i)] += ridge;
        }
        if (!prepare(next, c)) {
            return c;
        }
    }
    return now->k;
}

bool mixture_is_degenerate(const mixture_model *m, size_t c, double ridge)
{
    for (size_t i = 0; i < m->d; i++) {
        double w = m->whiten[c * m->cells + diagonal_cell(m, i)];
        if (1.0 / (w * w) < 2.0 * ridge) {
            return true;
        }
    }
    return false;
}
