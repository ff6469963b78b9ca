/* SPDX-License-Identifier: Apache-2.0 */
/* Which dimension told outcomes best: rates learnt at earlier reviews, judged at later ones. */
#include <math.h>
#include <stdlib.h>

#include "analysis/evidence_data.h"
#include "analysis/read.h"
#include "base/auto.h"
#include "stats/learning/discrimination.h"

enum {
    HITS_LEAST = 5,    /* accounts with the outcome, and as many without it, to judge by */
    PRIOR_ACCOUNTS = 5 /* a segment's rate is drawn to that of all as if so many more were in it */
};

static const double TAIL = 0.025; /* on either side of an interval of 95 % */

/* The reviews that are learnt from are 0 .. learnt_to, those judged judged_from .. last. */
typedef struct time_split {
    size_t learnt_to, judged_from, last;
    size_t n_learnt, n_judged;
} time_split;

typedef struct ranking {
    const evidence_data *x;
    size_t horizon;
    time_split split;
    arena *scratch;
    const double **rate[EVIDENCE_OUTCOMES]; /* [dimension][code], of dimensions that are judged */
} ranking;

/* Counts of one dimension and outcome, by code; the last entry is all. */
typedef struct code_counts {
    size_t n; /* codes */
    size_t *of, *hits, *accounts;
    size_t with, without; /* different accounts that ever had the outcome, that ever had it not */
} code_counts;

static strata_status no_memory(const evidence_data *x, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking dimensions over %zu accounts",
                       x->n);
}

static void code_counts_done(code_counts *c)
{
    free(c->of);
    free(c->hits);
    free(c->accounts);
}

/* --- which reviews --- */

/* The review from which on is judged so that as many as possible are on the smaller side; those
 * learnt from were over by then. */
static bool find_split(const evidence_data *x, size_t horizon, time_split *out)
{
    size_t n = 0;
    while (n < x->n_reviews && x->after[horizon][n] != NULL) {
        n++;
    }
    size_t best = 0;
    for (size_t j = 1; j < n; j++) {
        size_t learnt = 0;
        while (learnt < j &&
               evidence_end(x->reviews[learnt], evidence_months[horizon]) <= x->reviews[j]) {
            learnt++;
        }
        size_t judged = n - j;
        size_t smaller = learnt < judged ? learnt : judged;
        if (smaller > best) {
            best = smaller;
            *out = (time_split){.learnt_to = learnt - 1,
                                .judged_from = j,
                                .last = n - 1,
                                .n_learnt = learnt,
                                .n_judged = judged};
        }
    }
    return best > 0;
}

static bool choose_horizon(const evidence_data *x, int months, ranking *out)
{
    for (size_t h = EVIDENCE_HORIZONS; h-- > 0;) {
        if ((months == 0 || evidence_months[h] == months) && find_split(x, h, &out->split)) {
            out->horizon = h;
            return true;
        }
    }
    return false;
}

/* --- counting --- */

static strata_status count_codes(const ranking *k, const bound_def *def, evidence_outcome o,
                                 size_t from, size_t to, code_counts *c, strata_error *err)
{
    const evidence_data *x = k->x;
    size_t n = def->n_segments;
    *c = (code_counts){.n = n,
                       .of = STRATA_NEW_ARRAY(n + 1, size_t),
                       .hits = STRATA_NEW_ARRAY(n + 1, size_t),
                       .accounts = STRATA_NEW_ARRAY(n + 1, size_t)};
    STRATA_AUTO_FREE size_t *last = STRATA_NEW_ARRAY(n + 1, size_t); /* account counted last, + 1 */
    if (c->of == NULL || c->hits == NULL || c->accounts == NULL || last == NULL) {
        return no_memory(x, err);
    }
    for (size_t i = 0; i < x->n; i++) {
        bool met[2] = {false};
        for (size_t r = from; r <= to; r++) {
            segment_code code = segmentation_codes(x->s, def, r)[i];
            evidence_seen seen;
            if (code >= n || !evidence_see(x, k->horizon, r, i, &seen)) {
                continue;
            }
            met[seen.had[o] ? 1 : 0] = true;
            const size_t into[2] = {code, n};
            for (size_t g = 0; g < 2; g++) {
                c->of[into[g]]++;
                c->hits[into[g]] += seen.had[o];
                c->accounts[into[g]] += last[into[g]] != i + 1;
                last[into[g]] = i + 1;
            }
        }
        c->without += met[0];
        c->with += met[1];
    }
    return STRATA_OK;
}

/* The rate learnt of a segment, drawn towards that of all: observations of one account are not
 * independent, so accounts weigh. */
static double learnt_rate(const code_counts *c, size_t code)
{
    double all = (double)c->hits[c->n] / (double)c->of[c->n];
    if (c->of[code] == 0) {
        return all;
    }
    double own = (double)c->hits[code] / (double)c->of[code];
    double weight = (double)c->accounts[code];
    return (own * weight + all * PRIOR_ACCOUNTS) / (weight + PRIOR_ACCOUNTS);
}

static double log_loss(double hits, double of, double rate)
{
    return -(hits * log(rate) + (of - hits) * log1p(-rate));
}

/* 1 less the log loss of the segments' learnt rates over that of the learnt rate of all. */
static double explained(const code_counts *learnt, const code_counts *at)
{
    double by_segment = 0.0;
    double by_all = 0.0;
    double all = (double)learnt->hits[learnt->n] / (double)learnt->of[learnt->n];
    for (size_t g = 0; g < at->n; g++) {
        double hits = (double)at->hits[g];
        double of = (double)at->of[g];
        by_segment += log_loss(hits, of, learnt_rate(learnt, g));
        by_all += log_loss(hits, of, all);
    }
    return 1.0 - by_segment / by_all;
}

/* --- ranking the observations --- */

/* What was seen at the later reviews, each time scored by what its segment had learnt: of one
 * dimension, or of two side by side. */
typedef struct observed {
    uint32_t *account;
    double *score[2]; /* [1] NULL: one dimension */
    uint8_t *event;
    size_t n;
} observed;

static void observed_done(observed *o)
{
    free(o->account);
    free(o->score[0]);
    free(o->score[1]);
    free(o->event);
}

/* A dimension with the rates learnt of its segments, by code. */
typedef struct rated {
    const bound_def *def;
    const double *rate;
} rated;

static bool score_of(const ranking *k, const rated *d, size_t review, size_t account, double *out)
{
    segment_code code = segmentation_codes(k->x->s, d->def, review)[account];
    *out = code < d->def->n_segments ? d->rate[code] : 0.0;
    return code < d->def->n_segments;
}

/* The accounts that were in a segment of each dimension (n_dims of them, 1 or 2); n_most: room. */
static strata_status observe(const ranking *k, const rated *dims, size_t n_dims, evidence_outcome o,
                             size_t n_most, observed *out, strata_error *err)
{
    const evidence_data *x = k->x;
    *out = (observed){.account = STRATA_NEW_ARRAY(n_most, uint32_t),
                      .score = {STRATA_NEW_ARRAY(n_most, double),
                                n_dims > 1 ? STRATA_NEW_ARRAY(n_most, double) : NULL},
                      .event = STRATA_NEW_ARRAY(n_most, uint8_t)};
    if (out->account == NULL || out->score[0] == NULL || out->event == NULL ||
        (n_dims > 1 && out->score[1] == NULL)) {
        return no_memory(x, err);
    }
    for (size_t i = 0; i < x->n; i++) {
        for (size_t r = k->split.judged_from; r <= k->split.last; r++) {
            evidence_seen seen;
            double score[2] = {0.0};
            if (!score_of(k, &dims[0], r, i, &score[0]) ||
                (n_dims > 1 && !score_of(k, &dims[1], r, i, &score[1])) ||
                !evidence_see(x, k->horizon, r, i, &seen)) {
                continue;
            }
            out->account[out->n] = (uint32_t)i;
            out->score[0][out->n] = score[0];
            if (n_dims > 1) {
                out->score[1][out->n] = score[1];
            }
            out->event[out->n++] = seen.had[o];
        }
    }
    return STRATA_OK;
}

static strata_status keep_rates(ranking *k, const code_counts *learnt, evidence_outcome o,
                                size_t place, strata_error *err)
{
    double *rate = ARENA_NEW(k->scratch, learnt->n + 1, double);
    if (rate == NULL) {
        return no_memory(k->x, err);
    }
    for (size_t g = 0; g < learnt->n; g++) {
        rate[g] = learnt_rate(learnt, g);
    }
    k->rate[o][place] = rate;
    return STRATA_OK;
}

/* --- dimensions --- */

static size_t in_use(const code_counts *learnt, const code_counts *judged)
{
    size_t n = 0;
    for (size_t g = 0; g < learnt->n; g++) {
        n += learnt->of[g] + judged->of[g] > 0;
    }
    return n;
}

static const char *why_not(const evidence_data *x, const code_counts *learnt,
                           const code_counts *judged)
{
    size_t n = judged->n;
    if ((double)judged->accounts[n] < x->minimum_accounts ||
        (double)learnt->accounts[n] < x->minimum_accounts) {
        return "too few accounts to judge by";
    }
    if (judged->with < HITS_LEAST || judged->without < HITS_LEAST) {
        return judged->with < HITS_LEAST ? "the outcome is too rare to judge by"
                                         : "nearly everybody had the outcome";
    }
    if (in_use(learnt, judged) < 2) {
        return "all accounts were in one segment";
    }
    if (learnt->hits[n] == 0 || learnt->hits[n] == learnt->of[n]) {
        return "nothing to learn at the earlier reviews: the outcome was the same for all";
    }
    return NULL;
}

static bool is_constant(const observed *seen)
{
    for (size_t i = 1; i < seen->n; i++) {
        if (seen->score[0][i] < seen->score[0][0] || seen->score[0][i] > seen->score[0][0]) {
            return false;
        }
    }
    return true;
}

/* A score that is the same for all tells nothing, for certain. A perfect order shows no spread and
 * says only so much: pairs of accounts that share none, one with the outcome and one without, are
 * independent, and each is in order with the chance that is asked for; the least chance at which
 * all of them are so in 2.5 % of cases is the bound of Clopper & Pearson 1934 for n of n. Where
 * there is no interval for another reason, it may be anything. */
static interval unbounded(double auc, const observed *seen, const code_counts *judged)
{
    size_t half = judged->accounts[judged->n] / 2;
    size_t fewer = judged->with < judged->without ? judged->with : judged->without;
    double least = pow(TAIL, 1.0 / (double)(fewer < half ? fewer : half));
    return is_constant(seen) ? (interval){auc, auc}
           : auc >= 1.0      ? (interval){least, 1.0}
           : auc <= 0.0      ? (interval){0.0, 1.0 - least}
                             : (interval){0.0, 1.0};
}

static strata_status judge(ranking *k, const bound_def *def, evidence_outcome o, size_t place,
                           evidence_separation *out, strata_error *err)
{
    STRATA_CLEANUP(code_counts_done) code_counts learnt = {0};
    STRATA_CLEANUP(code_counts_done) code_counts judged = {0};
    STRATA_TRY(count_codes(k, def, o, 0, k->split.learnt_to, &learnt, err));
    STRATA_TRY(count_codes(k, def, o, k->split.judged_from, k->split.last, &judged, err));
    evidence_separation s = {.why = why_not(k->x, &learnt, &judged),
                             .accounts = judged.accounts[judged.n],
                             .of = judged.of[judged.n],
                             .hits = judged.hits[judged.n]};
    if (s.why == NULL) {
        STRATA_CLEANUP(observed_done) observed seen = {0};
        auc_result auc = {0};
        STRATA_TRY(keep_rates(k, &learnt, o, place, err));
        STRATA_TRY(
            observe(k, &(rated){def, k->rate[o][place]}, 1, o, judged.of[judged.n], &seen, err));
        STRATA_TRY(auc_compute(&(scored){seen.n, seen.score[0], seen.event},
                               &(scored_clusters){seen.account, k->x->n}, &auc, err));
        s.known = true;
        s.auc = auc.auc;
        const interval i = auc.bounded ? auc.interval_95 : unbounded(auc.auc, &seen, &judged);
        s.low = i.low;
        s.high = i.high;
        s.explained = explained(&learnt, &judged);
        s.explained_learning = explained(&learnt, &learnt);
    }
    *out = s;
    return STRATA_OK;
}

static strata_status describe(const ranking *k, const bound_def *def, evidence_dimension *out,
                              strata_error *err)
{
    const bound_model *b = k->x->b;
    STRATA_AUTO_FREE uint8_t *read = STRATA_NEW_ARRAY(b->scope.n_symbols, uint8_t);
    STRATA_CLEANUP(code_counts_done) code_counts c = {0};
    if (read == NULL) {
        return no_memory(k->x, err);
    }
    *out = (evidence_dimension){.def = def,
                                .name = b->model->dimensions[def->index].name,
                                .label = b->model->dimensions[def->index].label};
    mark_read_slots(b, def, read);
    for (size_t slot = FEATURE_COUNT; slot < b->n_base; slot++) {
        out->reads_attributes = out->reads_attributes || read[slot];
    }
    STRATA_TRY(count_codes(k, def, EVIDENCE_CHURN, 0, k->split.last, &c, err));
    for (size_t g = 0; g < c.n; g++) {
        out->n_segments += c.of[g] > 0;
    }
    return STRATA_OK;
}

/* --- the order --- */

/* Is dimension a before b? Known ones first, the larger area first, then as in the model. */
static bool before(const evidence_dimension *all, size_t a, size_t b, evidence_outcome o)
{
    const evidence_separation *x = &all[a].by[o];
    const evidence_separation *y = &all[b].by[o];
    if (x->known != y->known) {
        return x->known;
    }
    if (x->auc < y->auc || x->auc > y->auc) {
        return x->auc > y->auc;
    }
    return a < b;
}

static size_t *make_order(const evidence_dimension *all, size_t n, evidence_outcome o, arena *a)
{
    size_t *order = ARENA_NEW(a, n + 1, size_t);
    for (size_t k = 0; order != NULL && k < n; k++) {
        size_t at = k;
        while (at > 0 && before(all, k, order[at - 1], o)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = k;
    }
    return order;
}

static strata_status lead_of(const ranking *k, const evidence *e, evidence_outcome o,
                             evidence_lead *out, strata_error *err)
{
    *out = (evidence_lead){0};
    if (e->n_dimensions < 2 || !e->dimensions[e->order[o][1]].by[o].known) {
        return STRATA_OK;
    }
    rated both[2];
    for (size_t d = 0; d < 2; d++) {
        size_t place = e->order[o][d];
        both[d] = (rated){e->dimensions[place].def, k->rate[o][place]};
    }
    STRATA_CLEANUP(observed_done) observed seen = {0};
    auc_difference d = {0};
    STRATA_TRY(observe(k, both, 2, o, e->dimensions[e->order[o][0]].by[o].of, &seen, err));
    STRATA_TRY(auc_compare(&(scored){seen.n, seen.score[0], seen.event}, seen.score[1],
                           &(scored_clusters){seen.account, k->x->n}, &d, err));
    *out = (evidence_lead){.known = true,
                           .difference = d.difference,
                           .low = d.interval_95.low,
                           .high = d.interval_95.high,
                           .p = d.test.defined ? d.test.p : 1.0};
    return STRATA_OK;
}

static strata_status rank_all(ranking *k, size_t n, evidence *out, strata_error *err)
{
    const bound_model *b = k->x->b;
    evidence_dimension *all = ARENA_NEW(k->x->arena, n + 1, evidence_dimension);
    if (all == NULL) {
        return no_memory(k->x, err);
    }
    size_t place = 0;
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].kind != DEF_DIMENSION) {
            continue;
        }
        STRATA_TRY(describe(k, &b->defs[i], &all[place], err));
        for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
            STRATA_TRY(judge(k, &b->defs[i], (evidence_outcome)o, place, &all[place].by[o], err));
        }
        place++;
        STRATA_TRY(context_check(k->x->cx, err));
    }
    out->dimensions = all;
    out->n_dimensions = n;
    for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
        out->order[o] = make_order(all, n, (evidence_outcome)o, k->x->arena);
        if (out->order[o] == NULL) {
            return no_memory(k->x, err);
        }
        STRATA_TRY(lead_of(k, out, (evidence_outcome)o, &out->lead[o], err));
    }
    return STRATA_OK;
}

strata_status evidence_rank(const evidence_data *x, int months, evidence *out, strata_error *err)
{
    ranking k = {.x = x};
    if (!choose_horizon(x, months, &k)) {
        out->why_not_ranked = "the reviews do not reach back far enough to learn at some and judge "
                              "at others that came after their outcome";
        return STRATA_OK;
    }
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    k.scratch = scratch;
    size_t n = 0;
    for (size_t i = 0; i < x->b->n_defs; i++) {
        n += x->b->defs[i].kind == DEF_DIMENSION;
    }
    for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
        k.rate[o] = ARENA_NEW(scratch, n + 1, const double *);
        if (k.rate[o] == NULL) {
            return no_memory(x, err);
        }
    }
    out->ranked = k.horizon;
    out->n_learnt = k.split.n_learnt;
    out->n_judged = k.split.n_judged;
    out->learnt_to = x->reviews[k.split.learnt_to];
    out->judged_from = x->reviews[k.split.judged_from];
    return rank_all(&k, n, out, err);
}
