/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/log_odds.h"

#include <math.h>

static double sum(const double *x, size_t n)
{
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        total += x[i];
    }
    return total;
}

void log_odds_compare(const double *in, const double *out, size_t n, double prior, log_odds *to)
{
    double n_in = sum(in, n);
    double n_out = sum(out, n);
    for (size_t w = 0; w < n; w++) {
        double alpha = prior * (in[w] + out[w]) / (n_in + n_out);
        double y_in = in[w] + alpha;
        double y_out = out[w] + alpha;
        double rest_in = n_in + prior - y_in;
        double rest_out = n_out + prior - y_out;
        to[w] = (log_odds){0};
        /* Not "== 0": what is left of a sum after taking a part may be a rounding error. */
        if (n_in > 0.0 && n_out > 0.0 && in[w] + out[w] > 0.0 &&
            in[w] + out[w] < n_in + n_out - 0.5) {
            to[w].delta = log(y_in / rest_in) - log(y_out / rest_out);
            to[w].variance = 1.0 / y_in + 1.0 / y_out;
            to[w].z = to[w].delta / sqrt(to[w].variance);
        }
    }
}
