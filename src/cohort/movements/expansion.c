/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/expansion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cohort/movements/walk.h"
#include "stats/inference/bootstrap.h"

/* What each account adds to one row at a time: base and expansion of the base. */
typedef struct sample {
    int64_t *base, *part;
    size_t n;
} sample;

static void sample_done(sample *s)
{
    free(s->base);
    free(s->part);
}

static strata_status no_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for expansion of %zu accounts", n);
}

static strata_status sample_new(size_t n, sample *out, strata_error *err)
{
    out->base = STRATA_NEW_ARRAY(n + 1, int64_t);
    out->part = STRATA_NEW_ARRAY(n + 1, int64_t);
    return out->base != NULL && out->part != NULL ? STRATA_OK : no_memory(n, err);
}

static void sample_add(sample *s, int64_t base, int64_t part)
{
    if (base > 0) {
        s->base[s->n] = base;
        s->part[s->n++] = part;
    }
}

static strata_status set_interval(const context *cx, size_t stream, const sample *s,
                                  expansion_row *row, strata_error *err)
{
    const ratio_sample x = {.n = s->n, .base = s->base, .parts = {s->part}, .n_parts = 1};
    interval range;
    if (s->n < 2) {
        return STRATA_OK;
    }
    STRATA_TRY(bootstrap_ratios(cx, (uint64_t)0xe << 40 | stream << 12, &x, &range, err));
    row->has_interval = true;
    row->low = range.low;
    row->high = range.high;
    return STRATA_OK;
}

static strata_status new_rows(arena *a, size_t n, expansion_row **out, strata_error *err)
{
    *out = ARENA_NEW(a, n + 1, expansion_row);
    return *out != NULL ? STRATA_OK : no_memory(n, err);
}

/* --- by group and by type --- */

/* Which movements a row counts: those whose type has this place in `row_of`, or all. */
typedef struct type_filter {
    const arr_words *words;
    const uint8_t *row_of; /* by type code, the last for none; NULL: every movement counts */
    uint8_t row;
} type_filter;

static bool counts(const type_filter *f, uint32_t row)
{
    if (f->row_of == NULL) {
        return true;
    }
    size_t code = f->words->type[row];
    return f->row_of[code == ARR_WORD_NONE ? f->words->n_types : code] == f->row;
}

/* Expansion of one account in the window. */
static void add_account(const arr_book *book, size_t account, arr_window window,
                        const type_filter *filter, expansion_row *row, sample *s)
{
    arr_walk walk = arr_walk_of(book, account);
    int64_t opening = 0;
    int64_t minor = 0;
    size_t movements = 0;
    for (arr_step x; arr_walk_next(&walk, &x) && x.day <= window.to;) {
        if (x.day <= window.from) {
            opening = walk.arr;
        } else if (x.kind == ARR_EXPANSION && counts(filter, x.row)) {
            minor += x.minor;
            movements++;
        }
    }
    row->accounts += movements > 0;
    row->movements += movements;
    row->minor += minor;
    if (opening > 0) {
        row->base++;
        row->base_expanded += movements > 0;
        row->base_minor += opening;
        row->base_expansion += minor;
    }
    sample_add(s, opening, minor);
}

strata_status expansion_by_group(const context *cx, arena *a, const arr_book *book, const groups *g,
                                 arr_window window, expansion_table *out, strata_error *err)
{
    STRATA_CLEANUP(sample_done) sample s = {0};
    const type_filter everything = {0};
    expansion_row *rows = NULL;
    size_t n = g->n + (g->outside > 0);
    STRATA_TRY(new_rows(a, n, &rows, err));
    STRATA_TRY(sample_new(book->n_accounts, &s, err));
    for (size_t k = 0; k < n; k++) {
        s.n = 0;
        rows[k].label = k < g->n ? g->labels[k] : "In no group";
        for (size_t i = 0; i < book->n_accounts; i++) {
            if ((g->code[i] < g->n ? g->code[i] : g->n) == k) {
                add_account(book, i, window, &everything, &rows[k], &s);
            }
        }
        STRATA_TRY(set_interval(cx, k, &s, &rows[k], err));
    }
    *out = (expansion_table){rows, n};
    return STRATA_OK;
}

enum { TYPE_ROWS = GROUPS_LEVELS_MAX + 2, ROW_OTHER = GROUPS_LEVELS_MAX, ROW_NONE };

/* Expansion of the window by type code, the last for none. */
static void sum_types(const arr_book *book, const arr_words *w, arr_window window, int64_t *sums)
{
    for (size_t i = 0; i < book->n_accounts; i++) {
        arr_walk walk = arr_walk_of(book, i);
        for (arr_step x; arr_walk_next(&walk, &x) && x.day <= window.to;) {
            if (x.day > window.from && x.kind == ARR_EXPANSION) {
                sums[w->type[x.row] == ARR_WORD_NONE ? w->n_types : w->type[x.row]] += x.minor;
            }
        }
    }
}

/* A row for each type that expanded, in their order; of more than GROUPS_LEVELS_MAX the smaller
 * ones share one. Returns how many have a row of their own. */
static size_t place_types(const arr_words *w, const int64_t *sums, uint8_t *row_of,
                          const char **labels)
{
    size_t n = 0;
    for (size_t k = 0; k < w->n_types; k++) {
        size_t larger = 0; /* of equal ones the first counts as larger */
        for (size_t m = 0; m < w->n_types && larger < GROUPS_LEVELS_MAX; m++) {
            larger += sums[m] > sums[k] || (sums[m] == sums[k] && m < k);
        }
        row_of[k] = ROW_OTHER;
        if (sums[k] > 0 && larger < GROUPS_LEVELS_MAX) {
            labels[n] = w->types[k];
            row_of[k] = (uint8_t)n++;
        }
    }
    row_of[w->n_types] = ROW_NONE;
    labels[ROW_OTHER] = "Other";
    labels[ROW_NONE] = "Not recorded";
    return n;
}

strata_status expansion_by_type(const context *cx, arena *a, const arr_book *book,
                                const arr_words *w, arr_window window, expansion_table *out,
                                strata_error *err)
{
    STRATA_CLEANUP(sample_done) sample s = {0};
    expansion_row *rows = NULL;
    const char *labels[TYPE_ROWS] = {0};
    size_t n = 0;
    int64_t *sums = ARENA_NEW(a, w->n_types + 1, int64_t);
    uint8_t *row_of = ARENA_NEW(a, w->n_types + 1, uint8_t);
    if (sums == NULL || row_of == NULL) {
        return no_memory(book->n_accounts, err);
    }
    STRATA_TRY(new_rows(a, TYPE_ROWS, &rows, err));
    STRATA_TRY(sample_new(book->n_accounts, &s, err));
    sum_types(book, w, window, sums);
    size_t own = place_types(w, sums, row_of, labels);
    for (size_t k = 0; k < TYPE_ROWS; k++) {
        const type_filter filter = {w, row_of, (uint8_t)k};
        expansion_row row = {.label = labels[k]};
        s.n = 0;
        for (size_t i = 0; (k < own || k >= ROW_OTHER) && i < book->n_accounts; i++) {
            add_account(book, i, window, &filter, &row, &s);
        }
        if (row.movements > 0) {
            STRATA_TRY(set_interval(cx, 1U << 16 | k, &s, &row, err));
            rows[n++] = row;
        }
    }
    *out = (expansion_table){rows, n};
    return STRATA_OK;
}

/* --- by month of life --- */

/* First months of the ranges; the last one is open. */
static const int life_from[] = {1, 2, 3, 4, 7, 13, 25, 37};
enum { LIFE_RANGES = sizeof life_from / sizeof *life_from };

static size_t range_of(int month)
{
    size_t k = 0;
    while (k + 1 < LIFE_RANGES && month >= life_from[k + 1]) {
        k++;
    }
    return k;
}

static int month_of_life(day first, day d)
{
    return (int)((double)(d - first) / DAYS_PER_MONTH) + 1;
}

static day month_begins(day first, int month)
{
    double days = ceil((double)(month - 1) * DAYS_PER_MONTH);
    return first + (day)days;
}

/* Base ARR of the account-months of one account that lie whole in the window, by range. */
static void add_months(const arr_book *book, size_t account, arr_window window, expansion_row *rows,
                       int64_t *base)
{
    day first = book->first[account];
    int month = first > window.from ? 1 : month_of_life(first, window.from + 1);
    for (;; month++) {
        day begins = month_begins(first, month);
        if (month_begins(first, month + 1) - 1 > window.to) {
            return;
        }
        if (begins <= window.from) {
            continue;
        }
        int64_t arr = arr_book_at(book, account, month == 1 ? first : begins - 1);
        size_t k = range_of(month);
        if (arr > 0) {
            rows[k].base++;
            rows[k].base_minor += arr;
            base[k] += arr;
        }
    }
}

typedef struct life_walk {
    int last_month; /* in which expansion was counted */
    int64_t part[LIFE_RANGES];
    bool counted[LIFE_RANGES];
} life_walk;

static void add_expansion(const arr_book *book, size_t account, arr_window window,
                          const arr_step *x, expansion_row *rows, life_walk *l)
{
    day first = book->first[account];
    int month = month_of_life(first, x->day);
    day begins = month_begins(first, month);
    size_t k = range_of(month);
    rows[k].accounts += !l->counted[k];
    l->counted[k] = true;
    rows[k].movements++;
    rows[k].minor += x->minor;
    bool whole = begins > window.from && month_begins(first, month + 1) - 1 <= window.to;
    if (whole && arr_book_at(book, account, month == 1 ? first : begins - 1) > 0) {
        rows[k].base_expanded += month != l->last_month;
        rows[k].base_expansion += x->minor;
        l->part[k] += x->minor;
        l->last_month = month;
    }
}

static void add_life(const arr_book *book, size_t account, arr_window window, expansion_row *rows,
                     sample *samples)
{
    life_walk l = {0};
    int64_t base[LIFE_RANGES] = {0};
    if (book->first[account] == DAY_MISSING || book->first[account] > window.to) {
        return;
    }
    add_months(book, account, window, rows, base);
    arr_walk walk = arr_walk_of(book, account);
    for (arr_step x; arr_walk_next(&walk, &x) && x.day <= window.to;) {
        if (x.day > window.from && x.kind == ARR_EXPANSION) {
            add_expansion(book, account, window, &x, rows, &l);
        }
    }
    for (size_t k = 0; k < LIFE_RANGES; k++) {
        sample_add(&samples[k], base[k], l.part[k]);
    }
}

static strata_status name_range(arena *a, size_t k, expansion_row *row, strata_error *err)
{
    int from = life_from[k];
    int to = k + 1 < LIFE_RANGES ? life_from[k + 1] - 1 : 0;
    row->label = to == 0      ? arena_printf(a, "Month %d and later", from)
                 : to == from ? arena_printf(a, "Month %d", from)
                              : arena_printf(a, "Months %d to %d", from, to);
    return row->label != NULL ? STRATA_OK : no_memory(0, err);
}

typedef struct life_samples {
    sample ranges[LIFE_RANGES];
} life_samples;

static void life_samples_done(life_samples *s)
{
    for (size_t k = 0; k < LIFE_RANGES; k++) {
        sample_done(&s->ranges[k]);
    }
}

strata_status expansion_by_life(const context *cx, arena *a, const arr_book *book,
                                arr_window window, expansion_table *out, strata_error *err)
{
    STRATA_CLEANUP(life_samples_done) life_samples s = {0};
    expansion_row *rows = NULL;
    STRATA_TRY(new_rows(a, LIFE_RANGES, &rows, err));
    for (size_t k = 0; k < LIFE_RANGES; k++) {
        STRATA_TRY(sample_new(book->n_accounts, &s.ranges[k], err));
        STRATA_TRY(name_range(a, k, &rows[k], err));
    }
    for (size_t i = 0; i < book->n_accounts; i++) {
        add_life(book, i, window, rows, s.ranges);
    }
    for (size_t k = 0; k < LIFE_RANGES; k++) {
        STRATA_TRY(set_interval(cx, 2U << 16 | k, &s.ranges[k], &rows[k], err));
    }
    *out = (expansion_table){rows, LIFE_RANGES};
    return STRATA_OK;
}

/* --- losses by reason --- */

static int by_loss(const void *a, const void *b)
{
    const loss_row *x = a;
    const loss_row *y = b;
    if ((x->reason == NULL) != (y->reason == NULL)) {
        return x->reason == NULL ? 1 : -1;
    }
    for (int k = LOSS_CHURN; k >= LOSS_CONTRACTION; k--) {
        if (x->minor[k] != y->minor[k]) {
            return x->minor[k] > y->minor[k] ? -1 : 1;
        }
    }
    return x->reason == NULL ? 0 : strcmp(x->reason, y->reason);
}

/* `last`: by row and kind, the account + 1 that was counted last. */
static void add_losses(const arr_book *book, const arr_words *w, size_t account, arr_window window,
                       loss_row *rows, size_t (*last)[2])
{
    arr_walk walk = arr_walk_of(book, account);
    for (arr_step x; arr_walk_next(&walk, &x) && x.day <= window.to;) {
        if (x.day <= window.from || (x.kind != ARR_CHURN && x.kind != ARR_CONTRACTION)) {
            continue;
        }
        int kind = x.kind == ARR_CHURN ? LOSS_CHURN : LOSS_CONTRACTION;
        size_t code = w->reason[x.row] == ARR_WORD_NONE ? w->n_reasons : w->reason[x.row];
        rows[code].accounts[kind] += last[code][kind] != account + 1;
        last[code][kind] = account + 1;
        rows[code].movements[kind]++;
        rows[code].minor[kind] += x.minor;
    }
}

strata_status losses_by_reason(arena *a, const arr_book *book, const arr_words *w,
                               arr_window window, loss_row **rows, size_t *n, strata_error *err)
{
    loss_row *all = ARENA_NEW(a, w->n_reasons + 1, loss_row);
    size_t(*last)[2] = arena_alloc(a, w->n_reasons + 1, sizeof *last);
    if (all == NULL || last == NULL) {
        return no_memory(book->n_accounts, err);
    }
    for (size_t k = 0; k < w->n_reasons; k++) {
        all[k].reason = w->reasons[k];
        all[k].delinquent = w->delinquent[k];
    }
    for (size_t i = 0; i < book->n_accounts; i++) {
        add_losses(book, w, i, window, all, last);
    }
    qsort(all, w->n_reasons + 1, sizeof *all, by_loss);
    *n = 0;
    for (size_t k = 0; k <= w->n_reasons; k++) {
        if (all[k].movements[0] + all[k].movements[1] > 0) {
            all[(*n)++] = all[k];
        }
    }
    *rows = all;
    return STRATA_OK;
}
