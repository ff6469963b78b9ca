/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plays/playbooks.h"

#include <string.h>

enum { GRACE_DAYS = 30 }; /* a play may run late by so much */

int playbook_days(const playbook *p)
{
    return p->steps[p->n_steps - 1].due_days + GRACE_DAYS;
}

typedef struct binder {
    const bound_model *b;
    arena *a;
    uint8_t *reads; /* by slot */
} binder;

static const char *lacking(const binder *x, const rule *r)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *why = x->b->scope.symbols[slots[i]].missing_because;
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

/* *off is set instead of failing for what a shipped playbook names in vain. */
static strata_status compile(const binder *x, const playbook *p, const model_expr *e,
                             const rule **out, const char **off, strata_error *err)
{
    strata_error why = {0};
    *out = NULL;
    if (e->text == NULL || *off != NULL) {
        return STRATA_OK;
    }
    strata_status st = rule_compile_condition(x->a, e->text, &e->place, &x->b->scope, out, &why);
    if (st == STRATA_E_MODEL && p->shipped) {
        const char *quoted = strchr(why.message, '\'');
        const char *end = quoted != NULL ? strchr(quoted + 1, '\'') : NULL;
        *off = end != NULL
                   ? arena_printf(x->a, "the model has no %.*s", (int)(end - quoted + 1), quoted)
                   : arena_strdup(x->a, why.message);
        return *off != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", why.message);
    }
    if (rule_looks_at_previous(*out) || rule_lookback_days(*out) > 0) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s:%d:%d: %s cannot look back ('turned', 'for N days'): a play begins "
                           "on the day its trigger turns true",
                           e->place.file, e->place.line, e->place.column, e->place.what);
    }
    return STRATA_OK;
}

static void note_slots(const binder *x, const rule *r)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        x->reads[slots[i]] = 1;
    }
}

static strata_status bind_one(const binder *x, const playbook *p, bound_playbook *out,
                              strata_error *err)
{
    bound_playbook one = {.p = p};
    STRATA_TRY(compile(x, p, &p->trigger, &one.trigger, &one.off, err));
    STRATA_TRY(compile(x, p, &p->exit, &one.exit, &one.off, err));
    STRATA_TRY(compile(x, p, &p->measure, &one.measure, &one.off, err));
    if (one.off == NULL) {
        one.off = lacking(x, one.trigger);
        one.off = one.off != NULL ? one.off : lacking(x, one.exit);
        one.measure = lacking(x, one.measure) == NULL ? one.measure : NULL;
    }
    if (one.off == NULL) {
        note_slots(x, one.trigger);
        note_slots(x, one.exit);
        note_slots(x, one.measure);
    }
    *out = one;
    return STRATA_OK;
}

strata_status playbooks_bind(const playbook_list *list, const bound_model *b, arena *a,
                             bound_playbooks *out, strata_error *err)
{
    size_t n_symbols = b->scope.n_symbols;
    binder x = {.b = b, .a = a, .reads = ARENA_NEW(a, n_symbols + 1, uint8_t)};
    bound_playbook *items = ARENA_NEW(a, list->n + 1, bound_playbook);
    size_t *slots = ARENA_NEW(a, n_symbols + 1, size_t);
    if (x.reads == NULL || items == NULL || slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu playbooks", list->n);
    }
    for (size_t i = 0; i < list->n; i++) {
        STRATA_TRY(bind_one(&x, &list->items[i], &items[i], err));
    }
    size_t n_slots = 0;
    for (size_t s = 0; s < n_symbols; s++) {
        if (x.reads[s]) {
            slots[n_slots++] = s;
        }
    }
    *out = (bound_playbooks){items, list->n, slots, n_slots};
    return STRATA_OK;
}
