/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/stakes.h"

#include <math.h>

#include "segment/visit.h"

const char *const health_band_names[] = {"red", "yellow", "green", "unknown", NULL};

size_t stakes_health_slot(const bound_model *b)
{
    const bound_def *own = bound_find(b, "health");
    bool number = own != NULL && (own->kind == DEF_FEATURE || own->kind == DEF_SCORE) &&
                  b->scope.symbols[own->slot].type == VALUE_NUMBER;
    return number ? own->slot : (size_t)FEATURE_HEALTH_SUPPLIED;
}

health_band stakes_band(double health)
{
    return isnan(health)                ? BAND_UNKNOWN
           : health < HEALTH_RED_UNDER  ? BAND_RED
           : health < HEALTH_GREEN_FROM ? BAND_YELLOW
                                        : BAND_GREEN;
}

static uint8_t band_of(const double *health, size_t i)
{
    health_band band = stakes_band(health != NULL ? health[i] : (double)NAN);
    return (uint8_t)band;
}

/* --- a year ago --- */

typedef struct then {
    size_t health, dimension; /* slots */
    uint8_t *band;
    segment_code *codes;
    double *touches;
} then;

static strata_status take_then(void *self, const dated_block *block, strata_error *err)
{
    (void)err;
    then *t = self;
    const double *health = block->columns[t->health].num;
    const double *touches = block->columns[FEATURE_TOUCHES_90D].num;
    const segment_code *codes = block->codes[t->dimension];
    for (size_t i = 0; i < block->n; i++) {
        t->band[block->first + i] = band_of(health, i);
        t->codes[block->first + i] = codes[i];
        t->touches[block->first + i] = touches != NULL ? touches[i] : (double)NAN;
    }
    return STRATA_OK;
}

static strata_status look_back(const context *cx, const view *v, then *t, strata_error *err)
{
    const size_t slots[] = {t->health, t->dimension, FEATURE_TOUCHES_90D};
    const segmentation_visit visit = {.dates = &v->year_ago,
                                      .n_dates = 1,
                                      .slots = slots,
                                      .n_slots = 3,
                                      .take = take_then,
                                      .self = t};
    return visit_dates(cx, v->p, v->b, v->overrides, &visit, err);
}

/* --- shares lost --- */

static void add_loss(loss_share *l, int64_t was, int64_t is)
{
    l->n++;
    l->value += was;
    l->lost += is < was ? was - is : 0;
}

static double share_of(const loss_share *l)
{
    return l->value > 0 ? (double)l->lost / (double)l->value : (double)NAN;
}

static void merge_loss(loss_share *to, const loss_share *from)
{
    to->n += from->n;
    to->value += from->value;
    to->lost += from->lost;
}

/* The stratum's own share, else that of its band over all segments, else that of all. */
static void settle(const view *v, size_t n_segments, loss_share *of)
{
    double least = v->b->model->quality.minimum_accounts;
    loss_share bands[HEALTH_BANDS] = {{0}};
    loss_share all = {0};
    for (size_t i = 0; i < n_segments * HEALTH_BANDS; i++) {
        merge_loss(&bands[i % HEALTH_BANDS], &of[i]);
        merge_loss(&all, &of[i]);
    }
    for (size_t i = 0; i < n_segments * HEALTH_BANDS; i++) {
        const loss_share *band = &bands[i % HEALTH_BANDS];
        of[i].pooled = (double)of[i].n < least;
        of[i].share = !of[i].pooled              ? share_of(&of[i])
                      : (double)band->n >= least ? share_of(band)
                      : (double)all.n >= least   ? share_of(&all)
                                                 : (double)NAN;
    }
}

static void put_losses(const view *v, const then *t, size_t n_segments, loss_share *of)
{
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        double before = v->value_year_ago[i];
        if (t->codes[i] < n_segments && before > 0.0) {
            add_loss(&of[t->codes[i] * HEALTH_BANDS + t->band[i]], money_minor(before),
                     view_value_minor(v, i));
        }
    }
    settle(v, n_segments, of);
}

static void put_stakes(const view *v, const engagement *e, stakes *s, int64_t *minor)
{
    const segment_code *codes = segmentation_codes(v->s, e->def, v->now_at);
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        if (codes[i] < e->n_segments) {
            double share = s->of[codes[i] * HEALTH_BANDS + s->band[i]].share;
            int64_t value = view_value_minor(v, i);
            minor[i] = isnan(share) ? 0 : llround(share * (double)value);
            s->known = s->known || !isnan(share);
        }
    }
}

strata_status stakes_compute(const context *cx, const view *v, const engagement *e, arena *a,
                             stakes *out, strata_error *err)
{
    size_t n = v->p->n_accounts;
    then t = {.health = stakes_health_slot(v->b),
              .dimension = e->def->slot,
              .band = ARENA_NEW(a, n + 1, uint8_t),
              .codes = ARENA_NEW(a, n + 1, segment_code),
              .touches = ARENA_NEW(a, n + 1, double)};
    uint8_t *band = ARENA_NEW(a, n + 1, uint8_t);
    int64_t *minor = ARENA_NEW(a, n + 1, int64_t);
    loss_share *of = ARENA_NEW(a, e->n_segments * HEALTH_BANDS + 1, loss_share);
    if (t.band == NULL || t.codes == NULL || t.touches == NULL || band == NULL || minor == NULL ||
        of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the stakes of %zu accounts", n);
    }
    stakes s = {.health = segmentation_column(v->s, t.health).num,
                .band = band,
                .band_then = t.band,
                .codes_then = t.codes,
                .touches_then = t.touches,
                .n_segments = e->n_segments,
                .of = of,
                .minor = minor};
    for (size_t i = 0; i < n; i++) {
        band[i] = band_of(s.health, i);
        s.has_health = s.has_health || band[i] != BAND_UNKNOWN;
    }
    if (v->has_arr && v->value_year_ago != NULL) {
        STRATA_TRY(look_back(cx, v, &t, err));
        put_losses(v, &t, e->n_segments, of);
        put_stakes(v, e, &s, minor);
    }
    *out = s;
    return STRATA_OK;
}
