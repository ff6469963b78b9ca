/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plays/segment_plays.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "stats/inference/proportion.h"

typedef struct counting {
    const study *s;
    const bound_playbooks *books;
    const segment_code *codes;
    size_t n_segments;
    size_t *accounts; /* by segment; n_segments + 1, the last: all */
    size_t *hits;     /* [segment * books + book]; the last segment: all */
} counting;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the playbooks of segments");
}

static strata_status count_book(const counting *c, size_t k, uint8_t *holds, strata_error *err)
{
    const bound_playbook *b = &c->books->items[k];
    if (b->off != NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(study_condition(c->s, b->trigger, holds, err));
    for (size_t i = 0; i < c->s->n; i++) {
        if (c->codes[i] < c->n_segments && holds[i] == RULE_YES) {
            c->hits[c->codes[i] * c->books->n + k]++;
            c->hits[c->n_segments * c->books->n + k]++;
        }
    }
    return STRATA_OK;
}

static strata_status count_all(const counting *c, strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *holds = STRATA_NEW_ARRAY(c->s->n + 1, uint8_t);
    if (holds == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < c->s->n; i++) {
        if (c->codes[i] < c->n_segments) {
            c->accounts[c->codes[i]]++;
            c->accounts[c->n_segments]++;
        }
    }
    for (size_t k = 0; k < c->books->n; k++) {
        STRATA_TRY(count_book(c, k, holds, err));
    }
    return STRATA_OK;
}

static segment_play compare(const counting *c, size_t g, size_t k)
{
    static const char method[] = "chi-square test of two shares";
    size_t n = c->accounts[g];
    size_t n_out = c->accounts[c->n_segments] - n;
    size_t hits = c->hits[g * c->books->n + k];
    size_t out = c->hits[c->n_segments * c->books->n + k] - hits;
    double least = c->s->minimum_accounts;
    bool enough = (double)n >= least && (double)n_out >= least;
    return (segment_play){.p = c->books->items[k].p,
                          .in = share_of(c->s, hits, n),
                          .out = share_of(c->s, out, n_out),
                          .test = enough ? test_of(two_proportions(hits, n, out, n_out), method,
                                                   "difference of the shares")
                                         : test_not_done(method, "too few accounts to compare")};
}

static int most_first(const void *x, const void *y)
{
    const segment_play *a = x;
    const segment_play *b = y;
    if (a->in.hits != b->in.hits) {
        return a->in.hits > b->in.hits ? -1 : 1;
    }
    return strcmp(a->p->name, b->p->name);
}

static strata_status list_plays(const counting *c, arena *a, segment_plays *out, strata_error *err)
{
    size_t n = c->n_segments * c->books->n;
    size_t n_tests = 0;
    double support = c->s->v->b->model->personas.minimum_support;
    segment_play *all = ARENA_NEW(a, n + 1, segment_play);
    test_figure **tests = ARENA_NEW(a, n + 1, test_figure *);
    if (all == NULL || tests == NULL) {
        return no_memory(err);
    }
    for (size_t g = 0; g < c->n_segments; g++) {
        segment_play *own = all + g * c->books->n;
        for (size_t k = 0; k < c->books->n; k++) {
            segment_play one = compare(c, g, k);
            if (one.in.hits > 0 && (double)one.in.hits >= support) {
                own[out[g].n++] = one;
            }
        }
        if (out[g].n > 1) {
            qsort(own, out[g].n, sizeof *own, most_first);
        }
        for (size_t k = 0; k < out[g].n; k++) {
            tests[n_tests++] = &own[k].test;
        }
        out[g].items = own;
    }
    return tests_correct(tests, n_tests, err);
}

strata_status segment_plays_make(const study *s, const bound_playbooks *books,
                                 const segment_code *codes, size_t n_segments, arena *a,
                                 const segment_plays **out, strata_error *err)
{
    counting c = {.s = s, .books = books, .codes = codes, .n_segments = n_segments};
    segment_plays *plays = ARENA_NEW(a, n_segments + 1, segment_plays);
    c.accounts = ARENA_NEW(a, n_segments + 1, size_t);
    c.hits = ARENA_NEW(a, (n_segments + 1) * books->n + 1, size_t);
    if (plays == NULL || c.accounts == NULL || c.hits == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(count_all(&c, err));
    STRATA_TRY(list_plays(&c, a, plays, err));
    *out = plays;
    return STRATA_OK;
}
