/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/traits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/group.h"
#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "base/vec.h"
#include "stats/inference/proportion.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

static const char by_rank[] = "Mann-Whitney test";
static const char by_share[] = "chi-square test of two shares";

typedef struct candidate {
    size_t group;
    trait trait;
} candidate;
typedef VEC(candidate) candidate_vec;

static void candidates_done(candidate_vec *v)
{
    vec_free(v);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing segments");
}

/* --- which values are compared --- */

static bool is_name_of_something(const char *name)
{
    static const char *const names[] = {"csm_id", "parent", "currency", "country"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Values that are read for something else than to describe an account. */
static bool is_bookkeeping(size_t slot)
{
    return slot == FEATURE_ARR || slot == FEATURE_ARR_12M_AGO || slot == FEATURE_SPEND_365D ||
           slot == FEATURE_SPEND_PREV_365D || slot == FEATURE_DAYS_SINCE_CHURN ||
           slot == FEATURE_IS_CUSTOMER || slot == FEATURE_RENEWAL_IN;
}

static bool is_comparable(const study *s, size_t slot)
{
    const bound_model *b = s->v->b;
    const symbol *sym = study_symbol(s, slot);
    column c = study_column(s, slot);
    if (sym->type == VALUE_DATE || is_bookkeeping(slot) || is_name_of_something(sym->name) ||
        (c.num == NULL && c.code == NULL)) {
        return false;
    }
    if (sym->type == VALUE_TEXT) {
        return slot < b->n_base && sym->n_levels <= TRAITS_LEVELS_MAX;
    }
    for (size_t i = 0; slot >= b->n_base && i < b->n_defs; i++) {
        if (b->defs[i].slot == slot) {
            return b->defs[i].kind == DEF_FEATURE || b->defs[i].kind == DEF_SCORE;
        }
    }
    return true;
}

strata_status trait_slots(const study *s, arena *a, const size_t **slots, size_t *n,
                          strata_error *err)
{
    size_t n_symbols = s->v->b->scope.n_symbols;
    size_t *list = ARENA_NEW(a, n_symbols, size_t);
    if (list == NULL) {
        return no_memory(err);
    }
    size_t count = 0;
    for (size_t slot = 0; slot < n_symbols; slot++) {
        if (is_comparable(s, slot)) {
            list[count++] = slot;
        }
    }
    *slots = list;
    *n = count;
    return STRATA_OK;
}

/* --- one comparison --- */

static trait new_trait(const study *s, size_t slot)
{
    return (trait){.slot = slot,
                   .name = study_symbol(s, slot)->name,
                   .label = study_label(s, slot),
                   .type = study_symbol(s, slot)->type};
}

/* How far apart two medians are, in units of the middle half's width. */
static figure contrast_of(double in, double out, double q1, double q3)
{
    double spread = (q3 - q1) / 1.349;
    return spread > 0.0 ? FIGURE((in - out) / spread)
                        : NO_FIGURE("most accounts have the same value");
}

static strata_status push(candidate_vec *found, size_t group, const trait *t, strata_error *err)
{
    if (!vec_push(found, (candidate){group, *t})) {
        return no_memory(err);
    }
    return STRATA_OK;
}

static strata_status push_shares(candidate_vec *found, size_t group, trait t, strata_error *err)
{
    if (t.n_in < TRAITS_SIDE_MIN || t.n_out < TRAITS_SIDE_MIN ||
        t.hits_in + t.hits_out < TRAITS_SIDE_MIN) {
        return STRATA_OK;
    }
    t.is_share = true;
    t.in = (double)t.hits_in / (double)t.n_in;
    t.out = (double)t.hits_out / (double)t.n_out;
    t.contrast = figure_ratio(t.in, t.out, "none outside");
    t.test = test_of(two_proportions(t.hits_in, t.n_in, t.hits_out, t.n_out), by_share,
                     "difference of the shares");
    return push(found, group, &t, err);
}

/* Hits among the ascending values of a flag. */
static size_t flag_hits(const double *sorted, size_t n)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += sorted[i] > 0.0;
    }
    return hits;
}

/* --- segments against the rest --- */

static strata_status compare_numbers(const study *s, const segment_code *codes, size_t n_groups,
                                     size_t slot, candidate_vec *found, strata_error *err)
{
    GROUPED_AUTO grouped g = {0};
    STRATA_TRY(grouped_new(study_column(s, slot).num, codes, s->n, n_groups, &g, err));
    bool flag = study_symbol(s, slot)->type == VALUE_BOOL;
    size_t hits = flag ? flag_hits(g.all, g.n) : 0;
    for (size_t k = 0; k < n_groups; k++) {
        trait t = new_trait(s, slot);
        t.n_in = grouped_count(&g, k);
        t.n_out = g.n - t.n_in;
        if (flag) {
            t.hits_in = flag_hits(grouped_values(&g, k), t.n_in);
            t.hits_out = hits - t.hits_in;
            STRATA_TRY(push_shares(found, k, t, err));
        } else if (t.n_in >= TRAITS_SIDE_MIN && t.n_out >= TRAITS_SIDE_MIN) {
            t.in = quantile_sorted(grouped_values(&g, k), t.n_in, 0.5);
            t.out = grouped_median_outside(&g, k);
            t.contrast = contrast_of(t.in, t.out, quantile_sorted(g.all, g.n, 0.25),
                                     quantile_sorted(g.all, g.n, 0.75));
            t.test = test_of(mann_whitney_of_ranks(g.rank_sum[k], t.n_in, t.n_out, g.ties), by_rank,
                             "chance to be above a random other account");
            STRATA_TRY(push(found, k, &t, err));
        }
    }
    return STRATA_OK;
}

static strata_status compare_levels(const study *s, const segment_code *codes, size_t n_groups,
                                    size_t slot, candidate_vec *found, strata_error *err)
{
    const symbol *sym = study_symbol(s, slot);
    const int32_t *levels = study_column(s, slot).code;
    size_t n_levels = sym->n_levels;
    STRATA_AUTO_FREE size_t *counts = STRATA_NEW_ARRAY((n_groups + 1) * (n_levels + 1), size_t);
    if (counts == NULL) {
        return no_memory(err);
    }
    /* The last column and the last row are sums. */
    size_t width = n_levels + 1;
    for (size_t i = 0; i < s->n; i++) {
        if (codes[i] < n_groups && levels[i] >= 0) {
            counts[codes[i] * width + (size_t)levels[i]]++;
            counts[codes[i] * width + n_levels]++;
            counts[n_groups * width + (size_t)levels[i]]++;
            counts[n_groups * width + n_levels]++;
        }
    }
    for (size_t k = 0; k < n_groups; k++) {
        for (size_t level = 0; level < n_levels; level++) {
            trait t = new_trait(s, slot);
            t.level = sym->levels[level];
            t.n_in = counts[k * width + n_levels];
            t.n_out = counts[n_groups * width + n_levels] - t.n_in;
            t.hits_in = counts[k * width + level];
            t.hits_out = counts[n_groups * width + level] - t.hits_in;
            STRATA_TRY(push_shares(found, k, t, err));
        }
    }
    return STRATA_OK;
}

/* --- retained against churned --- */

/* Groups 2 g and 2 g + 1: retained and churned members of segment g a year ago; the last two, all.
 */
static strata_status compare_outcomes(const study *s, const segment_code *groups, size_t n_segments,
                                      size_t slot, candidate_vec *found, strata_error *err)
{
    GROUPED_AUTO grouped g = {0};
    STRATA_TRY(
        grouped_new(study_column_year_ago(s, slot).num, groups, s->n, 2 * n_segments, &g, err));
    for (size_t k = 0; k < n_segments; k++) {
        const double *in = grouped_values(&g, 2 * k);
        const double *out = grouped_values(&g, 2 * k + 1);
        trait t = new_trait(s, slot);
        t.n_in = grouped_count(&g, 2 * k);
        t.n_out = grouped_count(&g, 2 * k + 1);
        if (t.type == VALUE_BOOL) {
            t.hits_in = flag_hits(in, t.n_in);
            t.hits_out = flag_hits(out, t.n_out);
            STRATA_TRY(push_shares(found, k, t, err));
        } else if (t.n_in >= TRAITS_SIDE_MIN && t.n_out >= TRAITS_SIDE_MIN) {
            stat_test test = {0};
            t.in = quantile_sorted(in, t.n_in, 0.5);
            t.out = quantile_sorted(out, t.n_out, 0.5);
            t.contrast = contrast_of(t.in, t.out, quantile_sorted(g.all, g.n, 0.25),
                                     quantile_sorted(g.all, g.n, 0.75));
            STRATA_TRY(mann_whitney(in, t.n_in, out, t.n_out, &test, err));
            t.test = test_of(test, by_rank, "chance to be above a random churned account");
            STRATA_TRY(push(found, k, &t, err));
        }
    }
    return STRATA_OK;
}

/* --- choosing --- */

/* How strongly a trait speaks, on one scale for medians and shares: 0 to 1. */
static double strength(const trait *t)
{
    return t->is_share ? fabs(t->test.effect) : fabs(2.0 * t->test.effect - 1.0);
}

static int strongest_first(const void *x, const void *y)
{
    const candidate *a = x;
    const candidate *b = y;
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    double sa = strength(&a->trait);
    double sb = strength(&b->trait);
    if (sa < sb || sa > sb) {
        return sa > sb ? -1 : 1;
    }
    if (a->trait.slot != b->trait.slot) {
        return a->trait.slot < b->trait.slot ? -1 : 1;
    }
    return a->trait.level != NULL ? strcmp(a->trait.level, b->trait.level) : 0;
}

static strata_status correct(candidate_vec *found, strata_error *err)
{
    STRATA_AUTO_FREE test_figure **tests = STRATA_NEW_ARRAY(found->n, test_figure *);
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < found->n; i++) {
        tests[i] = &found->data[i].trait.test;
    }
    return tests_correct(tests, found->n, err);
}

/* Corrects all candidates as one family and lists, by group, the strongest that pass. */
static strata_status choose(candidate_vec *found, size_t n_groups, arena *a, trait_list **out,
                            strata_error *err)
{
    STRATA_TRY(correct(found, err));
    trait_list *lists = ARENA_NEW(a, n_groups, trait_list);
    if (lists == NULL) {
        return no_memory(err);
    }
    if (found->n > 0) {
        qsort(found->data, found->n, sizeof found->data[0], strongest_first);
    }
    size_t at = 0;
    for (size_t g = 0; g < n_groups; g++) {
        trait *items = ARENA_NEW(a, TRAITS_MAX, trait);
        if (items == NULL) {
            return no_memory(err);
        }
        lists[g] = (trait_list){.items = items, .why = "too few accounts to compare"};
        for (; at < found->n && found->data[at].group == g; at++) {
            const trait *t = &found->data[at].trait;
            lists[g].why = NULL;
            if (t->test.done && t->test.p_holm < 0.05 && lists[g].n < TRAITS_MAX) {
                items[lists[g].n++] = *t;
            }
        }
    }
    *out = lists;
    return STRATA_OK;
}

static bool is_attribute(const study *s, size_t slot)
{
    return slot >= FEATURE_COUNT && slot < s->v->b->n_base;
}

/* Coverage is how an account is treated, not what it is. */
static bool describes(const study *s, size_t slot)
{
    return is_attribute(s, slot) && strcmp(study_symbol(s, slot)->name, "coverage") != 0;
}

static strata_status compare_segments(const study *s, const bound_def *def, bool attributes_only,
                                      arena *a, trait_list **out, strata_error *err)
{
    STRATA_CLEANUP(candidates_done) candidate_vec found = {0};
    STRATA_AUTO_FREE uint8_t *read = STRATA_NEW_ARRAY(s->v->b->scope.n_symbols, uint8_t);
    const size_t *slots = NULL;
    size_t n = 0;
    if (read == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(trait_slots(s, a, &slots, &n, err));
    mark_read_slots(s->v->b, def, read);
    const segment_code *codes = study_codes_now(s, def);
    for (size_t i = 0; i < n; i++) {
        if (read[slots[i]] || (attributes_only && !describes(s, slots[i]))) {
            continue;
        }
        STRATA_TRY(study_symbol(s, slots[i])->type == VALUE_TEXT
                       ? compare_levels(s, codes, def->n_segments, slots[i], &found, err)
                       : compare_numbers(s, codes, def->n_segments, slots[i], &found, err));
        STRATA_TRY(context_check(s->cx, err));
    }
    return choose(&found, def->n_segments, a, out, err);
}

strata_status traits_of_segments(const study *s, const bound_def *def, arena *a, trait_list **out,
                                 strata_error *err)
{
    return compare_segments(s, def, false, a, out, err);
}

strata_status traits_of_attributes(const study *s, const bound_def *def, arena *a, trait_list **out,
                                   strata_error *err)
{
    return compare_segments(s, def, true, a, out, err);
}

/* Attributes are left out: what they were a year ago is not recorded. */
static bool has_past(const study *s, size_t slot)
{
    return !is_attribute(s, slot) && study_symbol(s, slot)->type != VALUE_TEXT &&
           study_column_year_ago(s, slot).num != NULL;
}

/* Compares by every feature; `groups` by account as compare_outcomes() wants them. */
static strata_status compare_all_outcomes(const study *s, const segment_code *groups,
                                          size_t n_segments, candidate_vec *found,
                                          strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(trait_slots(s, scratch, &slots, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (has_past(s, slots[i])) {
            STRATA_TRY(compare_outcomes(s, groups, n_segments, slots[i], found, err));
            STRATA_TRY(context_check(s->cx, err));
        }
    }
    return STRATA_OK;
}

static void outcome_groups(const study *s, const segment_code *codes, size_t n_segments,
                           segment_code *groups, segment_code *all)
{
    for (size_t i = 0; i < s->n; i++) {
        bool counts = s->outcome[i] != OUTCOME_NONE && codes[i] < n_segments;
        unsigned churned = s->outcome[i] == OUTCOME_CHURNED;
        groups[i] = counts ? (segment_code)(2U * codes[i] + churned) : (segment_code)SEGMENT_ABSENT;
        all[i] = counts ? (segment_code)churned : (segment_code)SEGMENT_ABSENT;
    }
}

strata_status traits_of_success(const study *s, const bound_def *def, arena *a, trait_list **out,
                                strata_error *err)
{
    size_t n_segments = def->n_segments;
    bool possible = s->outcome != NULL && s->year_ago != NULL && n_segments < SEGMENTS_MAX / 2;
    STRATA_CLEANUP(candidates_done) candidate_vec found = {0};
    if (possible) {
        STRATA_AUTO_FREE segment_code *groups = STRATA_NEW_ARRAY(s->n, segment_code);
        STRATA_AUTO_FREE segment_code *all = STRATA_NEW_ARRAY(s->n, segment_code);
        if (groups == NULL || all == NULL) {
            return no_memory(err);
        }
        outcome_groups(s, study_codes_year_ago(s, def), n_segments, groups, all);
        STRATA_TRY(compare_all_outcomes(s, groups, n_segments, &found, err));
        size_t of_segments = found.n;
        STRATA_TRY(compare_all_outcomes(s, all, 1, &found, err));
        for (size_t i = of_segments; i < found.n; i++) {
            found.data[i].group = n_segments;
        }
    }
    STRATA_TRY(choose(&found, n_segments + 1, a, out, err));
    for (size_t g = 0; g <= n_segments && !possible; g++) {
        (*out)[g].why =
            s->outcome == NULL ? "needs arr" : "values of a year ago were not asked for";
    }
    return STRATA_OK;
}
