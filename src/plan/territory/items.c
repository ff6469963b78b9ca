/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/items.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "plan/territory/columns.h"
#include "rule/rule.h"

static const double VALUE_TIMES_MOST = 4.0;
static const double TOUCHED_LATELY = 90.0; /* days */

/* --- who fits whom --- */

bool territory_fits(const char *stated, const char *wanted)
{
    if (stated == NULL || wanted == NULL || stated[strspn(stated, " ;,")] == '\0') {
        return true;
    }
    size_t len = strlen(wanted);
    for (const char *at = stated; *at != '\0';) {
        at += strspn(at, " ;,");
        size_t part = strcspn(at, ";,");
        size_t end = part;
        while (end > 0 && at[end - 1] == ' ') {
            end--;
        }
        if (end == len && strncasecmp(at, wanted, len) == 0) {
            return true;
        }
        at += part;
    }
    return false;
}

/* A text attribute of accounts; no levels when there is none. */
typedef struct attribute {
    const char *name;
    const int32_t *code;
    const char *const *levels;
    size_t n;
} attribute;

static attribute find_attribute(const view *v, const char *name)
{
    size_t slot = name != NULL ? portfolio_slot(v->p, name) : SIZE_MAX;
    attribute out = {.name = name};
    if (slot != SIZE_MAX && slot >= FEATURE_COUNT && v->p->symbols[slot].type == VALUE_TEXT) {
        out.code = v->p->attributes[slot - FEATURE_COUNT].code;
        out.levels = v->p->symbols[slot].levels;
        out.n = out.code != NULL ? v->p->symbols[slot].n_levels : 0;
    }
    return out;
}

static bool is_stated(const csm_list *csms, bool skills)
{
    for (size_t j = 0; j < csms->n; j++) {
        if ((skills ? csms->items[j].skills : csms->items[j].regions) != NULL) {
            return true;
        }
    }
    return false;
}

/* Level 0 is "not known". */
static size_t level_of(const attribute *x, size_t account)
{
    return x->n > 0 && x->code[account] != CODE_MISSING ? (size_t)x->code[account] + 1 : 0;
}

static const char *kind_words(const attribute *region, size_t r, const attribute *skill, size_t s,
                              arena *a)
{
    const char *first = r > 0 ? region->levels[r - 1] : NULL;
    const char *second = s > 0 ? skill->levels[s - 1] : NULL;
    if (first != NULL && second != NULL) {
        return arena_printf(a, "of %s %s, %s %s", region->name, first, skill->name, second);
    }
    if (first != NULL || second != NULL) {
        return arena_printf(a, "of %s %s", first != NULL ? region->name : skill->name,
                            first != NULL ? first : second);
    }
    return "that anybody may have";
}

static strata_status put_kinds(const csm_list *csms, const attribute *region,
                               const attribute *skill, arena *a, territory_items *t,
                               strata_error *err)
{
    size_t m = csms->n;
    size_t n = (region->n + 1) * (skill->n + 1);
    bool *fits = ARENA_NEW(a, n * m, bool);
    const char **words = ARENA_NEW(a, n, const char *);
    if (fits == NULL || words == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu kinds of accounts", n);
    }
    for (size_t k = 0; k < n; k++) {
        size_t r = k % (region->n + 1);
        size_t s = k / (region->n + 1);
        for (size_t j = 0; j < m; j++) {
            const manager *c = &csms->items[j];
            fits[k * m + j] = territory_fits(c->regions, r > 0 ? region->levels[r - 1] : NULL) &&
                              territory_fits(c->skills, s > 0 ? skill->levels[s - 1] : NULL);
        }
        words[k] = kind_words(region, r, skill, s, a);
        if (words[k] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    t->p.n_kinds = n;
    t->p.fits = fits;
    t->kind = words;
    return STRATA_OK;
}

/* --- items --- */

/* Accounts in segments whose manager is not to be had: told, not planned. */
static void count_left_out(const view *v, const workload *w, size_t i, territory *out)
{
    int64_t value = view_value_minor(v, i);
    if (w->csm[i] == CSM_UNKNOWN) {
        out->n_unknown++;
        out->unknown_minutes += w->total[i];
        out->unknown_value += value;
    } else if (w->total[i] > 0) {
        out->n_nobody++;
        out->nobody_minutes += w->total[i];
        out->nobody_value += value;
    }
}

static int64_t price_of(const territory_request *r, double value, double mean, double last_touch)
{
    double size = mean > 0.0 ? (1.0 + fmin(value / mean, VALUE_TIMES_MOST)) / 2.0 : 1.0;
    double lately = last_touch >= 0.0 ? fmax(0.0, 1.0 - last_touch / TOUCHED_LATELY) : 0.0;
    return llround(r->handover_hours * MINUTES_PER_HOUR * size * (1.0 + lately));
}

static void put_locks(const view *v, const territory_request *r, const territory_columns *x,
                      size_t n, territory *out)
{
    const double *renewal = view_column(v, "renewal_in").num;
    for (size_t k = 0; k < n; k++) {
        size_t i = x->of[k];
        bool by_rule = r->locked != NULL && r->locked[i] == RULE_YES;
        bool by_renewal = r->renewal_lock > 0 && renewal != NULL && renewal[i] >= 0.0 &&
                          renewal[i] <= (double)r->renewal_lock;
        x->locked[k] = x->home[k] >= 0 && (by_rule || by_renewal);
        out->n_rule_locked += x->home[k] >= 0 && by_rule;
        out->n_renewal_locked += x->home[k] >= 0 && by_renewal && !by_rule;
        out->n_free += !x->locked[k];
    }
}

static size_t collect(const view *v, const workload *w, const territory_request *r,
                      territory_columns *x, territory *out)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        bool placed = r->assign && w->csm[i] < 0 && w->total[i] > 0;
        if (w->codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        if (w->csm[i] < 0 && !placed) {
            count_left_out(v, w, i, out);
            continue;
        }
        int64_t value = view_value_minor(v, i);
        x->of[n] = i;
        x->home[n] = w->csm[i] >= 0 ? w->csm[i] : -1;
        x->load[n] = w->total[i];
        x->value[n] = value > 0 ? value : 0;
        out->total_minutes += x->load[n];
        out->total_value += x->value[n];
        n++;
    }
    return n;
}

strata_status territory_items_list(const territory_ground *g, const territory_request *r, arena *a,
                                   territory_items *t, territory *out, strata_error *err)
{
    const view *v = g->v;
    const workload *w = g->w;
    const csm_list *csms = g->csms;
    territory_columns x;
    const double *touch = view_column(v, "last_touch").num;
    attribute region = is_stated(csms, false) ? find_attribute(v, "region") : (attribute){0};
    attribute skill = is_stated(csms, true) ? find_attribute(v, r->skill) : (attribute){0};
    if (r->skill != NULL && portfolio_slot(v->p, r->skill) == SIZE_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--skill: accounts have no attribute '%.100s' to hold against the "
                           "managers' skills",
                           r->skill);
    }
    STRATA_TRY(territory_columns_new(w->n, a, &x, err));
    STRATA_TRY(put_kinds(csms, &region, &skill, a, t, err));
    size_t n = collect(v, w, r, &x, out);
    double mean = n > 0 ? (double)out->total_value / (double)n : 0.0;
    for (size_t k = 0; k < n; k++) {
        size_t i = x.of[k];
        x.kind[k] = (int32_t)(level_of(&skill, i) * (region.n + 1) + level_of(&region, i));
        x.price[k] = price_of(r, (double)x.value[k], mean, touch != NULL ? touch[i] : (double)NAN);
    }
    put_locks(v, r, &x, n, out);
    out->n_items = n;
    out->region_used = region.n > 0;
    out->skill_used = skill.n > 0;
    out->touch_known = touch != NULL;
    t->account = x.of;
    territory_columns_give(&x, n, &t->p);
    t->p.n_books = csms->n;
    t->p.most_moves = r->most_moves < n ? r->most_moves : n;
    return STRATA_OK;
}
