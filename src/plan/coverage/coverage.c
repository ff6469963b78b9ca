/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/coverage/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const coverage_factor_names[] = {"health", "growth", "complexity", NULL};

static const double GROWTH_OVER = 0.20;
static const double COMPLEX_FROM = 1.5, SIMPLE_TO = 2.0 / 3.0;
static const double HELD_ENOUGH = 0.5;
enum { YEAR = 365, SETTLED_DAYS = 90, POINTS_TO_MOVE = 2 };

strata_status coverage_slots(const portfolio *p, const bound_model *b, arena *a,
                             const size_t **slots, size_t *n, strata_error *err)
{
    (void)p;
    size_t *list = ARENA_NEW(a, STAKES_SLOTS + 3, size_t);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t used = stakes_slots(b, list);
    list[used++] = FEATURE_ARR_GROWTH_12M;
    list[used++] = FEATURE_TOUCHES_365D;
    list[used++] = FEATURE_TENURE;
    *slots = list;
    *n = used;
    return STRATA_OK;
}

/* --- the touch an account has --- */

enum { LEVEL_NONE = -1, LEVEL_UNREAD = COVERAGE_LEVEL_UNREAD };

int coverage_level_named(const char *text)
{
    static const struct {
        const char *begins;
        touch_level level;
    } known[] = {{"high", TOUCH_HIGH}, {"med", TOUCH_MEDIUM},      {"mid", TOUCH_MEDIUM},
                 {"low", TOUCH_LOW},   {"digital", TOUCH_DIGITAL}, {"tech", TOUCH_DIGITAL}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strncasecmp(text, known[i].begins, strlen(known[i].begins)) == 0) {
            return (int)known[i].level;
        }
    }
    return LEVEL_UNREAD;
}

typedef struct reader {
    const view *v;
    const engagement *e;
    const workload *w;
    const stakes *s;
    const double *growth, *held, *tenure;
    const int32_t *code; /* of `coverage`; NULL: no such attribute */
    const int *level_of; /* by code */
} reader;

static strata_status read_attribute(reader *r, arena *a, coverage *out, strata_error *err)
{
    const portfolio *p = r->v->p;
    size_t slot = portfolio_slot(p, "coverage");
    if (slot == SIZE_MAX || slot < FEATURE_COUNT || p->symbols[slot].type != VALUE_TEXT) {
        return STRATA_OK;
    }
    const symbol *sym = &p->symbols[slot];
    int *level_of = ARENA_NEW(a, sym->n_levels + 1, int);
    if (level_of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t l = 0; l < sym->n_levels; l++) {
        level_of[l] = coverage_level_named(sym->levels[l]);
        if (level_of[l] == LEVEL_UNREAD && out->unread == NULL) {
            out->unread = sym->levels[l];
        }
    }
    r->code = p->attributes[slot - FEATURE_COUNT].code;
    r->level_of = level_of;
    return STRATA_OK;
}

/* Share of 12 months that the account has been there. */
static double part_of_year(const reader *r, size_t i)
{
    double tenure = r->tenure != NULL ? r->tenure[i] : (double)NAN;
    return tenure >= 0.0 && tenure < YEAR ? tenure / YEAR : 1.0;
}

/* Whole touchpoints in that time. */
static double planned_at(const reader *r, touch_level level, size_t i)
{
    int days = r->e->levels[level].cadence_days;
    return days > 0 ? floor(part_of_year(r, i) * (double)YEAR / days) : 0.0;
}

static int level_by_touches(const reader *r, size_t i)
{
    double held = r->held != NULL ? r->held[i] : (double)NAN;
    if (isnan(held) || part_of_year(r, i) * YEAR < SETTLED_DAYS) {
        return LEVEL_NONE;
    }
    for (int level = TOUCH_LEVELS - 1; level > TOUCH_DIGITAL; level--) {
        double planned = planned_at(r, (touch_level)level, i);
        if (planned > 0.0 && held >= HELD_ENOUGH * planned) {
            return level;
        }
    }
    return TOUCH_DIGITAL;
}

static int level_by_attribute(const reader *r, size_t i)
{
    return r->code != NULL && r->code[i] != CODE_MISSING ? r->level_of[r->code[i]] : LEVEL_NONE;
}

/* What its attribute says, else what its touchpoints say. */
static int level_it_has(const reader *r, size_t i, coverage *out)
{
    int level = level_by_attribute(r, i);
    out->n_unread += level == LEVEL_UNREAD;
    out->has_attribute = out->has_attribute || level != LEVEL_NONE;
    if (level < 0) {
        level = level_by_touches(r, i);
        out->n_by_touches += level >= 0;
    }
    return level;
}

/* --- the touch it should have --- */

static int8_t sign(bool up, bool down)
{
    return (int8_t)(up ? 1 : down ? -1 : 0);
}

static touch_level level_it_should_have(const reader *r, size_t i, coverage_case *c)
{
    double health = r->s->health != NULL ? r->s->health[i] : (double)NAN;
    double growth = r->growth != NULL ? r->growth[i] : (double)NAN;
    double weight = r->w->complexity_missing ? 1.0 : r->w->weight[i];
    c->points[FACTOR_HEALTH] = sign(health < HEALTH_RED_UNDER, health >= HEALTH_GREEN_FROM);
    c->points[FACTOR_GROWTH] = sign(growth > GROWTH_OVER, growth <= 0.0);
    c->points[FACTOR_COMPLEXITY] = sign(weight >= COMPLEX_FROM, weight <= SIMPLE_TO);
    int points = 0;
    for (size_t k = 0; k < COVERAGE_FACTORS; k++) {
        points += c->points[k];
    }
    touch_level of_segment = r->e->segments[r->w->codes[i]].touch;
    int level = (int)of_segment;
    level += points >= POINTS_TO_MOVE ? 1 : points <= -POINTS_TO_MOVE ? -1 : 0;
    bool there = level >= TOUCH_DIGITAL && level <= TOUCH_HIGH &&
                 r->v->b->model->engagement.has_level[level];
    return there ? (touch_level)level : of_segment;
}

static int32_t minutes_at(const reader *r, touch_level level, size_t i)
{
    double hours = engagement_programme_hours(r->e, &r->e->levels[level]);
    return (int32_t)lround(hours * r->w->weight[i] * MINUTES_PER_HOUR);
}

static void judge(const reader *r, size_t i, int has, coverage_case *c)
{
    double held = r->held != NULL ? r->held[i] : (double)NAN;
    c->has = (touch_level)has;
    c->should = level_it_should_have(r, i, c);
    double planned = planned_at(r, c->should, i);
    c->held = (float)held;
    c->planned = (float)planned;
    c->minutes = minutes_at(r, c->should, i) - minutes_at(r, c->has, i);
    c->fit = c->has < c->should ? FIT_UNDER : c->has > c->should ? FIT_OVER : FIT_RIGHT;
    bool settled = part_of_year(r, i) * YEAR >= SETTLED_DAYS;
    if (c->fit == FIT_RIGHT && settled && held < HELD_ENOUGH * planned) {
        double each = r->e->hours[WORK_TOUCHPOINT] * r->w->weight[i] * MINUTES_PER_HOUR;
        c->fit = FIT_UNDER;
        c->not_held = true;
        c->minutes = (int32_t)lround((planned - held) / part_of_year(r, i) * each);
    }
}

/* --- what would change --- */

static void add_to(coverage_sum *sum, const reader *r, size_t i, const coverage_case *c)
{
    sum->n++;
    sum->value_minor += view_value_minor(r->v, i);
    sum->minutes += c->minutes;
    sum->stake_minor += r->s->minor[i];
    sum->grows_minor += r->s->grows[i];
}

static int worth_more(const void *a, const void *b)
{
    const coverage_change *x = a;
    const coverage_change *y = b;
    if (x->worth_minor != y->worth_minor) {
        return x->worth_minor > y->worth_minor ? -1 : 1;
    }
    int64_t hours_x = llabs(x->sum.minutes);
    int64_t hours_y = llabs(y->sum.minutes);
    if (hours_x != hours_y) {
        return hours_x > hours_y ? -1 : 1;
    }
    int key_x = ((int)x->segment * TOUCH_LEVELS + (int)x->has) * TOUCH_LEVELS + (int)x->should;
    int key_y = ((int)y->segment * TOUCH_LEVELS + (int)y->has) * TOUCH_LEVELS + (int)y->should;
    return key_x < key_y ? -1 : key_x > key_y;
}

static int64_t worth_of(const coverage_change *x, const coverage *all)
{
    if (x->has <= x->should) {
        return x->sum.stake_minor;
    }
    double rate =
        all->under.minutes > 0 ? (double)all->under.stake_minor / (double)all->under.minutes : 0.0;
    /* More hours than the under-served lack guard nothing more. */
    int64_t minutes = -x->sum.minutes < all->under.minutes ? -x->sum.minutes : all->under.minutes;
    return llround(rate * (double)minutes);
}

static strata_status find_changes(const reader *r, const coverage_case *cases, arena *a,
                                  coverage *out, strata_error *err)
{
    enum { PER_SEGMENT = TOUCH_LEVELS * TOUCH_LEVELS };
    size_t n_all = r->e->n_segments * PER_SEGMENT;
    coverage_change *all = ARENA_NEW(a, n_all + 1, coverage_change);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->w->n; i++) {
        const coverage_case *c = &cases[i];
        if (c->fit == FIT_UNDER || c->fit == FIT_OVER) {
            size_t at =
                r->w->codes[i] * (size_t)PER_SEGMENT + c->has * (size_t)TOUCH_LEVELS + c->should;
            all[at].segment = r->w->codes[i];
            all[at].has = c->has;
            all[at].should = c->should;
            add_to(&all[at].sum, r, i, c);
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].sum.n > 0) {
            all[n] = all[i];
            all[n].worth_minor = worth_of(&all[n], out);
            n++;
        }
    }
    qsort(all, n, sizeof *all, worth_more);
    out->changes = all;
    out->n_changes = n;
    return STRATA_OK;
}

strata_status coverage_compute(const view *v, const engagement *e, const workload *w,
                               const stakes *s, arena *a, coverage *out, strata_error *err)
{
    coverage all = {0};
    coverage_case *cases = ARENA_NEW(a, w->n + 1, coverage_case);
    if (cases == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the coverage of %zu accounts",
                           w->n);
    }
    bool has_touches = v->p->symbols[FEATURE_TOUCHES_365D].missing_because == NULL;
    reader r = {.v = v,
                .e = e,
                .w = w,
                .s = s,
                .growth = segmentation_column(v->s, FEATURE_ARR_GROWTH_12M).num,
                .held = has_touches ? segmentation_column(v->s, FEATURE_TOUCHES_365D).num : NULL,
                .tenure = segmentation_column(v->s, FEATURE_TENURE).num};
    STRATA_TRY(read_attribute(&r, a, &all, err));
    all.has_touchpoints = r.held != NULL;
    for (size_t i = 0; i < w->n; i++) {
        if (w->codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        int has = level_it_has(&r, i, &all);
        if (has >= 0) {
            judge(&r, i, has, &cases[i]);
        }
        coverage_sum *sums[] = {&all.unknown, &all.right, &all.under, &all.over};
        add_to(sums[cases[i].fit], &r, i, &cases[i]);
    }
    all.cases = cases;
    STRATA_TRY(find_changes(&r, cases, a, &all, err));
    *out = all;
    return STRATA_OK;
}
