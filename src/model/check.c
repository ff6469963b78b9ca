/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/bind.h"
#include "model/read.h"
#include "rule/cover.h"

typedef struct checks {
    const bound_model *b;
    VEC(model_warning) found;
} checks;

static void checks_done(checks *c)
{
    vec_free(&c->found);
}

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory checking the model");
}

static strata_status add(checks *c, const char *kind, bool note, const char *text,
                         strata_error *err)
{
    if (text == NULL || !vec_push(&c->found, (model_warning){text, kind, note})) {
        return fail_nomem(err);
    }
    return STRATA_OK;
}

#define AT(place) (place).file, (place).line, (place).column

/* --- tiers --- */

static strata_status add_unreachable(checks *c, const model_dimension *d, const cover_finding *f,
                                     strata_error *err)
{
    const model_tier *t = &d->tiers[f->first];
    const char *why = "the ones before it take all that it would";
    if (d->overrides != NULL && t->when.text != NULL && strcmp(t->when.text, "false") == 0) {
        return STRATA_OK; /* meant for pinned accounts alone, as saved segments are */
    }
    if (f->second == f->first) {
        why = "its condition contradicts itself";
    } else if (f->second != SIZE_MAX) {
        why = arena_printf(c->b->arena, "'%s' before it takes all that it would",
                           d->tiers[f->second].key);
    }
    if (why == NULL) {
        return fail_nomem(err);
    }
    return add(c, "unreachable", false,
               arena_printf(c->b->arena, "%s:%d:%d: '%s' of dimension '%s' can never match: %s",
                            AT(t->place), t->key, d->name, why),
               err);
}

static strata_status add_overlap(checks *c, const model_dimension *d, const cover_finding *f,
                                 strata_error *err)
{
    const model_tier *first = &d->tiers[f->first];
    const model_tier *second = &d->tiers[f->second];
    return add(c, "overlap", true,
               arena_printf(c->b->arena,
                            "%s:%d:%d: '%s' and '%s' of dimension '%s' can both hold%s%s: '%s' "
                            "comes first",
                            AT(second->place), first->key, second->key, d->name,
                            f->example != NULL ? ", for example at " : "",
                            f->example != NULL ? f->example : "", first->key),
               err);
}

static strata_status add_gap(checks *c, const model_dimension *d, const cover_finding *f,
                             strata_error *err)
{
    const model_tier *rest = &d->tiers[d->n_tiers - 1];
    const char *example = f->example != NULL ? f->example : "some values";
    return add(c, "gap", true,
               arena_printf(c->b->arena,
                            "%s:%d:%d: no condition of dimension '%s' holds at %s: "
                            "such accounts go to '%s'",
                            AT(rest->place), d->name, example, rest->key),
               err);
}

static strata_status add_undecided(checks *c, const model_dimension *d, const cover_finding *f,
                                   strata_error *err)
{
    const model_tier *t = &d->tiers[f->first];
    return add(c, "undecided", true,
               arena_printf(c->b->arena,
                            "%s:%d:%d: whether '%s' of dimension '%s' overlaps others can only be "
                            "seen on the data",
                            AT(t->place), t->key, d->name),
               err);
}

static strata_status add_finding(checks *c, const model_dimension *d, const cover_finding *f,
                                 strata_error *err)
{
    switch (f->kind) {
    case COVER_UNREACHABLE:
        return add_unreachable(c, d, f, err);
    case COVER_OVERLAP:
        return add_overlap(c, d, f, err);
    case COVER_GAP:
        return add_gap(c, d, f, err);
    case COVER_UNDECIDED:
        return add_undecided(c, d, f, err);
    }
    return STRATA_OK;
}

static strata_status check_tiers(checks *c, const bound_def *def, strata_error *err)
{
    const model_dimension *d = &c->b->model->dimensions[def->index];
    const cover_finding *findings = NULL;
    size_t n = 0;
    size_t n_rules = def->n_rules - 1; /* the last is otherwise */
    if (d->kind != DIMENSION_TIERS || n_rules == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(rule_cover(def->rules, n_rules, c->b->model->business.currency, c->b->arena,
                          &findings, &n, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(add_finding(c, d, &findings[i], err));
    }
    return STRATA_OK;
}

/* --- what rules read --- */

static const model_dimension *primary_of(const bound_model *b, const bound_def **def)
{
    *def = bound_primary(b);
    return *def != NULL ? &b->model->dimensions[(*def)->index] : NULL;
}

static strata_status check_count(checks *c, strata_error *err)
{
    const bound_def *def = NULL;
    const model_dimension *d = primary_of(c->b, &def);
    if (d == NULL) {
        return STRATA_OK;
    }
    size_t n = d->kind == DIMENSION_TIERS ? d->n_tiers : d->n_bands;
    if (n <= (size_t)c->b->model->quality.many_segments) {
        return STRATA_OK;
    }
    return add(c, "too-many", false,
               arena_printf(c->b->arena,
                            "%s:%d:%d: dimension '%s' has %zu segments: more than %d are hard to "
                            "act on differently",
                            AT(d->place), d->name, n, c->b->model->quality.many_segments),
               err);
}

static bool is_arr(const char *name)
{
    return strcmp(name, "arr") == 0 || strncmp(name, "arr_", 4) == 0 ||
           strcmp(name, "first_arr") == 0;
}

/* Marks the base symbols that a definition reads, itself or through others; those without data
 * count for nothing. Definitions come after what they read, so one pass from the last suffices. */
static void mark_read(const bound_model *b, const bound_def *from, bool *read)
{
    read[from->slot] = true;
    for (size_t i = b->n_defs; i-- > 0;) {
        const bound_def *def = &b->defs[i];
        for (size_t r = 0; read[def->slot] && r < def->n_rules; r++) {
            size_t n = 0;
            const size_t *slots = def->rules[r] != NULL ? rule_slots(def->rules[r], &n) : NULL;
            for (size_t s = 0; s < n; s++) {
                read[slots[s]] = true;
            }
        }
    }
}

static strata_status check_arr_only(checks *c, strata_error *err)
{
    const bound_def *def = NULL;
    const model_dimension *d = primary_of(c->b, &def);
    if (d == NULL) {
        return STRATA_OK;
    }
    STRATA_AUTO_FREE bool *read = STRATA_NEW_ARRAY(c->b->scope.n_symbols, bool);
    if (read == NULL) {
        return fail_nomem(err);
    }
    mark_read(c->b, def, read);
    size_t arr = 0;
    for (size_t i = 0; i < c->b->n_base; i++) {
        const symbol *s = &c->b->scope.symbols[i];
        if (read[i] && s->missing_because == NULL && !is_arr(s->name)) {
            return STRATA_OK;
        }
        arr += read[i] && s->missing_because == NULL;
    }
    if (arr == 0) {
        return STRATA_OK;
    }
    return add(
        c, "arr-only", false,
        arena_printf(c->b->arena,
                     "%s:%d:%d: dimension '%s' looks at ARR alone: it says what accounts pay, "
                     "not what they need or risk",
                     AT(d->place), d->name),
        err);
}

/* Texts that no account has. */
static strata_status check_texts(checks *c, const rule *r, strata_error *err)
{
    size_t n = 0;
    const char *const *notes = rule_notes(r, &n);
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(add(c, "unknown-text", false, arena_strdup(c->b->arena, notes[i]), err));
    }
    return STRATA_OK;
}

static rule_place place_of(const bound_model *b, const bound_def *def)
{
    switch (def->kind) {
    case DEF_FEATURE:
        return b->model->features[def->index].value.place;
    case DEF_BIN:
        return b->model->bins[def->index].place;
    case DEF_SCORE:
        return b->model->scores[def->index].place;
    case DEF_DIMENSION:
        break;
    }
    return b->model->dimensions[def->index].place;
}

/* Names whose data is not there, each once for a definition: `told` remembers. */
static strata_status check_data(checks *c, const bound_def *def, const rule *r, bool *told,
                                strata_error *err)
{
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    const rule_place place = place_of(c->b, def);
    const symbol *symbols = c->b->scope.symbols;
    for (size_t i = 0; i < n; i++) {
        const symbol *s = &symbols[slots[i]];
        if (s->missing_because == NULL || told[slots[i]]) {
            continue;
        }
        told[slots[i]] = true;
        const char *text = arena_printf(
            c->b->arena, "%s:%d:%d: '%s' reads '%s', which is missing for every account: %s",
            AT(place), symbols[def->slot].name, s->name, s->missing_because);
        STRATA_TRY(add(c, "no-data", true, text, err));
    }
    return STRATA_OK;
}

static strata_status check_definition(checks *c, const bound_def *def, strata_error *err)
{
    STRATA_AUTO_FREE bool *told = STRATA_NEW_ARRAY(c->b->scope.n_symbols, bool);
    if (told == NULL) {
        return fail_nomem(err);
    }
    for (size_t r = 0; r < def->n_rules; r++) {
        if (def->rules[r] == NULL) {
            continue;
        }
        STRATA_TRY(check_texts(c, def->rules[r], err));
        STRATA_TRY(check_data(c, def, def->rules[r], told, err));
    }
    return def->kind == DEF_DIMENSION ? check_tiers(c, def, err) : STRATA_OK;
}

strata_status model_check(bound_model *b, const model_warning **out, size_t *n, strata_error *err)
{
    STRATA_CLEANUP(checks_done) checks c = {.b = b};
    for (size_t i = 0; i < b->n_defs; i++) {
        STRATA_TRY(check_definition(&c, &b->defs[i], err));
    }
    STRATA_TRY(check_count(&c, err));
    STRATA_TRY(check_arr_only(&c, err));
    model_warning *copy = ARENA_NEW(b->arena, c.found.n + 1, model_warning);
    if (copy == NULL) {
        return fail_nomem(err);
    }
    if (c.found.n > 0) {
        memcpy(copy, c.found.data, c.found.n * sizeof *copy);
    }
    *out = copy;
    *n = c.found.n;
    return STRATA_OK;
}
