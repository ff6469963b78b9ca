/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/pattern_cuts.h"

#include <math.h>
#include <string.h>

#include "stats/inference/quantile.h"

void pattern_cuts_free(pattern_cuts *c)
{
    if (c != NULL) {
        free(c->features);
        free(c->bins);
        free(c->rare);
        free(c);
    }
}

/* Places m where sorted[m - 1] < sorted[m] and either side is large enough; the values there become
 * cuts, all or evenly many of them. */
static void choose_cuts(const double *sorted, size_t n, size_t min_side, pattern_feature *f)
{
    size_t places = 0;
    size_t seen = 0;
    for (size_t m = min_side; m + min_side <= n; m++) {
        places += sorted[m - 1] < sorted[m];
    }
    f->n_cuts = places < PATTERN_CUTS_MAX ? places : PATTERN_CUTS_MAX;
    size_t chosen = 0;
    for (size_t m = min_side; m + min_side <= n && chosen < f->n_cuts; m++) {
        if (!(sorted[m - 1] < sorted[m])) {
            continue;
        }
        /* The chosen-th of n_cuts even steps through the places */
        if (seen * f->n_cuts >= chosen * places) {
            f->cuts[chosen++] = sorted[m];
        }
        seen++;
    }
    f->n_cuts = chosen;
}

static uint8_t bin_of(const pattern_feature *f, double value)
{
    size_t low = 0;
    size_t high = f->n_cuts;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->cuts[middle] <= value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint8_t)low;
}

static void cut_feature(const pattern_search *s, size_t which, double *room, pattern_cuts *c)
{
    const double *values = s->features[which];
    pattern_feature *f = &c->features[which];
    for (size_t i = 0; i < s->n; i++) {
        if (s->half[i] == 0 && !isnan(values[i])) {
            room[f->present++] = values[i];
        }
    }
    sort_values(room, f->present);
    choose_cuts(room, f->present, s->min_side, f);
    size_t row = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->half[i] == 0) {
            uint8_t bin = isnan(values[i]) ? PATTERN_MISSING : bin_of(f, values[i]);
            c->bins[row * c->n_features + which] = bin;
            f->in_bin[bin]++;
            row++;
        }
    }
}

/* Rows with the rarer outcome; of outcomes as frequent, success. */
static void list_rare(const pattern_search *s, size_t kept, pattern_cuts *c)
{
    uint8_t rare = kept * 2 <= c->n ? 1 : 0;
    uint32_t row = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->half[i] == 0) {
            if (s->kept[i] == rare) {
                c->rare[c->n_rare++] = row;
            }
            row++;
        }
    }
}

strata_status pattern_cuts_new(const pattern_search *s, pattern_cuts **out, strata_error *err)
{
    STRATA_AUTO(pattern_cuts_free) pattern_cuts *c = STRATA_NEW_ARRAY(1, pattern_cuts);
    STRATA_AUTO_FREE double *room = NULL;
    size_t kept = 0;
    size_t cells = 0;
    if (c != NULL) {
        c->n_features = s->n_features;
        for (size_t i = 0; i < s->n; i++) {
            c->n += s->half[i] == 0;
            kept += s->half[i] == 0 && s->kept[i] == 1;
        }
        room = STRATA_NEW_ARRAY(c->n, double);
        c->features = STRATA_NEW_ARRAY(c->n_features, pattern_feature);
        c->rare = STRATA_NEW_ARRAY(c->n, uint32_t);
        if (!__builtin_mul_overflow(c->n, c->n_features, &cells)) {
            c->bins = STRATA_NEW_ARRAY(cells, uint8_t);
        }
    }
    if (c == NULL || room == NULL || c->features == NULL || c->rare == NULL || c->bins == NULL) {
        return strata_fail(err, STRATA_E_NOMEM,
                           "out of memory looking for patterns in %zu accounts", s->n);
    }
    for (size_t f = 0; f < c->n_features; f++) {
        cut_feature(s, f, room, c);
    }
    list_rare(s, kept, c);
    *out = strata_steal(&c);
    return STRATA_OK;
}

static pattern_best best_cut(const pattern_feature *f, const uint32_t *counts, size_t n_rare)
{
    pattern_best best = {0};
    double n = (double)f->present;
    double rare = (double)(n_rare - counts[PATTERN_MISSING]);
    double scale = n / (rare * (n - rare));
    double below = 0.0;
    double rare_below = 0.0;
    if (!(rare > 0.0) || !(rare < n)) {
        return best;
    }
    for (size_t k = 0; k < f->n_cuts; k++) {
        below += (double)f->in_bin[k];
        rare_below += counts[k];
        double off = n * rare_below - rare * below;
        double statistic = off * off * scale / (below * (n - below));
        if (statistic > best.statistic) {
            best = (pattern_best){statistic, k};
        }
    }
    return best;
}

void pattern_best_cuts(const pattern_cuts *c, const uint32_t *rows, uint32_t *counts,
                       pattern_best *best)
{
    memset(counts, 0, c->n_features * PATTERN_BINS * sizeof *counts);
    for (size_t i = 0; i < c->n_rare; i++) {
        const uint8_t *row = c->bins + (size_t)rows[i] * c->n_features;
        for (size_t f = 0; f < c->n_features; f++) {
            counts[f * PATTERN_BINS + row[f]]++;
        }
    }
    for (size_t f = 0; f < c->n_features; f++) {
        best[f] = best_cut(&c->features[f], counts + f * PATTERN_BINS, c->n_rare);
    }
}
