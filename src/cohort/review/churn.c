/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/churn.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/vec.h"
#include "cohort/tenure.h"
#include "stats/inference/holm.h"
#include "stats/inference/proportion.h"

const churn_window churn_windows[CHURN_WINDOWS] = {
    {"early", 0, 90}, {"mid", 91, 180}, {"late", 181, 365}, {"later", 366, 0}};

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory looking at churn of a cohort");
}

size_t churn_window_of(int days)
{
    size_t w = 0;
    while (w + 1 < CHURN_WINDOWS && days > churn_windows[w].to) {
        w++;
    }
    return w;
}

/* --- rates --- */

static share_figure window_rate(const review_subject *s, const account_set *set, size_t w)
{
    const churn_window *win = &churn_windows[w];
    size_t hits = 0;
    size_t of = 0;
    for (size_t k = 0; k < set->n && win->to > 0; k++) {
        tenure t = tenure_of(s->book, set->items[k], s->as_of);
        int days = t.to - t.from;
        bool there = !t.churned || days >= win->from;
        bool followed = t.from + win->to <= s->as_of;
        of += there && followed;
        hits += there && followed && t.churned && days <= win->to;
    }
    return review_share(s, hits, of);
}

static strata_status compare_windows(const review_subject *s, review_churn *c, strata_error *err)
{
    double p[CHURN_WINDOWS];
    size_t n = 0;
    for (size_t w = 0; w < CHURN_WINDOWS; w++) {
        window_churn *v = &c->windows[w];
        v->rate = window_rate(s, &s->cohort, w);
        v->others = window_rate(s, &s->earlier, w);
        v->test = (test_figure){.method = "chi-square test of two shares",
                                .effect_name = "difference of the shares",
                                .why = "too few accounts"};
        stat_test t = two_proportions(v->rate.hits, v->rate.of, v->others.hits, v->others.of);
        if (v->rate.stated && v->others.stated && t.defined) {
            v->test.done = true;
            v->test.why = NULL;
            v->test.statistic = t.statistic;
            v->test.df = t.df;
            v->test.p = t.p;
            v->test.effect = t.effect;
            p[n++] = t.p;
        }
    }
    if (n == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(holm(p, n, p, err));
    n = 0;
    for (size_t w = 0; w < CHURN_WINDOWS; w++) {
        if (c->windows[w].test.done) {
            c->windows[w].test.p_holm = p[n++];
        }
    }
    return STRATA_OK;
}

/* --- who left, with what --- */

typedef struct leaver {
    uint32_t account, row;
    int64_t minor;
    size_t window;
} leaver;

/* Row of the book that ends the first stay. */
static uint32_t churn_row(const arr_book *b, size_t account, day to)
{
    uint32_t k = b->start[account];
    while (k + 1 < b->start[account + 1] && b->day[k] < to) {
        k++;
    }
    return k;
}

static leaver leaver_of(const review_subject *s, size_t account, const tenure *t)
{
    uint32_t row = churn_row(s->book, account, t->to);
    return (leaver){.account = (uint32_t)account,
                    .row = row,
                    .minor = arr_book_at(s->book, account, t->to - 1),
                    .window = churn_window_of(t->to - t->from)};
}

static int most_first(const void *a, const void *b)
{
    const churn_reason *x = a;
    const churn_reason *y = b;
    if (x->accounts != y->accounts) {
        return x->accounts < y->accounts ? 1 : -1;
    }
    if (x->text == NULL || y->text == NULL) {
        return (x->text == NULL) - (y->text == NULL);
    }
    return strcmp(x->text, y->text);
}

static strata_status list_reasons(const arr_words *words, const leaver *all, size_t n, size_t w,
                                  arena *a, window_churn *v, strata_error *err)
{
    size_t n_codes = words->n_reasons;
    churn_reason *list = ARENA_NEW(a, n_codes + 2, churn_reason);
    if (list == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        if (all[i].window == w) {
            uint16_t code = words->reason[all[i].row];
            churn_reason *r = &list[code == ARR_WORD_NONE ? n_codes : code];
            r->text = code == ARR_WORD_NONE ? NULL : words->reasons[code];
            r->accounts++;
            r->minor += all[i].minor;
        }
    }
    qsort(list, n_codes + 1, sizeof *list, most_first);
    v->reasons = list;
    while (v->n_reasons <= n_codes && list[v->n_reasons].accounts > 0) {
        v->n_reasons++;
    }
    return STRATA_OK;
}

static strata_status split_accounts(const review_subject *s, leaver *leavers, arena *a,
                                    review_churn *c, strata_error *err)
{
    uint32_t *left = ARENA_NEW(a, s->cohort.n + 1, uint32_t);
    uint32_t *stayed = ARENA_NEW(a, s->cohort.n + 1, uint32_t);
    if (left == NULL || stayed == NULL) {
        return out_of_memory(err);
    }
    size_t n_stayed = 0;
    for (size_t k = 0; k < s->cohort.n; k++) {
        size_t i = s->cohort.items[k];
        tenure t = tenure_of(s->book, i, s->as_of);
        bool now = arr_book_at(s->book, i, s->as_of) > 0;
        c->customers += now;
        if (!t.churned) {
            stayed[n_stayed++] = (uint32_t)i;
            continue;
        }
        leaver l = leaver_of(s, i, &t);
        c->came_back += now;
        c->minor += l.minor;
        c->windows[l.window].churned++;
        c->windows[l.window].minor += l.minor;
        left[c->churned] = (uint32_t)i;
        leavers[c->churned++] = l;
    }
    c->left = (account_set){.label = "left", .items = left, .n = c->churned};
    c->stayed = (account_set){.label = "stayed", .items = stayed, .n = n_stayed};
    return STRATA_OK;
}

strata_status review_churn_make(const review_subject *s, const arr_words *words, arena *a,
                                review_churn *out, strata_error *err)
{
    review_churn c = {0};
    STRATA_AUTO_FREE leaver *leavers = STRATA_NEW_ARRAY(s->cohort.n, leaver);
    if (leavers == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(split_accounts(s, leavers, a, &c, err));
    for (size_t i = 0; words != NULL && i < c.churned; i++) {
        c.has_reasons = c.has_reasons || words->reason[leavers[i].row] != ARR_WORD_NONE;
    }
    for (size_t w = 0; w < CHURN_WINDOWS && c.has_reasons; w++) {
        STRATA_TRY(list_reasons(words, leavers, c.churned, w, a, &c.windows[w], err));
    }
    STRATA_TRY(compare_windows(s, &c, err));
    STRATA_TRY(review_levels(s, &c.left, &c.stayed, a, &c.levels, err));
    *out = c;
    return STRATA_OK;
}
