/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <strata/values.h>

#include "api/api.h"
#include "base/vec.h"
#include "segment/segmentation.h"

_Static_assert((int)STRATA_NUMBER == (int)VALUE_NUMBER && (int)STRATA_MONEY == (int)VALUE_MONEY &&
                   (int)STRATA_SHARE == (int)VALUE_SHARE &&
                   (int)STRATA_DURATION == (int)VALUE_DURATION &&
                   (int)STRATA_DATE == (int)VALUE_DATE && (int)STRATA_FLAG == (int)VALUE_BOOL &&
                   (int)STRATA_TEXT == (int)VALUE_TEXT,
               "public units are the inner types");

size_t strata_n_features(const strata_portfolio *p)
{
    return p->project->bound->scope.n_symbols;
}

strata_status strata_feature_at(const strata_portfolio *p, size_t index, strata_feature *out,
                                strata_error *err)
{
    size_t n = strata_n_features(p);
    if (index >= n) {
        return strata_fail(err, STRATA_E_USAGE, "there is no feature %zu; there are %zu", index, n);
    }
    const symbol *s = &p->project->bound->scope.symbols[index];
    const feature_info *computed = index < FEATURE_COUNT ? feature_get((feature_id)index) : NULL;
    const char *label = computed != NULL ? computed->label : s->name;
    *out = (strata_feature){.name = s->name,
                            .label = s->label != NULL ? s->label : label,
                            .unit = (strata_unit)s->type,
                            .definition = computed != NULL ? computed->definition : NULL,
                            .missing_because = s->missing_because};
    return STRATA_OK;
}

/* --- expressions --- */

typedef struct evaluation {
    arena *arena;
    const rule **rules;
    VEC(size_t) slots; /* that they read, each perhaps more than once */
    size_t scratch_bytes;
} evaluation;

static void evaluation_done(evaluation *e)
{
    vec_free(&e->slots);
    arena_free(e->arena);
}

static strata_status compile_one(const strata_portfolio *p, const char *text, size_t index,
                                 evaluation *e, strata_error *err)
{
    const char *what = arena_printf(e->arena, "expression %zu", index);
    rule_place place = {.file = what, .line = 1, .column = 1};
    const rule *r = NULL;
    if (what == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(rule_compile_value(e->arena, text, &place, &p->project->bound->scope, &r, err));
    if (rule_type(r) == VALUE_TEXT) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s is a text and has no number; compare it: %.200s = '...'", what,
                           text);
    }
    if (rule_looks_at_previous(r) || rule_lookback_days(r) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s looks back ('turned', 'for N days'), which only the model can; put "
                           "it into the model as a feature and ask for that",
                           what);
    }
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        if (!vec_push(&e->slots, slots[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    size_t bytes = rule_scratch_bytes(r);
    e->scratch_bytes = bytes > e->scratch_bytes ? bytes : e->scratch_bytes;
    e->rules[index] = r;
    return STRATA_OK;
}

static strata_status compile_all(const strata_portfolio *p, const char *const *expressions,
                                 size_t n, evaluation *e, strata_error *err)
{
    if (n == 0) {
        return strata_fail(err, STRATA_E_USAGE, "no expression was given");
    }
    STRATA_TRY(arena_new(&e->arena, err));
    e->rules = ARENA_NEW(e->arena, n, const rule *);
    if (e->rules == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(compile_one(p, expressions[i], i, e, err));
    }
    return STRATA_OK;
}

strata_status strata_values(strata_portfolio *p, const char *const *expressions, size_t n,
                            strata_date as_of, double *out, strata_error *err)
{
    STRATA_CLEANUP(evaluation_done) evaluation e = {0};
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    const project *x = p->project;
    day date = DAY_MISSING;
    STRATA_TRY(api_date(p, as_of, &date, err));
    STRATA_TRY(compile_all(p, expressions, n, &e, err));
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = &date, .n_dates = 1, .keep_slots = e.slots.data,
                             .n_keep_slots = e.slots.n);
    request.keep_date = 0;
    STRATA_TRY(segmentation_run(&p->cx, x->portfolio, x->bound, &x->overrides, &request, &s, err));
    size_t n_symbols = x->bound->scope.n_symbols;
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols, column);
    STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(e.scratch_bytes + 1, unsigned char);
    if (columns == NULL || scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(s, n_symbols, columns);
    rule_input in = {.now = {.columns = columns, .as_of = date}};
    size_t n_accounts = x->portfolio->n_accounts;
    for (size_t i = 0; i < n; i++) {
        rule_eval_number(e.rules[i], &in, n_accounts, out + i * n_accounts, scratch);
    }
    return STRATA_OK;
}
