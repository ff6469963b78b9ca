/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/nrr.h"

#include "base/auto.h"
#include "cohort/review/levels.h"

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing NRR of cohorts");
}

size_t review_flows(const review_subject *s, const account_set *set, int months, size_t slot,
                    size_t n_levels, nrr_flow *flows)
{
    size_t n = 0;
    for (size_t k = 0; k <= n_levels; k++) {
        flows[k] = (nrr_flow){0};
    }
    for (size_t k = 0; k < set->n; k++) {
        size_t i = set->items[k];
        day d = review_day(s, i, months);
        if (d > s->as_of) {
            continue;
        }
        int32_t code = slot == SIZE_MAX ? 0 : s->p->attributes[slot - FEATURE_COUNT].code[i];
        nrr_flow *f = &flows[code >= 0 ? (size_t)code : n_levels];
        int64_t base = review_opening(s, i);
        int64_t now = arr_book_at(s->book, i, d);
        f->base += base;
        f->minor[SPLIT_CHURN] += now == 0 ? base : 0;
        f->minor[SPLIT_CONTRACTION] += now > 0 && now < base ? base - now : 0;
        f->minor[SPLIT_EXPANSION] += now > base ? now - base : 0;
        n++;
    }
    return n;
}

static size_t count_reached(const review_subject *s, const account_set *set, int months)
{
    size_t n = 0;
    for (size_t k = 0; k < set->n; k++) {
        n += review_reached(s, set->items[k], months);
    }
    return n;
}

/* The set to compare with; NULL when there is none that is large enough. */
static const account_set *other_side(const review_subject *s, int months)
{
    const account_set *before = s->n_peers > 0 ? &s->peers[s->n_peers - 1] : NULL;
    if (s->by_start && before != NULL && count_reached(s, before, months) >= s->minimum) {
        return before;
    }
    size_t n = count_reached(s, &s->earlier, months);
    return n > 0 && n >= s->minimum ? &s->earlier : NULL;
}

typedef struct nrr_sides {
    nrr_flow *before, *after;
    const char **labels;
    size_t n;
} nrr_sides;

static void nrr_sides_done(nrr_sides *x)
{
    free(x->before);
    free(x->after);
}

/* Levels without a base on either side say nothing: they are left out. */
static void drop_empty(nrr_sides *x)
{
    size_t n = 0;
    for (size_t k = 0; k < x->n; k++) {
        if (x->before[k].base > 0 || x->after[k].base > 0) {
            x->before[n] = x->before[k];
            x->after[n] = x->after[k];
            x->labels[n++] = x->labels[k];
        }
    }
    x->n = n;
}

static strata_status find_sides(const review_subject *s, const account_set *other, size_t slot,
                                arena *a, review_nrr *r, nrr_sides *x, strata_error *err)
{
    size_t n_levels = slot == SIZE_MAX ? 1 : s->p->symbols[slot].n_levels;
    x->n = n_levels + 1;
    x->before = STRATA_NEW_ARRAY(x->n, nrr_flow);
    x->after = STRATA_NEW_ARRAY(x->n, nrr_flow);
    x->labels = ARENA_NEW(a, x->n, const char *);
    if (x->before == NULL || x->after == NULL || x->labels == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < n_levels; k++) {
        x->labels[k] = slot == SIZE_MAX ? "All" : s->p->symbols[slot].levels[k];
    }
    x->labels[n_levels] = "Unknown";
    r->accounts[0] = review_flows(s, other, r->months, slot, n_levels, x->before);
    r->accounts[1] = review_flows(s, &s->cohort, r->months, slot, n_levels, x->after);
    drop_empty(x);
    return STRATA_OK;
}

strata_status review_nrr_make(const review_subject *s, arena *a, review_nrr *out, strata_error *err)
{
    review_nrr r = {.months = review_last_mark(s, &s->cohort)};
    const account_set *other = r.months > 0 ? other_side(s, r.months) : NULL;
    if (r.months == 0) {
        *out = (review_nrr){.why = "too few accounts of this cohort have reached month 3"};
        return STRATA_OK;
    }
    if (other == NULL) {
        *out = (review_nrr){.why = s->n_peers == 0
                                       ? "there is no cohort before this one"
                                       : "too few accounts to compare with have reached the same "
                                         "age"};
        return STRATA_OK;
    }
    const size_t *slots = NULL;
    size_t n_slots = 0;
    STRATA_TRY(review_attributes(s, a, &slots, &n_slots, err));
    size_t slot = n_slots > 0 ? slots[0] : SIZE_MAX;
    STRATA_CLEANUP(nrr_sides_done) nrr_sides x = {0};
    STRATA_TRY(find_sides(s, other, slot, a, &r, &x, err));
    nrr_split *split = NULL;
    STRATA_TRY(nrr_split_make(a, x.before, x.after, x.n, &split, err));
    r.against = other->label;
    r.attribute = slot == SIZE_MAX ? NULL : s->p->symbols[slot].label;
    r.labels = x.labels;
    r.split = split;
    *out = r;
    return STRATA_OK;
}
