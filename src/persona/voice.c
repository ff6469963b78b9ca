/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/voice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/inference/holm.h"
#include "stats/learning/log_odds.h"
#include "stats/numeric/special.h"

static const double LEVEL = 0.05;
static const double ALIKE = 0.8; /* two phrases that the same accounts say are one */
enum { LOOKED_AT = 200 };        /* of the strongest, to tell those that say the same apart */

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing what accounts say");
}

/* One kind of voice while segments are compared. */
typedef struct comparing {
    const corpus *c;
    const segment_code *codes;
    size_t n_segments;
    double least;       /* accounts that must say a term */
    size_t *speakers;   /* by segment; the last one: all */
    size_t *starts;     /* by term: into `accounts` */
    uint32_t *accounts; /* by term, ascending; of accounts in segments */
    size_t *terms;      /* those that are compared */
    size_t n_terms;
    size_t *counts;        /* [compared term * n_segments + segment] */
    size_t *said;          /* by segment: of all terms together */
    double *p, *z, *delta; /* [segment * n_terms + compared term]; z 0: not compared */
} comparing;

static void comparing_done(comparing *x)
{
    free(x->speakers);
    free(x->starts);
    free(x->accounts);
    free(x->terms);
    free(x->counts);
    free(x->said);
    free(x->p);
    free(x->z);
    free(x->delta);
}

static bool is_in(const comparing *x, uint32_t account)
{
    return x->codes[account] < x->n_segments;
}

static strata_status index_accounts(comparing *x, strata_error *err)
{
    const corpus *c = x->c;
    size_t n = terms_count(&c->terms);
    x->starts = STRATA_NEW_ARRAY(n + 2, size_t);
    x->accounts = STRATA_NEW_ARRAY(c->sayings.n + 1, uint32_t);
    x->speakers = STRATA_NEW_ARRAY(x->n_segments + 1, size_t);
    x->said = STRATA_NEW_ARRAY(x->n_segments + 1, size_t);
    if (x->starts == NULL || x->accounts == NULL || x->speakers == NULL || x->said == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < c->speakers.n; i++) {
        if (is_in(x, c->speakers.data[i])) {
            x->speakers[x->codes[c->speakers.data[i]]]++;
            x->speakers[x->n_segments]++;
        }
    }
    for (size_t i = 0; i < c->sayings.n; i++) {
        x->starts[c->sayings.data[i].term + 2] += is_in(x, c->sayings.data[i].account);
    }
    for (size_t t = 0; t < n; t++) {
        x->starts[t + 2] += x->starts[t + 1];
    }
    /* starts[t + 1] runs through term t's part and ends where the next one begins. */
    for (size_t i = 0; i < c->sayings.n; i++) {
        saying s = c->sayings.data[i];
        if (is_in(x, s.account)) {
            x->accounts[x->starts[s.term + 1]++] = s.account;
            x->said[x->codes[s.account]]++;
            x->said[x->n_segments]++;
        }
    }
    return STRATA_OK;
}

static strata_status count_terms(comparing *x, strata_error *err)
{
    size_t n = terms_count(&x->c->terms);
    x->terms = STRATA_NEW_ARRAY(n + 1, size_t);
    if (x->terms == NULL) {
        return no_memory(err);
    }
    for (size_t t = 0; t < n; t++) {
        if ((double)(x->starts[t + 1] - x->starts[t]) >= x->least) {
            x->terms[x->n_terms++] = t;
        }
    }
    size_t cells = x->n_terms * x->n_segments + 1;
    x->counts = STRATA_NEW_ARRAY(cells, size_t);
    x->p = STRATA_NEW_ARRAY(cells, double);
    x->z = STRATA_NEW_ARRAY(cells, double);
    x->delta = STRATA_NEW_ARRAY(cells, double);
    if (x->counts == NULL || x->p == NULL || x->z == NULL || x->delta == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < x->n_terms; k++) {
        for (size_t i = x->starts[x->terms[k]]; i < x->starts[x->terms[k] + 1]; i++) {
            x->counts[k * x->n_segments + x->codes[x->accounts[i]]]++;
        }
    }
    return STRATA_OK;
}

static size_t total_of(const comparing *x, size_t k)
{
    return x->starts[x->terms[k] + 1] - x->starts[x->terms[k]];
}

/* Log-odds of all compared terms for one segment; terms too rare to compare are one more term. */
static strata_status compare_segment(comparing *x, size_t g, strata_error *err)
{
    size_t n = x->n_terms + 1;
    STRATA_AUTO_FREE double *in = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE double *out = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE log_odds *odds = STRATA_NEW_ARRAY(n, log_odds);
    if (in == NULL || out == NULL || odds == NULL) {
        return no_memory(err);
    }
    double said_in = (double)x->said[g];
    double said_out = (double)x->said[x->n_segments] - said_in;
    in[n - 1] = said_in;
    out[n - 1] = said_out;
    for (size_t k = 0; k < x->n_terms; k++) {
        in[k] = (double)x->counts[k * x->n_segments + g];
        size_t total = total_of(x, k);
        out[k] = (double)total - in[k];
        in[n - 1] -= in[k];
        out[n - 1] -= out[k];
    }
    log_odds_compare(in, out, n, fmin(said_in, said_out) / 2.0, odds);
    for (size_t k = 0; k < x->n_terms; k++) {
        x->z[g * x->n_terms + k] = odds[k].z;
        x->delta[g * x->n_terms + k] = odds[k].delta;
    }
    return STRATA_OK;
}

/* Compares the segments in which enough accounts speak, and corrects over them and all terms. */
static strata_status compare_all(comparing *x, double minimum, strata_error *err)
{
    size_t n = 0;
    for (size_t g = 0; g < x->n_segments; g++) {
        size_t others = x->speakers[x->n_segments] - x->speakers[g];
        if ((double)x->speakers[g] < minimum || others == 0) {
            continue;
        }
        STRATA_TRY(compare_segment(x, g, err));
        for (size_t k = 0; k < x->n_terms; k++) {
            x->p[n++] = fmin(2.0 * normal_sf(fabs(x->z[g * x->n_terms + k])), 1.0);
        }
    }
    STRATA_TRY(holm(x->p, n, x->p, err));
    /* From packed to their places, the last segment first. */
    for (size_t g = x->n_segments; g > 0; g--) {
        size_t others = x->speakers[x->n_segments] - x->speakers[g - 1];
        bool compared = (double)x->speakers[g - 1] >= minimum && others > 0;
        n -= compared ? x->n_terms : 0;
        for (size_t k = x->n_terms; k > 0; k--) {
            x->p[(g - 1) * x->n_terms + k - 1] = compared ? x->p[n + k - 1] : 1.0;
        }
    }
    return STRATA_OK;
}

/* --- choosing --- */

typedef struct ranked {
    size_t k; /* compared term */
    double z;
    const char *text;
} ranked;

static int strongest_first(const void *x, const void *y)
{
    const ranked *a = x;
    const ranked *b = y;
    if (a->z < b->z || a->z > b->z) {
        return a->z > b->z ? -1 : 1;
    }
    return strcmp(a->text, b->text);
}

/* Accounts of the segment that say both, over those that say either. */
static double overlap(const comparing *x, size_t g, size_t a, size_t b)
{
    size_t i = x->starts[x->terms[a]];
    size_t j = x->starts[x->terms[b]];
    size_t i_end = x->starts[x->terms[a] + 1];
    size_t j_end = x->starts[x->terms[b] + 1];
    size_t both = 0;
    while (i < i_end && j < j_end) {
        uint32_t p = x->accounts[i];
        uint32_t q = x->accounts[j];
        both += p == q && x->codes[p] == g;
        i += p <= q;
        j += q <= p;
    }
    size_t n = x->counts[a * x->n_segments + g] + x->counts[b * x->n_segments + g] - both;
    return n > 0 ? (double)both / (double)n : 0.0;
}

static size_t count_words(const char *text)
{
    size_t n = 1;
    for (; *text != '\0'; text++) {
        n += *text == ' ';
    }
    return n;
}

/* Of phrases that the same accounts say, the longest, in the place of the strongest. */
static size_t drop_alike(const comparing *x, size_t g, ranked *items, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        while (j < kept && overlap(x, g, items[i].k, items[j].k) < ALIKE) {
            j++;
        }
        if (j == kept) {
            items[kept++] = items[i];
        } else if (count_words(items[i].text) > count_words(items[j].text)) {
            items[j] = items[i];
        }
    }
    return kept;
}

static voice_item item_of(const comparing *x, size_t g, const ranked *r, arena *a)
{
    size_t in = x->counts[r->k * x->n_segments + g];
    return (voice_item){.text = arena_strdup(a, r->text),
                        .in = in,
                        .of_in = x->speakers[g],
                        .out = total_of(x, r->k) - in,
                        .of_out = x->speakers[x->n_segments] - x->speakers[g],
                        .log_odds = x->delta[g * x->n_terms + r->k],
                        .z = r->z,
                        .p_holm = x->p[g * x->n_terms + r->k]};
}

/* Do more of the segment's speakers say it than of the others? Where accounts say little, a term
 * can be a larger part of it without that. */
static bool more_accounts(const comparing *x, size_t g, size_t k)
{
    size_t in = x->counts[k * x->n_segments + g];
    size_t out = total_of(x, k) - in;
    double n_in = (double)x->speakers[g];
    double n_out = (double)(x->speakers[x->n_segments] - x->speakers[g]);
    return (double)in * n_out > (double)out * n_in;
}

static strata_status choose(const comparing *x, size_t g, bool phrases, arena *a, voice_list *out,
                            strata_error *err)
{
    STRATA_AUTO_FREE ranked *found = STRATA_NEW_ARRAY(x->n_terms + 1, ranked);
    voice_item *items = ARENA_NEW(a, VOICE_SHOWN, voice_item);
    if (found == NULL || items == NULL) {
        return no_memory(err);
    }
    size_t n = 0;
    for (size_t k = 0; k < x->n_terms; k++) {
        size_t at = g * x->n_terms + k;
        double in = (double)x->counts[k * x->n_segments + g];
        if (x->z[at] > 0.0 && x->p[at] < LEVEL && in >= x->least && more_accounts(x, g, k)) {
            found[n++] = (ranked){k, x->z[at], terms_text(&x->c->terms, x->terms[k])};
        }
    }
    qsort(found, n, sizeof *found, strongest_first);
    n = n < LOOKED_AT ? n : LOOKED_AT;
    n = phrases ? drop_alike(x, g, found, n) : n;
    for (size_t i = 0; i < n && i < VOICE_SHOWN; i++) {
        items[i] = item_of(x, g, &found[i], a);
        if (items[i].text == NULL) {
            return no_memory(err);
        }
    }
    out->items = items;
    out->n = n < VOICE_SHOWN ? n : VOICE_SHOWN;
    return STRATA_OK;
}

strata_status voice_compare(const study *s, const voice_corpora *c, const segment_code *codes,
                            size_t n_segments, arena *a, voice *out, strata_error *err)
{
    voice v = {.n_segments = n_segments};
    voice_list *lists = ARENA_NEW(a, VOICE_KINDS * n_segments + 1, voice_list);
    if (lists == NULL) {
        return no_memory(err);
    }
    for (size_t kind = 0; kind < VOICE_KINDS; kind++) {
        STRATA_CLEANUP(comparing_done)
        comparing x = {.c = &c->of[kind], .codes = codes, .n_segments = n_segments};
        x.least = s->v->b->model->personas.minimum_support;
        STRATA_TRY(index_accounts(&x, err));
        STRATA_TRY(count_terms(&x, err));
        STRATA_TRY(compare_all(&x, s->minimum_accounts, err));
        v.speakers[kind] = x.speakers[n_segments];
        v.terms[kind] = x.n_terms;
        for (size_t g = 0; g < n_segments; g++) {
            voice_list *list = &lists[kind * n_segments + g];
            list->accounts = x.speakers[g];
            list->enough = (double)x.speakers[g] >= s->minimum_accounts;
            STRATA_TRY(choose(&x, g, kind != VOICE_THEME, a, list, err));
        }
        STRATA_TRY(context_check(s->cx, err));
    }
    v.lists = lists;
    *out = v;
    return STRATA_OK;
}
