/* SPDX-License-Identifier: Apache-2.0 */
#include "model/order.h"

#include <string.h>
#include <strings.h>

#include "base/strbuf.h"
#include "model/read.h"

typedef enum mark { UNSEEN, OPEN, DONE } mark;

typedef struct sorter {
    arena *a;
    const definition *defs;
    size_t n;
    mark *marks;
    size_t *path; /* open definitions, outermost first */
    size_t depth;
    definition *sorted;
    size_t n_sorted;
} sorter;

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory binding the model");
}

/* --- what each definition reads --- */

static strata_status new_definition(arena *a, def_kind kind, size_t index, const char *name,
                                    size_t n_exprs, definition *out, strata_error *err)
{
    *out = (definition){.kind = kind, .index = index, .name = name};
    out->exprs = ARENA_NEW(a, n_exprs + 1, const model_expr *);
    return out->exprs != NULL ? STRATA_OK : fail_nomem(err);
}

static void add_expr(definition *d, const model_expr *expr)
{
    if (expr->text != NULL) {
        d->exprs[d->n_exprs++] = expr;
    }
}

static strata_status define_score(arena *a, const model_score *s, size_t index, definition *out,
                                  strata_error *err)
{
    STRATA_TRY(new_definition(a, DEF_SCORE, index, s->name, s->n_factors, out, err));
    out->place = s->place;
    for (size_t i = 0; i < s->n_factors; i++) {
        add_expr(out, &s->factors[i].feature);
    }
    return STRATA_OK;
}

static strata_status define_dimension(arena *a, const model_dimension *d, size_t index,
                                      definition *out, strata_error *err)
{
    STRATA_TRY(new_definition(a, DEF_DIMENSION, index, d->name, d->n_tiers + 1, out, err));
    out->place = d->place;
    add_expr(out, &d->of);
    for (size_t i = 0; i < d->n_tiers; i++) {
        add_expr(out, &d->tiers[i].when);
    }
    return STRATA_OK;
}

static strata_status list_definitions(const model *m, arena *a, definition *defs, strata_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_features; i++) {
        const model_feature *f = &m->features[i];
        STRATA_TRY(new_definition(a, DEF_FEATURE, i, f->name, 1, &defs[n], err));
        defs[n].place = f->value.place;
        add_expr(&defs[n++], &f->value);
    }
    for (size_t i = 0; i < m->n_bins; i++) {
        const model_bin *b = &m->bins[i];
        STRATA_TRY(new_definition(a, DEF_BIN, i, b->name, 1, &defs[n], err));
        defs[n].place = b->place;
        add_expr(&defs[n++], &b->of);
    }
    for (size_t i = 0; i < m->n_scores; i++) {
        STRATA_TRY(define_score(a, &m->scores[i], i, &defs[n++], err));
    }
    for (size_t i = 0; i < m->n_dimensions; i++) {
        STRATA_TRY(define_dimension(a, &m->dimensions[i], i, &defs[n++], err));
    }
    return STRATA_OK;
}

/* --- sorting --- */

/* As the rule language finds names: exactly, else without regard to case. n when there is none. */
static size_t find_definition(const sorter *s, const char *name)
{
    size_t folded = s->n;
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->defs[i].name, name) == 0) {
            return i;
        }
        if (folded == s->n && strcasecmp(s->defs[i].name, name) == 0) {
            folded = i;
        }
    }
    return folded;
}

/* The circle is the tail of the path that begins at `again`. */
static strata_status fail_circle(const sorter *s, size_t again, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    size_t start = 0;
    while (s->path[start] != again) {
        start++;
    }
    for (size_t i = start; i < s->depth; i++) {
        size_t next = i + 1 < s->depth ? s->path[i + 1] : again;
        strbuf_printf(&text, "%s'%s' reads '%s'", i > start ? ", " : "", s->defs[s->path[i]].name,
                      s->defs[next].name);
    }
    STRATA_TRY(strbuf_status(&text, err));
    return yaml_fail(err, place_from_rule(s->defs[again].place),
                     "definitions go in a circle: %.600s", strbuf_text(&text));
}

static strata_status visit(sorter *s, size_t i, strata_error *err);

static strata_status visit_names(sorter *s, const model_expr *expr, strata_error *err)
{
    const char *const *names = NULL;
    size_t n = 0;
    STRATA_TRY(rule_names(s->a, expr->text, &expr->place, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        size_t found = find_definition(s, names[i]);
        if (found == s->n) {
            continue;
        }
        STRATA_TRY(visit(s, found, err));
    }
    return STRATA_OK;
}

/* Recursion is as deep as there are definitions, at most MODEL_MAX_DEFINITIONS. */
static strata_status visit(sorter *s, size_t i, strata_error *err)
{
    if (s->marks[i] == DONE) {
        return STRATA_OK;
    }
    if (s->marks[i] == OPEN) {
        return fail_circle(s, i, err);
    }
    const definition *d = &s->defs[i];
    s->marks[i] = OPEN;
    s->path[s->depth++] = i;
    for (size_t e = 0; e < d->n_exprs; e++) {
        STRATA_TRY(visit_names(s, d->exprs[e], err));
    }
    s->depth--;
    s->marks[i] = DONE;
    s->sorted[s->n_sorted++] = *d;
    return STRATA_OK;
}

strata_status model_order(const model *m, arena *a, definition **out, size_t *n, strata_error *err)
{
    size_t total = m->n_features + m->n_bins + m->n_scores + m->n_dimensions;
    definition *defs = ARENA_NEW(a, total + 1, definition);
    sorter s = {.a = a, .defs = defs, .n = total};
    s.marks = ARENA_NEW(a, total + 1, mark);
    s.path = ARENA_NEW(a, total + 1, size_t);
    s.sorted = ARENA_NEW(a, total + 1, definition);
    if (defs == NULL || s.marks == NULL || s.path == NULL || s.sorted == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(list_definitions(m, a, defs, err));
    for (size_t i = 0; i < total; i++) {
        STRATA_TRY(visit(&s, i, err));
    }
    *out = s.sorted;
    *n = total;
    return STRATA_OK;
}
