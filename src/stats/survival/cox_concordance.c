/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs are counted from the last moment to the first: whoever is later, or is still there at the
 * same time, stands marked in a set ordered by predicted hazard, and each end asks how many in the
 * set are predicted below it and how many the same. Those that come into sight later are counted by
 * a second walk over entries and taken off. */
#include <string.h>

#include "stats/inference/rank.h"
#include "stats/survival/cox_private.h"

enum { WORD_BITS = 64 };

/* A set of slots 0 .. n-1: bits, and a Fenwick tree of how many each word has. */
typedef struct slots {
    uint64_t *bits;
    uint32_t *tree; /* from 1 */
    size_t n_words;
} slots;

static void add_slot(slots *s, uint32_t slot)
{
    size_t word = slot / WORD_BITS;
    s->bits[word] |= UINT64_C(1) << slot % WORD_BITS;
    for (size_t i = word + 1; i <= s->n_words; i += i & (~i + 1)) {
        s->tree[i]++;
    }
}

/* How many slots below `slot` are in the set. */
static double below(const slots *s, uint32_t slot)
{
    size_t word = slot / WORD_BITS;
    uint64_t rest = slot % WORD_BITS;
    uint32_t count = 0;
    if (rest > 0) {
        count = (uint32_t)__builtin_popcountll(s->bits[word] & ((UINT64_C(1) << rest) - 1));
    }
    for (size_t i = word; i > 0; i -= i & (~i + 1)) {
        count += s->tree[i];
    }
    return count;
}

static void clear(slots *s)
{
    memset(s->bits, 0, s->n_words * sizeof *s->bits);
    memset(s->tree, 0, (s->n_words + 1) * sizeof *s->tree);
}

/* Rows in the order of predicted hazard. */
typedef struct ranking {
    uint32_t *slot;        /* of a row: its place */
    uint32_t *first, *end; /* of a row: places of those predicted the same */
} ranking;

typedef struct counter {
    const cox_design *d;
    ranking by;
    slots set;
    cox_order sum;
} counter;

/* The end of row r against everything in the set: `sign` 1 counts, -1 takes off. */
static void count_pairs(counter *c, uint32_t r, double in_set, double sign)
{
    double lower = below(&c->set, c->by.first[r]);
    double same = below(&c->set, c->by.end[r]) - lower;
    c->sum.comparable += sign * in_set;
    c->sum.concordant += sign * lower;
    c->sum.tied += sign * same;
}

/* Rows that end at a moment are put into the set after it: ends at the same time do not compare. */
static void count_later(counter *c)
{
    const cox_design *d = c->d;
    double in_set = 0.0;
    for (size_t m = d->n_moments; m-- > 0;) {
        if (cox_ends_stratum(d, m)) {
            clear(&c->set);
            in_set = 0.0;
        }
        uint32_t deaths_end = d->begin[m] + d->deaths[m];
        for (uint32_t r = deaths_end; r < d->begin[m + 1]; r++) {
            add_slot(&c->set, c->by.slot[r]);
        }
        in_set += d->begin[m + 1] - deaths_end;
        for (uint32_t r = d->begin[m]; r < deaths_end; r++) {
            count_pairs(c, r, in_set, 1.0);
        }
        for (uint32_t r = d->begin[m]; r < deaths_end; r++) {
            add_slot(&c->set, c->by.slot[r]);
        }
        in_set += d->deaths[m];
    }
}

/* Rows that come into sight at a moment or later are not at risk there. */
static void take_off_entrants(counter *c)
{
    const cox_design *d = c->d;
    double in_set = 0.0;
    for (size_t m = d->n_moments; m-- > 0;) {
        if (cox_ends_stratum(d, m)) {
            clear(&c->set);
            in_set = 0.0;
        }
        for (uint32_t e = d->entrant_begin[m]; e < d->entrant_begin[m + 1]; e++) {
            add_slot(&c->set, c->by.slot[d->entrants[e]]);
        }
        in_set += d->entrant_begin[m + 1] - d->entrant_begin[m];
        for (uint32_t r = d->begin[m]; r < d->begin[m] + d->deaths[m]; r++) {
            count_pairs(c, r, in_set, -1.0);
        }
    }
}

/* weight = exp(predictor) is in the same order and there already. */
static strata_status rank_rows(const double *weight, size_t n, ranking *by, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(order_new(n, &order, err));
    STRATA_TRY(sort_order(weight, n, order, err));
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && !(weight[order[j]] > weight[order[i]])) {
            j++;
        }
        for (size_t k = i; k < j; k++) {
            by->slot[order[k]] = (uint32_t)k;
            by->first[order[k]] = (uint32_t)i;
            by->end[order[k]] = (uint32_t)j;
        }
        i = j;
    }
    return STRATA_OK;
}

strata_status cox_concordance(const cox_fit *f, cox_order *out, strata_error *err)
{
    size_t n = f->design->n;
    size_t n_words = n / WORD_BITS + 1;
    STRATA_AUTO_FREE uint32_t *places = STRATA_NEW_ARRAY(3 * n, uint32_t);
    STRATA_AUTO_FREE uint64_t *bits = STRATA_NEW_ARRAY(n_words, uint64_t);
    STRATA_AUTO_FREE uint32_t *tree = STRATA_NEW_ARRAY(n_words + 1, uint32_t);
    if (places == NULL || bits == NULL || tree == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu lifetimes", n);
    }
    counter c = {.d = f->design,
                 .by = {.slot = places, .first = places + n, .end = places + 2 * n},
                 .set = {.bits = bits, .tree = tree, .n_words = n_words}};
    STRATA_TRY(rank_rows(f->state->weight, n, &c.by, err));
    count_later(&c);
    if (f->design->enters != NULL) {
        take_off_entrants(&c);
    }
    if (c.sum.comparable > 0.0) {
        c.sum.c = (c.sum.concordant + c.sum.tied / 2.0) / c.sum.comparable;
    }
    *out = c.sum;
    return STRATA_OK;
}
