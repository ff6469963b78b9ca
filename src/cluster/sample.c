/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* NOLINTNEXTLINE(readability-function-size): what it reads and what it makes, one each */
strata_status sample_rows(uint64_t seed, uint64_t stream, size_t n, size_t m, arena *a,
                          uint32_t **rows, size_t *n_rows, strata_error *err)
{
    uint32_t *all = ARENA_NEW(a, n + 1, uint32_t);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory drawing from %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = (uint32_t)i;
    }
    if (m < n) {
        rng r;
        rng_init(&r, seed, stream);
        for (size_t i = 0; i < m; i++) {
            size_t j = i + (size_t)rng_below(&r, n - i);
            uint32_t taken = all[j];
            all[j] = all[i];
            all[i] = taken;
        }
        qsort(all, m, sizeof *all, ascending);
    }
    *rows = all;
    *n_rows = m < n ? m : n;
    return STRATA_OK;
}

strata_status sample_points(const points *p, const uint32_t *rows, size_t n_rows, arena *a,
                            points *out, strata_error *err)
{
    double *x = ARENA_NEW(a, n_rows * p->d + 1, double);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n_rows);
    }
    for (size_t i = 0; i < n_rows; i++) {
        memcpy(x + i * p->d, p->x + (size_t)rows[i] * p->d, p->d * sizeof *x);
    }
    *out = (points){.x = x, .n = n_rows, .d = p->d};
    return STRATA_OK;
}

size_t centre_nearest_to(const double *x, const double *centres, size_t k, size_t d,
                         double *squared)
{
    size_t best = 0;
    for (size_t c = 0; c < k; c++) {
        double sum = 0.0;
        for (size_t j = 0; j < d; j++) {
            double diff = x[j] - centres[c * d + j];
            sum += diff * diff;
        }
        if (c == 0 || sum < *squared) {
            best = c;
            *squared = sum;
        }
    }
    return best;
}
