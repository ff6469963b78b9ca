/* SPDX-License-Identifier: Apache-2.0 */
/* The data as the likelihood walks over it: see cox_private.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cox_private.h"

/* Blocks are large enough to be worth a thread and few enough that adding them up costs nothing. */
enum { BLOCK_ROWS = 8192, BLOCKS_MAX = 64 };

void cox_design_free(cox_design *d)
{
    if (d == NULL) {
        return;
    }
    free(d->x);
    free(d->who);
    free(d->begin);
    free(d->deaths);
    free(d->at_risk);
    free(d->stratum);
    free(d->time);
    free(d->enters);
    free(d->entrant_begin);
    free(d->entrants);
    free(d->block);
    free(d->mean);
    free(d->sd);
    free(d->range);
    free(d->ended);
    free(d->which);
    free(d);
}

static uint32_t stratum_of(const cox_data *data, uint32_t i)
{
    return data->strata.stratum != NULL ? data->strata.stratum[i] : 0;
}

static bool any_missing(const cox_design *d)
{
    return d->who == NULL || d->begin == NULL || d->deaths == NULL || d->at_risk == NULL ||
           d->stratum == NULL || d->time == NULL || d->mean == NULL || d->sd == NULL ||
           d->range == NULL || d->ended == NULL || d->which == NULL;
}

/* All of which the size is known before sorting. */
static strata_status allocate(cox_design *d, const cox_data *data, strata_error *err)
{
    size_t n = data->life.n;
    size_t events = 0;
    for (size_t i = 0; i < n; i++) {
        events += data->life.event[i] != 0;
    }
    if (events == 0) {
        return strata_fail(err, STRATA_E_DATA, "none of %zu ended: there is nothing to explain", n);
    }
    d->who = STRATA_NEW_ARRAY(n, uint32_t);
    d->begin = STRATA_NEW_ARRAY(events + 1, uint32_t);
    d->deaths = STRATA_NEW_ARRAY(events, uint32_t);
    d->at_risk = STRATA_NEW_ARRAY(events, uint32_t);
    d->stratum = STRATA_NEW_ARRAY(events, uint32_t);
    d->time = STRATA_NEW_ARRAY(events, double);
    d->mean = STRATA_NEW_ARRAY(d->p, double);
    d->sd = STRATA_NEW_ARRAY(d->p, double);
    d->range = STRATA_NEW_ARRAY(d->p, double);
    d->ended = STRATA_NEW_ARRAY(d->p, double);
    d->which = STRATA_NEW_ARRAY(d->p, uint32_t);
    if (any_missing(d)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu lifetimes", n);
    }
    return STRATA_OK;
}

/* Indexes by stratum, then time, those that ended before those that were lost then. */
static strata_status sort_rows(const cox_data *data, uint32_t *order, strata_error *err)
{
    const follow_up *life = &data->life;
    size_t next = 0;
    for (int ended = 1; ended >= 0; ended--) {
        for (size_t i = 0; i < life->n; i++) {
            if ((life->event[i] != 0) == (ended != 0)) {
                order[next++] = (uint32_t)i;
            }
        }
    }
    return sort_within_strata(life->time, life->n, data->strata, order, err);
}

/* Finds the moments in the order and moves the rows that have one to the front of `who`. */
static void find_moments(cox_design *d, const cox_data *data)
{
    const follow_up *life = &data->life;
    size_t kept = 0;
    size_t m = 0; /* moments so far */
    for (size_t k = 0; k < life->n; k++) {
        uint32_t i = d->who[k];
        bool same = m > 0 && d->stratum[m - 1] == stratum_of(data, i);
        if (life->event[i] != 0) {
            if (!same || life->time[i] > d->time[m - 1]) {
                d->begin[m] = (uint32_t)kept;
                d->time[m] = life->time[i];
                d->stratum[m] = stratum_of(data, i);
                d->deaths[m] = 0;
                m++;
            }
            d->deaths[m - 1]++;
        } else if (!same) {
            continue;
        }
        d->who[kept++] = i;
    }
    d->begin[m] = (uint32_t)kept;
    d->n = kept;
    d->n_moments = m;
}

/* The last moment of the stratum of `from` at `age` or before. */
static uint32_t last_moment_until(const cox_design *d, uint32_t from, double age)
{
    uint32_t stratum = d->stratum[from];
    size_t low = 0;
    size_t high = (size_t)from + 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (d->stratum[mid] < stratum || !(d->time[mid] > age)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low > 0 && d->stratum[low - 1] == stratum ? (uint32_t)(low - 1) : COX_NO_MOMENT;
}

static strata_status find_entrants(cox_design *d, const cox_data *data, strata_error *err)
{
    if (data->life.entry == NULL) {
        return STRATA_OK;
    }
    d->enters = STRATA_NEW_ARRAY(d->n, uint32_t);
    d->entrant_begin = STRATA_NEW_ARRAY(d->n_moments + 2, uint32_t);
    d->entrants = STRATA_NEW_ARRAY(d->n, uint32_t);
    if (d->enters == NULL || d->entrant_begin == NULL || d->entrants == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu late entries", d->n);
    }
    /* Counted two further on, so that filling in leaves the beginnings where they belong. */
    for (size_t m = 0; m < d->n_moments; m++) {
        for (uint32_t r = d->begin[m]; r < d->begin[m + 1]; r++) {
            d->enters[r] = last_moment_until(d, (uint32_t)m, data->life.entry[d->who[r]]);
            if (d->enters[r] != COX_NO_MOMENT) {
                d->entrant_begin[d->enters[r] + 2]++;
            }
        }
    }
    for (size_t m = 2; m <= d->n_moments + 1; m++) {
        d->entrant_begin[m] += d->entrant_begin[m - 1];
    }
    for (uint32_t r = 0; r < d->n; r++) {
        if (d->enters[r] != COX_NO_MOMENT) {
            d->entrants[d->entrant_begin[d->enters[r] + 1]++] = r;
        }
    }
    return STRATA_OK;
}

/* Also says whether there is anything to compare. */
static strata_status count_at_risk(cox_design *d, strata_error *err)
{
    bool compared = false;
    uint32_t here = 0;
    for (size_t m = d->n_moments; m-- > 0;) {
        if (cox_ends_stratum(d, m)) {
            here = 0;
        }
        here += d->begin[m + 1] - d->begin[m];
        if (d->enters != NULL) {
            here -= d->entrant_begin[m + 1] - d->entrant_begin[m];
        }
        d->at_risk[m] = here;
        compared = compared || here > d->deaths[m];
    }
    if (!compared) {
        return strata_fail(err, STRATA_E_DATA,
                           "whenever something ended, everything still at risk did: there is "
                           "nothing to compare (%zu in all, %zu times)",
                           d->n, d->n_moments);
    }
    return STRATA_OK;
}

static strata_status cut_blocks(cox_design *d, strata_error *err)
{
    d->block = STRATA_NEW_ARRAY(BLOCKS_MAX + 2, uint32_t);
    if (d->block == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu lifetimes", d->n);
    }
    size_t rows = d->n / BLOCKS_MAX + 1;
    rows = rows > BLOCK_ROWS ? rows : BLOCK_ROWS;
    for (size_t m = 0; m < d->n_moments; m++) {
        if (d->begin[m + 1] - d->begin[d->block[d->n_blocks]] >= rows) {
            d->block[++d->n_blocks] = (uint32_t)(m + 1);
        }
    }
    if (d->block[d->n_blocks] < d->n_moments) {
        d->block[++d->n_blocks] = (uint32_t)d->n_moments;
    }
    return STRATA_OK;
}

static strata_status refuse_value(const cox_covariate *c, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(c->value[i])) {
            return strata_fail(
                err, STRATA_E_DATA,
                "'%s' of lifetime %zu is %g; leave out those with a missing value first", c->name,
                i, c->value[i]);
        }
    }
    return strata_fail(err, STRATA_E_DATA, "the values of '%s' are too large to add up", c->name);
}

/* Mean and standard deviation over the whole data: any centre and scale near the rows' own will do.
 * A constant has sd 0. */
static strata_status measure(cox_design *d, const cox_covariate *c, size_t n, size_t k,
                             strata_error *err)
{
    double low = INFINITY;
    double high = -INFINITY;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double v = c->value[i];
        sum += v;
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    double centre = low < high ? sum / (double)n : low;
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (c->value[i] - centre) * (c->value[i] - centre);
    }
    if (!isfinite(sum) || !isfinite(squares)) {
        return refuse_value(c, n, err);
    }
    double sd = low < high ? sqrt(squares / (double)n) : 0.0;
    d->mean[k] = centre;
    d->sd[k] = sd;
    d->range[k] = sd > 0.0 ? (high - low) / sd : 0.0;
    d->which[k] = (uint32_t)k;
    return STRATA_OK;
}

/* The covariates of the kept rows, in standard deviations from the mean; 0 for a constant. */
static void fill_columns(cox_design *d, const cox_data *data)
{
    for (size_t k = 0; k < d->p && d->n > 0; k++) {
        const double *value = data->covariates[k].value;
        double *to = d->x + k * d->n;
        double scale = d->sd[k] > 0.0 ? d->sd[k] : 1.0;
        for (size_t r = 0; r < d->n; r++) {
            to[r] = (value[d->who[r]] - d->mean[k]) / scale;
        }
        for (size_t m = 0; m < d->n_moments; m++) {
            for (uint32_t r = 0; r < d->deaths[m]; r++) {
                d->ended[k] += to[d->begin[m] + r];
            }
        }
    }
}

static strata_status take_covariates(cox_design *d, const cox_data *data, strata_error *err)
{
    size_t cells = 0;
    d->x = __builtin_mul_overflow(d->n, d->p, &cells) ? NULL : STRATA_NEW_ARRAY(cells, double);
    if (d->x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows of %zu covariates",
                           d->n, d->p);
    }
    for (size_t k = 0; k < d->p; k++) {
        STRATA_TRY(measure(d, &data->covariates[k], data->life.n, k, err));
    }
    fill_columns(d, data);
    return STRATA_OK;
}

strata_status cox_design_new(const cox_data *data, cox_design **out, strata_error *err)
{
    STRATA_TRY(follow_up_check(&data->life, err));
    if (data->n_covariates == 0 || data->n_covariates > COX_COVARIATES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu covariates; give 1 to %d", data->n_covariates,
                           COX_COVARIATES_MAX);
    }
    STRATA_AUTO(cox_design_free) cox_design *d = STRATA_NEW_ARRAY(1, cox_design);
    if (d == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a regression");
    }
    d->p = data->n_covariates;
    d->ties = data->ties;
    STRATA_TRY(allocate(d, data, err));
    STRATA_TRY(sort_rows(data, d->who, err));
    find_moments(d, data);
    STRATA_TRY(find_entrants(d, data, err));
    STRATA_TRY(count_at_risk(d, err));
    STRATA_TRY(cut_blocks(d, err));
    STRATA_TRY(take_covariates(d, data, err));
    *out = strata_steal(&d);
    return STRATA_OK;
}

void cox_design_drop(cox_design *d, const bool *drop)
{
    size_t kept = 0;
    for (size_t k = 0; k < d->p; k++) {
        if (drop[k]) {
            continue;
        }
        if (kept < k) {
            memcpy(d->x + kept * d->n, d->x + k * d->n, d->n * sizeof *d->x);
        }
        d->mean[kept] = d->mean[k];
        d->sd[kept] = d->sd[k];
        d->range[kept] = d->range[k];
        d->ended[kept] = d->ended[k];
        d->which[kept] = d->which[k];
        kept++;
    }
    d->p = kept;
}
