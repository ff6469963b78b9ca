/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/plan.h"

#include <stdlib.h>

day review_period_before(review_every every, day d)
{
    if (every == REVIEW_WEEK) {
        return d - 1 - day_weekday(d);
    }
    day end = day_month_start(d) - 1;
    while (every == REVIEW_QUARTER && day_to_civil(end).month % 3 != 0) {
        end = day_month_start(end) - 1;
    }
    return end;
}

/* Marks what one definition reads; definitions come after what they read, so
 * walking them backwards closes the set in one pass. */
static void mark_inputs(const bound_model *b, const bound_def *def, uint8_t *wanted)
{
    for (size_t r = 0; r < def->n_rules; r++) {
        if (def->rules[r] == NULL) {
            continue;
        }
        size_t n = 0;
        const size_t *slots = rule_slots(def->rules[r], &n);
        for (size_t i = 0; i < n; i++) {
            wanted[slots[i]] = 1;
        }
    }
    (void)b;
}

static void mark_population(const bound_model *b, uint8_t *wanted)
{
    if (b->population == NULL) {
        return;
    }
    size_t n = 0;
    const size_t *slots = rule_slots(b->population, &n);
    for (size_t i = 0; i < n; i++) {
        wanted[slots[i]] = 1;
    }
}

static void list_wanted(const bound_model *b, slot_plan *plan)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (plan->wanted[b->defs[i].slot]) {
            plan->defs[plan->n_defs++] = &b->defs[i];
        }
    }
    for (size_t f = 0; f < FEATURE_COUNT; f++) {
        if (plan->wanted[f] && b->scope.symbols[f].missing_because == NULL) {
            plan->feature_at[f] = plan->n_features;
            plan->features[plan->n_features++] = (feature_id)f;
        }
    }
}

strata_status slot_plan_make(const bound_model *b, const size_t *roots, size_t n_roots, arena *a,
                             slot_plan *out, strata_error *err)
{
    slot_plan plan = {.wanted = ARENA_NEW(a, b->scope.n_symbols, uint8_t),
                      .features = ARENA_NEW(a, FEATURE_COUNT, feature_id),
                      .feature_at = ARENA_NEW(a, FEATURE_COUNT, size_t),
                      .defs = ARENA_NEW(a, b->n_defs, const bound_def *)};
    if (plan.wanted == NULL || plan.features == NULL || plan.feature_at == NULL ||
        plan.defs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory planning a segmentation");
    }
    for (size_t i = 0; i < n_roots; i++) {
        plan.wanted[roots[i]] = 1;
    }
    mark_population(b, plan.wanted);
    for (size_t i = b->n_defs; i-- > 0;) {
        if (plan.wanted[b->defs[i].slot]) {
            mark_inputs(b, &b->defs[i], plan.wanted);
        }
    }
    list_wanted(b, &plan);
    *out = plan;
    return STRATA_OK;
}

static bool looks_at_previous(const bound_model *b)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        for (size_t r = 0; r < b->defs[i].n_rules; r++) {
            if (b->defs[i].rules[r] != NULL && rule_looks_at_previous(b->defs[i].rules[r])) {
                return true;
            }
        }
    }
    return false;
}

bool plan_looks_back(const bound_model *b)
{
    return b->lookback_days > 0 || looks_at_previous(b);
}

static int by_day(const void *a, const void *b)
{
    day x = *(const day *)a;
    day y = *(const day *)b;
    return (x > y) - (x < y);
}

typedef VEC(day) day_vec;

/* Every date that one requested date needs, itself included. */
static bool push_needed(const bound_model *b, bool previous, day d, day_vec *days)
{
    bool ok = vec_push(days, d);
    if (previous) {
        ok = ok && vec_push(days, review_period_before(b->model->review, d));
    }
    for (int back = 7; b->lookback_days > 0 && back < b->lookback_days; back += 7) {
        ok = ok && vec_push(days, d - back);
    }
    if (b->lookback_days > 0) {
        ok = ok && vec_push(days, d - b->lookback_days);
    }
    return ok;
}

static size_t unique_sorted(day_vec *days)
{
    if (days->n > 1) {
        qsort(days->data, days->n, sizeof *days->data, by_day);
    }
    size_t n = 0;
    for (size_t i = 0; i < days->n; i++) {
        if (n == 0 || days->data[i] != days->data[n - 1]) {
            days->data[n++] = days->data[i];
        }
    }
    return n;
}

static size_t index_of(const plan_date *dates, size_t n, day d)
{
    for (size_t i = 0; i < n; i++) {
        if (dates[i].day == d) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void link_dates(const bound_model *b, bool previous, const day *requested, size_t n,
                       date_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        plan_date *date = &plan->dates[i];
        date->requested = SIZE_MAX;
        date->previous = previous ? index_of(plan->dates, plan->n,
                                             review_period_before(b->model->review, date->day))
                                  : SIZE_MAX;
        date->first_past = i;
        while (date->first_past > 0 &&
               plan->dates[date->first_past - 1].day >= date->day - b->lookback_days &&
               b->lookback_days > 0) {
            date->first_past--;
        }
    }
    for (size_t i = 0; i < n; i++) {
        plan->dates[index_of(plan->dates, plan->n, requested[i])].requested = i;
    }
}

strata_status date_plan_make(const bound_model *b, const day *dates, size_t n, arena *a,
                             date_plan *out, strata_error *err)
{
    bool previous = looks_at_previous(b);
    day_vec days = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = push_needed(b, previous, dates[i], &days);
    }
    date_plan plan = {0};
    if (ok) {
        plan.n = unique_sorted(&days);
        plan.dates = ARENA_NEW(a, plan.n, plan_date);
    }
    for (size_t i = 0; plan.dates != NULL && i < plan.n; i++) {
        plan.dates[i].day = days.data[i];
    }
    vec_free(&days);
    if (plan.dates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory planning dates");
    }
    link_dates(b, previous, dates, n, &plan);
    *out = plan;
    return STRATA_OK;
}
