/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/given.h"

typedef strata_status compile_fn(arena *a, const char *text, const rule_place *place,
                                 const rule_scope *scope, const rule **out, strata_error *err);

static strata_status compile(compile_fn *with, arena *a, const char *text, const char *option,
                             const rule_scope *scope, const rule **out, strata_error *err)
{
    const rule *r = NULL;
    rule_place place = {.file = option, .line = 1, .column = 1};
    strata_status st = with(a, text, &place, scope, &r, err);
    if (st == STRATA_E_MODEL) { /* the request is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(r) || rule_lookback_days(r) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' looks back ('turned', 'for N days'), which %s cannot; put it into "
                           "the model as a feature and name that",
                           text, option);
    }
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        const symbol *s = &scope->symbols[slots[i]];
        if (s->missing_because != NULL) {
            return strata_fail(err, STRATA_E_USAGE, "'%s' has no values: %s", s->name,
                               s->missing_because);
        }
    }
    *out = r;
    return STRATA_OK;
}

strata_status given_value(arena *a, const char *text, const char *option, const rule_scope *scope,
                          const rule **out, strata_error *err)
{
    return compile(rule_compile_value, a, text, option, scope, out, err);
}

strata_status given_condition(arena *a, const char *text, const char *option,
                              const rule_scope *scope, const rule **out, strata_error *err)
{
    return compile(rule_compile_condition, a, text, option, scope, out, err);
}
