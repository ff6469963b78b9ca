/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/bins.h"

#include <math.h>

#include "base/auto.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t copy_known(const double *x, size_t n, double *out)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            out[known++] = x[i];
        }
    }
    return known;
}

/* Group of tied values at ranks first .. last (1 .. n): with low values scoring
 * low, that of the first; with low values scoring high, that of the last. Either
 * way it is the one with the lowest score. */
static size_t group_of(const quantile_cuts *cuts, size_t first, size_t last, size_t n)
{
    size_t rank = cuts->reverse ? last : first;
    return (rank - 1) * cuts->n_groups / n + 1;
}

static void cut_sorted(const double *sorted, size_t n, quantile_cuts *out)
{
    size_t k = out->n_groups;
    size_t used = 0;
    size_t previous = 0;
    size_t first = 1;
    for (size_t j = 0; j < k; j++) {
        out->upper[j] = -INFINITY;
    }
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && !(sorted[i] < sorted[i + 1])) {
            continue; /* not the last of its ties */
        }
        size_t group = group_of(out, first, i + 1, n);
        out->upper[group - 1] = sorted[i];
        used += group != previous;
        previous = group;
        first = i + 2;
    }
    /* An unused score inherits the edge below it, so that the edges ascend. */
    for (size_t j = 1; j < k; j++) {
        if (isinf(out->upper[j])) {
            out->upper[j] = out->upper[j - 1];
        }
    }
    out->upper[k - 1] = INFINITY;
    out->n_unused = k - used;
}

strata_status quantile_cuts_make(const double *x, size_t n, size_t k, bool reverse,
                                 quantile_cuts *out, strata_error *err)
{
    if (k < 2 || k > BINS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "cannot cut into %zu groups; 2 to %d are possible",
                           k, BINS_MAX);
    }
    STRATA_AUTO_FREE double *sorted = STRATA_NEW_ARRAY(n, double);
    if (sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu values", n);
    }
    size_t known = copy_known(x, n, sorted);
    qsort(sorted, known, sizeof *sorted, by_value);
    quantile_cuts cuts = {.n_groups = k, .reverse = reverse, .n_values = known};
    cut_sorted(sorted, known, &cuts);
    *out = cuts;
    return STRATA_OK;
}

void quantile_score(const quantile_cuts *cuts, double missing, const double *x, size_t n,
                    double *out)
{
    size_t k = cuts->n_groups;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i])) {
            out[i] = missing;
            continue;
        }
        size_t j = 0;
        while (x[i] > cuts->upper[j]) {
            j++;
        }
        out[i] = (double)(cuts->reverse ? k - j : j + 1);
    }
}

void step_score(const double *up_to, const double *scores, size_t n_steps, double missing,
                const double *x, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i])) {
            out[i] = missing;
            continue;
        }
        size_t j = 0;
        while (j + 1 < n_steps && x[i] > up_to[j]) {
            j++;
        }
        out[i] = scores[j];
    }
}
