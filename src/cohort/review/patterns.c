/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/patterns.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"

enum { SIDE_SHARE = 20 }; /* a cut leaves a twentieth on either side */

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory searching patterns of success");
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

typedef struct searching {
    const review_subject *s;
    const early_view *v;
    int months;
    size_t n;
    size_t *place; /* into v->accounts */
    uint8_t *kept, *half, *of_cohort;
    double **columns; /* [day * n_slots + slot] */
    size_t n_columns;
    pattern *found;
    size_t n_found;
} searching;

static void searching_done(searching *q)
{
    free(q->place);
    free(q->kept);
    free(q->half);
    free(q->of_cohort);
    for (size_t k = 0; q->columns != NULL && k < q->n_columns; k++) {
        free(q->columns[k]);
    }
    free(q->columns);
    free(q->found);
}

/* --- who is searched --- */

/* Was the account a customer when its day 90 was looked at? */
static bool is_there(const searching *q, size_t place)
{
    return arr_book_at(q->s->book, q->v->accounts.items[place], q->v->evaluated[place]) > 0;
}

static size_t count_followed(const searching *q, int months)
{
    size_t n = 0;
    for (size_t place = 0; place < q->v->accounts.n; place++) {
        n += is_there(q, place) && review_reached(q->s, q->v->accounts.items[place], months);
    }
    return n;
}

/* The longest of 12, 9 and 6 months that enough accounts were followed for; 0: none. */
static int choose_months(const searching *q)
{
    size_t enough = q->s->minimum > 10 ? 2 * q->s->minimum : 20;
    for (size_t m = REVIEW_MARKS - 1; m > 0; m--) {
        if (count_followed(q, review_marks[m]) >= enough) {
            return review_marks[m];
        }
    }
    return 0;
}

static bool is_in(const account_set *set, size_t account)
{
    size_t low = 0;
    size_t high = set->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (set->items[mid] < account) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < set->n && set->items[low] == account;
}

static strata_status find_accounts(const context *cx, searching *q, strata_error *err)
{
    size_t most = q->v->accounts.n;
    q->place = STRATA_NEW_ARRAY(most, size_t);
    q->kept = STRATA_NEW_ARRAY(most, uint8_t);
    q->half = STRATA_NEW_ARRAY(most, uint8_t);
    q->of_cohort = STRATA_NEW_ARRAY(most, uint8_t);
    if (!q->place || !q->kept || !q->half || !q->of_cohort) {
        return out_of_memory(err);
    }
    for (size_t place = 0; place < most; place++) {
        size_t i = q->v->accounts.items[place];
        if (!is_there(q, place) || !review_reached(q->s, i, q->months)) {
            continue;
        }
        q->place[q->n] = place;
        q->kept[q->n] = arr_book_at(q->s->book, i, review_day(q->s, i, q->months)) > 0;
        q->half[q->n] = pattern_half(key_of(q->s->p->ids[i]), cx->seed);
        q->of_cohort[q->n] = is_in(&q->s->cohort, i);
        q->n++;
    }
    return STRATA_OK;
}

static strata_status fill_columns(searching *q, strata_error *err)
{
    q->n_columns = q->v->n_slots * EARLY_DAYS;
    q->columns = STRATA_NEW_ARRAY(q->n_columns, double *);
    if (q->columns == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < q->n_columns; k++) {
        const double *values = q->v->values[k / q->v->n_slots][k % q->v->n_slots];
        q->columns[k] = STRATA_NEW_ARRAY(q->n, double);
        if (q->columns[k] == NULL) {
            return out_of_memory(err);
        }
        for (size_t i = 0; i < q->n; i++) {
            q->columns[k][i] = values[q->place[i]];
        }
    }
    return STRATA_OK;
}

/* --- what was found --- */

static bool has_pattern(const pattern *p, double x)
{
    return p->at_least ? x >= p->threshold : x < p->threshold;
}

static pattern_effect effect_in_cohort(const searching *q, const pattern *p)
{
    size_t n[2] = {0};
    size_t kept[2] = {0};
    for (size_t i = 0; i < q->n; i++) {
        double x = q->columns[p->feature][i];
        if (q->of_cohort[i] && !isnan(x)) {
            size_t side = has_pattern(p, x);
            n[side]++;
            kept[side] += q->kept[i];
        }
    }
    return pattern_effect_of(kept[1], n[1], kept[0], n[0]);
}

/* Of two days of one value: confirmed before not, then the earlier day. */
static bool better(const review_pattern *a, const review_pattern *b)
{
    if (a->p.state != b->p.state) {
        return a->p.state > b->p.state;
    }
    return a->day < b->day;
}

static int order(const void *a, const void *b)
{
    const review_pattern *x = a;
    const review_pattern *y = b;
    if (x->p.state != y->p.state) {
        return x->p.state < y->p.state ? 1 : -1;
    }
    double dx = fabs(x->p.confirmed.test.effect);
    double dy = fabs(y->p.confirmed.test.effect);
    if (dx < dy || dx > dy) {
        return dx < dy ? 1 : -1;
    }
    return (x->slot > y->slot) - (x->slot < y->slot);
}

/* Do both say the same of the same numbers of accounts? Different names of one fact do. */
static bool same_fact(const pattern_effect *a, const pattern_effect *b)
{
    return a->with == b->with && a->kept_with == b->kept_with && a->without == b->without &&
           a->kept_without == b->kept_without;
}

/* Keeps the first of those that say the same; items are in order. */
static size_t drop_repeats(review_pattern *items, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        bool repeated = false;
        for (size_t j = 0; j < kept && !repeated; j++) {
            repeated = same_fact(&items[j].p.found, &items[k].p.found) &&
                       same_fact(&items[j].p.confirmed, &items[k].p.confirmed);
        }
        if (!repeated) {
            items[kept++] = items[k];
        }
    }
    return kept;
}

static strata_status keep_found(const searching *q, arena *a, review_patterns *out,
                                strata_error *err)
{
    review_pattern *items = ARENA_NEW(a, q->n_found + 1, review_pattern);
    if (items == NULL) {
        return out_of_memory(err);
    }
    size_t n = 0;
    for (size_t k = 0; k < q->n_found; k++) {
        if (q->found[k].state == PATTERN_NOT_FOUND) {
            continue;
        }
        out->found++;
        out->confirmed += q->found[k].state == PATTERN_CONFIRMED;
        size_t at_column = q->found[k].feature;
        review_pattern r = {.slot = q->v->slots[at_column % q->v->n_slots],
                            .day = at_column / q->v->n_slots,
                            .p = q->found[k]};
        size_t at = 0;
        while (at < n && items[at].slot != r.slot) {
            at++;
        }
        if (at == n || better(&r, &items[at])) {
            items[at] = r;
        }
        n += at == n;
    }
    qsort(items, n, sizeof *items, order);
    n = drop_repeats(items, n);
    out->n = n < REVIEW_PATTERNS_MAX ? n : REVIEW_PATTERNS_MAX;
    for (size_t k = 0; k < out->n; k++) {
        items[k].cohort = effect_in_cohort(q, &items[k].p);
    }
    out->items = items;
    return STRATA_OK;
}

static strata_status search(const context *cx, searching *q, strata_error *err)
{
    STRATA_TRY(fill_columns(q, err));
    q->found = STRATA_NEW_ARRAY(q->n_columns, pattern);
    if (q->found == NULL) {
        return out_of_memory(err);
    }
    size_t side = q->n / ((size_t)2 * SIDE_SHARE);
    const pattern_search request = {.n = q->n,
                                    .n_features = q->n_columns,
                                    .features = (const double *const *)q->columns,
                                    .kept = q->kept,
                                    .half = q->half,
                                    .min_side = side > 10 ? side : 10,
                                    .n_permutations = PATTERN_PERMUTATIONS,
                                    .stream = REVIEW_STREAM + 900};
    return pattern_find(cx, &request, q->found, &q->n_found, err);
}

strata_status review_patterns_make(const context *cx, const review_subject *s, const early_view *v,
                                   arena *a, review_patterns *out, strata_error *err)
{
    STRATA_CLEANUP(searching_done) searching q = {.s = s, .v = v};
    review_patterns r = {0};
    q.months = choose_months(&q);
    if (q.months == 0 || v->n_slots == 0) {
        *out = (review_patterns){.why = v->n_slots == 0
                                            ? "there are no computed features to look at"
                                            : "too few accounts were followed for 6 months"};
        return STRATA_OK;
    }
    STRATA_TRY(find_accounts(cx, &q, err));
    r.months = q.months;
    r.accounts = q.n;
    for (size_t i = 0; i < q.n; i++) {
        r.kept += q.kept[i];
        r.of_cohort += q.of_cohort[i];
    }
    if (r.kept == r.accounts || r.kept == 0) {
        r.why = r.kept == 0 ? "nobody stayed, so nothing sets those who did apart"
                            : "everybody stayed, so nothing sets those who left apart";
        *out = r;
        return STRATA_OK;
    }
    STRATA_TRY(search(cx, &q, err));
    r.tried = q.n_found;
    STRATA_TRY(keep_found(&q, a, &r, err));
    *out = r;
    return STRATA_OK;
}
