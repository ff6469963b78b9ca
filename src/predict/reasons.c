/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/reasons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/inference/quantile.h"

strata_status typical_values(const rows *now, const candidates *c, arena *a, double **out,
                             strata_error *err)
{
    double *typical = ARENA_NEW(a, c->n + 1, double);
    double *x = ARENA_NEW(a, now->n + 1, double);
    if (typical == NULL || x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", now->n);
    }
    for (size_t k = 0; k < c->n; k++) {
        size_t n = 0;
        for (size_t i = 0; i < now->n; i++) {
            double value = now->x[i * now->n_columns + k];
            if (!isnan(value)) {
                x[n++] = value;
            }
        }
        sort_values(x, n);
        typical[k] = n == 0 ? (double)NAN : n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2.0;
    }
    *out = typical;
    return STRATA_OK;
}

static int by_size(const void *a, const void *b)
{
    const reason_theme *x = a;
    const reason_theme *y = b;
    double d = fabs(y->part) - fabs(x->part);
    return d > 0.0 ? 1 : d < 0.0 ? -1 : (x->entity > y->entity) - (x->entity < y->entity);
}

static void group_by_theme(account_reasons *r, const candidates *c)
{
    for (int e = 0; e < ENTITY_COUNT; e++) {
        reason_theme t = {.entity = (entity)e};
        size_t n = 0;
        for (size_t k = 0; k < r->n; k++) {
            if (c->items[r->all[k].candidate].entity == (entity)e) {
                t.part += r->all[k].part;
                n++;
            }
        }
        bool any = false;
        for (size_t k = 0; k < r->n; k++) {
            const reason *x = &r->all[k];
            if (c->items[x->candidate].entity == (entity)e &&
                (!any || x->part * copysign(1.0, t.part) > t.lead.part * copysign(1.0, t.part))) {
                t.lead = *x;
                any = true;
            }
        }
        if (n > 0) {
            r->themes[r->n_themes++] = t;
        }
    }
    qsort(r->themes, r->n_themes, sizeof *r->themes, by_size);
}

strata_status reasons_of(const predictor *p, const rows *now, size_t row, const double *typical,
                         arena *a, account_reasons *out, strata_error *err)
{
    const candidates *c = &p->candidates;
    double *part = ARENA_NEW(a, c->n + 1, double);
    account_reasons r = {.row = row};
    r.all = ARENA_NEW(a, p->n_used + 1, reason);
    r.themes = ARENA_NEW(a, ENTITY_COUNT, reason_theme);
    if (part == NULL || r.all == NULL || r.themes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the reasons of an account");
    }
    const double *raw = now->x + row * now->n_columns;
    double base = 0.0;
    STRATA_TRY(predictor_parts(p, raw, part, &base, err));
    double margin = base;
    for (size_t k = 0; k < p->n_used; k++) {
        margin += part[p->used[k]];
    }
    r.chance = calibration_apply(&p->calibration, margin);
    r.base = calibration_apply(&p->calibration, base);
    double off = margin - base;
    double per_unit = fabs(off) > 1e-12 ? (r.chance - r.base) / off : 0.0;
    for (size_t k = 0; k < p->n_used; k++) {
        size_t at = p->used[k];
        r.all[r.n++] = (reason){
            .candidate = at, .part = part[at] * per_unit, .value = raw[at], .typical = typical[at]};
    }
    group_by_theme(&r, c);
    *out = r;
    return STRATA_OK;
}

/* --- what if --- */

static bool can_act(const candidate *c)
{
    return c->entity == ENTITY_USAGE || c->entity == ENTITY_TICKETS ||
           c->entity == ENTITY_TOUCHPOINTS || c->entity == ENTITY_CONTACTS ||
           c->entity == ENTITY_SURVEYS || c->entity == ENTITY_HEALTH;
}

static int by_chance(const void *a, const void *b)
{
    const what_if *x = a;
    const what_if *y = b;
    return x->chance > y->chance   ? 1
           : x->chance < y->chance ? -1
                                   : (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

strata_status what_ifs(const predictor *p, const what_if_question *q, what_if *out, size_t *n,
                       arena *a, strata_error *err)
{
    const rows *now = q->now;
    const double *typical = q->typical;
    size_t width = now->n_columns;
    rows changed = {.n = p->n_used + 1, .n_columns = width};
    changed.x = ARENA_NEW(a, (p->n_used + 1) * width, double);
    double *chance = ARENA_NEW(a, p->n_used + 1, double);
    what_if *all = ARENA_NEW(a, p->n_used + 1, what_if);
    if (changed.x == NULL || chance == NULL || all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const double *raw = now->x + q->row * width;
    for (size_t k = 0; k <= p->n_used; k++) {
        memcpy(changed.x + k * width, raw, width * sizeof *raw);
        if (k < p->n_used) {
            changed.x[k * width + p->used[k]] = typical[p->used[k]];
        }
    }
    STRATA_TRY(predictor_probabilities(p, &changed, NULL, changed.n, chance, err));
    size_t found = 0;
    for (size_t k = 0; k < p->n_used; k++) {
        size_t at = p->used[k];
        bool wanted = q->lower ? chance[k] < chance[p->n_used] : chance[k] > chance[p->n_used];
        if (can_act(&p->candidates.items[at]) && wanted && !isnan(raw[at]) && !isnan(typical[at])) {
            all[found++] = (what_if){at, raw[at], typical[at], chance[k]};
        }
    }
    qsort(all, found, sizeof *all, by_chance);
    *n = found < q->n_max ? found : q->n_max;
    for (size_t k = 0; k < *n; k++) {
        out[k] = q->lower ? all[k] : all[found - 1 - k];
    }
    return STRATA_OK;
}
