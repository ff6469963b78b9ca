/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/growth.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "cohort/movements/walk.h"
#include "cohort/review/levels.h"
#include "cohort/tenure.h"

const growth_age growth_ages[GROWTH_AGES] = {{"months 1 to 3", 0, 3},
                                             {"months 4 to 6", 3, 6},
                                             {"months 7 to 9", 6, 9},
                                             {"months 10 to 12", 9, 12},
                                             {"month 13 and later", 12, 0}};

typedef struct growing {
    const review_subject *s;
    const arr_words *words; /* may be NULL */
    review_growth *r;
    growth_line *types;  /* by code, the last for none */
    growth_line *groups; /* by level, the last for unknown; NULL without an attribute */
    size_t slot;
    size_t n_groups, n_types;
    /* Accounts that a line has counted already: number of the last one, plus 1. */
    size_t *seen_types, *seen_groups;
} growing;

static void growing_done(growing *g)
{
    free(g->seen_types);
    free(g->seen_groups);
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory looking at growth of a cohort");
}

static void count_line(growth_line *l, const arr_step *step, bool first_time)
{
    l->accounts += first_time;
    l->movements++;
    l->minor += step->minor;
}

/* The age of life that a day lies in: after month `from`, up to month `to`. */
static size_t age_of(const review_subject *s, size_t account, day d)
{
    size_t k = 0;
    while (k + 1 < GROWTH_AGES && d > review_day(s, account, growth_ages[k].to)) {
        k++;
    }
    return k;
}

static void count_expansion(growing *g, size_t account, const arr_step *step, size_t *ages_seen)
{
    size_t age = age_of(g->s, account, step->day);
    count_line(&g->r->by_age[age], step, (*ages_seen & (size_t)1 << age) == 0);
    *ages_seen |= (size_t)1 << age;
    if (g->words != NULL) {
        uint16_t code = g->words->type[step->row];
        size_t k = code == ARR_WORD_NONE ? g->n_types - 1 : code;
        count_line(&g->types[k], step, g->seen_types[k] != account + 1);
        g->seen_types[k] = account + 1;
        g->r->has_types = g->r->has_types || code != ARR_WORD_NONE;
        g->r->types_by_seats = g->words->types_by_seats;
    }
    if (g->groups != NULL) {
        int32_t code = g->s->p->attributes[g->slot - FEATURE_COUNT].code[account];
        size_t k = code >= 0 ? (size_t)code : g->n_groups - 1;
        count_line(&g->groups[k], step, g->seen_groups[k] != account + 1);
        g->seen_groups[k] = account + 1;
    }
}

static void count_account(growing *g, size_t account)
{
    arr_walk w = arr_walk_of(g->s->book, account);
    arr_step step;
    unsigned kinds_seen = 0;
    size_t ages_seen = 0;
    while (arr_walk_next(&w, &step)) {
        if (step.day > g->s->as_of) {
            break;
        }
        count_line(&g->r->kinds[step.kind], &step, (kinds_seen & 1U << step.kind) == 0);
        kinds_seen |= 1U << step.kind;
        if (step.kind == ARR_EXPANSION) {
            count_expansion(g, account, &step, &ages_seen);
        }
    }
    g->r->opening_minor += review_opening(g->s, account);
    g->r->closing_minor += arr_book_at(g->s->book, account, g->s->as_of);
    if (g->groups != NULL) {
        int32_t code = g->s->p->attributes[g->slot - FEATURE_COUNT].code[account];
        growth_line *l = &g->groups[code >= 0 ? (size_t)code : g->n_groups - 1];
        l->of_accounts++;
        l->of_minor += review_opening(g->s, account);
    }
}

static strata_status find_attribute(growing *g, arena *a, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(review_attributes(g->s, a, &slots, &n, err));
    g->slot = n > 0 ? slots[0] : SIZE_MAX;
    for (size_t k = 0; k < n; k++) {
        g->slot = strcmp(g->s->p->symbols[slots[k]].name, "channel") == 0 ? slots[k] : g->slot;
    }
    if (g->slot == SIZE_MAX) {
        return STRATA_OK;
    }
    const symbol *sym = &g->s->p->symbols[g->slot];
    g->r->attribute = sym->label != NULL ? sym->label : sym->name;
    g->r->attribute_name = sym->name;
    g->n_groups = sym->n_levels + 1;
    g->groups = ARENA_NEW(a, g->n_groups, growth_line);
    g->seen_groups = STRATA_NEW_ARRAY(g->n_groups, size_t);
    if (g->groups == NULL || g->seen_groups == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < sym->n_levels; k++) {
        g->groups[k].label = sym->levels[k];
    }
    return STRATA_OK;
}

static strata_status find_types(growing *g, arena *a, strata_error *err)
{
    if (g->words == NULL) {
        return STRATA_OK;
    }
    g->n_types = g->words->n_types + 1;
    g->types = ARENA_NEW(a, g->n_types, growth_line);
    g->seen_types = STRATA_NEW_ARRAY(g->n_types, size_t);
    if (g->types == NULL || g->seen_types == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < g->words->n_types; k++) {
        g->types[k].label = g->words->types[k];
    }
    return STRATA_OK;
}

static int most_first(const void *a, const void *b)
{
    const growth_line *x = a;
    const growth_line *y = b;
    if (x->minor != y->minor) {
        return x->minor < y->minor ? 1 : -1;
    }
    if (x->label == NULL || y->label == NULL) {
        return (x->label == NULL) - (y->label == NULL);
    }
    return strcmp(x->label, y->label);
}

/* Lines that hold something to the front; returns how many. */
static size_t keep_lines(growth_line *lines, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        if (lines[k].movements > 0 || lines[k].of_accounts > 0) {
            lines[kept++] = lines[k];
        }
    }
    return kept;
}

static share_figure expanded_by(const review_subject *s, const account_set *set, int months)
{
    size_t hits = 0;
    size_t of = 0;
    for (size_t k = 0; k < set->n; k++) {
        size_t i = set->items[k];
        day until = review_day(s, i, months);
        if (until > s->as_of) {
            continue;
        }
        arr_track t;
        arr_track_read(s->book, i, s->book->first[i], until, &t);
        of++;
        hits += t.movements[ARR_EXPANSION] > 0;
    }
    return review_share(s, hits, of);
}

strata_status review_growth_make(const review_subject *s, const arr_words *words, arena *a,
                                 review_growth *out, strata_error *err)
{
    review_growth r = {.months = review_last_mark(s, &s->cohort)};
    STRATA_CLEANUP(growing_done) growing g = {.s = s, .words = words, .r = &r};
    STRATA_TRY(find_attribute(&g, a, err));
    STRATA_TRY(find_types(&g, a, err));
    for (size_t k = 0; k < GROWTH_AGES; k++) {
        r.by_age[k].label = growth_ages[k].label;
    }
    for (size_t k = 0; k < s->cohort.n; k++) {
        count_account(&g, s->cohort.items[k]);
    }
    if (r.has_types) {
        r.n_types = keep_lines(g.types, g.n_types);
        qsort(g.types, r.n_types, sizeof *g.types, most_first);
        r.types = g.types;
    }
    r.groups = g.groups;
    r.n_groups = g.groups != NULL ? keep_lines(g.groups, g.n_groups) : 0;
    if (r.months > 0) {
        r.expanded = expanded_by(s, &s->cohort, r.months);
        r.others = expanded_by(s, &s->earlier, r.months);
    }
    *out = r;
    return STRATA_OK;
}
