/* SPDX-License-Identifier: Apache-2.0 */
#include "journey/activation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/outcomes.h"
#include "base/auto.h"
#include "stats/inference/holm.h"

static const double LEVEL = 0.05;
enum { SIDE_SHARE = 20, SIDE_LEAST = 10, AFTER_DAYS = 30 };

typedef struct searching {
    const journey_request *r;
    const journey_paths *p;
    int months;
    bool orders;
    size_t n;
    size_t *account;
    uint8_t *kept, *half;
    activation_sign *signs; /* by column */
    double **columns;
    size_t n_columns, n_stated; /* columns: those of stages and milestones first */
    pattern *found;
    size_t n_found;
} searching;

static void searching_done(searching *q)
{
    free(q->account);
    free(q->kept);
    free(q->half);
    for (size_t k = 0; q->columns != NULL && k < q->n_columns; k++) {
        free(q->columns[k]);
    }
    free(q->columns);
    free(q->found);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory searching activation milestones");
}

/* --- who is searched --- */

static day outcome_day(const searching *q, size_t i, int months)
{
    return day_add_months(q->p->start[i], months);
}

/* Followed to the outcome, which lies after the landmark. */
static bool is_followed(const searching *q, size_t i, int months)
{
    return q->p->start[i] != DAY_MISSING && q->p->landmark[i] != DAY_MISSING &&
           outcome_day(q, i, months) <= q->r->as_of &&
           outcome_day(q, i, months) >= q->p->landmark[i] + AFTER_DAYS;
}

static bool is_there(const searching *q, size_t i)
{
    if (!q->orders) {
        return arr_book_at(q->r->arr, i, q->p->landmark[i]) > 0;
    }
    const order_book *b = q->r->orders;
    return b->first[i] != DAY_MISSING && b->first[i] <= q->p->landmark[i];
}

static bool is_kept(const searching *q, size_t i)
{
    day end = outcome_day(q, i, q->months);
    if (!q->orders) {
        return arr_book_at(q->r->arr, i, end) > 0;
    }
    const order_book *b = q->r->orders;
    for (uint32_t k = b->start[i]; k < b->start[i + 1]; k++) {
        if (b->day[k] > q->p->landmark[i] && b->day[k] <= end && b->orders[k] > 0) {
            return true;
        }
    }
    return false;
}

/* The longest of 12, 9 and 6 months that enough accounts were followed for; 0: none. */
static int choose_months(const searching *q)
{
    static const int months[] = {12, 9, 6};
    double minimum = q->r->b->model->quality.minimum_accounts;
    size_t enough = minimum > SIDE_LEAST ? (size_t)(2.0 * minimum) : (size_t)2 * SIDE_LEAST;
    for (size_t m = 0; m < sizeof months / sizeof months[0]; m++) {
        size_t n = 0;
        for (size_t i = 0; i < q->p->n; i++) {
            n += is_followed(q, i, months[m]) && is_there(q, i);
        }
        if (n >= enough) {
            return months[m];
        }
    }
    return 0;
}

/* FNV-1a: the half of an account depends on its id alone. */
static uint64_t key_of(const char *id)
{
    uint64_t h = 14695981039346656037U;
    for (; *id != '\0'; id++) {
        h = (h ^ (unsigned char)*id) * 1099511628211U;
    }
    return h;
}

static strata_status find_accounts(const context *cx, searching *q, activation *out,
                                   strata_error *err)
{
    q->account = STRATA_NEW_ARRAY(q->p->n, size_t);
    q->kept = STRATA_NEW_ARRAY(q->p->n, uint8_t);
    q->half = STRATA_NEW_ARRAY(q->p->n, uint8_t);
    if (q->account == NULL || q->kept == NULL || q->half == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < q->p->n; i++) {
        if (!is_followed(q, i, q->months)) {
            continue;
        }
        if (!is_there(q, i)) {
            out->left_before++;
            continue;
        }
        q->account[q->n] = i;
        q->kept[q->n] = is_kept(q, i);
        q->half[q->n] = pattern_half(key_of(q->r->p->ids[i]), cx->seed);
        out->kept += q->kept[q->n];
        q->n++;
    }
    out->accounts = q->n;
    return STRATA_OK;
}

/* --- what is searched --- */

static double *new_column(searching *q, activation_sign sign)
{
    double *x = STRATA_NEW_ARRAY(q->n, double);
    if (x != NULL) {
        q->signs[q->n_columns] = sign;
        q->columns[q->n_columns++] = x;
    }
    return x;
}

/* Reached by the landmark, for whom that lies on or after the day found. */
static strata_status add_reached(searching *q, activation_kind kind, const char *name,
                                 const day *reached, strata_error *err)
{
    double *x = new_column(q, (activation_sign){.kind = kind, .name = name, .at_least = true});
    if (x == NULL) {
        return no_memory(err);
    }
    activation_sign *sign = &q->signs[q->n_columns - 1];
    for (size_t k = 0; k < q->n; k++) {
        size_t i = q->account[k];
        bool have = reached[i] != DAY_MISSING && reached[i] <= q->p->landmark[i];
        x[k] = have ? 1.0 : 0.0;
        sign->have += have;
        sign->of++;
    }
    return STRATA_OK;
}

static strata_status add_value(searching *q, size_t slot_at, strata_error *err)
{
    size_t slot = q->p->slots[slot_at];
    const symbol *sym = &q->r->b->scope.symbols[slot];
    double *x = new_column(q, (activation_sign){.kind = ACTIVATION_VALUE,
                                                .name = sym->label != NULL ? sym->label : sym->name,
                                                .slot = slot});
    if (x == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < q->n; k++) {
        double value = q->p->values[slot_at][q->account[k]];
        x[k] = isfinite(value) ? value : (double)NAN;
    }
    return STRATA_OK;
}

static strata_status fill_columns(searching *q, arena *a, strata_error *err)
{
    const journey_paths *p = q->p;
    size_t most = p->n_stages + p->n_milestones + p->n_slots;
    q->columns = STRATA_NEW_ARRAY(most, double *);
    q->signs = ARENA_NEW(a, most, activation_sign);
    if (q->columns == NULL || q->signs == NULL) {
        return no_memory(err);
    }
    for (size_t s = 1; s < p->n_stages; s++) {
        STRATA_TRY(add_reached(q, ACTIVATION_STAGE, p->stages[s].name, p->reached[s], err));
    }
    for (size_t k = 0; k < p->n_milestones; k++) {
        STRATA_TRY(add_reached(q, ACTIVATION_MILESTONE, p->milestones[k].name, p->met[k], err));
    }
    q->n_stated = q->n_columns;
    for (size_t k = 0; k < p->n_slots; k++) {
        STRATA_TRY(add_value(q, k, err));
    }
    return STRATA_OK;
}

/* --- what was found --- */

/* The effect in one half; stages and milestones always as "reached". */
static pattern_effect effect_in(const searching *q, const activation_sign *s, const double *x,
                                uint8_t half)
{
    size_t n[2] = {0};
    size_t kept[2] = {0};
    for (size_t k = 0; k < q->n; k++) {
        if (q->half[k] != half || isnan(x[k])) {
            continue;
        }
        bool high = s->kind == ACTIVATION_VALUE ? x[k] >= s->threshold : x[k] > 0.0;
        size_t side = s->at_least ? high : !high;
        n[side]++;
        kept[side] += q->kept[k];
    }
    return pattern_effect_of(kept[1], n[1], kept[0], n[0]);
}

static int by_effect(const void *a, const void *b)
{
    const activation_sign *x = a;
    const activation_sign *y = b;
    if (x->state != y->state) {
        return x->state < y->state ? 1 : -1;
    }
    if (x->cut != y->cut) {
        return x->cut ? -1 : 1;
    }
    double dx = fabs(x->confirmed.test.effect);
    double dy = fabs(y->confirmed.test.effect);
    if (dx < dy || dx > dy) {
        return dx < dy ? 1 : -1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

static bool same_fact(const pattern_effect *a, const pattern_effect *b)
{
    return a->with == b->with && a->kept_with == b->kept_with && a->without == b->without &&
           a->kept_without == b->kept_without;
}

/* Of values that say the same of the same accounts as a sign before them, the first alone is kept;
 * stages and milestones are always told. */
static size_t drop_repeats(activation_sign *signs, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        bool repeated = false;
        for (size_t i = 0; i < kept && !repeated; i++) {
            repeated = signs[k].kind == ACTIVATION_VALUE && signs[k].cut && signs[i].cut &&
                       same_fact(&signs[i].found, &signs[k].found) &&
                       same_fact(&signs[i].confirmed, &signs[k].confirmed);
        }
        if (!repeated) {
            signs[kept++] = signs[k];
        }
    }
    return kept;
}

static void take_found(searching *q)
{
    for (size_t k = 0; k < q->n_found; k++) {
        const pattern *p = &q->found[k];
        activation_sign *s = &q->signs[q->n_stated + p->feature];
        const double *x = q->columns[q->n_stated + p->feature];
        s->cut = true;
        s->state = p->state;
        s->p_search = p->p_search;
        s->p_confirm = p->p_confirm;
        s->threshold = p->threshold;
        s->at_least = p->at_least;
        s->found = effect_in(q, s, x, 0);
        s->confirmed = effect_in(q, s, x, 1);
        s->have = s->found.with + s->confirmed.with;
        s->of = s->have + s->found.without + s->confirmed.without;
    }
}

static size_t least_side(const searching *q)
{
    size_t side = q->n / ((size_t)2 * SIDE_SHARE);
    return side > SIDE_LEAST ? side : SIDE_LEAST;
}

static pattern_state state_of(const activation_sign *s)
{
    const stat_test *first = &s->found.test;
    const stat_test *second = &s->confirmed.test;
    bool same_way = first->effect * second->effect > 0.0;
    if (second->defined && same_way && s->p_confirm < LEVEL) {
        return PATTERN_CONFIRMED;
    }
    return first->defined && first->p < LEVEL ? PATTERN_FAILED : PATTERN_NOT_FOUND;
}

/* Stages and milestones are stated, not sought: each is tested as it stands on the second half,
 * corrected for their number, and must point the same way in the first. */
static strata_status test_stated(searching *q, strata_error *err)
{
    size_t side = least_side(q);
    size_t n = 0;
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(q->n_stated, double);
    if (p == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < q->n_stated; k++) {
        activation_sign *s = &q->signs[k];
        s->found = effect_in(q, s, q->columns[k], 0);
        s->confirmed = effect_in(q, s, q->columns[k], 1);
        s->cut = s->confirmed.with >= side && s->confirmed.without >= side;
        s->p_confirm = 1.0;
        if (s->cut) {
            p[n++] = s->confirmed.test.defined ? s->confirmed.test.p : 1.0;
        }
    }
    STRATA_TRY(holm(p, n, p, err));
    n = 0;
    for (size_t k = 0; k < q->n_stated; k++) {
        if (q->signs[k].cut) {
            q->signs[k].p_confirm = p[n++];
            q->signs[k].state = state_of(&q->signs[k]);
        }
    }
    return STRATA_OK;
}

/* Values are sought at every cut point, as one family. */
static strata_status search_values(const context *cx, searching *q, strata_error *err)
{
    size_t n = q->n_columns - q->n_stated;
    if (n == 0) {
        return STRATA_OK;
    }
    q->found = STRATA_NEW_ARRAY(n, pattern);
    if (q->found == NULL) {
        return no_memory(err);
    }
    const pattern_search request = {.n = q->n,
                                    .n_features = n,
                                    .features = (const double *const *)q->columns + q->n_stated,
                                    .kept = q->kept,
                                    .half = q->half,
                                    .min_side = least_side(q),
                                    .n_permutations = PATTERN_PERMUTATIONS,
                                    .stream = analysis_stream(STREAM_JOURNEY, 0, 0)};
    STRATA_TRY(pattern_find(cx, &request, q->found, &q->n_found, err));
    take_found(q);
    return STRATA_OK;
}

static void rank_signs(searching *q, activation *out)
{
    if (q->n_columns > 0) {
        qsort(q->signs, q->n_columns, sizeof *q->signs, by_effect);
    }
    out->signs = q->signs;
    out->n = drop_repeats(q->signs, q->n_columns);
    for (size_t k = 0; k < out->n; k++) {
        out->n_confirmed += q->signs[k].state == PATTERN_CONFIRMED;
        out->n_found += q->signs[k].state != PATTERN_NOT_FOUND;
    }
}

static const char *why_not(const searching *q, const activation *out)
{
    if (q->months == 0) {
        return "too few accounts were there at that age and were followed for 6 months";
    }
    if (out->kept == 0 || out->kept == out->accounts) {
        return out->kept == 0 ? "nobody stayed, so nothing sets those who did apart"
                              : "everybody stayed, so nothing sets those who left apart";
    }
    return NULL;
}

strata_status activation_make(const context *cx, const journey_request *r, const journey_paths *p,
                              arena *a, activation *out, strata_error *err)
{
    STRATA_CLEANUP(searching_done) searching q = {.r = r, .p = p, .orders = !r->has_arr};
    activation made = {.landmark_days = r->landmark_days, .orders = q.orders};
    q.months = choose_months(&q);
    made.months = q.months;
    if (q.months > 0) {
        STRATA_TRY(find_accounts(cx, &q, &made, err));
    }
    made.why = why_not(&q, &made);
    if (made.why == NULL) {
        STRATA_TRY(fill_columns(&q, a, err));
        STRATA_TRY(test_stated(&q, err));
        STRATA_TRY(search_values(cx, &q, err));
        rank_signs(&q, &made);
    }
    *out = made;
    return STRATA_OK;
}
