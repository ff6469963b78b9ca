/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/intervention_effect.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "plan/effect/parts.h"

const int effect_months[EFFECT_HORIZONS] = {3, 6, 12};
enum { STREAM = 63, GAIN_STREAM = 73 };

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory measuring the effect of interventions");
}

/* --- which interventions --- */

/* Where each account's items begin. */
static strata_status index_log(const effect_panel_request *q, arena *a, const size_t **out,
                               strata_error *err)
{
    size_t n = q->p->n_accounts;
    size_t *start = ARENA_NEW(a, n + 2, size_t);
    if (start == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < q->log->n; k++) {
        start[q->log->items[k].account + 1]++;
    }
    for (size_t i = 0; i < n; i++) {
        start[i + 1] += start[i];
    }
    *out = start;
    return STRATA_OK;
}

/* An item right before it in the log: on an earlier day, or on the same one under an earlier name.
 */
static bool is_soon(const effect_work *w, size_t item)
{
    const intervention_log *log = w->q->log;
    const logged_intervention *x = &log->items[item];
    return item > w->start[x->account] && log->items[item - 1].day >= x->day - EFFECT_APART_DAYS;
}

static bool can_follow(const effect_work *w, const logged_intervention *x, episode *out)
{
    const effect_panel *p = w->p;
    size_t date = effect_panel_date(p, x->day);
    if (date == SIZE_MAX || !effect_is_customer(w, x->account, x->day)) {
        return false;
    }
    size_t row = effect_panel_row(p, date, x->account);
    bool asked = w->only_from == SEGMENT_ABSENT || p->codes[row] == w->only_from;
    *out = (episode){.account = x->account,
                     .name = x->name,
                     .day = x->day,
                     .date = date,
                     .row = row,
                     .minutes = x->minutes};
    return p->there[row] && asked;
}

static strata_status list_episodes(effect_work *w, intervention_effect *all, arena *a,
                                   strata_error *err)
{
    const intervention_log *log = w->q->log;
    w->episodes = ARENA_NEW(a, log->n + 1, episode);
    STRATA_AUTO_FREE uint32_t *last = STRATA_NEW_ARRAY(log->n_names + 1, uint32_t);
    if (w->episodes == NULL || last == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < log->n; k++) {
        const logged_intervention *x = &log->items[k];
        intervention_effect *of[2] = {&all[0], &all[x->name + 1]};
        bool soon = is_soon(w, k);
        bool follow = !soon && can_follow(w, x, &w->episodes[w->n_episodes]);
        w->n_episodes += follow;
        of[0]->n_accounts += k == w->start[x->account];
        of[1]->n_accounts += last[x->name] != x->account + 1;
        last[x->name] = x->account + 1;
        for (size_t g = 0; g < 2; g++) {
            of[g]->n_recorded++;
            of[g]->n_soon += soon;
            of[g]->n_not_then += !soon && !follow;
        }
    }
    return STRATA_OK;
}

/* --- what came after --- */

typedef struct after_job {
    const effect_work *w;
    const double *weights;
    uint32_t name; /* UINT32_MAX: all */
    int months;
    ratio_row *rows[EFFECT_OUTCOMES];
    size_t n[EFFECT_OUTCOMES];
    uint8_t *seen; /* by account: compared with */
} after_job;

static bool is_asked(const after_job *j, const episode *e)
{
    return (j->name == UINT32_MAX || e->name == j->name) &&
           day_add_months(e->day, j->months) <= j->w->q->as_of;
}

static void push(after_job *j, const follow_up *f, size_t row, bool had, double weight)
{
    int64_t gain = f->arr_after > f->arr_then ? f->arr_after - f->arr_then : 0;
    double then = weight * (double)f->arr_then;
    const double part[EFFECT_OUTCOMES] = {f->customer ? weight : 0.0, weight * (double)f->arr_after,
                                          f->up > 0 ? weight : 0.0, weight * (double)gain};
    const double base[EFFECT_OUTCOMES] = {weight, then, weight, then};
    for (size_t k = 0; k < EFFECT_OUTCOMES; k++) {
        if ((k != OUTCOME_UP || f->up >= 0) && (k != OUTCOME_GAIN || f->customer)) {
            j->rows[k][j->n[k]++] = (ratio_row){
                .cluster = j->w->p->account[row], .first = had, .part = part[k], .base = base[k]};
        }
    }
}

static void add_episode(after_job *j, size_t e, effect_after *out, double *arr)
{
    const effect_work *w = j->w;
    const episode *one = &w->episodes[e];
    out->n_had++;
    if (one->match[0] == NO_MATCH) {
        return;
    }
    follow_up f = effect_follow(w, one->row, one->day, j->months, false);
    push(j, &f, one->row, true, 1.0);
    out->n_matched++;
    out->hours += one->minutes / 60.0;
    *arr += (double)f.arr_then;
    for (size_t k = 0; k < EFFECT_MATCHES; k++) {
        double weight = j->weights[e * EFFECT_MATCHES + k];
        if (one->match[k] != NO_MATCH) {
            uint8_t *seen = &j->seen[w->p->account[one->match[k]]];
            out->n_others += !*seen;
            *seen = 1;
        }
        if (weight > 0.0) {
            follow_up other = effect_follow(w, one->match[k], one->day, j->months, true);
            push(j, &other, one->match[k], false, weight);
        }
    }
}

/* Clusters are numbered anew, so that only accounts with rows are drawn. */
static size_t renumber(ratio_row *rows, size_t n, uint32_t *number, size_t n_accounts)
{
    uint32_t next = 0;
    for (size_t i = 0; i < n_accounts; i++) {
        number[i] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        number[rows[i].cluster] = 1;
    }
    for (size_t i = 0; i < n_accounts; i++) {
        number[i] = number[i] != 0 ? next++ : 0;
    }
    for (size_t i = 0; i < n; i++) {
        rows[i].cluster = number[rows[i].cluster];
    }
    return next;
}

/* `at`: a number for the intervention and the months. */
static strata_status compare(const context *cx, after_job *j, uint64_t at, effect_after *out,
                             strata_error *err)
{
    const uint64_t usual = (((uint64_t)STREAM << 16) + at) * OUTCOME_GAIN;
    const uint64_t gain = (((uint64_t)GAIN_STREAM << 16) + at) * OUTCOME_GAIN;
    size_t n_accounts = j->w->q->p->n_accounts;
    STRATA_AUTO_FREE uint32_t *number = STRATA_NEW_ARRAY(n_accounts + 1, uint32_t);
    if (number == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < EFFECT_OUTCOMES; k++) {
        size_t clusters = renumber(j->rows[k], j->n[k], number, n_accounts);
        const ratio_rows rows = {j->rows[k], j->n[k], clusters};
        STRATA_TRY(ratio_difference_find(cx, k == OUTCOME_GAIN ? gain : usual + k, &rows,
                                         &out->of[k], err));
    }
    return STRATA_OK;
}

static void after_done(after_job *j)
{
    for (size_t k = 0; k < EFFECT_OUTCOMES; k++) {
        free(j->rows[k]);
    }
    free(j->seen);
}

static strata_status after_of(const context *cx, after_job *j, uint64_t at, effect_after *out,
                              strata_error *err)
{
    const effect_work *w = j->w;
    double least = w->q->b->model->quality.minimum_accounts;
    double arr = 0.0;
    effect_after x = {0};
    for (size_t e = 0; e < w->n_episodes; e++) {
        if (is_asked(j, &w->episodes[e])) {
            add_episode(j, e, &x, &arr);
        }
    }
    x.stated = x.n_matched > 0 && (double)x.n_matched >= least && (double)x.n_others >= least;
    x.arr = x.arr_low = x.arr_high = x.arr_per_hour = NAN;
    if (x.stated) {
        STRATA_TRY(compare(cx, j, at, &x, err));
    }
    if (x.of[OUTCOME_ARR].defined) {
        x.arr = arr * x.of[OUTCOME_ARR].difference;
        x.arr_low = arr * x.of[OUTCOME_ARR].low;
        x.arr_high = arr * x.of[OUTCOME_ARR].high;
        x.arr_per_hour = x.hours > 0.0 ? x.arr / x.hours : (double)NAN;
    }
    *out = x;
    return STRATA_OK;
}

static strata_status run_after(const context *cx, const effect_work *w, size_t item, size_t horizon,
                               const double *weights, effect_after *out, strata_error *err)
{
    STRATA_CLEANUP(after_done)
    after_job j = {.w = w,
                   .weights = weights,
                   .name = item == 0 ? UINT32_MAX : (uint32_t)(item - 1),
                   .months = effect_months[horizon]};
    for (size_t k = 0; k < EFFECT_OUTCOMES; k++) {
        j.rows[k] = STRATA_NEW_ARRAY(w->n_episodes * (EFFECT_MATCHES + 1) + 1, ratio_row);
        if (j.rows[k] == NULL) {
            return out_of_memory(err);
        }
    }
    j.seen = STRATA_NEW_ARRAY(w->q->p->n_accounts + 1, uint8_t);
    if (j.seen == NULL) {
        return out_of_memory(err);
    }
    return after_of(cx, &j, item * EFFECT_HORIZONS + horizon, out, err);
}

/* --- balance --- */

/* Means of a column over those matched, and over those they are compared with. */
static double difference_after(const effect_work *w, uint32_t name, const double *weights, size_t c)
{
    const effect_panel *p = w->p;
    double had[2] = {0.0, 0.0};
    double others[2] = {0.0, 0.0};
    for (size_t e = 0; e < w->n_episodes; e++) {
        const episode *one = &w->episodes[e];
        bool over = day_add_months(one->day, effect_months[0]) <= w->q->as_of;
        if ((name != UINT32_MAX && one->name != name) || one->match[0] == NO_MATCH || !over) {
            continue;
        }
        had[0] += (double)p->x[one->row * p->n_columns + c];
        had[1] += 1.0;
        for (size_t k = 0; k < EFFECT_MATCHES; k++) {
            double weight = weights[e * EFFECT_MATCHES + k];
            if (weight > 0.0) {
                others[0] += weight * (double)p->x[one->match[k] * p->n_columns + c];
                others[1] += weight;
            }
        }
    }
    return had[1] > 0.0 && others[1] > 0.0 ? had[0] / had[1] - others[0] / others[1] : (double)NAN;
}

static strata_status put_balance(const effect_work *w, uint32_t name, const double *weights,
                                 arena *a, intervention_effect *out, strata_error *err)
{
    size_t n = w->p->n_columns;
    effect_balance *list = ARENA_NEW(a, n + 1, effect_balance);
    if (list == NULL) {
        return out_of_memory(err);
    }
    out->balanced = true;
    for (size_t c = 0; c < n; c++) {
        list[c] = (effect_balance){
            .name = w->p->columns[c].name,
            .label = w->p->columns[c].label,
            .before = w->before[c],
            .after = difference_after(w, name, weights, c) * w->scale[c],
        };
        out->balanced = out->balanced && fabs(list[c].after) <= EFFECT_BALANCED;
    }
    out->balance = list;
    out->n_balance = n;
    return STRATA_OK;
}

/* --- all of it --- */

/* The segment of unknown values of a dimension by bands has no rank. */
static size_t ranked_segments(const effect_panel_request *q)
{
    const bound_def *def = q->dimension;
    if (def == NULL || !q->b->model->dimensions[def->index].ordered) {
        return 0;
    }
    bool bands = q->b->model->dimensions[def->index].kind == DIMENSION_BANDS;
    return bands ? def->n_segments - 1 : def->n_segments;
}

static strata_status measure(const context *cx, const effect_work *w, arena *a,
                             intervention_effect *items, size_t n, strata_error *err)
{
    size_t n_weights = w->n_episodes * EFFECT_MATCHES;
    STRATA_AUTO_FREE double *weights = STRATA_NEW_ARRAY(n_weights + 1, double);
    if (weights == NULL) {
        return out_of_memory(err);
    }
    for (size_t h = EFFECT_HORIZONS; h-- > 0;) { /* the shortest last: balance goes by it */
        STRATA_TRY(effect_weights(w, effect_months[h], weights, err));
        for (size_t i = 0; i < n; i++) {
            STRATA_TRY(run_after(cx, w, i, h, weights, &items[i].after[h], err));
        }
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t name = i == 0 ? UINT32_MAX : (uint32_t)(i - 1);
        if (items[i].after[0].stated) {
            STRATA_TRY(put_balance(w, name, weights, a, &items[i], err));
        }
    }
    return STRATA_OK;
}

strata_status effect_ground_make(const context *cx, const effect_panel_request *q, arena *a,
                                 effect_ground *out, strata_error *err)
{
    effect_ground g = {.panel = *q};
    STRATA_TRY(index_log(q, a, &g.start, err));
    if (q->log->n > 0) {
        STRATA_TRY(effect_panel_make(cx, q, a, &g.days, err));
        STRATA_TRY(effect_segments_make(cx, q, a, &g.weeks, err));
    }
    *out = g;
    return STRATA_OK;
}

strata_status intervention_effects_of(const context *cx, const effect_ground *g,
                                      const arr_book *book, segment_code only_from, arena *a,
                                      intervention_effects *out, strata_error *err)
{
    const intervention_log *log = g->panel.log;
    effect_work w = {.q = &g->panel,
                     .book = book,
                     .only_from = only_from,
                     .p = &g->days,
                     .weeks = &g->weeks,
                     .start = g->start,
                     .n_ranked = ranked_segments(&g->panel)};
    intervention_effect *items = ARENA_NEW(a, log->n_names + 1, intervention_effect);
    if (items == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < log->n_names; i++) {
        items[i + 1].name = log->names[i];
    }
    if (log->n > 0) {
        STRATA_TRY(list_episodes(&w, items, a, err));
    }
    if (w.n_episodes > 0) {
        STRATA_TRY(effect_chances(cx, a, &w, err));
        STRATA_TRY(effect_match(cx, &w, err));
        STRATA_TRY(measure(cx, &w, a, items, log->n_names + 1, err));
    }
    *out = (intervention_effects){
        .items = items,
        .n = log->n_names + 1,
        .has_up = w.n_ranked > 0,
        .from = g->days.n_dates > 0 ? g->days.dates[0] : g->panel.as_of,
        .as_of = g->panel.as_of,
    };
    return STRATA_OK;
}
