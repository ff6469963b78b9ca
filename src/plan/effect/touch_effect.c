/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/touch_effect.h"

#include <math.h>
#include <string.h>

#include "stats/numeric/special.h"

enum { WINDOW_DAYS = 90, LEFT_LEAST = 5 };
static const double HELD_ENOUGH = 0.5;

/* One stratum: accounts with and without enough touch, and who of them left. */
typedef struct fourfold {
    double n1, a; /* touched; left */
    double n0, c; /* others; left */
} fourfold;

typedef struct pooled {
    double above, below; /* of the ratio */
    double spread;       /* numerator of the variance of its logarithm */
    touch_effect *counts;
} pooled;

static void pool(pooled *p, const fourfold *f)
{
    double n = f->n1 + f->n0;
    if (f->n1 <= 0.0 || f->n0 <= 0.0) {
        return;
    }
    p->above += f->a * f->n0 / n;
    p->below += f->c * f->n1 / n;
    p->spread += ((f->a + f->c) * f->n1 * f->n0 - f->a * f->c * n) / (n * n);
    p->counts->n_touched += (size_t)f->n1;
    p->counts->n_others += (size_t)f->n0;
    p->counts->left_touched += (size_t)f->a;
    p->counts->left_others += (size_t)f->c;
}

/* Left, or pays more than a year ago. */
static bool came_about(const view *v, size_t i, bool growth)
{
    int64_t now = view_value_minor(v, i);
    return growth ? now > money_minor(v->value_year_ago[i]) : now <= 0;
}

static fourfold count(const view *v, const engagement *e, const stakes *s, size_t stratum,
                      bool growth)
{
    fourfold f = {0};
    const engaged_segment *segment = &e->segments[stratum / HEALTH_BANDS];
    double planned = segment->touches_per_year * WINDOW_DAYS / DAYS_PER_YEAR;
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        bool in = s->codes_then[i] == stratum / HEALTH_BANDS &&
                  s->band_then[i] == stratum % HEALTH_BANDS && v->value_year_ago[i] > 0.0;
        if (!in || isnan(s->touches_then[i])) {
            continue;
        }
        bool touched = s->touches_then[i] >= HELD_ENOUGH * planned;
        bool hit = came_about(v, i, growth);
        f.n1 += touched ? 1.0 : 0.0;
        f.n0 += touched ? 0.0 : 1.0;
        f.a += touched && hit ? 1.0 : 0.0;
        f.c += !touched && hit ? 1.0 : 0.0;
    }
    return f;
}

/* measured: 1 - ratio of who left; of growth, ratio - 1. */
static void measure(const view *v, const engagement *e, const stakes *s, bool growth,
                    touch_effect *out)
{
    pooled p = {.counts = out};
    for (size_t k = 0; k < e->n_segments * HEALTH_BANDS; k++) {
        if (e->segments[k / HEALTH_BANDS].touches_per_year > 0.0) {
            fourfold f = count(v, e, s, k, growth);
            pool(&p, &f);
        }
    }
    double least = v->b->model->quality.minimum_accounts;
    bool enough = (double)out->n_touched >= least && (double)out->n_others >= least &&
                  out->left_touched >= LEFT_LEAST && out->left_others >= LEFT_LEAST;
    if (enough && p.above > 0.0 && p.below > 0.0) {
        double error = sqrt(p.spread / (p.above * p.below));
        double ratio = log(p.above / p.below);
        double side = growth ? -1.0 : 1.0;
        out->measured = side * (1.0 - exp(ratio));
        out->measured_low = side * (1.0 - exp(ratio + side * STATS_Z95 * error));
        out->measured_high = side * (1.0 - exp(ratio - side * STATS_Z95 * error));
    }
}

static const touch_effect unknown = {.low = NAN,
                                     .likely = NAN,
                                     .high = NAN,
                                     .measured = NAN,
                                     .measured_low = NAN,
                                     .measured_high = NAN};

static touch_effect find(const view *v, const engagement *e, const stakes *s, bool growth)
{
    const model_engagement *g = &v->b->model->engagement;
    const model_range *assumed = growth ? &g->growth : &g->effect;
    touch_effect x = unknown;
    if (s->known) {
        measure(v, e, s, growth, &x);
    }
    if (x.measured_low > 0.0) {
        x.source = EFFECT_MEASURED;
        x.low = x.measured_low;
        x.likely = x.measured;
        x.high = x.measured_high;
    } else if (!isnan(assumed->likely)) {
        x.source = EFFECT_ASSUMED;
        x.low = assumed->low;
        x.likely = assumed->likely;
        x.high = assumed->high;
    }
    return x;
}

touch_effect touch_effect_find(const view *v, const engagement *e, const stakes *s)
{
    return find(v, e, s, false);
}

touch_effect touch_growth_find(const view *v, const engagement *e, const stakes *s)
{
    return find(v, e, s, true);
}

/* --- in money --- */

touch_side touch_side_of(const touch_effect *e)
{
    bool measured = !isnan(e->measured_low) && !isnan(e->measured_high) && !isnan(e->measured);
    return e->source != EFFECT_NONE ? TOUCH_HELPS
           : !measured              ? TOUCH_UNKNOWN
           : e->measured_high < 0.0 ? TOUCH_HARMS
                                    : TOUCH_UNSURE;
}

static touch_range range_of(const touch_effect *e, double each)
{
    bool sure = e->source != EFFECT_NONE;
    return (touch_range){.side = touch_side_of(e),
                         .low = each * (sure ? e->low : e->measured_low),
                         .likely = each * (sure ? e->likely : e->measured),
                         .high = each * (sure ? e->high : e->measured_high)};
}

touch_range touch_brings(const touch_effect *e, bool stakes_known, int64_t minor)
{
    return stakes_known && touch_side_of(e) != TOUCH_UNKNOWN ? range_of(e, (double)minor)
                                                             : (touch_range){0};
}
