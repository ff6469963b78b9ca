/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/principal_axes.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/auto.h"

enum { SWEEPS = 60 }; /* a dozen is enough: convergence is quadratic */

/* Turns two rows of a matrix of d columns by an angle. */
static void rotate(double *x, double *y, size_t d, double cosine, double sine)
{
    for (size_t i = 0; i < d; i++) {
        double was = x[i];
        x[i] = cosine * was - sine * y[i];
        y[i] = sine * was + cosine * y[i];
    }
}

/* Makes a[p][q] zero; false when it was nothing beside the diagonal already. */
static bool clear_entry(double *a, double *vector, size_t d, size_t p, size_t q)
{
    double off = a[p * d + q];
    if (fabs(off) <= DBL_EPSILON * sqrt(fabs(a[p * d + p])) * sqrt(fabs(a[q * d + q])) ||
        fabs(off) < DBL_MIN) {
        return false;
    }
    double tau = (a[q * d + q] - a[p * d + p]) / (2.0 * off);
    double tangent = copysign(1.0, tau) / (fabs(tau) + hypot(1.0, tau));
    double cosine = 1.0 / hypot(1.0, tangent);
    double sine = tangent * cosine;
    rotate(a + p * d, a + q * d, d, cosine, sine);
    for (size_t i = 0; i < d; i++) {
        rotate(&a[i * d + p], &a[i * d + q], 1, cosine, sine);
    }
    a[p * d + q] = 0.0;
    a[q * d + p] = 0.0;
    rotate(vector + p * d, vector + q * d, d, cosine, sine);
    return true;
}

static void swap_rows(double *x, double *y, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        double kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}

/* Largest value first, vectors pointing up. */
static void arrange(double *value, double *vector, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        size_t largest = i;
        for (size_t j = i + 1; j < d; j++) {
            largest = value[j] > value[largest] ? j : largest;
        }
        if (largest != i) {
            swap_rows(value + i, value + largest, 1);
            swap_rows(vector + i * d, vector + largest * d, d);
        }
        double *v = vector + i * d;
        size_t up = 0;
        for (size_t j = 1; j < d; j++) {
            up = fabs(v[j]) > fabs(v[up]) ? j : up;
        }
        for (size_t j = 0; v[up] < 0.0 && j < d; j++) {
            v[j] = j == up ? v[j] : -v[j];
        }
        v[up] = fabs(v[up]);
    }
}

strata_status symmetric_eigen(double *a, size_t d, double *value, double *vector, strata_error *err)
{
    for (size_t i = 0; i < d * d; i++) {
        if (!isfinite(a[i])) {
            return strata_fail(err, STRATA_E_NUMERIC,
                               "entry %zu, %zu of a matrix is %g: coordinates may be too large",
                               i / d, i % d, a[i]); /* NOLINT(clang-analyzer-core.DivideZero) */
        }
    }
    memset(vector, 0, d * d * sizeof *vector);
    for (size_t i = 0; i < d; i++) {
        vector[i * d + i] = 1.0;
    }
    bool turned = true;
    for (size_t sweep = 0; turned && sweep < SWEEPS; sweep++) {
        turned = false;
        for (size_t p = 0; p + 1 < d; p++) {
            for (size_t q = p + 1; q < d; q++) {
                turned |= clear_entry(a, vector, d, p, q);
            }
        }
    }
    for (size_t i = 0; i < d; i++) {
        value[i] = a[i * d + i];
    }
    arrange(value, vector, d);
    return STRATA_OK;
}

strata_status principal_axes(const points *p, double *variance, double *axes, strata_error *err)
{
    size_t d = p->d;
    STRATA_AUTO_FREE double *mean = STRATA_NEW_ARRAY(d, double);
    STRATA_AUTO_FREE double *a = (double *)strata_alloc_array(d, d * sizeof(double));
    if (mean == NULL || a == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for axes of %zu coordinates", d);
    }
    for (size_t i = 0; i < p->n * d; i++) {
        mean[i % d] += p->x[i] / (double)p->n;
    }
    for (size_t i = 0; i < p->n; i++) {
        const double *x = p->x + i * d;
        for (size_t j = 0; j < d; j++) {
            for (size_t k = 0; k <= j; k++) {
                a[j * d + k] += (x[j] - mean[j]) * (x[k] - mean[k]);
            }
        }
    }
    for (size_t j = 0; j < d; j++) {
        for (size_t k = 0; k <= j; k++) {
            a[j * d + k] /= (double)p->n;
            a[k * d + j] = a[j * d + k];
        }
    }
    return symmetric_eigen(a, d, variance, axes, err);
}
