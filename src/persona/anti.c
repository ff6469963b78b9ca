/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/anti.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/read.h"
#include "persona/anti_parts.h"
#include "stats/inference/holm.h"

static const double LEVEL = 0.05;
static const double ALIKE = 0.6;  /* two conditions that mean the same accounts are one */
static const double RARELY = 1.5; /* those with the rule leave at least so many times as often */
enum { SINGLES_MAX = 10, RULES_MAX = SINGLES_MAX + SINGLES_MAX * (SINGLES_MAX - 1) / 2 };
static const uint64_t STREAM = (uint64_t)0xa7 << 40;

/* A rule while it is judged. */
typedef struct candidate {
    size_t parts[ANTI_CONDITIONS]; /* conditions, into singles */
    size_t n_parts;
    uint8_t *holds; /* by account searched */
    pattern_effect found, tested;
    double p_holm;
    bool confirmed;
} candidate;

typedef struct finding {
    anti_search search;
    anti_condition singles[SINGLES_MAX];
    size_t n_singles, tried;
    candidate rules[RULES_MAX];
    size_t n_rules;
} finding;

static void finding_done(finding *f)
{
    anti_search_done(&f->search);
    for (size_t i = 0; i < f->n_rules; i++) {
        free(f->rules[i].holds);
    }
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory searching anti-personas");
}

/* Accounts of one half with and without the rule, and how many of each stayed. */
static pattern_effect effect_in(const anti_search *x, const uint8_t *holds, uint8_t half)
{
    size_t n[2] = {0};
    size_t kept[2] = {0};
    for (size_t i = 0; i < x->n; i++) {
        if (x->half[i] == half && holds[i] != RULE_UNKNOWN) {
            n[holds[i]]++;
            kept[holds[i]] += x->kept[i];
        }
    }
    return pattern_effect_of(kept[RULE_YES], n[RULE_YES], kept[RULE_NO], n[RULE_NO]);
}

static double left_share(size_t kept, size_t n)
{
    return n > 0 ? (double)(n - kept) / (double)n : 0.0;
}

static bool leaves_more(const pattern_effect *e)
{
    double with = left_share(e->kept_with, e->with);
    double without = left_share(e->kept_without, e->without);
    return e->with > 0 && e->without > 0 && with > without && with >= RARELY * without;
}

/* --- single conditions --- */

static double overlap(const anti_search *x, const uint8_t *a, const uint8_t *b)
{
    size_t both = 0;
    size_t any = 0;
    for (size_t i = 0; i < x->n; i++) {
        both += a[i] == RULE_YES && b[i] == RULE_YES;
        any += a[i] == RULE_YES || b[i] == RULE_YES;
    }
    return any > 0 ? (double)both / (double)any : 0.0;
}

/* The side of the cut on which fewer stay. */
static anti_condition worse_side(const anti_search *x, const pattern *p)
{
    anti_condition c = x->of.data[p->feature];
    bool pattern_is_worse =
        p->found.kept_with * p->found.without < p->found.kept_without * p->found.with;
    c.edge = p->threshold;
    c.at_least = pattern_is_worse == p->at_least;
    c.p_search = p->p_search;
    return c;
}

static strata_status add_rule(finding *f, const size_t *parts, size_t n_parts, uint8_t **holds,
                              strata_error *err)
{
    candidate *r = &f->rules[f->n_rules];
    *r = (candidate){.n_parts = n_parts, .holds = strata_steal(holds)};
    memcpy(r->parts, parts, n_parts * sizeof *parts);
    f->n_rules++;
    r->found = effect_in(&f->search, r->holds, 0);
    return r->holds != NULL ? STRATA_OK : no_memory(err);
}

/* Takes a condition that speaks of other accounts than those before it, and of enough of them. */
static strata_status consider(finding *f, const pattern *p, strata_error *err)
{
    const anti_search *x = &f->search;
    anti_condition c = worse_side(x, p);
    STRATA_AUTO_FREE uint8_t *holds = STRATA_NEW_ARRAY(x->n + 1, uint8_t);
    if (holds == NULL) {
        return no_memory(err);
    }
    anti_condition_holds(x, &c, holds);
    pattern_effect e = effect_in(x, holds, 0);
    bool is_not = c.level >= 0 && !c.at_least; /* "not in retail" is no profile */
    if (is_not || e.with < x->least || !leaves_more(&e)) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < f->n_rules; i++) {
        if (overlap(x, holds, f->rules[i].holds) >= ALIKE) {
            return STRATA_OK;
        }
    }
    f->singles[f->n_singles] = c;
    return add_rule(f, &f->n_singles, 1, &holds, err);
}

static strata_status find_singles(finding *f, strata_error *err)
{
    anti_search *x = &f->search;
    STRATA_AUTO_FREE pattern *found = STRATA_NEW_ARRAY(x->columns.n + 1, pattern);
    if (found == NULL) {
        return no_memory(err);
    }
    const pattern_search request = {.n = x->n,
                                    .n_features = x->columns.n,
                                    .features = (const double *const *)x->columns.data,
                                    .kept = x->kept,
                                    .half = x->half,
                                    .min_side = x->least,
                                    .n_permutations = PATTERN_PERMUTATIONS,
                                    .stream = STREAM};
    STRATA_TRY(pattern_find(x->s->cx, &request, found, &f->tried, err));
    for (size_t k = 0; k < f->tried && f->n_singles < SINGLES_MAX; k++) {
        if (found[k].state != PATTERN_NOT_FOUND) {
            size_t before = f->n_rules;
            STRATA_TRY(consider(f, &found[k], err));
            f->n_singles += f->n_rules - before;
        }
    }
    return STRATA_OK;
}

/* --- two conditions --- */

/* Among accounts with condition `a`, is it worse where the other holds too? */
static double p_worse(const anti_search *x, const uint8_t *a, const uint8_t *both)
{
    size_t n[2] = {0};
    size_t kept[2] = {0};
    for (size_t i = 0; i < x->n; i++) {
        if (x->half[i] == 0 && a[i] == RULE_YES && both[i] != RULE_UNKNOWN) {
            n[both[i]]++;
            kept[both[i]] += x->kept[i];
        }
    }
    stat_test t = two_proportions(kept[RULE_YES], n[RULE_YES], kept[RULE_NO], n[RULE_NO]);
    return t.defined && t.effect < 0.0 ? t.p : 1.0;
}

static strata_status consider_pair(finding *f, size_t a, size_t b, size_t n_pairs,
                                   strata_error *err)
{
    const anti_search *x = &f->search;
    const uint8_t *ha = f->rules[a].holds;
    const uint8_t *hb = f->rules[b].holds;
    STRATA_AUTO_FREE uint8_t *holds = STRATA_NEW_ARRAY(x->n + 1, uint8_t);
    if (holds == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < x->n; i++) {
        bool no = ha[i] == RULE_NO || hb[i] == RULE_NO;
        bool unknown = ha[i] == RULE_UNKNOWN || hb[i] == RULE_UNKNOWN;
        holds[i] = no ? RULE_NO : unknown ? RULE_UNKNOWN : RULE_YES;
    }
    pattern_effect e = effect_in(x, holds, 0);
    double p = fmax(p_worse(x, ha, holds), p_worse(x, hb, holds));
    if (e.with < x->least || p * (double)n_pairs >= LEVEL) {
        return STRATA_OK;
    }
    const size_t parts[ANTI_CONDITIONS] = {a, b};
    return add_rule(f, parts, 2, &holds, err);
}

static strata_status find_pairs(finding *f, strata_error *err)
{
    size_t n = f->n_singles;
    size_t n_pairs = n * (n - (n > 0)) / 2;
    for (size_t a = 0; a < n; a++) {
        for (size_t b = a + 1; b < n; b++) {
            bool same = f->singles[a].slot == f->singles[b].slot;
            if (!same) {
                STRATA_TRY(consider_pair(f, a, b, n_pairs, err));
            }
        }
        STRATA_TRY(context_check(f->search.s->cx, err));
    }
    return STRATA_OK;
}

/* --- the other half --- */

static strata_status test_rules(finding *f, strata_error *err)
{
    double p[RULES_MAX];
    for (size_t i = 0; i < f->n_rules; i++) {
        candidate *r = &f->rules[i];
        r->tested = effect_in(&f->search, r->holds, 1);
        bool same_way = r->tested.test.defined && r->tested.test.effect < 0.0;
        p[i] = same_way ? r->tested.test.p : 1.0;
    }
    STRATA_TRY(holm(p, f->n_rules, p, err));
    for (size_t i = 0; i < f->n_rules; i++) {
        f->rules[i].p_holm = p[i];
        f->rules[i].confirmed = p[i] < LEVEL;
    }
    return STRATA_OK;
}

static int worst_first(const void *x, const void *y)
{
    const candidate *a = x;
    const candidate *b = y;
    if (a->confirmed != b->confirmed) {
        return a->confirmed ? -1 : 1;
    }
    double la = left_share(a->tested.kept_with, a->tested.with);
    double lb = left_share(b->tested.kept_with, b->tested.with);
    if (la < lb || la > lb) {
        return la > lb ? -1 : 1;
    }
    for (size_t i = 0; i < ANTI_CONDITIONS; i++) {
        if (a->parts[i] != b->parts[i]) {
            return a->parts[i] < b->parts[i] ? -1 : 1;
        }
    }
    return a->n_parts < b->n_parts ? -1 : a->n_parts > b->n_parts;
}

/* --- results --- */

static strata_status count_now(const study *s, const segment_code *codes, size_t n_segments,
                               anti_rule *r, strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *holds = STRATA_NEW_ARRAY(s->n + 1, uint8_t);
    if (holds == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(study_condition_text(s, r->expression, holds, err));
    for (size_t i = 0; i < s->n; i++) {
        bool here = holds[i] == RULE_YES && codes[i] < n_segments;
        r->accounts_now += here;
        r->value_now_minor += here && s->value != NULL ? s->value[i] : 0;
    }
    return STRATA_OK;
}

static strata_status describe(const finding *f, const candidate *c, arena *a, anti_rule *out,
                              strata_error *err)
{
    const study *s = f->search.s;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    *out = (anti_rule){.n_conditions = c->n_parts,
                       .p_search = c->n_parts == 1 ? f->singles[c->parts[0]].p_search : 1.0,
                       .found = c->found,
                       .tested = c->tested,
                       .p_holm = c->p_holm,
                       .confirmed = c->confirmed};
    for (size_t i = 0; i < c->n_parts; i++) {
        const anti_condition *part = &f->singles[c->parts[i]];
        strbuf_add(&text, i > 0 ? " and " : "");
        anti_condition_print(&f->search, part, &text);
        out->reads_attributes =
            out->reads_attributes || (part->slot >= FEATURE_COUNT && part->slot < s->v->b->n_base);
    }
    STRATA_TRY(strbuf_status(&text, err));
    const rule *r = NULL;
    out->expression = arena_strdup(a, strbuf_text(&text));
    STRATA_TRY(out->expression != NULL ? STRATA_OK : no_memory(err));
    STRATA_TRY(rule_compile_condition(a, out->expression, NULL, &s->v->b->scope, &r, err));
    return rule_words(r, s->v->b->model->business.currency, a, &out->words, err);
}

static strata_status run(const study *s, const segment_code *codes, size_t n_segments, finding *f,
                         arena *a, anti_personas *out, strata_error *err)
{
    STRATA_TRY(anti_search_fill(s, &f->search, err));
    const anti_search *x = &f->search;
    out->accounts = x->n;
    for (size_t i = 0; i < x->n; i++) {
        out->kept += x->kept[i];
    }
    if ((double)x->n < 2 * s->minimum_accounts || out->kept == 0 || out->kept == x->n) {
        bool few = (double)x->n < 2 * s->minimum_accounts;
        out->why = few              ? "too few accounts were customers a year ago"
                   : out->kept == 0 ? "nobody stayed, so nothing sets those who did apart"
                                    : "everybody stayed, so nothing sets those who left apart";
        return STRATA_OK;
    }
    STRATA_TRY(find_singles(f, err));
    STRATA_TRY(find_pairs(f, err));
    STRATA_TRY(test_rules(f, err));
    qsort(f->rules, f->n_rules, sizeof f->rules[0], worst_first);
    out->tried = f->tried;
    out->n = f->n_rules < ANTI_SHOWN ? f->n_rules : ANTI_SHOWN;
    anti_rule *items = ARENA_NEW(a, out->n + 1, anti_rule);
    if (items == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < out->n; i++) {
        STRATA_TRY(describe(f, &f->rules[i], a, &items[i], err));
        STRATA_TRY(count_now(s, codes, n_segments, &items[i], err));
        out->confirmed += items[i].confirmed;
    }
    out->items = items;
    return STRATA_OK;
}

strata_status anti_personas_find(const study *s, const segment_code *codes, size_t n_segments,
                                 arena *a, anti_personas *out, strata_error *err)
{
    anti_personas r = {0};
    if (s->outcome == NULL || s->year_ago == NULL) {
        out->why = "needs arr, to know who stayed";
        return STRATA_OK;
    }
    STRATA_AUTO_FREE finding *memory = STRATA_NEW_ARRAY(1, finding);
    if (memory == NULL) {
        return no_memory(err);
    }
    strata_status st = run(s, codes, n_segments, memory, a, &r, err);
    finding_done(memory);
    STRATA_TRY(st);
    *out = r;
    return STRATA_OK;
}
