/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/candidates.h"

#include <string.h>

#include "base/nearest.h"
#include "base/vec.h"

enum { LEVELS_MAX = 12 }; /* of a text; the others are what is left when none of these is */

typedef VEC(candidate) candidate_vec;

static void candidate_vec_done(candidate_vec *v)
{
    vec_free(v);
}

const char *left_out_words(left_out why)
{
    static const char *const words[LEFT_OUT_KINDS] = {
        [USED] = "used",
        [LEFT_SAYS_OUTCOME] = "says by its definition what has become of the account",
        [LEFT_NO_PAST] = "has no past: the accounts file holds today's value only",
        [LEFT_UNDATED] = "made of facts that do not say since when they were known",
        [LEFT_BEGINS_LATE] = "its data begins too late to learn from",
        [LEFT_ALWAYS_MISSING] = "known for nobody",
        [LEFT_CONSTANT] = "the same for everyone",
        [LEFT_ONE_CLASS] = "leak: whether it is known tells the outcome",
        [LEFT_TOO_GOOD] = "leak: alone it tells the outcome nearly without fail",
    };
    return words[why];
}

bool left_out_is_leak(left_out why)
{
    return why == LEFT_ONE_CLASS || why == LEFT_TOO_GOOD;
}

/* Among customers these are constant, or they speak of churn after it happened; predictions made
 * before would only be repeated. */
static bool says_outcome(feature_id f)
{
    return f == FEATURE_CHURNED || f == FEATURE_DAYS_SINCE_CHURN || f == FEATURE_IS_CUSTOMER ||
           (feature_get(f)->needs & 1U << ENTITY_PREDICTIONS) != 0;
}

static entity home_of(const feature_info *info)
{
    int lowest = info->needs == 0 ? ENTITY_ACCOUNTS : __builtin_ctz(info->needs);
    return (entity)lowest;
}

static bool add_features(const portfolio *p, const schedule *s, candidate_vec *v)
{
    bool ok = true;
    for (int f = 0; ok && f < FEATURE_COUNT; f++) {
        const feature_info *info = feature_get((feature_id)f);
        bool begun = true;
        for (int e = 0; e < ENTITY_COUNT; e++) {
            day first = p->info->first_day_of[e]; /* DAY_MISSING: contacts that were always there */
            bool there =
                (p->info->entities >> e & 1U) != 0 && (first == DAY_MISSING || first <= s->as_of);
            begun = begun && ((info->needs >> e & 1U) == 0 || there);
        }
        if (!begun && !says_outcome((feature_id)f)) {
            continue; /* as if there were no such data */
        }
        candidate c = {.name = info->name,
                       .label = info->label,
                       .definition = info->definition,
                       .type = info->type,
                       .entity = home_of(info),
                       .feature = (feature_id)f,
                       .level = -1};
        c.left_out = says_outcome((feature_id)f)             ? LEFT_SAYS_OUTCOME
                     : (info->needs & p->info->undated) != 0 ? LEFT_UNDATED
                     : (info->needs & s->late) != 0          ? LEFT_BEGINS_LATE
                                                             : USED;
        ok = vec_push(v, c);
    }
    return ok;
}

static bool is_vouched(const char *name, const char *const *with, size_t n_with)
{
    for (size_t i = 0; i < n_with; i++) {
        if (strcmp(with[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_attribute(const symbol *sym, size_t at, bool vouched, arena *a, candidate_vec *v)
{
    candidate c = {.name = sym->name,
                   .label = sym->label != NULL ? sym->label : sym->name,
                   .type = sym->type,
                   .feature = FEATURE_COUNT,
                   .attribute = at,
                   .level = -1,
                   .left_out = vouched ? USED : LEFT_NO_PAST};
    if (!vouched || sym->type != VALUE_TEXT) {
        return vec_push(v, c);
    }
    bool ok = true;
    for (size_t l = 0; ok && l < sym->n_levels && l < LEVELS_MAX; l++) {
        candidate of = c;
        of.type = VALUE_BOOL;
        of.level = (int32_t)l;
        of.label = arena_printf(a, "%s is %s", c.label, sym->levels[l]);
        of.name = arena_printf(a, "%s = %s", c.name, sym->levels[l]);
        ok = of.label != NULL && of.name != NULL && vec_push(v, of);
    }
    return ok;
}

static bool add_attributes(const portfolio *p, const char *const *with, size_t n_with, arena *a,
                           candidate_vec *v)
{
    bool ok = true;
    for (size_t i = FEATURE_COUNT; ok && i < p->n_symbols; i++) {
        const symbol *sym = &p->symbols[i];
        if (sym->missing_because == NULL) {
            ok = add_attribute(sym, i - FEATURE_COUNT, is_vouched(sym->name, with, n_with), a, v);
        }
    }
    return ok;
}

static strata_status check_names(const portfolio *p, const char *const *with, size_t n_with,
                                 arena *a, strata_error *err)
{
    size_t n = p->n_symbols - FEATURE_COUNT;
    const char **names = ARENA_NEW(a, n + 1, const char *);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = p->symbols[FEATURE_COUNT + i].name;
    }
    for (size_t i = 0; i < n_with; i++) {
        size_t slot = portfolio_slot(p, with[i]);
        if (slot != SIZE_MAX && slot >= FEATURE_COUNT) {
            continue;
        }
        if (slot != SIZE_MAX) {
            return strata_fail(err, STRATA_E_USAGE,
                               "'%.60s' is no attribute but a feature, and looked at already: "
                               "leave it out",
                               with[i]);
        }
        return strata_fail(err, STRATA_E_NOTFOUND, "accounts have no attribute '%.60s'%s", with[i],
                           nearest_hint(with[i], names, n).text);
    }
    return STRATA_OK;
}

strata_status candidates_list(const portfolio *p, const schedule *s, const char *const *with,
                              size_t n_with, arena *a, candidates *out, strata_error *err)
{
    STRATA_CLEANUP(candidate_vec_done) candidate_vec v = {0};
    STRATA_TRY(check_names(p, with, n_with, a, err));
    if (!add_features(p, s, &v) || !add_attributes(p, with, n_with, a, &v)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing features");
    }
    candidates c = {.n = v.n};
    c.items = ARENA_NEW(a, v.n + 1, candidate);
    if (c.items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing features");
    }
    for (size_t i = 0; i < v.n; i++) {
        c.items[i] = v.data[i];
    }
    *out = c;
    return STRATA_OK;
}
