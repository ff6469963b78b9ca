/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/levels.h"

#include <string.h>

#include "base/auto.h"
#include "stats/inference/holm.h"
#include "stats/inference/proportion.h"

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing attributes of a cohort");
}

static const char *const first_ones[] = {"plan", "industry", "region", "channel"};
enum { FIRST_ONES = sizeof first_ones / sizeof first_ones[0] };

static const int32_t *codes_of(const review_subject *s, size_t slot)
{
    return s->p->attributes[slot - FEATURE_COUNT].code;
}

static bool groups_accounts(const review_subject *s, size_t slot)
{
    static const char *const names[] = {"csm_id", "parent", "currency"};
    const symbol *sym = &s->p->symbols[slot];
    if (sym->type != VALUE_TEXT || codes_of(s, slot) == NULL || sym->n_levels > LEVELS_MAX) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(sym->name, names[i]) == 0) {
            return false;
        }
    }
    int32_t first = CODE_MISSING;
    for (size_t k = 0; k < s->cohort.n; k++) {
        int32_t code = codes_of(s, slot)[s->cohort.items[k]];
        if (code >= 0 && (s->by_start || (first >= 0 && code != first))) {
            return true;
        }
        first = code >= 0 ? code : first;
    }
    return false;
}

strata_status review_attributes(const review_subject *s, arena *a, const size_t **slots, size_t *n,
                                strata_error *err)
{
    size_t *list = ARENA_NEW(a, s->p->n_symbols + 1, size_t);
    size_t count = 0;
    if (list == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < FIRST_ONES; i++) {
        size_t slot = portfolio_slot(s->p, first_ones[i]);
        if (slot != SIZE_MAX && slot >= FEATURE_COUNT && groups_accounts(s, slot)) {
            list[count++] = slot;
        }
    }
    size_t n_first = count;
    for (size_t slot = FEATURE_COUNT; slot < s->p->n_symbols; slot++) {
        bool listed = false;
        for (size_t i = 0; i < n_first; i++) {
            listed = listed || list[i] == slot;
        }
        if (!listed && groups_accounts(s, slot)) {
            list[count++] = slot;
        }
    }
    *slots = list;
    *n = count;
    return STRATA_OK;
}

/* --- counting --- */

static size_t count_levels(const review_subject *s, const account_set *set, size_t slot,
                           size_t counts[LEVELS_MAX])
{
    size_t n = 0;
    memset(counts, 0, LEVELS_MAX * sizeof *counts);
    for (size_t k = 0; k < set->n; k++) {
        int32_t code = codes_of(s, slot)[set->items[k]];
        if (code >= 0) {
            counts[code]++;
            n++;
        }
    }
    return n;
}

static test_figure test_level(const review_subject *s, const level_share *l)
{
    test_figure f = {.method = "chi-square test of two shares",
                     .effect_name = "difference of the shares"};
    if (l->n_in < s->minimum || l->n_out < s->minimum) {
        f.why = "too few accounts";
        return f;
    }
    stat_test t = two_proportions(l->in, l->n_in, l->out, l->n_out);
    f.done = t.defined;
    f.why = t.defined ? NULL : "nothing to tell apart";
    f.statistic = t.statistic;
    f.df = t.df;
    f.p = t.p;
    f.p_holm = t.p;
    f.effect = t.effect;
    return f;
}

static strata_status correct(level_share *items, size_t n, size_t *tested, strata_error *err)
{
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(n, double);
    if (p == NULL) {
        return out_of_memory(err);
    }
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].test.done) {
            p[done++] = items[i].test.p;
        }
    }
    if (done > 0) {
        STRATA_TRY(holm(p, done, p, err));
    }
    *tested = done;
    done = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].test.done) {
            items[i].test.p_holm = p[done++];
        }
    }
    return STRATA_OK;
}

strata_status review_levels(const review_subject *s, const account_set *in, const account_set *out,
                            arena *a, level_list *list, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n_slots = 0;
    size_t n = 0;
    STRATA_TRY(review_attributes(s, a, &slots, &n_slots, err));
    level_share *items = ARENA_NEW(a, n_slots * LEVELS_MAX + 1, level_share);
    if (items == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < n_slots; k++) {
        const symbol *sym = &s->p->symbols[slots[k]];
        size_t counts_in[LEVELS_MAX];
        size_t counts_out[LEVELS_MAX];
        size_t n_in = count_levels(s, in, slots[k], counts_in);
        size_t n_out = count_levels(s, out, slots[k], counts_out);
        for (size_t level = 0; level < sym->n_levels; level++) {
            if (counts_in[level] + counts_out[level] == 0) {
                continue;
            }
            level_share *l = &items[n++];
            *l = (level_share){.slot = slots[k],
                               .attribute = sym->name,
                               .label = sym->label != NULL ? sym->label : sym->name,
                               .level = sym->levels[level],
                               .in = counts_in[level],
                               .n_in = n_in,
                               .out = counts_out[level],
                               .n_out = n_out};
            l->test = test_level(s, l);
        }
    }
    *list = (level_list){.items = items, .n = n};
    return correct(items, n, &list->tested, err);
}
