/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/review.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "base/auto.h"

const int review_marks[REVIEW_MARKS] = {3, 6, 9, 12};

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reviewing a cohort");
}

/* --- sets of accounts --- */

static strata_status set_of_group(arena *a, const review_request *q, size_t group, account_set *out,
                                  strata_error *err)
{
    uint32_t *items = ARENA_NEW(a, q->groups->accounts[group] + 1, uint32_t);
    if (items == NULL) {
        return out_of_memory(err);
    }
    size_t n = 0;
    for (size_t i = 0; i < q->p->n_accounts; i++) {
        if (q->groups->code[i] == group && q->book->first[i] != DAY_MISSING &&
            q->book->first[i] <= q->as_of) {
            items[n++] = (uint32_t)i;
        }
    }
    *out = (account_set){.label = q->groups->labels[group], .items = items, .n = n};
    return STRATA_OK;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static strata_status pool_peers(arena *a, review_subject *s, strata_error *err)
{
    size_t n = 0;
    for (size_t k = 0; k < s->n_peers; k++) {
        n += s->peers[k].n;
    }
    uint32_t *items = ARENA_NEW(a, n + 1, uint32_t);
    if (items == NULL) {
        return out_of_memory(err);
    }
    n = 0;
    for (size_t k = 0; k < s->n_peers; k++) {
        if (s->peers[k].n > 0) {
            memcpy(items + n, s->peers[k].items, s->peers[k].n * sizeof *items);
        }
        n += s->peers[k].n;
    }
    if (n > 1) {
        qsort(items, n, sizeof *items, ascending);
    }
    s->earlier = (account_set){.label = s->all_peers, .items = items, .n = n};
    return STRATA_OK;
}

/* --- who it is set against --- */

/* Of a value: is group a larger than b, or as large and first? */
static bool larger(const groups *g, size_t a, size_t b)
{
    return g->accounts[a] != g->accounts[b] ? g->accounts[a] > g->accounts[b] : a < b;
}

/* chosen[k]: is group k a peer? */
static void choose_peers(const review_request *q, bool *chosen)
{
    const groups *g = q->groups;
    size_t most = q->most_peers < REVIEW_PEERS_MAX ? q->most_peers : REVIEW_PEERS_MAX;
    for (size_t k = 0; k < g->n; k++) {
        size_t before = 0; /* groups that come first */
        for (size_t j = 0; j < g->n && !q->by_start; j++) {
            before += j != q->cohort && j != k && larger(g, j, k);
        }
        chosen[k] =
            q->by_start ? k < q->cohort && q->cohort - k <= most : k != q->cohort && before < most;
    }
}

static strata_status find_peers(arena *a, const review_request *q, review_subject *s,
                                strata_error *err)
{
    STRATA_AUTO_FREE bool *chosen = STRATA_NEW_ARRAY(q->groups->n, bool);
    if (chosen == NULL) {
        return out_of_memory(err);
    }
    choose_peers(q, chosen);
    for (size_t k = 0; k < q->groups->n && s->n_peers < REVIEW_PEERS_MAX; k++) {
        if (chosen[k]) {
            STRATA_TRY(set_of_group(a, q, k, &s->peers[s->n_peers], err));
            s->n_peers += s->peers[s->n_peers].n > 0;
        }
    }
    s->one_peer = q->by_start ? "the cohort before" : "the other group";
    s->each_peer = q->by_start ? "earlier cohort" : "other group";
    s->all_peers = s->n_peers == 1 ? s->one_peer
                                   : arena_printf(a, "the %zu %s", s->n_peers,
                                                  q->by_start ? "cohorts before" : "other groups");
    return s->all_peers != NULL ? pool_peers(a, s, err) : out_of_memory(err);
}

/* Accounts whose ARR began before the date that their account is said to start on. */
static size_t count_early(const review_subject *s)
{
    size_t slot = portfolio_slot(s->p, "started_on");
    const double *started = slot == SIZE_MAX || slot < FEATURE_COUNT
                                ? NULL
                                : s->p->attributes[slot - FEATURE_COUNT].num;
    size_t n = 0;
    for (size_t k = 0; started != NULL && k < s->cohort.n; k++) {
        size_t i = s->cohort.items[k];
        n += (double)s->book->first[i] < started[i]; /* false where it is missing */
    }
    return n;
}

strata_status review_subject_make(arena *a, const review_request *q, review_subject *out,
                                  strata_error *err)
{
    review_subject s = {.book = q->book,
                        .p = q->p,
                        .b = q->b,
                        .overrides = q->overrides,
                        .as_of = q->as_of,
                        .by_start = q->by_start,
                        .minimum = (size_t)q->b->model->quality.minimum_accounts};
    STRATA_TRY(set_of_group(a, q, q->cohort, &s.cohort, err));
    if (s.cohort.n == 0) {
        return strata_fail(err, STRATA_E_DATA, "no account of '%.100s' has had ARR so far",
                           q->groups->labels[q->cohort]);
    }
    s.never = q->groups->accounts[q->cohort] - s.cohort.n;
    s.early = count_early(&s);
    STRATA_TRY(find_peers(a, q, &s, err));
    *out = s;
    return STRATA_OK;
}

/* --- what the parts ask --- */

day review_day(const review_subject *s, size_t account, int months)
{
    return calendar_step(s->book->first[account], months);
}

int64_t review_opening(const review_subject *s, size_t account)
{
    return arr_book_at(s->book, account, s->book->first[account]);
}

int review_last_mark(const review_subject *s, const account_set *set)
{
    int last = 0;
    for (size_t m = 0; m < REVIEW_MARKS; m++) {
        size_t n = 0;
        for (size_t k = 0; k < set->n; k++) {
            n += review_reached(s, set->items[k], review_marks[m]);
        }
        last = n > 0 && n >= s->minimum ? review_marks[m] : last;
    }
    return last;
}

share_figure review_share(const review_subject *s, size_t hits, size_t of)
{
    return share_figure_of(hits, of, (double)s->minimum);
}
