/* SPDX-License-Identifier: Apache-2.0 */
#include "journey/paths.h"

#include <math.h>

#include "analysis/dated_rules.h"
#include "base/auto.h"
#include "segment/plan.h"

enum {
    WEEKS_MOST = 320,               /* weeks to look at; more than that, months */
    ACCOUNT_WEEKS_MOST = 100000000, /* and accounts times weeks */
    MONTHS_MOST = 600               /* 50 years */
};

/* What the blocks of the sweep fill. */
typedef struct walking {
    const journey_request *r;
    journey_paths *to;
    day *days;
    size_t n_days;
    const rule **rules; /* stages but the start, then milestones */
    size_t n_rules;
    day **first; /* [rule][account] */
    uint8_t **holds;
    day *landmark;
    double **values;
} walking;

static strata_status no_memory(const journey_request *r, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts",
                       r->p->n_accounts);
}

/* --- what can be judged --- */

static strata_status list_stages(const journey_request *r, arena *a, journey_paths *out,
                                 strata_error *err)
{
    const model *m = r->b->model;
    journey_stage *stages = ARENA_NEW(a, m->n_stages + 1, journey_stage);
    journey_stage *left_out = ARENA_NEW(a, m->n_stages + 1, journey_stage);
    if (stages == NULL || left_out == NULL) {
        return no_memory(r, err);
    }
    if (m->n_stages == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "the model has no journey; add 'journey: {stages: [...]}' to %s, or "
                           "'extends: lifecycle'",
                           m->path);
    }
    stages[out->n_stages++] = (journey_stage){.name = model_stage_start};
    for (size_t i = 0; i < m->n_stages; i++) {
        const model_stage *from = &m->stages[i];
        journey_stage s = {.name = from->name,
                           .when = from->when.text,
                           .description = from->description,
                           .rule = r->b->stages[i],
                           .expected_days = from->expected_days};
        STRATA_TRY(dated_rule_lacks(r->b, s.rule, &s.why, err));
        if (s.why != NULL) {
            left_out[out->n_left_out++] = s;
        } else {
            stages[out->n_stages++] = s;
        }
    }
    out->stages = stages;
    out->left_out = left_out;
    if (out->n_stages == 1) {
        return strata_fail(err, STRATA_E_DATA,
                           "none of the %zu stages of the journey can be judged: '%.100s' %s",
                           m->n_stages, left_out[0].name, left_out[0].why);
    }
    return STRATA_OK;
}

static strata_status list_milestones(const journey_request *r, arena *a, journey_paths *out,
                                     strata_error *err)
{
    const model *m = r->b->model;
    journey_stage *all = ARENA_NEW(a, m->n_milestones + 1, journey_stage);
    if (all == NULL) {
        return no_memory(r, err);
    }
    for (size_t i = 0; i < m->n_milestones; i++) {
        journey_stage s = {.name = m->milestones[i].name,
                           .when = m->milestones[i].when.text,
                           .rule = r->b->milestones[i]};
        STRATA_TRY(dated_rule_lacks(r->b, s.rule, &s.why, err));
        if (s.why == NULL) {
            all[out->n_milestones++] = s;
        }
    }
    out->milestones = all;
    return STRATA_OK;
}

/* --- what they read --- */

static void mark_rule(const rule *r, uint8_t *read)
{
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        read[slots[i]] = 1;
    }
}

/* The computed features that stages and milestones read themselves, and whether anything that they
 * stand on is usage. */
static strata_status find_slots(const walking *w, arena *a, bool *usage, strata_error *err)
{
    const bound_model *b = w->r->b;
    uint8_t *read = ARENA_NEW(a, b->scope.n_symbols, uint8_t);
    size_t *slots = ARENA_NEW(a, b->scope.n_symbols, size_t);
    size_t *kept = ARENA_NEW(a, b->scope.n_symbols, size_t);
    if (read == NULL || slots == NULL || kept == NULL) {
        return no_memory(w->r, err);
    }
    for (size_t k = 0; k < w->n_rules; k++) {
        mark_rule(w->rules[k], read);
    }
    size_t n = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        bool attribute = slot >= FEATURE_COUNT && slot < b->n_base;
        if (read[slot]) {
            slots[n++] = slot;
            if (!attribute && b->scope.symbols[slot].type != VALUE_TEXT) {
                kept[w->to->n_slots++] = slot;
            }
        }
    }
    slot_plan plan = {0};
    STRATA_TRY(slot_plan_make(b, slots, n, a, &plan, err));
    for (size_t k = 0; k < plan.n_features; k++) {
        *usage = *usage || (feature_get(plan.features[k])->needs & 1U << ENTITY_USAGE) != 0;
    }
    w->to->slots = kept;
    return STRATA_OK;
}

/* Nothing can be said of accounts from before the data that their stages are judged by. */
static day data_begins(const journey_request *r, bool usage)
{
    const ledger_info *info = r->p->info;
    day first = info->first_day;
    day used = DAY_MISSING;
    for (size_t k = 0; usage && info->feature_first_seen != NULL && k < info->n_usage_features;
         k++) {
        day d = info->feature_first_seen[k];
        used = d != DAY_MISSING && (used == DAY_MISSING || d < used) ? d : used;
    }
    return used != DAY_MISSING && used > first && used <= r->as_of ? used : first;
}

/* --- who is followed --- */

/* The day from which on the account has had no ARR; DAY_MISSING: it has some, or never had. */
static day day_left(const journey_request *r, size_t i)
{
    uint32_t end = r->arr->start[i + 1];
    if (!r->has_arr || end == r->arr->start[i] || r->arr->after[end - 1] > 0) {
        return DAY_MISSING;
    }
    return r->arr->day[end - 1];
}

static strata_status find_accounts(const journey_request *r, arena *a, bool usage,
                                   journey_paths *out, strata_error *err)
{
    day *start = ARENA_NEW(a, out->n + 1, day);
    day *left = ARENA_NEW(a, out->n + 1, day);
    if (start == NULL || left == NULL) {
        return no_memory(r, err);
    }
    out->since_given = r->since != DAY_MISSING;
    out->since = out->since_given ? r->since : data_begins(r, usage);
    for (size_t i = 0; i < out->n; i++) {
        day from = r->p->exists_from[i];
        start[i] = DAY_MISSING;
        left[i] = DAY_MISSING;
        if (from == DAY_MIN || from > r->as_of) {
            out->n_unstarted += from == DAY_MIN;
        } else if (from < out->since) {
            out->n_older++;
        } else {
            start[i] = from;
            left[i] = day_left(r, i);
            out->n_followed++;
        }
    }
    out->start = start;
    out->left = left;
    return STRATA_OK;
}

/* --- the grid --- */

static day first_start(const journey_paths *p, day as_of)
{
    day first = as_of;
    for (size_t i = 0; i < p->n; i++) {
        first = p->start[i] != DAY_MISSING && p->start[i] < first ? p->start[i] : first;
    }
    return first;
}

/* Sundays, or ends of months, and the as-of date; ascending. */
static strata_status make_grid(walking *w, arena *a, strata_error *err)
{
    day as_of = w->r->as_of;
    day first = first_start(w->to, as_of);
    size_t weeks = (size_t)(as_of - first) / 7 + 2;
    bool by_week = weeks <= WEEKS_MOST && weeks * w->to->n <= ACCOUNT_WEEKS_MOST;
    w->days = ARENA_NEW(a, (size_t)WEEKS_MOST + MONTHS_MOST, day);
    if (w->days == NULL) {
        return no_memory(w->r, err);
    }
    w->to->step = by_week ? JOURNEY_WEEK : JOURNEY_MONTH;
    review_every every = by_week ? REVIEW_WEEK : REVIEW_MONTH;
    size_t n = 0;
    size_t most = by_week ? WEEKS_MOST : MONTHS_MOST;
    for (day d = as_of; n < most && (d >= first || n == 0); d = review_period_before(every, d)) {
        w->days[n++] = d;
    }
    for (size_t k = 0; k < n / 2; k++) {
        day keep = w->days[k];
        w->days[k] = w->days[n - 1 - k];
        w->days[n - 1 - k] = keep;
    }
    w->n_days = n;
    w->to->n_dates = n;
    return STRATA_OK;
}

/* --- the sweep --- */

static bool anyone_started(void *payload, size_t date, size_t first, size_t n)
{
    const walking *w = payload;
    for (size_t i = first; i < first + n; i++) {
        if (w->to->start[i] != DAY_MISSING && w->to->start[i] <= w->days[date]) {
            return true;
        }
    }
    return false;
}

static void take_landmark(const walking *w, const dated_block *block, size_t i)
{
    size_t at = block->first + i;
    w->landmark[at] = block->day;
    for (size_t k = 0; k < w->to->n_slots; k++) {
        const double *from = block->columns[w->to->slots[k]].num;
        w->values[k][at] = from != NULL ? from[i] : (double)NAN;
    }
}

static void take_block(void *payload, const dated_block *block)
{
    const walking *w = payload;
    bool last = block->date + 1 == w->n_days;
    for (size_t i = 0; i < block->n; i++) {
        size_t at = block->first + i;
        day start = w->to->start[at];
        if (start == DAY_MISSING || start > block->day) {
            continue;
        }
        for (size_t k = 0; k < w->n_rules; k++) {
            uint8_t verdict = block->verdicts[k * block->n + i];
            if (verdict == RULE_YES && w->first[k][at] == DAY_MISSING) {
                w->first[k][at] = block->day;
            }
            if (last) {
                w->holds[k][at] = verdict;
            }
        }
        if (w->landmark[at] == DAY_MISSING && block->day - start >= w->r->landmark_days) {
            take_landmark(w, block, i);
        }
    }
}

static strata_status make_room(walking *w, arena *a, strata_error *err)
{
    size_t n = w->to->n;
    w->first = ARENA_NEW(a, w->n_rules + 1, day *);
    w->holds = ARENA_NEW(a, w->n_rules + 1, uint8_t *);
    w->landmark = ARENA_NEW(a, n + 1, day);
    w->values = ARENA_NEW(a, w->to->n_slots + 1, double *);
    if (!w->first || !w->holds || !w->landmark || !w->values) {
        return no_memory(w->r, err);
    }
    for (size_t k = 0; k < w->n_rules; k++) {
        w->first[k] = ARENA_NEW(a, n + 1, day);
        w->holds[k] = ARENA_NEW(a, n + 1, uint8_t);
        if (w->first[k] == NULL || w->holds[k] == NULL) {
            return no_memory(w->r, err);
        }
        for (size_t i = 0; i < n; i++) {
            w->first[k][i] = DAY_MISSING;
        }
    }
    for (size_t k = 0; k < w->to->n_slots; k++) {
        w->values[k] = ARENA_NEW(a, n + 1, double);
        if (w->values[k] == NULL) {
            return no_memory(w->r, err);
        }
    }
    for (size_t i = 0; i < n; i++) {
        w->landmark[i] = DAY_MISSING;
    }
    return STRATA_OK;
}

/* --- the paths --- */

/* From the rules' first days: what was reached, got to at least, and where accounts are now. */
static strata_status draw_paths(const walking *w, arena *a, strata_error *err)
{
    journey_paths *p = w->to;
    const day **reached = ARENA_NEW(a, p->n_stages, const day *);
    const day **entered = ARENA_NEW(a, p->n_stages, const day *);
    const uint8_t **holds = ARENA_NEW(a, p->n_stages, const uint8_t *);
    uint8_t *now = ARENA_NEW(a, p->n + 1, uint8_t);
    if (!reached || !entered || !holds || !now) {
        return no_memory(w->r, err);
    }
    const day *later = NULL;
    for (size_t s = p->n_stages; s-- > 0;) {
        reached[s] = s > 0 ? w->first[s - 1] : p->start;
        holds[s] = s > 0 ? w->holds[s - 1] : NULL;
        day *got = ARENA_NEW(a, p->n + 1, day);
        if (got == NULL) {
            return no_memory(w->r, err);
        }
        for (size_t i = 0; i < p->n; i++) {
            day own = reached[s][i];
            day next = later != NULL ? later[i] : DAY_MISSING;
            got[i] = own == DAY_MISSING || (next != DAY_MISSING && next < own) ? next : own;
            if (got[i] != DAY_MISSING && now[i] == 0) {
                now[i] = (uint8_t)s;
            }
        }
        entered[s] = got;
        later = got;
    }
    p->reached = reached;
    p->entered = entered;
    p->holds = holds;
    p->now = now;
    p->met = (const day *const *)w->first + (p->n_stages - 1);
    p->landmark = w->landmark;
    p->values = (const double *const *)w->values;
    return STRATA_OK;
}

static strata_status list_rules(walking *w, arena *a, strata_error *err)
{
    const journey_paths *p = w->to;
    w->rules = ARENA_NEW(a, p->n_stages + p->n_milestones, const rule *);
    if (w->rules == NULL) {
        return no_memory(w->r, err);
    }
    for (size_t s = 1; s < p->n_stages; s++) {
        w->rules[w->n_rules++] = p->stages[s].rule;
    }
    for (size_t k = 0; k < p->n_milestones; k++) {
        w->rules[w->n_rules++] = p->milestones[k].rule;
    }
    return STRATA_OK;
}

strata_status journey_paths_make(const context *cx, const journey_request *r, arena *a,
                                 journey_paths *out, strata_error *err)
{
    journey_paths made = {.n = r->p->n_accounts};
    walking w = {.r = r, .to = &made};
    bool usage = false;
    STRATA_TRY(list_stages(r, a, &made, err));
    STRATA_TRY(list_milestones(r, a, &made, err));
    STRATA_TRY(list_rules(&w, a, err));
    STRATA_TRY(find_slots(&w, a, &usage, err));
    STRATA_TRY(find_accounts(r, a, usage, &made, err));
    STRATA_TRY(make_grid(&w, a, err));
    STRATA_TRY(make_room(&w, a, err));
    const dated_rules q = {.p = r->p,
                           .b = r->b,
                           .rules = w.rules,
                           .n_rules = w.n_rules,
                           .dates = w.days,
                           .n_dates = w.n_days,
                           .slots = made.slots,
                           .n_slots = made.n_slots};
    STRATA_TRY(dated_rules_judge(cx, &q, anyone_started, take_block, &w, err));
    STRATA_TRY(draw_paths(&w, a, err));
    *out = made;
    return STRATA_OK;
}
