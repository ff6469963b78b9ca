/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/names.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/strbuf.h"

enum { WORDS_MOST = 3, WORDS_ROOM = 6 };
/* Differences under LEAST, or under SHARE of the cluster's largest, name nothing. */
static const double LEAST = 0.4;
static const double SHARE = 0.4;

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory naming clusters");
}

strata_status cluster_differences(const cluster_points *p, const cluster_fit *fit, arena *a,
                                  const double **out, strata_error *err)
{
    double *difference = ARENA_NEW(a, fit->k * p->d + 1, double);
    if (difference == NULL) {
        return out_of_memory(err);
    }
    for (size_t j = 0; j < p->d; j++) {
        double all = 0.0;
        for (size_t c = 0; c < fit->k; c++) {
            all += fit->centres[c * p->d + j] * (double)fit->size[c];
        }
        for (size_t c = 0; c < fit->k; c++) {
            double own = fit->centres[c * p->d + j];
            double n = (double)fit->size[c];
            double others = (double)p->n - n;
            difference[c * p->d + j] = others > 0.0 ? own - (all - own * n) / others : 0.0;
        }
    }
    *out = difference;
    return STRATA_OK;
}

void cluster_by_difference(const double *difference, size_t d, size_t *order)
{
    for (size_t j = 0; j < d; j++) {
        size_t at = j;
        for (; at > 0 && fabs(difference[j]) > fabs(difference[order[at - 1]]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = j;
    }
}

/* The words of one name. */
typedef struct name {
    const char *words[WORDS_ROOM];
    cluster_theme themes[WORDS_ROOM];
    size_t features[WORDS_ROOM]; /* that the words are about */
    bool high[WORDS_ROOM], very[WORDS_ROOM];
    size_t n;
    size_t number; /* of what words cannot tell apart: 2 and on */
} name;

/* The place of a feature's word; n->n when it has none. */
static size_t place_of(const name *n, size_t feature)
{
    size_t i = 0;
    while (i < n->n && n->features[i] != feature) {
        i++;
    }
    return i;
}

static bool has_theme(const name *n, cluster_theme t)
{
    bool found = false;
    for (size_t i = 0; i < n->n && t != THEME_OTHER; i++) {
        found = found || n->themes[i] == t;
    }
    return found;
}

static void add_word(name *n, const cluster_points *p, size_t feature, bool high)
{
    const cluster_candidate *f = &p->features[feature];
    if (n->n < WORDS_ROOM) {
        n->themes[n->n] = f->theme;
        n->features[n->n] = feature;
        n->high[n->n] = high;
        n->words[n->n++] = high ? f->high : f->low;
    }
}

static void first_words(const cluster_points *p, const double *difference, const size_t *order,
                        name *out)
{
    double largest = fabs(difference[order[0]]);
    for (size_t i = 0; i < p->d && out->n < WORDS_MOST; i++) {
        double x = difference[order[i]];
        const cluster_candidate *f = &p->features[order[i]];
        if (fabs(x) >= LEAST && fabs(x) >= SHARE * largest && !has_theme(out, f->theme)) {
            add_word(out, p, order[i], x > 0.0);
        }
    }
}

static strata_status write_name(const name *n, arena *a, const char **out, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (size_t i = 0; i < n->n; i++) {
        strbuf_printf(&b, "%s%s%s", i > 0 ? ", " : "", n->very[i] ? "very " : "", n->words[i]);
    }
    strbuf_add(&b, n->n == 0 ? "near the average" : "");
    if (n->number > 0) {
        strbuf_printf(&b, " %zu", n->number);
    }
    STRATA_TRY(strbuf_status(&b, err));
    char *text = arena_strdup(a, strbuf_text(&b));
    if (text == NULL) {
        return out_of_memory(err);
    }
    text[0] = (char)toupper((unsigned char)text[0]);
    *out = text;
    return STRATA_OK;
}

static bool is_said(const name *n, const cluster_points *p, size_t feature)
{
    return has_theme(n, p->features[feature].theme) || place_of(n, feature) < n->n;
}

/* The feature that tells two clusters apart most, of those that their names say or do not say, and
 * by how much the first is above the second; SIZE_MAX: none. */
static size_t widest(const cluster_points *p, const cluster_fit *fit, size_t x, size_t y,
                     const name *names, bool said, double *gap)
{
    size_t best = SIZE_MAX;
    *gap = 0.0;
    for (size_t j = 0; j < p->d; j++) {
        double wide = fit->centres[x * p->d + j] - fit->centres[y * p->d + j];
        bool fits = said
                        ? place_of(&names[x], j) < names[x].n && place_of(&names[y], j) < names[y].n
                        : !is_said(&names[x], p, j) && !is_said(&names[y], p, j);
        if (fits && fabs(wide) > fabs(*gap)) {
            best = j;
            *gap = wide;
        }
    }
    return best;
}

/* Two clusters of one name: a word more to each, for what tells the two apart most; where every
 * feature is said already, the one farther out is very much so; else the second is numbered. */
static void tell_apart(const cluster_points *p, const cluster_fit *fit, size_t x, size_t y,
                       name *names)
{
    double gap = 0.0;
    size_t best = widest(p, fit, x, y, names, false, &gap);
    if (best != SIZE_MAX) {
        add_word(&names[x], p, best, gap > 0.0);
        add_word(&names[y], p, best, gap < 0.0);
        return;
    }
    best = widest(p, fit, x, y, names, true, &gap);
    size_t at = best != SIZE_MAX ? place_of(&names[x], best) : 0;
    if (best == SIZE_MAX || names[x].very[at]) {
        names[y].number = names[x].number > 0 ? names[x].number + 1 : 2;
        return;
    }
    name *farther = (gap > 0.0) == names[x].high[at] ? &names[x] : &names[y];
    farther->very[place_of(farther, best)] = true;
}

/* The first pair of clusters with one name; false when there is none. */
static bool find_twins(const char **text, size_t k, size_t *x, size_t *y)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = i + 1; j < k; j++) {
            if (strcasecmp(text[i], text[j]) == 0) {
                *x = i;
                *y = j;
                return true;
            }
        }
    }
    return false;
}

strata_status cluster_name_all(const cluster_points *p, const cluster_fit *fit,
                               const double *difference, arena *a, const char ***out,
                               strata_error *err)
{
    STRATA_AUTO_FREE name *names = STRATA_NEW_ARRAY(fit->k, name);
    STRATA_AUTO_FREE size_t *order = STRATA_NEW_ARRAY(p->d, size_t);
    const char **text = ARENA_NEW(a, fit->k + 1, const char *);
    if (names == NULL || order == NULL || text == NULL) {
        return out_of_memory(err);
    }
    for (size_t c = 0; c < fit->k; c++) {
        cluster_by_difference(difference + c * p->d, p->d, order);
        first_words(p, difference + c * p->d, order, &names[c]);
        STRATA_TRY(write_name(&names[c], a, &text[c], err));
    }
    size_t x = 0;
    size_t y = 0;
    for (size_t round = 0; round < fit->k * WORDS_ROOM && find_twins(text, fit->k, &x, &y);
         round++) {
        tell_apart(p, fit, x, y, names);
        STRATA_TRY(write_name(&names[x], a, &text[x], err));
        STRATA_TRY(write_name(&names[y], a, &text[y], err));
    }
    *out = text;
    return STRATA_OK;
}
