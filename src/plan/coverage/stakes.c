/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/coverage/stakes.h"

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
    l->gained += is > was ? is - was : 0;
}

static void merge_loss(loss_share *to, const loss_share *from)
{
    to->n += from->n;
    to->value += from->value;
    to->lost += from->lost;
    to->gained += from->gained;
}

static void put_share(loss_share *to, const loss_share *from)
{
    bool known = from != NULL && from->value > 0;
    to->share = known ? (double)from->lost / (double)from->value : (double)NAN;
    to->gain = known ? (double)from->gained / (double)from->value : (double)NAN;
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
        put_share(&of[i], !of[i].pooled              ? &of[i]
                          : (double)band->n >= least ? band
                          : (double)all.n >= least   ? &all
                                                     : NULL);
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

/* --- what tells accounts of a stratum apart --- */

/* Of an account, over the mean of its stratum by ARR. */
typedef struct apart {
    stakes_apart by;
    const double *x, *age;    /* by account, NaN where missing; age NULL: it has none */
    double *weighted, *value; /* by stratum: sums over its accounts that have x */
    size_t n;
} apart;

static bool has_apart(const apart *a, size_t i)
{
    return a->by != APART_NOTHING && a->x[i] >= 0.0 && (a->age == NULL || a->age[i] <= CHANCE_DAYS);
}

static apart find_apart(const view *v, bool growth)
{
    feature_id chance = growth ? FEATURE_EXPANSION_CHANCE : FEATURE_CHURN_RISK;
    feature_id age = growth ? FEATURE_EXPANSION_CHANCE_AGE : FEATURE_CHURN_RISK_AGE;
    apart a = {.by = APART_CHANCE,
               .x = segmentation_column(v->s, chance).num,
               .age = segmentation_column(v->s, age).num};
    for (size_t i = 0; a.x != NULL && a.age != NULL && i < v->p->n_accounts; i++) {
        a.n += has_apart(&a, i);
    }
    if (a.n > 0) {
        return a;
    }
    const bound_def *score = growth ? bound_find(v->b, "expansion_score") : NULL;
    const double *x = score != NULL && score->kind == DEF_SCORE
                          ? segmentation_column(v->s, score->slot).num
                          : NULL;
    a = (apart){.by = x != NULL ? APART_SCORE : APART_NOTHING, .x = x};
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        a.n += has_apart(&a, i);
    }
    a.by = a.n > 0 ? a.by : APART_NOTHING;
    return a;
}

/* One way in which ARR changes: what of each account's is expected to. */
typedef struct expected {
    const view *v;
    const segment_code *codes;
    const stakes *s;
    apart apart;
    const double *room; /* NULL: no limit but what is paid */
    bool growth;
} expected;

static size_t stratum_of(const expected *e, size_t i)
{
    return e->codes[i] * (size_t)HEALTH_BANDS + e->s->band[i];
}

static void add_means(const expected *e)
{
    for (size_t i = 0; i < e->v->p->n_accounts; i++) {
        if (e->codes[i] < e->s->n_segments && has_apart(&e->apart, i)) {
            int64_t minor = view_value_minor(e->v, i);
            double value = (double)minor;
            e->apart.weighted[stratum_of(e, i)] += value * e->apart.x[i];
            e->apart.value[stratum_of(e, i)] += value;
        }
    }
}

/* 1 where nothing is known of it. */
static double times_mean(const expected *e, size_t i)
{
    size_t k = stratum_of(e, i);
    return has_apart(&e->apart, i) && e->apart.weighted[k] > 0.0
               ? e->apart.x[i] * e->apart.value[k] / e->apart.weighted[k]
               : 1.0;
}

static int64_t limit_of(const expected *e, size_t i)
{
    if (!e->growth) {
        return view_value_minor(e->v, i);
    }
    bool known = e->room != NULL && !isnan(e->room[i]);
    return !known ? INT64_MAX : e->room[i] > 0.0 ? money_minor(e->room[i]) : 0;
}

static void put_expected(const expected *e, int64_t *minor, bool *any)
{
    add_means(e);
    for (size_t i = 0; i < e->v->p->n_accounts; i++) {
        if (e->codes[i] >= e->s->n_segments) {
            continue;
        }
        const loss_share *of = &e->s->of[stratum_of(e, i)];
        double share = e->growth ? of->gain : of->share;
        int64_t value = view_value_minor(e->v, i);
        int64_t x = isnan(share) ? 0 : llround(share * times_mean(e, i) * (double)value);
        int64_t most = limit_of(e, i);
        minor[i] = x < most ? x : most;
        *any = *any || !isnan(share);
    }
}

static const double *room_of(const view *v)
{
    const bound_def *gap = bound_find(v->b, "arr_gap");
    return gap != NULL && gap->kind == DEF_FEATURE ? segmentation_column(v->s, gap->slot).num
                                                   : NULL;
}

static strata_status put_stakes(const view *v, const engagement *e, bool year, stakes *s, arena *a,
                                strata_error *err)
{
    size_t n = v->p->n_accounts;
    size_t n_strata = e->n_segments * HEALTH_BANDS;
    int64_t *minor = ARENA_NEW(a, n + 1, int64_t);
    int64_t *grows = ARENA_NEW(a, n + 1, int64_t);
    double *sums = ARENA_NEW(a, 4 * n_strata + 1, double);
    if (minor == NULL || grows == NULL || sums == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the stakes of %zu accounts", n);
    }
    s->minor = minor;
    s->grows = grows;
    if (!year) {
        return STRATA_OK;
    }
    const segment_code *codes = segmentation_codes(v->s, e->def, v->now_at);
    expected loss = {.v = v, .codes = codes, .s = s, .apart = find_apart(v, false)};
    expected gain = {.v = v,
                     .codes = codes,
                     .s = s,
                     .apart = find_apart(v, true),
                     .room = room_of(v),
                     .growth = true};
    loss.apart.weighted = sums;
    loss.apart.value = sums + n_strata;
    gain.apart.weighted = sums + 2 * n_strata;
    gain.apart.value = sums + 3 * n_strata;
    put_expected(&loss, minor, &s->known);
    put_expected(&gain, grows, &s->known);
    s->risk = loss.apart.by;
    s->n_risk = loss.apart.n;
    s->growth = gain.apart.by;
    s->n_growth = gain.apart.n;
    return STRATA_OK;
}

size_t stakes_slots(const bound_model *b, size_t *out)
{
    const bound_def *score = bound_find(b, "expansion_score");
    const bound_def *gap = bound_find(b, "arr_gap");
    size_t n = 0;
    out[n++] = stakes_health_slot(b);
    out[n++] = FEATURE_CHURN_RISK;
    out[n++] = FEATURE_CHURN_RISK_AGE;
    out[n++] = FEATURE_EXPANSION_CHANCE;
    out[n++] = FEATURE_EXPANSION_CHANCE_AGE;
    if (score != NULL && score->kind == DEF_SCORE) {
        out[n++] = score->slot;
    }
    if (gap != NULL && gap->kind == DEF_FEATURE) {
        out[n++] = gap->slot;
    }
    return n;
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
    loss_share *of = ARENA_NEW(a, e->n_segments * HEALTH_BANDS + 1, loss_share);
    if (t.band == NULL || t.codes == NULL || t.touches == NULL || band == NULL || of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the stakes of %zu accounts", n);
    }
    stakes s = {.health = segmentation_column(v->s, t.health).num,
                .band = band,
                .band_then = t.band,
                .codes_then = t.codes,
                .touches_then = t.touches,
                .n_segments = e->n_segments,
                .of = of};
    for (size_t i = 0; i < n; i++) {
        band[i] = band_of(s.health, i);
        s.has_health = s.has_health || band[i] != BAND_UNKNOWN;
    }
    bool year = v->has_arr && v->value_year_ago != NULL;
    if (year) {
        STRATA_TRY(look_back(cx, v, &t, err));
        put_losses(v, &t, e->n_segments, of);
    }
    STRATA_TRY(put_stakes(v, e, year, &s, a, err));
    *out = s;
    return STRATA_OK;
}
