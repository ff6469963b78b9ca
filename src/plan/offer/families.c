/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/offer/families.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "plan/coverage/coverage.h"
#include "plan/coverage/stakes.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for account trees");
}

strata_status families_slots(const bound_model *b, arena *a, const size_t **slots, size_t *n,
                             strata_error *err)
{
    size_t *list = ARENA_NEW(a, 2, size_t);
    if (list == NULL) {
        return no_memory(err);
    }
    list[0] = FEATURE_ARR;
    list[1] = stakes_health_slot(b);
    *slots = list;
    *n = 2;
    return STRATA_OK;
}

/* --- who is under whom --- */

/* An attribute in texts; code NULL: there is none. */
typedef struct text_attribute {
    const int32_t *code;
    const symbol *sym;
} text_attribute;

static text_attribute find_text(const portfolio *p, const char *name)
{
    size_t slot = portfolio_slot(p, name);
    if (slot == SIZE_MAX || slot < FEATURE_COUNT || p->symbols[slot].type != VALUE_TEXT) {
        return (text_attribute){NULL, NULL};
    }
    return (text_attribute){p->attributes[slot - FEATURE_COUNT].code, &p->symbols[slot]};
}

static strata_status read_parents(const view *v, family_member *m, families *out, strata_error *err)
{
    text_attribute parent = find_text(v->p, "parent");
    size_t n_levels = parent.code != NULL ? parent.sym->n_levels : 0;
    STRATA_AUTO_FREE int32_t *account_of = STRATA_NEW_ARRAY(n_levels + 1, int32_t);
    if (account_of == NULL) {
        return no_memory(err);
    }
    for (size_t l = 0; l < n_levels; l++) {
        size_t account = portfolio_account(v->p, parent.sym->levels[l]);
        account_of[l] = account != SIZE_MAX ? (int32_t)account : FAMILY_NONE;
    }
    for (size_t i = 0; i < out->n; i++) {
        int32_t code = parent.code != NULL ? parent.code[i] : CODE_MISSING;
        m[i].parent = code != CODE_MISSING ? account_of[code] : FAMILY_NONE;
        out->known = out->known || code != CODE_MISSING;
        if (code != CODE_MISSING && m[i].parent == FAMILY_NONE) {
            out->n_orphans++;
            out->orphan = out->orphan != NULL ? out->orphan : parent.sym->levels[code];
        }
    }
    return STRATA_OK;
}

/* "'A' under 'B' under 'A'" */
static strata_status tell_circle(const view *v, const family_member *m, size_t in_it,
                                 strata_error *err)
{
    enum { NAMED = 8 };
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    size_t at = in_it;
    for (size_t i = 0; i < NAMED; i++) {
        strbuf_printf(&names, "'%s' under ", v->p->ids[at]);
        at = (size_t)m[at].parent;
        if (at == in_it) {
            break;
        }
    }
    strbuf_printf(&names, at == in_it ? "'%s'" : "'%s' and so on", v->p->ids[at]);
    STRATA_TRY(strbuf_status(&names, err));
    return strata_fail(err, STRATA_E_DATA,
                       "parents of accounts run in a circle: %s; correct one parent_id",
                       strbuf_text(&names));
}

/* Depth and root of every account, each walked once. */
static strata_status find_roots(const view *v, family_member *m, size_t n, strata_error *err)
{
    STRATA_AUTO_FREE uint32_t *path = STRATA_NEW_ARRAY(n + 1, uint32_t);
    STRATA_AUTO_FREE uint8_t *state = STRATA_NEW_ARRAY(n + 1, uint8_t);
    enum { NEW, ON_PATH, DONE };
    if (path == NULL || state == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        size_t length = 0;
        size_t at = i;
        while (state[at] == NEW) {
            state[at] = ON_PATH;
            path[length++] = (uint32_t)at;
            if (m[at].parent == FAMILY_NONE) {
                break;
            }
            at = (size_t)m[at].parent;
            if (state[at] == ON_PATH) {
                return tell_circle(v, m, at, err);
            }
        }
        while (length > 0) {
            family_member *one = &m[path[--length]];
            const family_member *up = one->parent != FAMILY_NONE ? &m[one->parent] : NULL;
            one->root = up != NULL ? up->root : (int32_t)path[length];
            one->depth = up != NULL ? up->depth + 1 : 0;
            state[path[length]] = DONE;
        }
    }
    return STRATA_OK;
}

/* --- what they bring --- */

/* Sums on the way up, besides what members show. */
typedef struct rolling {
    double weighted, weight; /* of health, by ARR */
    double worst;
    int highest;
    int32_t manager; /* code; CODE_MISSING: none yet */
} rolling;

static void take_own(const view *v, family_member *m, rolling *r, size_t i)
{
    double before = v->value_year_ago != NULL ? v->value_year_ago[i] : (double)NAN;
    m->own_minor = m->sum_minor = view_value_minor(v, i);
    m->before_minor = before > 0.0 ? money_minor(before) : 0;
    m->kept_minor = before > 0.0 ? m->own_minor : 0;
    bool customer = m->own_minor > 0;
    m->customers = customer;
    m->touches = customer && m->own_touch >= 0 ? (uint8_t)(1U << m->own_touch) : 0;
    r->highest = customer ? m->own_touch : -1;
    r->worst = customer ? m->own_health : (double)NAN;
    bool weighed = customer && !isnan(m->own_health);
    r->weight = weighed ? (double)m->own_minor : 0.0;
    r->weighted = weighed ? (double)m->own_minor * m->own_health : 0.0;
}

static double worse(double a, double b)
{
    return isnan(a) ? b : isnan(b) || a < b ? a : b;
}

static void add_below(family_member *up, rolling *r, const family_member *m, const rolling *child)
{
    up->below += m->below + 1;
    up->customers += m->customers;
    up->sum_minor += m->sum_minor;
    up->before_minor += m->before_minor;
    up->kept_minor += m->kept_minor;
    up->touches |= m->touches;
    bool both = r->manager != CODE_MISSING && child->manager != CODE_MISSING;
    up->managers_differ |= m->managers_differ || (both && r->manager != child->manager);
    r->manager = r->manager != CODE_MISSING ? r->manager : child->manager;
    r->weighted += child->weighted;
    r->weight += child->weight;
    r->worst = worse(r->worst, child->worst);
    r->highest = child->highest > r->highest ? child->highest : r->highest;
}

static void show(const model_trees *how, family_member *m, const rolling *r)
{
    double by_arr = r->weight > 0.0 ? r->weighted / r->weight : (double)NAN;
    m->health = how->health == TREE_HEALTH_WORST ? r->worst : by_arr;
    m->touch = how->coverage == TREE_COVERAGE_OWN ? m->own_touch : r->highest;
}

static void read_own(const view *v, family_member *m, rolling *r, size_t n)
{
    const double *health = segmentation_column(v->s, stakes_health_slot(v->b)).num;
    text_attribute touch = find_text(v->p, "coverage");
    text_attribute csm = find_text(v->p, "csm_id");
    for (size_t i = 0; i < n; i++) {
        int32_t level = touch.code != NULL ? touch.code[i] : CODE_MISSING;
        int own = level != CODE_MISSING ? coverage_level_named(touch.sym->levels[level]) : -1;
        m[i].own_touch = own >= 0 ? own : -1;
        m[i].own_health = health != NULL ? health[i] : (double)NAN;
        take_own(v, &m[i], &r[i], i);
        bool booked = csm.code != NULL && m[i].own_minor > 0;
        r[i].manager = booked ? csm.code[i] : CODE_MISSING;
    }
}

/* Deepest first, so that all below an account are in it before it goes up. */
static strata_status roll_up(const view *v, family_member *m, families *out, strata_error *err)
{
    size_t n = out->n;
    STRATA_AUTO_FREE rolling *r = STRATA_NEW_ARRAY(n + 1, rolling);
    STRATA_AUTO_FREE uint32_t *by_depth = STRATA_NEW_ARRAY(n + 1, uint32_t);
    for (size_t i = 0; i < n; i++) {
        out->deepest = m[i].depth > out->deepest ? m[i].depth : out->deepest;
    }
    STRATA_AUTO_FREE size_t *start = STRATA_NEW_ARRAY(out->deepest + 2, size_t);
    if (r == NULL || by_depth == NULL || start == NULL) {
        return no_memory(err);
    }
    read_own(v, m, r, n);
    for (size_t i = 0; i < n; i++) {
        start[m[i].depth + 1]++;
    }
    for (size_t d = 1; d < out->deepest + 2; d++) {
        start[d] += start[d - 1];
    }
    for (size_t i = 0; i < n; i++) {
        by_depth[start[m[i].depth]++] = (uint32_t)i;
    }
    for (size_t k = n; k-- > 0;) {
        size_t i = by_depth[k];
        if (m[i].parent != FAMILY_NONE) {
            add_below(&m[m[i].parent], &r[m[i].parent], &m[i], &r[i]);
        }
        show(&v->b->model->trees, &m[i], &r[i]);
    }
    return STRATA_OK;
}

/* --- in what order --- */

typedef struct ranked {
    uint32_t account;
    int64_t sum_minor;
} ranked;

static int worth_least_first(const void *left, const void *right)
{
    const ranked *a = left;
    const ranked *b = right;
    if (a->sum_minor != b->sum_minor) {
        return a->sum_minor < b->sum_minor ? -1 : 1;
    }
    return (a->account < b->account) - (a->account > b->account);
}

/* Lists of children as chains, the one worth most at the head of each. */
typedef struct chains {
    int32_t *first, *next; /* by account; FAMILY_NONE: the end */
} chains;

static void walk(const family_member *m, const chains *c, uint32_t head, uint32_t *order, size_t *n)
{
    int32_t at = (int32_t)head;
    while (at != FAMILY_NONE) {
        order[(*n)++] = (uint32_t)at;
        if (c->first[at] != FAMILY_NONE) {
            at = c->first[at];
            continue;
        }
        while (at != (int32_t)head && c->next[at] == FAMILY_NONE) {
            at = m[at].parent;
        }
        at = at != (int32_t)head ? c->next[at] : FAMILY_NONE;
    }
}

static strata_status put_in_order(const family_member *m, arena *a, families *out,
                                  strata_error *err)
{
    size_t n = out->n;
    STRATA_AUTO_FREE ranked *all = STRATA_NEW_ARRAY(n + 1, ranked);
    STRATA_AUTO_FREE int32_t *first = STRATA_NEW_ARRAY(n + 1, int32_t);
    STRATA_AUTO_FREE int32_t *next = STRATA_NEW_ARRAY(n + 1, int32_t);
    uint32_t *order = ARENA_NEW(a, n + 1, uint32_t);
    uint32_t *heads = ARENA_NEW(a, n + 1, uint32_t);
    if (all == NULL || first == NULL || next == NULL || order == NULL || heads == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = (ranked){(uint32_t)i, m[i].sum_minor};
        first[i] = next[i] = FAMILY_NONE;
    }
    qsort(all, n, sizeof *all, worth_least_first);
    for (size_t k = 0; k < n; k++) {
        uint32_t i = all[k].account;
        if (m[i].parent != FAMILY_NONE) {
            next[i] = first[m[i].parent];
            first[m[i].parent] = (int32_t)i;
        }
    }
    const chains c = {first, next};
    for (size_t k = n; k-- > 0;) {
        uint32_t i = all[k].account;
        if (m[i].parent == FAMILY_NONE && m[i].below > 0) {
            heads[out->n_heads++] = i;
            walk(m, &c, i, order, &out->n_order);
        }
    }
    out->order = order;
    out->heads = heads;
    return STRATA_OK;
}

strata_status families_make(const view *v, arena *a, families *out, strata_error *err)
{
    families f = {.n = v->p->n_accounts};
    family_member *m = ARENA_NEW(a, f.n + 1, family_member);
    if (m == NULL) {
        return no_memory(err);
    }
    f.members = m;
    STRATA_TRY(read_parents(v, m, &f, err));
    STRATA_TRY(find_roots(v, m, f.n, err));
    STRATA_TRY(roll_up(v, m, &f, err));
    STRATA_TRY(put_in_order(m, a, &f, err));
    for (size_t i = 0; i < f.n; i++) {
        bool alone = m[i].parent == FAMILY_NONE && m[i].below == 0;
        f.total_minor += m[i].own_minor;
        f.alone_minor += alone ? m[i].own_minor : 0;
        f.family_minor += alone ? 0 : m[i].own_minor;
        f.n_alone += alone && m[i].own_minor > 0;
    }
    *out = f;
    return STRATA_OK;
}
