/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/early.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "segment/visit.h"

const int early_days[EARLY_DAYS] = {30, 60, 90};

enum {
    ACCOUNTS_ENOUGH = 20000, /* no further peers are looked at beyond */
    DAYS_MOST = 140,         /* calendar days evaluated, before a coarser grid */
    COARSEST = 28
};
static const double EVALUATED_MOST = 40e6; /* accounts of the portfolio times days */

typedef struct early_draft {
    const review_subject *s;
    arena *a;
    uint32_t *accounts;
    size_t n;
    size_t *slots;
    size_t n_slots;
    double ***values; /* [day][slot][place] */
    segment_code *segments;
    const bound_def *dimension;
    day *evaluated;
    day *served; /* [place * EARLY_DAYS + e]: the day that serves for early_days[e] */
    day *days;   /* distinct, ascending */
    size_t n_days;
    int step;
} early_draft;

static void early_draft_done(early_draft *d)
{
    free(d->days);
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory looking at the first days of a cohort");
}

const char *early_label(const review_subject *s, size_t slot)
{
    const symbol *sym = &s->b->scope.symbols[slot];
    if (sym->label == NULL && slot < FEATURE_COUNT) {
        return feature_get((feature_id)slot)->label;
    }
    return sym->label != NULL ? sym->label : sym->name;
}

/* --- which accounts and values --- */

static void take_accounts(early_draft *d, const account_set *set)
{
    for (size_t k = 0; k < set->n; k++) {
        if (d->s->book->first[set->items[k]] + early_days[EARLY_DAYS - 1] <= d->s->as_of) {
            d->accounts[d->n++] = set->items[k];
        }
    }
}

static int ascending_accounts(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static strata_status find_accounts(early_draft *d, strata_error *err)
{
    const review_subject *s = d->s;
    d->accounts = ARENA_NEW(d->a, s->cohort.n + s->earlier.n + 1, uint32_t);
    if (d->accounts == NULL) {
        return out_of_memory(err);
    }
    take_accounts(d, &s->cohort);
    for (size_t k = s->n_peers; k > 0 && d->n < ACCOUNTS_ENOUGH; k--) {
        take_accounts(d, &s->peers[k - 1]);
    }
    if (d->n > 1) {
        qsort(d->accounts, d->n, sizeof *d->accounts, ascending_accounts);
    }
    return STRATA_OK;
}

/* What says nothing early on, or only how old the account is. */
static bool is_of_no_use(size_t slot)
{
    return slot == FEATURE_TENURE || slot == FEATURE_IS_CUSTOMER || slot == FEATURE_CHURNED ||
           slot == FEATURE_DAYS_SINCE_CHURN || slot == FEATURE_MONTHS_AS_CUSTOMER ||
           slot == FEATURE_ARR_12M_AGO || slot == FEATURE_SPEND_PREV_365D ||
           slot == FEATURE_RENEWAL_IN || slot == FEATURE_FIRST_SEEN_AGE;
}

static bool is_wanted(const bound_model *b, size_t slot)
{
    const symbol *sym = &b->scope.symbols[slot];
    if (sym->type == VALUE_TEXT || sym->type == VALUE_DATE || sym->missing_because != NULL) {
        return false;
    }
    if (slot < b->n_base) {
        return slot < FEATURE_COUNT && !is_of_no_use(slot);
    }
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].slot == slot) {
            return b->defs[i].kind == DEF_FEATURE || b->defs[i].kind == DEF_SCORE;
        }
    }
    return false;
}

static strata_status find_slots(early_draft *d, strata_error *err)
{
    const bound_model *b = d->s->b;
    d->slots = ARENA_NEW(d->a, b->scope.n_symbols + 1, size_t);
    d->values = ARENA_NEW(d->a, EARLY_DAYS, double **);
    if (d->slots == NULL || d->values == NULL) {
        return out_of_memory(err);
    }
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (is_wanted(b, slot)) {
            d->slots[d->n_slots++] = slot;
        }
    }
    for (size_t e = 0; e < EARLY_DAYS; e++) {
        d->values[e] = ARENA_NEW(d->a, d->n_slots + 1, double *);
        for (size_t k = 0; d->values[e] != NULL && k < d->n_slots; k++) {
            d->values[e][k] = ARENA_NEW(d->a, d->n + 1, double);
            if (d->values[e][k] == NULL) {
                return out_of_memory(err);
            }
        }
        if (d->values[e] == NULL) {
            return out_of_memory(err);
        }
    }
    d->dimension = bound_primary(b);
    d->segments = ARENA_NEW(d->a, d->n + 1, segment_code);
    d->evaluated = ARENA_NEW(d->a, d->n + 1, day);
    return d->segments != NULL && d->evaluated != NULL ? STRATA_OK : out_of_memory(err);
}

/* The first place whose account is not before this one. */
static size_t first_place(const uint32_t *accounts, size_t n, size_t account)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (accounts[mid] < account) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* --- which days --- */

/* The day of the grid that serves for day number early_days[e] of a place. */
static day served_on(const early_draft *d, size_t place, size_t e)
{
    day own = d->s->book->first[d->accounts[place]] + early_days[e];
    int over = own % d->step;
    over = over < 0 ? over + d->step : over;
    day served = over == 0 ? own : own + d->step - over;
    return served <= d->s->as_of ? served : d->s->as_of;
}

static int ascending_days(const void *a, const void *b)
{
    day x = *(const day *)a;
    day y = *(const day *)b;
    return (x > y) - (x < y);
}

static void list_days(early_draft *d)
{
    size_t n = 0;
    for (size_t place = 0; place < d->n; place++) {
        for (size_t e = 0; e < EARLY_DAYS; e++) {
            d->days[n++] = served_on(d, place, e);
        }
    }
    if (n > 1) {
        qsort(d->days, n, sizeof *d->days, ascending_days);
    }
    d->n_days = 0;
    for (size_t k = 0; k < n; k++) {
        if (d->n_days == 0 || d->days[k] != d->days[d->n_days - 1]) {
            d->days[d->n_days++] = d->days[k];
        }
    }
}

static strata_status find_days(early_draft *d, strata_error *err)
{
    static const int steps[] = {1, 7, COARSEST};
    d->days = STRATA_NEW_ARRAY(d->n * EARLY_DAYS, day);
    if (d->days == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
        d->step = steps[k];
        list_days(d);
        if (d->n_days <= DAYS_MOST &&
            (double)d->n_days * (double)d->s->p->n_accounts <= EVALUATED_MOST) {
            break;
        }
    }
    return STRATA_OK;
}

/* --- evaluating --- */

/* The places of accounts first .. first + n - 1 are from .. to - 1. */
static void places_of(const early_draft *d, size_t first, size_t n, size_t *from, size_t *to)
{
    *from = first_place(d->accounts, d->n, first);
    *to = first_place(d->accounts, d->n, first + n);
}

static bool wants_day(void *self, size_t date, size_t first, size_t n)
{
    const early_draft *d = self;
    size_t from = 0;
    size_t to = 0;
    places_of(d, first, n, &from, &to);
    for (size_t k = from * EARLY_DAYS; k < to * EARLY_DAYS; k++) {
        if (d->served[k] == d->days[date]) {
            return true;
        }
    }
    return false;
}

static strata_status take_values(void *self, const dated_block *block, strata_error *err)
{
    early_draft *d = self;
    const segment_code *codes = d->dimension != NULL ? block->codes[d->dimension->slot] : NULL;
    size_t from = 0;
    size_t to = 0;
    (void)err;
    places_of(d, block->first, block->n, &from, &to);
    for (size_t place = from; place < to; place++) {
        size_t i = d->accounts[place] - block->first;
        const day *served = &d->served[place * EARLY_DAYS];
        for (size_t e = 0; e < EARLY_DAYS; e++) {
            for (size_t k = 0; served[e] == block->as_of && k < d->n_slots; k++) {
                const double *num = block->columns[d->slots[k]].num;
                d->values[e][k][place] = num != NULL ? num[i] : (double)NAN;
            }
        }
        if (served[EARLY_DAYS - 1] == block->as_of) {
            d->segments[place] = codes != NULL ? codes[i] : SEGMENT_ABSENT;
            d->evaluated[place] = block->as_of;
        }
    }
    return STRATA_OK;
}

static strata_status evaluate(const context *cx, early_draft *d, strata_error *err)
{
    if (d->n_days == 0) {
        return STRATA_OK;
    }
    size_t *slots = ARENA_NEW(d->a, d->n_slots + 1, size_t);
    d->served = ARENA_NEW(d->a, d->n * EARLY_DAYS + 1, day);
    if (slots == NULL || d->served == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < d->n * EARLY_DAYS; k++) {
        d->served[k] = served_on(d, k / EARLY_DAYS, k % EARLY_DAYS);
    }
    memcpy(slots, d->slots, d->n_slots * sizeof *slots);
    size_t n_slots = d->n_slots;
    if (d->dimension != NULL) {
        slots[n_slots++] = d->dimension->slot;
    }
    const segmentation_visit visit = {.dates = d->days,
                                      .n_dates = d->n_days,
                                      .slots = slots,
                                      .n_slots = n_slots,
                                      .wants = wants_day,
                                      .take = take_values,
                                      .self = d};
    return visit_dates(cx, d->s->p, d->s->b, d->s->overrides, &visit, err);
}

strata_status early_view_make(const context *cx, const review_subject *s, arena *a, early_view *out,
                              strata_error *err)
{
    STRATA_CLEANUP(early_draft_done) early_draft d = {.s = s, .a = a};
    STRATA_TRY(find_accounts(&d, err));
    STRATA_TRY(find_slots(&d, err));
    STRATA_TRY(find_days(&d, err));
    STRATA_TRY(evaluate(cx, &d, err));
    *out =
        (early_view){.accounts = {.label = "followed for 90 days", .items = d.accounts, .n = d.n},
                     .n_slots = d.n_slots,
                     .slots = d.slots,
                     .evaluated = d.evaluated,
                     .segments = d.dimension != NULL ? d.segments : NULL,
                     .dimension = d.dimension,
                     .late = d.step - 1,
                     .days = d.n_days};
    for (size_t e = 0; e < EARLY_DAYS; e++) {
        out->values[e] = (const double *const *)d.values[e];
    }
    return STRATA_OK;
}

size_t early_place(const early_view *v, size_t account)
{
    size_t place = first_place(v->accounts.items, v->accounts.n, account);
    return place < v->accounts.n && v->accounts.items[place] == account ? place : SIZE_MAX;
}
