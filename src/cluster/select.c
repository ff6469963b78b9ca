/* SPDX-License-Identifier: Apache-2.0 */
/* Which candidates tell accounts apart, and why the others do not. */
#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/number.h"
#include "cluster/prepare_private.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

const double CLUSTER_KNOWN_LEAST = 0.8;
const double CLUSTER_SAME_MOST = 0.95;
const double CLUSTER_ALIKE_MOST = 0.9;
enum { ALIKE_ROWS = 20000 }; /* correlations are of at most so many accounts, evenly spread */

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory choosing features to cluster by");
}

static const char *share_text(double share, char out[NUMBER_TEXT])
{
    number_format_share(share, out);
    return out;
}

/* --- one feature by itself --- */

/* The value that most accounts have, of n >= 1 ascending ones. */
static size_t longest_run(const double *sorted, size_t n, double *value)
{
    size_t best = 0;
    size_t begin = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i == n || sorted[i] > sorted[begin]) {
            if (i - begin > best) {
                best = i - begin;
                *value = sorted[begin];
            }
            begin = i;
        }
    }
    return best;
}

static const char *value_text(value_type t, double x, char out[2 * NUMBER_TEXT])
{
    char number[NUMBER_TEXT];
    bool whole = fabs(x - nearbyint(x)) < 1e-9;
    if (t == VALUE_SHARE) {
        number_format_share(x, number);
    } else {
        number_format(x, whole ? 0 : 2, number);
    }
    (void)snprintf(out, (size_t)2 * NUMBER_TEXT, "%s%s", number,
                   t == VALUE_SHARE      ? " %"
                   : t == VALUE_DURATION ? " days"
                                         : "");
    return out;
}

/* Why the known values, ascending, do not tell accounts apart; *why is NULL when they do. */
static strata_status why_alone(const selection *s, const cluster_candidate *c, const double *sorted,
                               size_t n, arena *a, const char **why, strata_error *err)
{
    char share[NUMBER_TEXT];
    char value[2 * NUMBER_TEXT];
    double usual = 0.0;
    double known = (double)n / (double)s->n_rows;
    size_t run = n > 0 ? longest_run(sorted, n, &usual) : 0;
    double same = n > 0 ? (double)run / (double)n : 0.0;
    *why = NULL;
    if (n == 0) {
        *why = "missing for every account";
    } else if (!s->given && known < CLUSTER_KNOWN_LEAST) {
        *why = arena_printf(a, "known for %s %% of accounts, %.0f %% are needed",
                            share_text(known, share), CLUSTER_KNOWN_LEAST * 100.0);
    } else if (run == n) {
        *why = arena_printf(a, "the same for all accounts: %s", value_text(c->type, usual, value));
    } else if (!s->given && same > CLUSTER_SAME_MOST) {
        *why = arena_printf(a, "the same for %s %% of accounts: %s", share_text(same, share),
                            value_text(c->type, usual, value));
    } else {
        return STRATA_OK;
    }
    return *why != NULL ? STRATA_OK : out_of_memory(err);
}

/* --- one against those used already --- */

/* Pearson's correlation of the ranks, over rows where both are known; 0 where it has none. */
static double correlation(const double *x, const double *y, size_t n)
{
    double sx = 0.0;
    double sy = 0.0;
    size_t both = 0;
    for (size_t i = 0; i < n; i++) {
        bool known = !isnan(x[i]) && !isnan(y[i]);
        sx += known ? x[i] : 0.0;
        sy += known ? y[i] : 0.0;
        both += known;
    }
    if (both < 2) {
        return 0.0;
    }
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i]) && !isnan(y[i])) {
            double dx = x[i] - sx / (double)both;
            double dy = y[i] - sy / (double)both;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
    }
    return xx > 0.0 && yy > 0.0 ? xy / sqrt(xx * yy) : 0.0;
}

/* Ranks of the values at rows evenly spread; NaN stays. */
static strata_status ranks_of(const double *raw, size_t n_rows, size_t n, double *rank,
                              strata_error *err)
{
    STRATA_AUTO_FREE double *known = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE double *of_known = STRATA_NEW_ARRAY(n, double);
    double ties = 0.0;
    size_t k = 0;
    if (known == NULL || of_known == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        double x = raw[i * n_rows / n];
        if (!isnan(x)) {
            known[k++] = x;
        }
    }
    STRATA_TRY(rank_values(known, k, of_known, &ties, NULL, err));
    k = 0;
    for (size_t i = 0; i < n; i++) {
        rank[i] = isnan(raw[i * n_rows / n]) ? (double)NAN : of_known[k++];
    }
    return STRATA_OK;
}

static strata_status why_alike(selection *s, const double *rank, arena *a, const char **why,
                               strata_error *err)
{
    *why = NULL;
    for (size_t k = 0; k < s->n_used && !s->given; k++) {
        double r = correlation(rank, s->rank[k], s->n_sample);
        if (fabs(r) > CLUSTER_ALIKE_MOST) {
            char text[NUMBER_TEXT];
            number_format(r, 2, text);
            *why = arena_printf(a, "nearly the same as %s: rank correlation %s",
                                s->candidates[s->used[k]].expression, text);
            return *why != NULL ? STRATA_OK : out_of_memory(err);
        }
    }
    return STRATA_OK;
}

/* --- all of them --- */

static strata_status try_one(selection *s, size_t k, const double *raw, double *sorted, arena *a,
                             const char **why, strata_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        if (!isnan(raw[i])) {
            sorted[n++] = raw[i];
        }
    }
    sort_values(sorted, n);
    STRATA_TRY(why_alone(s, &s->candidates[k], sorted, n, a, why, err));
    if (*why != NULL) {
        return STRATA_OK;
    }
    double *rank = s->rank[s->n_used];
    STRATA_TRY(ranks_of(raw, s->n_rows, s->n_sample, rank, err));
    STRATA_TRY(why_alike(s, rank, a, why, err));
    if (*why == NULL) {
        s->used[s->n_used++] = k;
    }
    return STRATA_OK;
}

static void add_left_out(selection *s, size_t k, const char *why)
{
    const cluster_candidate *c = &s->candidates[k];
    s->left_out[s->n_left_out++] =
        (cluster_left_out){.expression = c->expression, .label = c->label, .why = why};
}

strata_status cluster_select(selection *s, double *const *raw, arena *a, strata_error *err)
{
    size_t n_candidates = s->n_candidates;
    s->n_sample = s->n_rows < ALIKE_ROWS ? s->n_rows : ALIKE_ROWS;
    s->used = ARENA_NEW(a, n_candidates + 1, size_t);
    s->left_out = ARENA_NEW(a, n_candidates + 1, cluster_left_out);
    STRATA_AUTO_FREE double *sorted = STRATA_NEW_ARRAY(s->n_rows + 1, double);
    STRATA_AUTO_FREE double *ranks = STRATA_NEW_ARRAY((n_candidates + 1) * s->n_sample, double);
    STRATA_AUTO_FREE double **by_used = STRATA_NEW_ARRAY(n_candidates + 1, double *);
    if (s->used == NULL || s->left_out == NULL || sorted == NULL || ranks == NULL ||
        by_used == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k <= n_candidates; k++) {
        by_used[k] = ranks + k * s->n_sample;
    }
    s->rank = by_used;
    for (size_t k = 0; k < n_candidates; k++) {
        const char *why = s->candidates[k].why;
        bool kept = false;
        if (why == NULL) {
            size_t before = s->n_used;
            STRATA_TRY(try_one(s, k, raw[k], sorted, a, &why, err));
            kept = s->n_used > before;
        }
        if (!kept) {
            add_left_out(s, k, why);
        }
    }
    s->rank = NULL;
    return STRATA_OK;
}
